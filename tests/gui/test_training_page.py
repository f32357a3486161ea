"""The Training page as a person uses it: drop photos, mend, choose, watch, see the result."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMessageBox,
    QWidget,
)  # fmt: skip
from pytestqt.qtbot import QtBot
from samples import draw
from training_steps import REAL, click

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.gui import theme
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.training.page import TrainingPage
from landmark_desktop.gui.training.view import DATA, HOW, RESULT, WATCH
from training import launch
from training.spec import TrainingSpec


class Open:
    """A page in a window of its own, with the job bar and the runner that it needs."""

    def __init__(self, workspace: Workspace) -> None:
        self.closed = False
        self.runner = Runner()
        self.jobbar = JobBar(self.runner)
        self.page = TrainingPage(workspace, self.runner, self.jobbar)
        self.page.view.resize(1100, 760)
        self.page.view.show()

    @property
    def session(self) -> Any:
        return self.page.session

    @property
    def view(self) -> Any:
        return self.page.session.view

    def close(self) -> None:
        if self.closed:
            return
        self.closed = True
        self.page.close()
        self.runner.close()
        self.page.view.close()
        self.page.view.deleteLater()


@pytest.fixture
def open_page(qtbot: QtBot, workspace: Workspace) -> Iterator[Callable[[], Open]]:
    """Return a function that opens the page; called again, it opens it as after a restart."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app, "light")
    opened: list[Open] = []

    def open_() -> Open:
        opened.append(Open(workspace))
        qtbot.waitExposed(opened[-1].page.view)
        qtbot.waitUntil(lambda: opened[-1].session is not None)
        return opened[-1]

    yield open_
    for page in opened:
        page.close()


