"""What can go wrong in mid-run, through the real window: told plainly, and nothing is lost."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot
from training_steps import REAL, begin, click, epochs_done, look, open_page, stop

from landmark_desktop.gui.training.view import WATCH
from landmark_desktop.gui.window import MainWindow
from training import launch

Open = Callable[[], MainWindow]


def gone(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return True
    return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits of another process")
@pytest.mark.parametrize("most", [4096, 1_000_000])  # bytes: no event more; no checkpoint more
def test_a_disk_that_is_full_in_mid_run_is_told_and_the_run_goes_on(
    window: MainWindow, qtbot: QtBot, drawn: Path, most: int
) -> None:
    import resource

    page = open_page(qtbot, window)
    look(qtbot, page, drawn / "data")
    begin(qtbot, page, 1000)
    watch, trainer = page.session.view.watch, page.session.trainer
    qtbot.waitUntil(lambda: epochs_done(page) > 2, timeout=REAL)
    click(qtbot, watch.pause)  # behind a checkpoint
    qtbot.waitUntil(lambda: watch.go_on.isVisible(), timeout=REAL)
    run = page.session.leading.folder
    kept = (run / launch.CHECKPOINT).read_bytes()
    # From here on the system lets no file of the trainer grow beyond this.
    resource.prlimit(trainer.process_id, resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    click(qtbot, watch.go_on)
    qtbot.waitUntil(lambda: not page.busy or watch.pause.isVisible(), timeout=REAL)
    if page.busy:
        watch.pause.click()  # wants a checkpoint
    qtbot.waitUntil(lambda: not page.busy, timeout=REAL)
    assert watch.state.text().startswith("File too large")
    assert (run / launch.CHECKPOINT).read_bytes() == kept
    assert not list(run.glob("*.partial"))
    before = epochs_done(page)
    click(qtbot, watch.resume)
    qtbot.waitUntil(lambda: epochs_done(page) > before, timeout=REAL)
    stop(qtbot, page)


def test_a_gpu_short_of_memory_goes_on_with_less_at_once_and_says_so(
    window: MainWindow, qtbot: QtBot, drawn: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = """
import sys
import torch
from training.network import LandmarkNetwork
forward = LandmarkNetwork.head_logits
def short_of_memory(network, x):
    if network.training and len(x) > 4:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
    return forward(network, x)
LandmarkNetwork.head_logits = short_of_memory
from training.__main__ import main
main()
"""
    command = launch.command

    def in_little_memory(*arguments: str) -> list[str]:
        real = command(*arguments)
        return [real[0], "-c", short, *arguments] if arguments[0] == "fit" else real

    monkeypatch.setattr(launch, "command", in_little_memory)
    page = open_page(qtbot, window)
    look(qtbot, page, drawn / "data")
    begin(qtbot, page, 1000)
    watch = page.session.view.watch
    qtbot.waitUntil(lambda: epochs_done(page) > 2, timeout=REAL)
    qtbot.waitUntil(lambda: "going on with" in watch.state.text(), timeout=REAL)
    assert "not enough memory for" in watch.log.toPlainText()
    stop(qtbot, page)


def answer(button: str, asked: list[str]) -> None:
    """Press a button of the question that comes up."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        asked.append(box.informativeText())
        next(b for b in box.buttons() if b.text() == button).click()

    QTimer.singleShot(200, press)


def test_a_window_closed_in_mid_run_asks_and_the_run_goes_on_another_day(
    open_window: Open, qtbot: QtBot, drawn: Path
) -> None:
    window = open_window()
    page = open_page(qtbot, window)
    look(qtbot, page, drawn / "data")
    begin(qtbot, page, 1000)
    qtbot.waitUntil(lambda: epochs_done(page) > 2, timeout=REAL)
    process_id, run = page.session.trainer.process_id, page.session.leading.folder
    asked: list[str] = []
    answer("Keep it open", asked)
    window.close()
    assert window.isVisible()
    assert page.busy
    before = epochs_done(page)
    qtbot.waitUntil(lambda: epochs_done(page) > before, timeout=REAL)
    answer("Close", asked)
    window.close()
    assert not window.isVisible()
    assert len(asked) == 2
    assert "stops the training behind a checkpoint" in asked[0]
    assert gone(process_id)
    assert (run / launch.CHECKPOINT).exists()
    assert not (run / launch.MODEL).exists()

    again = open_page(qtbot, open_window())
    runs, view = again.session.view.runs, again.session.view
    qtbot.waitUntil(lambda: runs.list.count() == 1, timeout=REAL)
    assert "can go on" in runs.list.item(0).toolTip()
    runs.list.itemClicked.emit(runs.list.item(0))
    qtbot.waitUntil(lambda: view.step == WATCH, timeout=REAL)
    click(qtbot, view.watch.resume)
    qtbot.waitUntil(lambda: epochs_done(again) > before, timeout=REAL)
    stop(qtbot, again)
