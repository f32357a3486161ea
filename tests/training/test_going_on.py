"""Runs that are cancelled, paused, finished early, killed or damaged go on, or say why not."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from samples import small
from small_runs import epochs, run, same

from training import checkpoint, events, launch
from training.bundle import read_card
from training.control import Control
from training.fit import fit


@pytest.mark.usefixtures("unexported")
@pytest.mark.parametrize("batches", [1, 6, 8])
def test_a_cancelled_run_goes_on_to_the_same_weights(
    batches: int, whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    control, done = Control(), 0
    seen = []
    for event in fit(small(drawn), tmp_path, training_cache, control):
        seen.append(event)
        done += isinstance(event, events.BatchDone)
        if done == batches:
            control.tell("cancel")
    assert isinstance(seen[-1], events.Stopped)
    rest = run(small(drawn), tmp_path, training_cache)
    assert isinstance(rest[-1], events.Finished)
    assert sum(isinstance(event, events.BatchDone) for event in rest) == 12 - batches
    assert same(whole, tmp_path)
    history = events.history((tmp_path / "events.jsonl").read_text().splitlines())
    unbroken = events.history((whole / "events.jsonl").read_text().splitlines())
    losses = [
        [(e.epoch, e.batch, e.loss) for e in some if isinstance(e, events.BatchDone)]
        for some in (history, unbroken)
    ]
    assert losses[0] == losses[1]


def test_a_killed_process_goes_on_to_the_same_weights(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    """Kill -9 in the middle of an epoch, with checkpoints wherever time allows."""
    small(drawn).save(tmp_path / "spec.json")
    code = "from training import loop; loop.SAVE_EVERY = 0.0; from training.cli import main; main()"

    def start(folder: Path, *more: str) -> subprocess.Popen[str]:
        arguments = ["fit", "--spec", str(tmp_path / "spec.json"), "--out", str(folder)]
        command = [*launch.command()[:1], "-c", code, *arguments, "--events", *more]
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, **launch.ENVIRONMENT},
        )  # fmt: skip

    process = start(tmp_path / "killed")
    assert process.stdout is not None
    done = 0
    for line in process.stdout:
        done += isinstance(events.from_line(line), events.BatchDone)
        if done == 8:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.communicate()
    assert not (tmp_path / "killed" / "model.pt").exists()
    out, _ = start(tmp_path / "killed", "--resume").communicate()
    started = [e for e in map(events.from_line, out.splitlines()) if isinstance(e, events.Started)]
    assert (started[0].first_epoch, started[0].first_batch) >= (2, 1)
    assert same(whole, tmp_path / "killed")
    assert read_card(tmp_path / "killed" / "model.pt").name == "Small"


@pytest.mark.usefixtures("unexported")
def test_a_paused_run_waits_and_goes_on(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    control = Control()
    seen = []
    for event in fit(small(drawn), tmp_path, training_cache, control):
        seen.append(event)
        if isinstance(event, events.EpochDone) and event.epoch == 0:
            control.tell("pause")
        if isinstance(event, events.Paused):
            assert isinstance(seen[-2], events.CheckpointSaved)
            control.tell("go on")
    kinds = [type(event) for event in seen]
    assert kinds.count(events.Paused) == kinds.count(events.Continued) == 1
    assert same(whole, tmp_path)


@pytest.mark.usefixtures("unexported")
def test_finishing_keeps_the_best_so_far(drawn: Path, training_cache: Path, tmp_path: Path) -> None:
    control = Control()
    seen = []
    for event in fit(small(drawn), tmp_path, training_cache, control):
        seen.append(event)
        if isinstance(event, events.BatchDone) and event.epoch == 1:
            control.tell("finish")
    assert isinstance(seen[-1], events.Finished)
    assert len(epochs(seen)) <= 2
    # Asked to go on, a finished run has nothing left to train.
    again = run(small(drawn), tmp_path, training_cache)
    assert not any(isinstance(event, events.BatchDone) for event in again)
    assert isinstance(again[-1], events.Finished)


@pytest.mark.usefixtures("unexported")
def test_a_run_goes_on_where_the_same_photos_lie_elsewhere(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    """As on another machine; photos that are not the same ones are another run."""
    control = Control()
    for event in fit(small(drawn), tmp_path / "run", training_cache, control):
        if isinstance(event, events.BatchDone):
            control.tell("cancel")
    moved = tmp_path / "moved"
    shutil.copytree(drawn, moved)
    rest = run(small(moved), tmp_path / "run", training_cache)
    assert isinstance(rest[-1], events.Finished)
    assert same(whole, tmp_path / "run")
    (moved / "data" / "Taj_Mahal" / "3.jpg").unlink()
    refused = run(small(moved), tmp_path / "run", training_cache)[-1]
    assert isinstance(refused, events.Failed)
    assert "other settings (photos)" in refused.reason


def test_a_damaged_checkpoint_and_one_of_another_run_are_refused(
    whole: Path, drawn: Path, training_cache: Path, tmp_path: Path
) -> None:
    (tmp_path / checkpoint.NAME).write_bytes(b"not a checkpoint")
    seen = run(small(drawn), tmp_path, training_cache)
    assert isinstance(seen[-1], events.Failed)
    assert "cannot be read" in seen[-1].reason
    (tmp_path / checkpoint.NAME).write_bytes((whole / checkpoint.NAME).read_bytes())
    seen = run(small(drawn, head_rate=0.1), tmp_path, training_cache)
    assert isinstance(seen[-1], events.Failed)
    assert "head_rate" in seen[-1].reason


def test_the_child_process_obeys_its_stdin_and_stops_with_it(
    drawn: Path, tmp_path: Path, training_cache: Path
) -> None:
    small(drawn, depth="head", head_epochs=100_000).save(tmp_path / "spec.json")
    seen: list[Any] = []
    with subprocess.Popen(
        launch.fit_command(tmp_path / "spec.json", tmp_path / "run"), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={**os.environ, **launch.ENVIRONMENT},
    ) as process:  # fmt: skip
        _follow(process, seen)
    assert process.returncode == 130
    assert isinstance(seen[-1], events.Stopped)
    assert (tmp_path / "run" / checkpoint.NAME).exists()


def _follow(process: subprocess.Popen[str], seen: list[Any]) -> None:
    """Pause and continue the run, then die as a window dies."""
    assert process.stdin is not None
    assert process.stdout is not None
    for line in process.stdout:
        event = events.from_line(line)
        seen.append(event)
        assert event is not None, line
        if isinstance(event, events.EpochDone) and event.epoch == 3:
            process.stdin.write("pause\n")
            process.stdin.flush()
        if isinstance(event, events.Paused):
            process.stdin.write("continue\n")
            process.stdin.flush()
        if isinstance(event, events.Continued):
            process.stdin.close()


def test_control_pauses_and_a_cancelled_run_stays_cancelled() -> None:
    control = Control()
    control.tell("pause")
    import threading

    threading.Timer(0.05, control.tell, ["cancel"]).start()
    assert control.wait() >= 0.04
    control.tell("go on")
    assert control.wish == "cancel"
    started = time.monotonic()
    assert control.wait() < 1
    assert time.monotonic() - started < 1
