"""Writing tags from the window: looking, deciding, writing, undoing; with the keyboard alone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from writing_steps import CTRL, SHIFT, fill, opened, press, settle, tag, words

from landmark_desktop.actions import review, write
from landmark_desktop.gui import theme
from landmark_desktop.gui.window import MainWindow
from landmark_desktop.gui.writing.model import WriteModel
from landmark_desktop.gui.writing.scope import Scope
from landmark_desktop.gui.writing.table import WriteTable
from landmark_desktop.metadata.read import read_facts
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.tasks import Progress


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return where the photos lie."""
    return tmp_path / "photos"


def sidecars(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xmp"))


def test_the_whole_way_with_the_keyboard(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    ids = fill(qtbot, window, folder, 3)
    assert window.writing.count.isVisible()
    assert window.writing.count.text() == "3 not in files yet"
    assert "3 photos have tags that are not in their files yet." in (
        window.writing.count.toolTip()
    )  # fmt: skip
    dialog = opened(qtbot, window)
    assert dialog.model.ids == ids
    assert QApplication.focusWidget() is dialog.table
    assert dialog.heading.text() == "3 photos have tags that are not in their files yet."
    assert dialog.model.index(0, 1).data() == "+1 tag"
    assert words(dialog.detail, "added") == ["+ Mine", "+ Mine"]  # keywords and tags
    assert words(dialog.detail, "section") == ["0000.jpg.xmp (a new file)"]
    press(dialog, Qt.Key.Key_Down)
    settle(qtbot, window)
    assert words(dialog.detail, "heading") == ["0001.jpg"]
    assert sidecars(folder) == []
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert len(sidecars(folder)) == 3
    assert read_described(folder / "0000.jpg", sidecars(folder)[:1]).tags == (("Mine",),)
    assert dialog.centre.currentWidget() is dialog.empty
    assert dialog.status.text() == "Wrote 3 files."
    assert not window.writing.count.isVisible()
    press(dialog, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert sidecars(folder) == []
    assert dialog.model.ids == ids
    press(dialog, Qt.Key.Key_Z, CTRL | SHIFT)
    settle(qtbot, window)
    assert len(sidecars(folder)) == 3
    press(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_chosen_photos_alone(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    ids = fill(qtbot, window, folder, 4)
    window.library.view.choose(window.library.model.row_of(ids[2]) or 0)
    window.library.view.grid.setFocus()
    press(window, Qt.Key.Key_S, CTRL | SHIFT)
    settle(qtbot, window)
    dialog = window.writing.dialog
    assert dialog is not None
    settle(qtbot, window)
    assert dialog.model.ids == [ids[2]]
    assert dialog.write.text() == "Write tags of 1 photo"
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert [path.name for path in sidecars(folder)] == ["0002.jpg.xmp"]
    assert window.writing.count.text() == "3 not in files yet"


def test_into_the_photos_is_chosen_here_too(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:  # fmt: skip
    fill(qtbot, window, folder, 2)
    dialog = opened(qtbot, window)
    button = dialog.target.buttons["sidecar"]
    button.setFocus()
    press(dialog, Qt.Key.Key_Down)
    settle(qtbot, window)
    assert window.workspace.settings.metadata_target == "embedded"
    assert words(dialog.detail, "section") == ["INTO THE PHOTO ITSELF"]
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert sidecars(folder) == []
    assert read_described(folder / "0001.jpg").tags == (("Mine",),)
    assert read_facts(folder / "0001.jpg").width == 64


def test_another_programs_change_is_shown_and_ours_taken(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    ids = fill(qtbot, window, folder, 2)
    window.library.apply(review.accept(window.workspace, ids, "Eiffel_Tower"))
    dialog = opened(qtbot, window)
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    for path in sidecars(folder):
        text = path.read_text()
        path.write_text(text.replace("<photoshop:City>Paris<", "<photoshop:City>Lyon<"))
    tag(window, ids, "More")
    settle(qtbot, window)
    assert dialog.model.index(0, 1).data() == "+1 tag, conflict"
    frame = dialog.detail.boxes[0].parent()
    said = " ".join(words(frame, ""))  # type: ignore[arg-type]
    assert "Another program has written “Lyon”, we have “Paris”" in said
    dialog.table.setFocus()
    seen = []
    for _ in range(3):
        press(dialog, Qt.Key.Key_Tab)
        seen.append(QApplication.focusWidget())
        if seen[-1] is dialog.detail.boxes[0]:
            break
    assert seen[-1] is dialog.detail.boxes[0], (dialog.isActiveWindow(), seen)
    press(dialog, Qt.Key.Key_Space)
    settle(qtbot, window)
    assert dialog.detail.boxes[0].isChecked()
    assert dialog.detail.boxes[0].hasFocus(), "the keyboard stays where it was"
    assert "+ Paris" in words(dialog.detail, "added")
    assert "\u2212 Lyon" in words(dialog.detail, "removed")
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    first, second = (path.read_text() for path in sidecars(folder))
    assert ">Lyon<" not in first
    assert ">Lyon<" in second
    assert "More" in second
    # What was left to the other program can be decided on later.
    dialog.scope.setCurrentIndex(dialog.scope.findData(Scope.KEPT))
    settle(qtbot, window)
    assert dialog.model.ids == ids[1:]
    assert not dialog.write.isEnabled()
    dialog.detail.boxes[0].setFocus()
    press(dialog, Qt.Key.Key_Space)
    settle(qtbot, window)
    press(dialog, Qt.Key.Key_Return, CTRL)
    settle(qtbot, window)
    assert all(">Lyon<" not in path.read_text() for path in sidecars(folder))


def test_a_run_is_cancelled_in_the_middle(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(qtbot, window, folder, 40)
    dialog = opened(qtbot, window)
    real, reached, go_on = write.write, threading.Event(), threading.Event()

    def slow(*given: Any, **more: Any) -> Any:
        task = real(*given, **more)
        progress: Progress = next(task)
        yield progress
        reached.set()
        go_on.wait(30)
        return (yield from task)

    monkeypatch.setattr(write, "write", slow)
    press(dialog, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(reached.is_set, timeout=30_000)
    qtbot.waitUntil(dialog.stop.isVisible)
    assert not dialog.write.isEnabled()
    dialog.stop.click()
    go_on.set()
    settle(qtbot, window)
    written = len(sidecars(folder))
    assert 0 < written < 40
    assert "stopped" in dialog.status.text()
    assert len(dialog.model.ids) == 40 - written, "the rest waits"
    press(dialog, Qt.Key.Key_Z, CTRL)
    settle(qtbot, window)
    assert sidecars(folder) == []


def test_rows_are_read_as_they_come_into_view_and_never_on_the_main_thread(
    window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked, threads = write.preview, set[int](), set[str]()

    def watched(workspace: Any, ids: Sequence[int], **more: Any) -> list[write.FilePreview]:
        asked.update(ids)
        threads.add(threading.current_thread().name)
        return real(workspace, ids, **more)

    monkeypatch.setattr(write, "preview", watched)
    ids = fill(qtbot, window, folder, 200)
    dialog = opened(qtbot, window)
    assert 0 < len(asked) < 100
    assert threading.main_thread().name not in threads
    press(dialog, Qt.Key.Key_End)
    press(dialog, Qt.Key.Key_End, CTRL)
    settle(qtbot, window)
    assert ids[-1] in asked
    assert len(asked) < 150
    assert dialog.model.index(199, 1).data() == "+1 tag"
    assert dialog.model.index(100, 1).data() == "…"


def test_it_is_painted_in_both_themes(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    fill(qtbot, window, folder, 2)
    dialog = opened(qtbot, window)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    seen = []
    for look in ("light", "dark"):
        theme.apply(app, look)
        seen.append(dialog.grab().toImage())
    assert seen[0] != seen[1]
    theme.apply(app, "light")


def test_a_hundred_thousand_rows_are_shown_without_being_read(
    window: MainWindow, folder: Path, qtbot: QtBot
) -> None:
    ids = fill(qtbot, window, folder, 2)
    dialog = opened(qtbot, window)
    asked: list[int] = []

    def paths(some: Sequence[int]) -> dict[int, Path]:
        asked.extend(some)
        return {photo_id: Path(f"/p/{photo_id}.jpg") for photo_id in some}

    model = WriteModel(paths, lambda _photo_id: None, dialog)
    table = WriteTable(model)
    qtbot.addWidget(table)
    wanted: list[int] = []
    table.asked.connect(wanted.extend)
    table.show()
    model.show(list(range(100_000)))
    table.choose(0)
    table.scrollToBottom()
    table.grab()
    assert max(wanted) == 99_999
    assert len(asked) < 1000
    assert len(set(wanted)) < 200
    assert dialog.model.ids == ids


def test_without_a_choice_all_is_shown(window: MainWindow, folder: Path, qtbot: QtBot) -> None:
    ids = fill(qtbot, window, folder, 2)
    window.library.view.grid.clearSelection()
    window.writing.open(Scope.CHOSEN)
    settle(qtbot, window)
    dialog = window.writing.dialog
    assert dialog is not None
    assert dialog.model.ids == ids
    dialog.close()


def test_closing_in_the_middle_of_a_run_leaves_the_rest_for_later(
    window: MainWindow, folder: Path, qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    fill(qtbot, window, folder, 60)
    dialog = opened(qtbot, window)
    dialog.start()
    qtbot.waitUntil(lambda: len(sidecars(folder)) > 2, timeout=30_000)
    window.close()
    assert not dialog.isVisible()
    written = len(sidecars(folder))
    again = open_window()
    again.writing.begin()
    settle(qtbot, again)
    left = len(again.writing.waiting.found.waits)
    assert left == 60 - written
    again.writing.run.start(again.writing.waiting.found.waits, {})
    settle(qtbot, again)
    assert len(sidecars(folder)) == 60
