"""The trainer as a child: its events arrive however it writes them, and it always ends."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot
from samples import small

from landmark_desktop.gui import trainer as trainer_module
from landmark_desktop.gui.trainer import Ended, Trainer, merged
from training import events, launch

REAL = 300_000  # milliseconds that a run on drawn photos may take where the machine is busy


class Told:
    """Everything that a trainer told."""

    def __init__(self, trainer: Trainer) -> None:
        self.events: list[events.Event] = []
        self.lines: list[str] = []
        self.ends: list[Ended] = []
        trainer.happened.connect(self.events.append)
        trainer.said.connect(self.lines.append)
        trainer.ended.connect(self.ends.append)

    def has(self, kind: type[Any]) -> bool:
        return any(isinstance(event, kind) for event in self.events)


@pytest.fixture
def trainer(qtbot: QtBot) -> Iterator[Trainer]:
    made = Trainer()
    yield made
    made.close(1)


@pytest.fixture
def told(trainer: Trainer) -> Told:
    return Told(trainer)


def alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def run_script(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Have the child run these lines of Python in the trainer's stead."""
    script = "import sys, time\nfrom training import events\nsay = lambda e: print(" \
        "events.to_line(e), flush=True)\n" + script  # fmt: skip
    command = [sys.executable, "-c", script]
    monkeypatch.setattr(launch, "fit_command", lambda *_, **__: command)


def test_a_run_is_paused_goes_on_and_finishes(
    qtbot: QtBot, trainer: Trainer, told: Told, drawn: Path, tmp_path: Path
) -> None:
    small(drawn, depth="head", head_epochs=100_000).save(tmp_path / "spec.json")
    trainer.start(tmp_path / "spec.json", tmp_path / "run")
    qtbot.waitUntil(lambda: told.has(events.EpochDone), timeout=REAL)
    if sys.platform != "win32":  # it runs behind the window
        own, its = (os.getpriority(os.PRIO_PROCESS, who) for who in (0, trainer.process_id))
        assert its == min(own + 10, 19)
    trainer.pause()
    qtbot.waitUntil(lambda: told.has(events.Paused), timeout=REAL)
    qtbot.wait(200)
    still = len(told.events)
    qtbot.wait(300)
    assert len(told.events) == still
    trainer.go_on()
    qtbot.waitUntil(lambda: told.has(events.Continued) and len(told.events) > still + 5,
                    timeout=REAL)  # fmt: skip
    trainer.finish()
    qtbot.waitUntil(lambda: bool(told.ends), timeout=REAL)
    (end,) = told.ends
    assert (end.how, end.resumable) == ("finished", False)
    assert end.bundle == tmp_path / "run" / "model.pt"
    assert end.bundle.exists()
    assert not trainer.running


def test_a_run_that_is_killed_from_outside_says_so_and_goes_on(
    qtbot: QtBot, trainer: Trainer, told: Told, drawn: Path, tmp_path: Path
) -> None:
    small(drawn, depth="head", head_epochs=100_000).save(tmp_path / "spec.json")
    trainer.start(tmp_path / "spec.json", tmp_path / "run")
    qtbot.waitUntil(lambda: told.has(events.EpochDone), timeout=REAL)
    trainer.pause()  # behind a checkpoint
    qtbot.waitUntil(lambda: told.has(events.Paused), timeout=REAL)
    os.kill(trainer.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: bool(told.ends), timeout=REAL)
    assert told.ends[0].how == "died"
    assert told.ends[0].resumable
    assert told.ends[0].message.startswith(
        "The trainer was ended from outside (signal 9). Nothing is lost: go on from the last "
        "checkpoint."
    )
    told.events.clear()
    trainer.start(tmp_path / "spec.json", tmp_path / "run", resume=True)
    qtbot.waitUntil(lambda: told.has(events.EpochDone), timeout=REAL)
    (started,) = (event for event in told.events if isinstance(event, events.Started))
    assert (started.first_epoch, started.first_batch) > (0, 0)
    process_id = trainer.process_id
    trainer.cancel()
    assert trainer.stopping
    qtbot.waitUntil(lambda: len(told.ends) == 2, timeout=REAL)
    assert told.ends[1].how == "stopped"
    assert told.ends[1].resumable
    assert not alive(process_id)


def test_closing_leaves_no_process_and_a_checkpoint(
    qtbot: QtBot, trainer: Trainer, told: Told, drawn: Path, tmp_path: Path
) -> None:
    small(drawn, depth="head", head_epochs=100_000).save(tmp_path / "spec.json")
    trainer.start(tmp_path / "spec.json", tmp_path / "run")
    qtbot.waitUntil(lambda: told.has(events.BatchDone), timeout=REAL)
    process_id = trainer.process_id
    trainer.close()
    assert not alive(process_id)
    assert (tmp_path / "run" / launch.CHECKPOINT).exists()
    last = (tmp_path / "run" / launch.EVENTS).read_text().splitlines()[-1]
    assert isinstance(events.from_line(last), events.Stopped)
    assert told.ends == []