@pytest.fixture
def page(open_page: Callable[[], Open]) -> Open:
    return open_page()


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the files that were opened in other programs."""
    files: list[str] = []
    monkeypatch.setattr(
        QDesktopServices, "openUrl", lambda url: bool(files.append(url.toLocalFile()))
    )
    return files


def drop(target: QWidget, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    both = Qt.DropAction.MoveAction | Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(300, 300), both, mime, buttons, keys)
    target.dragEnterEvent(enter)
    assert enter.isAccepted()
    target.dropEvent(QDropEvent(QPointF(300, 300), both, mime, buttons, keys))


def look(qtbot: QtBot, page: Open, folder: Path) -> None:
    """Drop photos and wait until they are looked through."""
    drop(page.view.data, folder)
    qtbot.waitUntil(lambda: page.session._looking is None, timeout=REAL)


def choose_how(qtbot: QtBot, page: Open, epochs: int, patience: int = 0) -> None:
    """Go to step 2 and set what makes a run short, or endless."""
    click(qtbot, page.view.data.next)
    assert page.view.step == HOW
    how = page.view.how
    click(qtbot, how.cards["quick"])
    how.more.click()
    how.advanced.widgets["head_epochs"].setValue(epochs)
    how.advanced.widgets["patience"].setValue(patience)


def begin(qtbot: QtBot, page: Open) -> None:
    click(qtbot, page.view.how.start)
    qtbot.waitUntil(lambda: page.page.busy, timeout=REAL)
    assert page.view.step == WATCH


def epochs_done(page: Open) -> int:
    return len(page.session.leading.course.validation)


def counts(page: Open) -> dict[str, dict[str, int]]:
    return dict(page.view.data.table.classes._counts)


def told(page: Open) -> str:
    return "\n".join(box.text() + box.informativeText() for box in
                     page.view.findChildren(QMessageBox))  # fmt: skip


def test_the_page_is_made_light_and_furnished_when_it_is_seen(
    qtbot: QtBot, workspace: Workspace
) -> None:
    runner = Runner()
    made = TrainingPage(workspace, runner, JobBar(runner))
    assert made._session is None
    assert not made.busy
    made.view.show()
    qtbot.waitUntil(lambda: made._session is not None, timeout=REAL)
    assert made.session.view.step == DATA
    assert [step.isEnabled() for step in made.session.view.steps.buttons] == [True] + [False] * 3
    qtbot.waitUntil(lambda: not runner.busy, timeout=REAL)
    made.close()
    runner.close()


def test_photos_are_looked_through_and_mended_without_touching_them(
    qtbot: QtBot, page: Open, drawn: Path, tmp_path: Path, shown: list[str]
) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(drawn / "data", folder)
    broken = folder / "Taj_Mahal" / "broken.jpg"
    broken.write_bytes(b"no photo")
    twin = folder / "Taj_Mahal" / "twin.jpg"
    shutil.copy(folder / "Eiffel_Tower" / "3.jpg", twin)
    look(qtbot, page, folder)
    data = page.view.data
    assert data.title.text() == "mine"
    assert "50 photos of 2 landmarks" in data.summary.text()
    assert counts(page) == {"Eiffel_Tower": {"training": 24}, "Taj_Mahal": {"training": 26}}
    groups = {group.kind: group for group in data.findings.groups}
    assert {"unreadable", "duplicate_across"} <= set(groups)
    click(qtbot, groups["unreadable"].choices[0])
    assert groups["unreadable"].choices[0].text() == "Put back"
    assert counts(page)["Taj_Mahal"] == {"training": 25}
    click(qtbot, groups["duplicate_across"].choices[0])
    assert counts(page) == {"Eiffel_Tower": {"training": 23}, "Taj_Mahal": {"training": 24}}
    assert "3 files left out" in data.summary.text()
    click(qtbot, groups["unreadable"].choices[0])
    assert counts(page)["Taj_Mahal"] == {"training": 25}
    links = [label for label in groups["unreadable"].findChildren(QLabel) if "href" in label.text()]
    links[0].linkActivated.emit(str(broken))
    assert shown == [str(broken)]
    page.session.choose_negatives((drawn / "negatives",))
    qtbot.waitUntil(lambda: "12 of negatives" in data.without.text())
    click(qtbot, groups["unreadable"].choices[0])
    choose_how(qtbot, page, 1)
    # What would be trained on is a list without them; the folder is as it was.
    page.session._lead = lambda folder, _course: page.view.setProperty("begun", str(folder))
    click(qtbot, page.view.how.start)
    qtbot.waitUntil(lambda: page.view.property("begun") is not None)
    run = Path(page.view.property("begun"))
    spec = TrainingSpec.load(run / "asked.json")
    assert spec.data == str(run / "photos.csv")
    assert spec.negatives == (str(drawn / "negatives"),)
    rows = (run / "photos.csv").read_text().splitlines()
    assert len(rows) == 1 + 47
    assert not [row for row in rows if "broken.jpg" in row or "twin.jpg" in row]
    assert broken.exists()
    assert twin.exists()


def test_what_holds_no_photos_is_explained(qtbot: QtBot, page: Open, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    look(qtbot, page, tmp_path / "nothing")
    assert "holds no photos" in told(page)
    assert page.view.data.stack.currentWidget() is page.view.data.empty


def test_the_method_says_what_it_takes(qtbot: QtBot, page: Open, drawn: Path) -> None:
    look(qtbot, page, drawn / "data")
    click(qtbot, page.view.data.next)
    how = page.view.how
    assert how.backbone == "efficientnet_lite0"
    assert "This is an estimate" in how.about.text()
    assert how.networks.topLevelItemCount() == 10
    click(qtbot, how.cards["scratch"])
    assert how.backbone == "landmark_net"
    assert not how.advanced.widgets["head_epochs"].isEnabled()
    assert how.spec("x").recipe == "scratch"
    click(qtbot, how.cards["transfer"])
    how.advanced.widgets["seed"].setValue(7)
    click(qtbot, how.cards["best"])
    assert how.spec("x").seed == 7
    assert how.spec("x").stages[-1].epochs == 30
    how.advanced.reset()
    assert how.spec("x").seed == 0
    how.advanced.widgets["head_epochs"].setValue(0)
    click(qtbot, how.cards["quick"])
    assert "no epoch at all" in how.problem.text()
    assert not how.start.isEnabled()


def test_from_photos_to_a_result(
    qtbot: QtBot, page: Open, open_page: Callable[[], Open], drawn: Path, shown: list[str]
) -> None:
    look(qtbot, page, drawn / "data")
    choose_how(qtbot, page, 1000)
    begin(qtbot, page)
    watch = page.view.watch
    qtbot.waitUntil(lambda: watch.curves is not None and epochs_done(page) > 3, timeout=REAL)
    qtbot.waitUntil(lambda: len(watch.curves.validation.x) > 3, timeout=REAL)
    assert len(watch.curves.batches.x) > 3
    assert watch.curves.accuracy.lines[0].y[-1] == 1.0
    assert "validation" in watch.curves.loss.read(2.0)
    assert "of 1000" in watch.figures["epoch"].value.text()
    assert "Training" in page.jobbar.what.text()
    click(qtbot, watch.pause)
    qtbot.waitUntil(lambda: watch.go_on.isVisible(), timeout=REAL)
    assert "Paused" in watch.state.text()
    click(qtbot, watch.go_on)
    qtbot.waitUntil(lambda: watch.pause.isVisible() and watch.finish.isEnabled(), timeout=REAL)
    click(qtbot, watch.finish)
    qtbot.waitUntil(lambda: page.view.step == RESULT, timeout=REAL)
    assert not page.page.busy
    result = page.view.result
    assert result.figures["top1"].value.text() == "100.0%"
    assert "95 %" in result.figures["top1"].below.text()
    assert result.rows.rowCount() == 2
    cells: list[tuple[str, ...]] = []
    result.cell_chosen.connect(cells.append)
    place = result.matrix._rect(0, 0).center().toPoint()
    qtbot.mouseClick(result.matrix, Qt.MouseButton.LeftButton, pos=place)
    assert cells
    assert {Path(path).parent.name for path in cells[0]} == {"Eiffel_Tower"}
    assert len(result.cell.tiles) == len(cells[0]) > 0
    adopted: list[Path] = []
    page.page.adopted.connect(adopted.append)
    page.page.shelved.connect(adopted.append)
    click(qtbot, result.use)
    click(qtbot, result.shelf)
    assert [path.name for path in adopted] == ["model.pt"] * 2
    click(qtbot, result.report)
    assert shown[-1].endswith("report.html")

    # As after a restart: the run is in the list, and opens with its curves and its result.
    again = open_page()
    qtbot.waitUntil(lambda: again.view.runs.list.count() == 1)
    again.view.runs.list.itemClicked.emit(again.view.runs.list.item(0))
    qtbot.waitUntil(lambda: again.view.step == RESULT)
    again.view.steps.buttons[WATCH].click()
    qtbot.waitUntil(lambda: again.view.watch.curves is not None)
    assert len(again.view.watch.curves.validation.x) > 3
    assert "Finished after" in again.view.watch.state.text()


def test_a_killed_run_is_told_and_continued(qtbot: QtBot, page: Open, drawn: Path) -> None:
    look(qtbot, page, drawn / "data")
    choose_how(qtbot, page, 1000)
    begin(qtbot, page)
    watch = page.view.watch
    qtbot.waitUntil(lambda: epochs_done(page) > 2, timeout=REAL)
    click(qtbot, watch.pause)  # behind a checkpoint
    qtbot.waitUntil(lambda: watch.go_on.isVisible(), timeout=REAL)
    os.kill(page.session.trainer.process_id, signal.SIGKILL)
    qtbot.waitUntil(lambda: watch.resume.isVisible(), timeout=REAL)
    assert "ended from outside (signal 9)" in watch.state.text()
    before = epochs_done(page)
    click(qtbot, watch.resume)
    qtbot.waitUntil(lambda: epochs_done(page) > before, timeout=REAL)
    x, _ = page.session.leading.course.validation.points()
    assert x.tolist() == sorted(set(x.tolist()))
    qtbot.waitUntil(lambda: watch.finish.isVisible() and watch.finish.isEnabled(), timeout=REAL)
    click(qtbot, watch.finish)
    qtbot.waitUntil(lambda: page.view.step == RESULT, timeout=REAL)


def test_a_run_that_fails_says_why(qtbot: QtBot, page: Open, drawn: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    shutil.copytree(drawn / "data", folder)
    look(qtbot, page, folder)
    choose_how(qtbot, page, 2)
    shutil.rmtree(folder / "Taj_Mahal")  # meanwhile
    begin(qtbot, page)
    watch = page.view.watch
    qtbot.waitUntil(lambda: not page.page.busy, timeout=REAL)
    assert "fewer than two classes" in watch.state.text()
    assert watch.resume.isVisible()
    qtbot.waitUntil(lambda: page.view.runs.list.count() == 1)
    qtbot.waitUntil(lambda: "failed" in page.view.runs.list.item(0).toolTip() or
                    "fewer" in page.view.runs.list.item(0).toolTip())  # fmt: skip


def test_closing_in_mid_run_leaves_no_process_and_the_run_goes_on_another_time(
    qtbot: QtBot, open_page: Callable[[], Open], drawn: Path
) -> None:
    page = open_page()
    look(qtbot, page, drawn / "data")
    choose_how(qtbot, page, 1000)
    begin(qtbot, page)
    assert "checkpoint" in page.page.closing_question()
    qtbot.waitUntil(lambda: epochs_done(page) > 1, timeout=REAL)
    process_id, run = page.session.trainer.process_id, page.session.leading.folder
    page.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)
    assert (run / launch.CHECKPOINT).exists()

    again = open_page()
    qtbot.waitUntil(lambda: again.view.runs.list.count() == 1)
    again.view.runs.list.itemClicked.emit(again.view.runs.list.item(0))
    qtbot.waitUntil(lambda: again.view.step == WATCH)
    assert again.page.closing_question() == ""
    done = epochs_done(again)
    click(qtbot, again.view.watch.resume)
    qtbot.waitUntil(lambda: epochs_done(again) > done + 1, timeout=REAL)
    click(qtbot, again.view.watch.cancel)
    qtbot.waitUntil(lambda: not again.page.busy, timeout=REAL)
    assert "Nothing is lost" in again.view.watch.state.text()


def test_everything_has_a_name_and_a_tip(qtbot: QtBot, page: Open, drawn: Path) -> None:
    look(qtbot, page, drawn / "data")
    _ = page.view.how.advanced
    for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit):
        for widget in page.view.findChildren(kind):
            part_of = widget.parent()
            if widget.objectName().startswith("qt_") or part_of.inherits("QAbstractItemView"):
                continue  # Qt's own parts of others
            words = widget.accessibleName() or getattr(widget, "text", str)()
            assert words, widget
            assert widget.toolTip() or part_of.toolTip(), words


def test_photos_are_shown_in_both_themes(qtbot: QtBot, page: Open, tmp_path: Path) -> None:
    for name in ("A", "B"):
        draw(tmp_path / "set" / name / "1.jpg", "Taj_Mahal", mark=len(name))
    look(qtbot, page, tmp_path / "set")
    sample = tmp_path / "set" / "A" / "1.jpg"
    qtbot.waitUntil(lambda: page.session.pictures.get(sample) is not None)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    light = page.view.grab().toImage()
    theme.apply(app, "dark")
    qtbot.wait(50)
    assert page.view.grab().toImage() != light
    theme.apply(app, "light")
