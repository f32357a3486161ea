"""The one window: a rail of pages, the page, the job bar, and what is dropped on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QKeySequence,
)
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QMainWindow,
    QMessageBox,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions import model_files
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.crashes import Past
from landmark_desktop.gui import help as help_
from landmark_desktop.gui import theme, window_state
from landmark_desktop.gui.history.dialog import HistoryDialog
from landmark_desktop.gui.jobbar import JobBar
from landmark_desktop.gui.library.page import LibraryPage
from landmark_desktop.gui.models.page import ModelsPage
from landmark_desktop.gui.notice import NoticeBar
from landmark_desktop.gui.organise.page import OrganisePage
from landmark_desktop.gui.organise.recovery import Recovery
from landmark_desktop.gui.precision_door import PrecisionDoor
from landmark_desktop.gui.review.page import ReviewPage
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.settings.door import SettingsDoor
from landmark_desktop.gui.teach.door import TeachDoor
from landmark_desktop.gui.training.page import TrainingPage
from landmark_desktop.gui.writing.door import WriteDoor
from landmark_desktop.library.changes import ChangeSet


@dataclass(frozen=True)
class Page:
    """A page of the window as the rail shows it. ``icon``: its name in ``resources/icons``."""

    icon: str
    title: str
    tip: str
    view: QWidget


class MainWindow(QMainWindow):
    """Owns workspace and runner from the moment it is made; closing it ends both."""

    closing = Signal()  # nothing more can be opened

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.runner = Runner()
        self.jobbar = JobBar(self.runner)
        self.library = LibraryPage(workspace, self.runner, self.jobbar)
        self.models = ModelsPage(workspace, self.runner, self.jobbar)
        self.models.lane_wanted.connect(self.library.hold)
        self.models.lane_left.connect(self.library.go_on)
        self.models.switched.connect(self.library.model_changed)
        self.review = ReviewPage(workspace, self.runner, self.jobbar, self.library.pictures)
        self.review.changed.connect(self.library.apply)
        self.review.add_asked.connect(self.add_folder)
        self.review.library_asked.connect(lambda: self.show_page(self.library.view))
        self.models.switched.connect(self.review.model_changed)
        self.precision = PrecisionDoor(workspace, self.runner, self.library, self.models)
        self.training = TrainingPage(workspace, self.runner, self.jobbar)
        self.training.adopted.connect(lambda bundle: self.models.add([bundle], then_use=True))
        self.training.shelved.connect(lambda bundle: self.models.add([bundle]))
        self.training.photos_chosen.connect(self._show_photos)
        self.training.library_corrected.connect(self.library.on_corrected)
        self.training.lane_wanted.connect(self.library.hold)
        self.training.lane_left.connect(self.library.go_on)
        self.library.changed.connect(self._on_library_changed)
        self.models.retrain_asked.connect(self._retrain)
        self.teach = TeachDoor(
            workspace, self.runner, self.jobbar, self.library, self._training_busy
        )
        self.teach.adopted.connect(lambda bundle: self.models.add([bundle], then_use=True))
        self.teach.training_asked.connect(lambda: self.show_page(self.training.view))
        self.settings = SettingsDoor(workspace, self.runner, self)
        self.settings.live.changed.connect(self._on_setting)
        self.writing = WriteDoor(
            workspace, self.runner, self.jobbar, self.library, self.settings
        )  # fmt: skip
        self.organise = OrganisePage(
            workspace, self.runner, self.jobbar, self.settings.live, self.library.pictures
        )
        self.organise.changed.connect(self.library.apply)
        self.organise.undo_asked.connect(self.library.undo)
        self.organise.add_asked.connect(self.add_folder)
        self.organise.review_asked.connect(lambda: self.show_page(self.review.view))
        self.recovery = Recovery(workspace, self.runner, self.organise.run)
        # The pages in the order of the rail and of Ctrl+1, Ctrl+2, ...: a new one goes in here.
        self.pages = (
            Page("library", "Library", "browse photos and their suggestions", self.library.view),
            Page("review", "Review", "answer suggestions, a whole group at a time",
                 self.review.view),
            Page("organise", "Organise", "move or copy photos into tidy folders",
                 self.organise.view),
            Page("training", "Training", "make a model from photos of your own",
                 self.training.view),
            Page("models", "Models", "what recognises your landmarks", self.models.view),
        )  # fmt: skip
        self.setWindowTitle("Landmark Desktop")
        self.setAcceptDrops(True)
        self.setMinimumSize(840, 520)
        self.resize(1280, 800)
        self._unasked = False
        self.history: HistoryDialog | None = None
        self.notice = NoticeBar()
        self.notice.normal_asked.connect(self._start_normally)
        self.notice.details_asked.connect(self.show_log)
        self.stack = QStackedWidget()
        for page in self.pages:
            self.stack.addWidget(page.view)
        self._rail_buttons: list[QToolButton] = []
        upper = QWidget()
        row = QHBoxLayout(upper)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self._rail())
        row.addWidget(self.stack, 1)
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.recovery.notice)
        column.addWidget(upper, 1)
        column.addWidget(self.jobbar)
        self.setCentralWidget(centre)
        self._menus()
        for button in (self.library.view.add, self.library.view.empty.button):
            button.clicked.connect(self.add_folder)
        self.library.view.setFocusProxy(self.library.view.grid)
        self.show_page(self.library.view)
        if not workspace.safe:
            window_state.restore(self, workspace.settings)

    def begin(self, paths: Sequence[Path], past: Past | None = None) -> None:
        """Go on where the last session ended, open ``paths``, and say what the start found.

        ``past``: how the last sessions ended.
        """
        self.notice.tell(past or Past(), safe=self.workspace.safe)
        self.library.begin([])
        self.open_paths(paths)
        self.writing.begin()
        self.recovery.look()
        if self.workspace.notice:
            self.jobbar.tell(
                self.workspace.notice, "Models", lambda: self.show_page(self.models.view)
            )

    def show_page(self, view: QWidget) -> None:
        """Show the page whose view this is."""
        self.stack.setCurrentWidget(view)
        self._rail_buttons[self.stack.indexOf(view)].setChecked(True)
        view.setFocus()

    def _rail(self) -> QWidget:
        rail = QWidget()
        rail.setObjectName("rail")
        rail.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rail.setFixedWidth(72)
        column = QVBoxLayout(rail)
        column.setContentsMargins(4, 8, 4, 8)
        column.setSpacing(8)
        for number, page in enumerate(self.pages, 1):
            column.addWidget(self._rail_button(number, page))
        column.addStretch(1)
        return rail

    def _rail_button(self, number: int, page: Page) -> QToolButton:
        button = QToolButton()
        theme.dress(button, lambda: button.setIcon(theme.icon(page.icon)))
        button.setIconSize(QSize(24, 24))
        button.setText(page.title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setFixedSize(64, 56)
        button.setToolTip(f"{page.title}: {page.tip} (Ctrl+{number})")
        button.clicked.connect(lambda: self.show_page(page.view))
        self._rail_buttons.append(button)
        return button

    def _menus(self) -> None:
        library, bar = self.library, self.menuBar()
        size = library.view.size
        for title, entries in (
            ("&File", (
                ("Add &folder…", "Ctrl+O", self.add_folder),
                ("Add &photos…", "Ctrl+Shift+O", self.add_files),
                self.writing.action,
                self.writing.chosen_action,
                ("&Quit", "Ctrl+Q", self.close),
            )),
            ("&Edit", (
                ("&Undo", "Ctrl+Z", library.undo),
                ("&Redo", "Ctrl+Shift+Z", library.redo),
                ("&History…", "Ctrl+H", self.show_history),
                ("&Find", "", lambda: self._in_library(library.view.search.setFocus)),
                ("Show &all photos", "", lambda: self._in_library(library.show_all)),
                self.teach.action,
                self.settings.action,
            )),
            ("&View", (
                *(
                    (page.title, f"Ctrl+{number}", lambda v=page.view: self.show_page(v))
                    for number, page in enumerate(self.pages, 1)
                ),
                ("&Larger photos", "Ctrl++", lambda: size.setValue(size.value() + 40)),
                ("&Smaller photos", "Ctrl+-", lambda: size.setValue(size.value() - 40)),
                ("&Files that could not be read…", "", library.show_problems),
            )),
            ("&Help", (
                ("&Keyboard shortcuts", "F1", lambda: help_.show_shortcuts(self)),
                ("Show &log…", "Ctrl+Shift+L", self.show_log),
                ("&About Landmark Desktop", "", self.show_about),
            )),
        ):  # fmt: skip
            menu = bar.addMenu(title)
            for entry in entries:
                if isinstance(entry, QAction):
                    menu.addAction(entry)
                    continue
                text, key, what = entry
                action = QAction(text, self)
                action.setShortcut(QKeySequence(key))
                action.triggered.connect(lambda _=False, do=what: do())
                menu.addAction(action)
            if title == "&View":
                menu.addMenu(self.settings.theme_menu())

    def _on_library_changed(self, changes: ChangeSet) -> None:
        self.review.apply(changes)
        self.organise.apply(changes)
        if self.history is not None:
            self.history.refresh()
        self.training.library_changed()
        self.models.library_changed()

    def show_history(self) -> None:
        """List everything that was done, with the ways to undo it."""
        if self.history is None:
            self.history = HistoryDialog(self.workspace, self.runner, self)
            self.history.changed.connect(self.library.apply)
            self.history.ended.connect(self.library.pictures.try_again)  # files may be back
        self.history.come_forward()

    def _show_photos(self, ids: tuple[int, ...]) -> None:
        self._in_library(lambda: self.library.show_only(ids))

    def _retrain(self) -> None:
        self.show_page(self.training.view)
        self.training.retrain()

    def _training_busy(self) -> str:
        """Return why no landmark can be taught just now, nothing where it can."""
        if not self.training.busy:
            return ""
        return "A model is being trained on the Training page. Teach this one when it is done."

    def _in_library(self, do: Callable[[], None]) -> None:
        self.show_page(self.library.view)
        do()

    def _on_setting(self, name: str) -> None:
        if name == "neighbour_minutes":
            self.review.evidence_changed()

    def add_folder(self) -> None:
        """Ask for a folder and import it."""
        chosen = QFileDialog.getExistingDirectory(self, "Add a folder of photos")
        if chosen:
            self.library.import_paths([Path(chosen)])

    def add_files(self) -> None:
        """Ask for single photos and import them."""
        chosen, _ = QFileDialog.getOpenFileNames(self, "Add photos")
        if chosen:
            self.library.import_paths([Path(name) for name in chosen])

    def show_about(self) -> None:
        """Say what this is, and which model it uses."""
        help_.show_about(self, self.workspace.recogniser.card)

    def show_log(self, report: Path | None = None) -> None:
        """Show what was logged, or the ``report`` of a crash."""
        help_.show_log(self, self.workspace.places.log, report)

    def come_forward(self) -> None:
        """Put the window in front of the others, as far as the desktop allows."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def end(self) -> None:
        """Close without asking: the system ends the program."""
        self._unasked = True
        self.close()

    def _confirm_close(self, question: str) -> bool:
        """Return whether the window may close although something is going on."""
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText("Close Landmark Desktop?")
        box.setInformativeText(question)
        close = box.addButton("Close", QMessageBox.ButtonRole.AcceptRole)
        stay = box.addButton("Keep it open", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(stay)
        box.setEscapeButton(stay)
        box.exec()
        return box.clickedButton() is close

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(u.toLocalFile()) for u in event.mimeData().urls() if u.isLocalFile()]
        if paths:
            # Photos stay where they are: nothing must make the file manager delete its copy.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._take_in(paths)

    def _take_in(self, paths: list[Path]) -> None:
        """Put models on the shelf and photos into the library, whatever page is shown."""
        models = [path for path in paths if path.suffix.lower() == model_files.SUFFIX]
        if self.stack.currentWidget() is self.models.view:
            # What is dropped among the models is meant as one; it will be said if it is none.
            models = [path for path in paths if not path.is_dir()]
        self._open(models, [path for path in paths if path not in models])

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Open models, photos and folders that the desktop or the command line names."""
        models = [path for path in paths if path.suffix.lower() == model_files.SUFFIX]
        self._open(models, [path for path in paths if path not in models])

    def _open(self, models: list[Path], photos: list[Path]) -> None:
        if models:
            self.show_page(self.models.view)
            self.models.add(models)
        if photos:
            self.show_page(self.library.view)
            self.library.import_paths(photos)

    def _keep(self) -> None:
        self.workspace.remember(**window_state.to_keep(self))

    def _start_normally(self) -> None:
        """Leave safe mode."""
        self.notice.hide()
        self.workspace.leave_safe_mode()
        window_state.restore(self, self.workspace.settings)
        self.library.begin([])

    def closeEvent(self, event: QCloseEvent) -> None:
        question = "" if self._unasked else self.training.closing_question()
        if question and not self._confirm_close(question):
            event.ignore()
            return
        self.closing.emit()
        self.precision.close()
        self.settings.close()
        self.writing.close()
        if self.history is not None:
            self.history.shut()
        self._keep()
        self.review.close()
        self.organise.close()
        self.library.close()
        self.models.close()
        self.training.close()
        self.teach.close()
        self.runner.close()
        self.workspace.close()
        super().closeEvent(event)
