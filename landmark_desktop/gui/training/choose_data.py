"""Step 1: drop photos, and see what is in them before any time is spent on training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.photo_fixes import (
    Edits,
    counts,
    merged_samples,
    part_of,
    unlabelled,
)
from landmark_desktop.actions.photo_set import Looked, OnDisk
from landmark_desktop.gui import theme
from landmark_desktop.gui.library.empty import EmptyPage
from landmark_desktop.gui.training.cards import label, title
from landmark_desktop.gui.training.class_table import ClassTable
from landmark_desktop.gui.training.findings import Findings
from landmark_desktop.gui.training.library_offer import LibraryOffer
from landmark_desktop.gui.training.looking import Looking
from landmark_desktop.gui.training.pictures import FilePictures
from landmark_desktop.tasks import Progress
from training.photo_files import counted

_SIDE_BY_SIDE = 860  # pixels, from which on the findings stand beside the classes


class ChooseData(QWidget):
    """Emits what was chosen; ``TrainingPage`` looks through it and says what to show."""

    chosen = Signal(object)  # Source
    negatives_chosen = Signal(object)  # tuple of Path
    stop_asked = Signal()
    next_asked = Signal()
    edits_changed = Signal()

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setObjectName("empty")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.looked: Looked | None = None
        self.negatives: tuple[Path, ...] = ()
        self.training_photos = 0  # those left out not counted
        self.landmarks = 0  # that have any of them
        self._negative_photos = 0
        self._unlabelled = frozenset[str]()  # photos of the set
        self.empty = EmptyPage(
            "photos", "Drop a folder of photos here",
            "One folder for each landmark, named after it.\n"
            "A zip of that, or a csv list with the columns path and label, will do too.",
            "Choose a folder…",
        )  # fmt: skip
        self.empty.button.setToolTip("Choose the folder that holds a folder for each landmark")
        self.file = QPushButton("Choose a zip or csv…")
        self.file.setToolTip("Choose a zip of such folders, or a csv list of photos")
        self.file.setProperty("flat", True)
        column = self.empty.layout()
        column.insertWidget(column.count() - 1, self.file, 0, Qt.AlignmentFlag.AlignHCenter)
        self.library = LibraryOffer()
        middle = QHBoxLayout()  # and not an alignment, under which wrapped lines are cut off
        middle.addStretch(1)
        middle.addWidget(self.library)
        middle.addStretch(1)
        column.insertLayout(column.count() - 1, middle)
        self.looking, self.found = Looking(), QWidget()
        self.table, self.findings = ClassTable(pictures), Findings()
        self._found_page()
        self.stack = QStackedWidget()
        for page in (self.empty, self.looking, self.found):
            self.stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)
        self.looking.stop_asked.connect(self.stop_asked)
        self.empty.asked.connect(self.choose_folder)
        self.file.clicked.connect(self.choose_file)
        self.findings.changed.connect(self._recount)

    def _found_page(self) -> None:
        self.title, self.summary = title(), label("", "muted", wrap=True)
        self.other = QPushButton("Other photos…")
        self.other.setToolTip("Choose what else to learn from; or drop a folder, zip or csv here")
        self.other.setMenu(self._others())
        self.next = QPushButton("Continue")
        self.next.setProperty("primary", True)
        self.next.setToolTip("Choose how to learn from these photos")
        self.without = label("", "muted", wrap=True)
        self.add_negatives = QPushButton("Add a folder…")
        self.add_negatives.setToolTip(
            "Choose a folder of photos that show no landmark; they teach the model to say so"
        )
        self.no_negatives = QPushButton("Do without")
        self.no_negatives.setToolTip("Take the photos without a landmark away again")
        for button in (self.add_negatives, self.no_negatives):
            button.setProperty("flat", True)
        self.refused = QCheckBox()
        self.refused.setToolTip(
            "Leave them out where they show landmarks that nobody has named yet: the model would "
            "learn not to recognise those"
        )
        scroll = QScrollArea()
        scroll.setObjectName("paper")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sheet = QWidget()
        sheet.setObjectName("sheet")
        inner = QVBoxLayout(sheet)
        inner.setContentsMargins(0, 0, theme.UNIT, 0)
        inner.addWidget(self.findings)
        scroll.setWidget(sheet)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(theme.UNIT * 2)
        self.splitter.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(scroll)
        self.splitter.setSizes([640, 360])
        self.splitter.setStretchFactor(0, 1)
        top, row = QHBoxLayout(), QHBoxLayout()
        for line in (top, row):
            line.setSpacing(theme.UNIT)
        top.addWidget(self.title, 1)
        top.addWidget(self.other)
        top.addWidget(self.next)
        row.addWidget(self.without, 1)
        row.addWidget(self.add_negatives)
        row.addWidget(self.no_negatives)
        column = QVBoxLayout(self.found)
        column.setContentsMargins(24, 16, 24, 24)
        column.setSpacing(theme.UNIT)
        column.addLayout(top)
        column.addWidget(self.summary)
        column.addLayout(row)
        column.addWidget(self.refused)
        column.addWidget(self.splitter, 1)
        self.refused.toggled.connect(lambda _on: self._recount())
        self.next.clicked.connect(self.next_asked)
        self.add_negatives.clicked.connect(self.choose_negatives)
        self.no_negatives.clicked.connect(lambda: self.negatives_chosen.emit(()))

    def _others(self) -> QMenu:
        menu = QMenu(self)
        menu.addAction("A folder…", self.choose_folder)
        menu.addAction("A zip or csv…", self.choose_file)
        self.library.add_to(menu)
        return menu

    # -- what is shown -----------------------------------------------------------------------

    def show_progress(self, progress: Progress) -> None:
        """Say how far the look through the photos is."""
        self.stack.setCurrentWidget(self.looking)
        self.looking.show_progress(progress)

    def show_looked(self, looked: Looked | None) -> None:
        """Show what was found, or that nothing is chosen."""
        self.looked = looked
        if looked is None:
            self.stack.setCurrentWidget(self.empty)
            return
        self.title.setText(looked.title)
        self._show_refused(looked)
        self.findings.show_findings(looked.health.findings, part_of(looked.data))
        self._recount()
        self.stack.setCurrentWidget(self.found)

    def _show_refused(self, looked: Looked) -> None:
        """Offer to do without the photos of the set that show none of its landmarks."""
        self._unlabelled = unlabelled(looked.data)
        photos = counted(len(self._unlabelled), "photo", "photos")
        self.refused.setText(
            f"Count {photos} {looked.unlabelled} as showing none of these landmarks"
        )
        self.refused.setVisible(bool(self._unlabelled))
        before = self.refused.blockSignals(True)
        self.refused.setChecked(True)
        self.refused.blockSignals(before)

    def show_negatives(self, folders: Sequence[Path], photos: int) -> None:
        """Show which photos without a landmark take part."""
        self.negatives, self._negative_photos = tuple(folders), photos
        self.no_negatives.setVisible(bool(folders))
        self._say_without()
        self._recount()

    def _say_without(self) -> None:
        own = len(self._unlabelled - self.edits.left_out)
        said = [f"{own:,} of these"] * bool(own)
        if self.negatives:
            names = ", ".join(folder.name for folder in self.negatives)
            said.append(f"{self._negative_photos:,} of {names}")
        self.without.setText(
            f"Photos without a landmark: {', '.join(said)}. They teach the model to say “none "
            "recognised”."
            if said
            else "Photos without a landmark: none. With some, the model learns to say “none "
            "recognised” instead of guessing."
        )

    @property
    def edits(self) -> Edits:
        """How training is to see the photos."""
        edits = self.findings.edits
        if not self._unlabelled or self.refused.isChecked():
            return edits
        return Edits(edits.left_out | self._unlabelled, edits.merged)

    def _recount(self) -> None:
        looked = self.looked
        if looked is None:
            return
        edits = self.edits
        found = counts(looked.data, edits)
        self.table.classes.show(found, merged_samples(looked.samples, edits.merged))
        trained = [parts.get("training", 0) for parts in found.values()]
        self.landmarks = sum(photos > 0 for photos in trained)
        others = len(self._unlabelled - edits.left_out) + self._negative_photos
        self.training_photos = sum(trained) + others
        health = looked.health
        said = [
            f"{counted(health.photos, 'photo', 'photos')} of "
            f"{counted(len(found), 'landmark', 'landmarks')}"
        ]
        if health.readable < health.photos:
            said.append(f"{health.photos - health.readable:,} cannot be read")
        if health.short_side is not None:
            said.append(f"short side {health.short_side.median:,} px in the middle")
        if edits.left_out:
            said.append(f"{counted(len(edits.left_out), 'file', 'files')} left out")
        if edits.merged:
            merged = len(looked.data.classes) - len(found)
            said.append(f"{counted(merged, 'class', 'classes')} merged into others")
        self.summary.setText(" · ".join(said))
        self._say_without()
        self.edits_changed.emit()

    # -- choosing ----------------------------------------------------------------------------

    def choose_folder(self) -> None:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(self, "Photos to learn from")
        if chosen:
            self.chosen.emit(OnDisk(Path(chosen)))

    def choose_file(self) -> None:
        """Ask for a zip or a csv."""
        chosen, _ = QFileDialog.getOpenFileName(
            self, "Photos to learn from", "", "Photo sets (*.zip *.csv)"
        )
        if chosen:
            self.chosen.emit(OnDisk(Path(chosen)))

    def choose_negatives(self) -> None:
        """Ask for a folder of photos without a landmark, beside those that are there."""
        chosen = QFileDialog.getExistingDirectory(self, "Photos without a landmark")
        if chosen:
            self.negatives_chosen.emit(tuple(dict.fromkeys([*self.negatives, Path(chosen)])))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            # Nothing must make the file manager delete its copy.
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.chosen.emit(OnDisk(path))

    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= _SIDE_BY_SIDE
        way = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self.splitter.orientation() != way:
            self.splitter.setOrientation(way)
        super().resizeEvent(event)


def _dropped(event: QDropEvent) -> Path | None:
    """Return the one folder, zip or csv that is being dropped, or ``None``."""
    urls = [url for url in event.mimeData().urls() if url.isLocalFile()]
    if len(urls) != 1:
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_dir() or path.suffix.lower() in (".zip", ".csv") else None
