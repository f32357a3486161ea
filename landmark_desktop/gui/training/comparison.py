"""On the result page: another model on the same photos, in figures and in photos that changed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.compare_models import Answer, Changed, Compared, Figures
from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.gui import theme
from landmark_desktop.gui.models.figures import Row, shares
from landmark_desktop.gui.models.parts import side_by_side
from landmark_desktop.gui.training.cards import framed, label
from landmark_desktop.gui.training.class_table import readable
from landmark_desktop.gui.training.gallery import Gallery, Shown
from landmark_desktop.gui.training.pictures import FilePictures
from landmark_desktop.tasks import Progress
from training.photo_files import counted


class CompareView(QWidget):
    """The choice of a model, the wish to compare, and what came out."""

    chosen = Signal(object)  # Shelved
    asked = Signal(object)  # Shelved
    stopped = Signal()

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self._models: list[Shelved] = []
        self._ours = ""
        self.model, self.go, self.stop = QComboBox(), QPushButton("&Compare"), QPushButton("Cancel")
        self.model.setAccessibleName("Model to compare with")
        self.model.setToolTip("Any model of the shelf; the one in use comes first")
        self.model.setMinimumWidth(240)
        self.go.setToolTip("Have it look at the photos that this model was judged on")
        self.stop.setToolTip("Stop comparing")
        self.bar, self.doing = QProgressBar(), label("", "muted")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(160)
        self.bar.setAccessibleName("How far the comparison is")
        self.words = label("", "muted", wrap=True)
        self.table: QWidget = QWidget()
        self.gained, self.lost = Gallery(pictures), Gallery(pictures)
        self._lay_out()
        self.model.activated.connect(lambda _row: self._on_chosen())
        self.go.clicked.connect(lambda: self.asked.emit(self.other))
        self.stop.clicked.connect(self.stopped)
        self.show_models((), "")

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(theme.UNIT)
        for part in (self.model, self.go, self.bar, self.doing, self.stop):
            top.addWidget(part, 0, Qt.AlignmentFlag.AlignVCenter)
        top.addStretch(1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(theme.UNIT * 2)
        self._column.addLayout(top)
        for part in (self.words, self.table, self.gained, self.lost):
            self._column.addWidget(part)

    @property
    def other(self) -> Shelved | None:
        """The model that is chosen to compare with."""
        row = self.model.currentIndex()
        return self._models[row] if 0 <= row < len(self._models) else None

    def show_models(self, models: Sequence[Shelved], ours: str) -> None:
        """Offer these models, the first of them chosen; ``ours``: the name of the run's model."""
        before = self.other
        self._models, self._ours = list(models), ours
        self.model.clear()
        for model in models:
            self.model.addItem(f"{model.name} (in use)" if model.in_use else model.name)
        if before is not None:
            kept = [i for i, model in enumerate(models) if model.digest == before.digest]
            self.model.setCurrentIndex(kept[0] if kept else 0)
        self.show_progress(None)
        self.show_compared(None)

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far the comparison is, or the button that begins it."""
        for part in (self.bar, self.doing, self.stop):
            part.setVisible(progress is not None)
        self.go.setVisible(progress is None and self.other is not None)
        self.model.setEnabled(progress is None)
        if progress is not None:
            self.bar.setRange(0, progress.total or 0)
            self.bar.setValue(progress.done)
            self.doing.setText(progress.in_words())

    def show_compared(self, found: Compared | None) -> None:
        """Show what came out, or nothing yet."""
        table = QWidget()
        words = "" if self._models else "There is no other model to compare with."
        if found is not None:
            words = in_words(found)
            self.go.hide()
            if found.ours is not None and found.theirs is not None:
                table = framed(self._table(found, found.theirs, found.ours), theme.UNIT * 2)
            for gallery, photos, right, wrong in (
                (self.gained, [_shown(p, p.theirs) for p in found.gained], self._ours, found.name),
                (self.lost, [_shown(p, p.ours) for p in found.lost], found.name, self._ours),
            ):
                count = counted(len(photos), "photo", "photos")
                gallery.show_photos(f"{count} recognised by {right}, not by {wrong}.", photos)
        for gallery in (self.gained, self.lost):
            gallery.setVisible(found is not None and bool(found.photos))
        self.words.setText(words)
        self.words.setVisible(bool(words))
        self._column.replaceWidget(self.table, table)
        self.table.hide()
        self.table.deleteLater()
        self.table = table
        table.setVisible(found is not None and bool(found.photos))

    def _table(self, found: Compared, theirs: Figures, ours: Figures) -> QWidget:
        apart = theirs.top1_ci95[1] < ours.top1_ci95[0] or ours.top1_ci95[1] < theirs.top1_ci95[0]
        rows = [
            shares("Recognised", theirs.top1, ours.top1, clear=apart),
            Row("95% interval", _range(theirs), _range(ours), ""),
            shares("Get a suggestion", theirs.kept, ours.kept, clear=apart),
            shares("Suggestions that are right", theirs.precision, ours.precision, clear=apart),
        ]
        if found.without:
            rows.append(
                shares("Others that get one", theirs.false_suggestions, ours.false_suggestions,
                       less=True, clear=apart)
            )  # fmt: skip
        return side_by_side(found.name, self._ours, rows)

    def _on_chosen(self) -> None:
        self.show_progress(None)
        self.show_compared(None)
        if self.other is not None:
            self.chosen.emit(self.other)


def in_words(found: Compared) -> str:
    """Return on how many photos the comparison stands, and what to keep in mind."""
    if not found.landmarks:
        return (
            f"{found.name} knows none of these landmarks: there is nothing to compare. It would "
            "get every one of these photos wrong."
        )
    said = [
        f"Judged on {counted(found.photos, 'photo', 'photos')} of "
        f"{counted(found.landmarks, 'landmark', 'landmarks')} that both models know."
    ]
    if found.unknown:
        of = "shows a landmark" if found.unknown == 1 else "show landmarks"
        said.append(f"{found.unknown:,} more {of} that {found.name} does not know.")
    if found.without:
        said.append(f"{counted(found.without, 'other shows', 'others show')} no landmark.")
    if found.unreadable:
        said.append(f"{counted(found.unreadable, 'photo', 'photos')} cannot be read any more.")
    said.append(
        f"They were held out of this training; {found.name} may have learned from some of them."
    )
    return " ".join(said)


def _shown(photo: Changed, wrong: Answer) -> Shown:
    said = "nothing" if wrong.guess is None else readable(wrong.guess)
    return Shown(
        photo.path, f"Said: {said}", f"{wrong.confidence:.0%} · is {readable(photo.truth)}",
        photo.truth, photo.ours.guess,
    )  # fmt: skip


def _range(figures: Figures) -> str:
    low, high = figures.top1_ci95
    return f"{low:.1%} to {high:.1%}"