def test_photos_that_cannot_be_trained_on_are_told(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    small(tmp_path, data=str(tmp_path / "nothing"), negatives=()).save(tmp_path / "spec.json")
    trainer.start(tmp_path / "spec.json", tmp_path / "run")
    qtbot.waitUntil(lambda: bool(told.ends), timeout=REAL)
    assert told.ends[0].how == "failed"
    assert "holds no photos" in told.ends[0].message
    assert not told.ends[0].resumable


def test_lines_in_pieces_and_chatter_are_told_apart(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_script(
        monkeypatch,
        """
line = events.to_line(events.Notice("Grüße aus \\u2028 Köln"))
for part in (line[:10], line[10:], "\\nlibrary chatter\\n{not json\\n", line[:-3]):
    sys.stdout.write(part); sys.stdout.flush(); time.sleep(0.1)
print("a warning", file=sys.stderr)
""",
    )
    trainer.start(tmp_path / "spec.json", tmp_path)
    qtbot.waitUntil(lambda: bool(told.ends), timeout=30_000)
    assert told.events == [events.Notice("Grüße aus \u2028 Köln")]
    assert {"library chatter", "{not json", "a warning"} <= set(told.lines)
    assert told.ends[0].how == "died"
    assert "exit status 0" in told.ends[0].message


def test_a_flood_of_batches_is_merged_and_blocks_nothing(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_script(
        monkeypatch,
        """
lines = [events.to_line(events.BatchDone(0, b + 1, 60000, b / 60000, 0.1, 9.0, 1.0))
         for b in range(60000)]
sys.stdout.write("\\n".join(lines) + "\\n")
say(events.Finished("model.pt"))
""",
    )
    trainer.start(tmp_path / "spec.json", tmp_path)
    slowest, until = 0.0, time.monotonic() + 60
    while not told.ends and time.monotonic() < until:
        began = time.thread_time()
        qtbot.wait(1)
        slowest = max(slowest, time.thread_time() - began)
    batches = [event for event in told.events if isinstance(event, events.BatchDone)]
    assert batches[-1].batch == 60_000
    assert 100 < len(batches) < 6_000
    assert [b.batch for b in batches] == sorted(b.batch for b in batches)
    assert told.ends[0].how == "finished"
    assert slowest < 0.1


def test_a_child_that_does_not_obey_is_killed(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer_module, "PATIENCE", 0.3)
    run_script(monkeypatch, "say(events.Preparing('Decoding', 1, 9))\ntime.sleep(60)")
    trainer.start(tmp_path / "spec.json", tmp_path)
    qtbot.waitUntil(lambda: told.has(events.Preparing), timeout=30_000)
    trainer.cancel()
    qtbot.waitUntil(lambda: bool(told.ends), timeout=30_000)
    assert told.ends[0].how == "stopped"


def test_a_child_that_breaks_says_its_last_words(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_script(monkeypatch, "raise RuntimeError('no such operator')")
    trainer.start(tmp_path / "spec.json", tmp_path)
    qtbot.waitUntil(lambda: bool(told.ends), timeout=30_000)
    assert told.ends[0].how == "died"
    assert "RuntimeError: no such operator" in told.ends[0].message


def test_last_words_that_come_in_pieces_are_heard_whole(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_script(
        monkeypatch,
        "for piece in (b'first\\nRuntimeError: caf\\xc3', b'\\xa9 is', b' closed'):\n"
        "    sys.stderr.buffer.write(piece); sys.stderr.flush(); time.sleep(0.3)\n"
        "sys.exit(1)",
    )
    trainer.start(tmp_path / "spec.json", tmp_path)
    qtbot.waitUntil(lambda: bool(told.ends), timeout=30_000)
    assert "Its last words: RuntimeError: café is closed" in told.ends[0].message


def test_a_trainer_that_cannot_be_started_is_told(
    qtbot: QtBot, trainer: Trainer, told: Told, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = [str(tmp_path / "no such program")]
    monkeypatch.setattr(launch, "fit_command", lambda *_, **__: command)
    trainer.start(tmp_path / "spec.json", tmp_path)
    qtbot.waitUntil(lambda: bool(told.ends), timeout=30_000)
    assert told.ends[0].how == "failed"
    assert not trainer.running


def test_merging_keeps_order_epochs_and_mean_losses() -> None:
    def batch(epoch: int, number: int) -> events.BatchDone:
        return events.BatchDone(epoch, number, 40, float(number), 0.1, 1.0, 1.0)

    note = events.Notice("between")
    found = [*(batch(0, n) for n in range(1, 41)), note, batch(1, 1), batch(1, 2), batch(2, 1)]
    few = list(merged(found))
    assert few[8] == note
    assert len(few) == 12
    assert few[0] == events.BatchDone(0, 5, 40, 3.0, 0.1, 1.0, 1.0)
    assert [e.epoch for e in few if isinstance(e, events.BatchDone)] == [0] * 8 + [1, 1, 2]
    assert list(merged([])) == []
