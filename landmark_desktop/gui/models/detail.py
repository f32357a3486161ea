"""Everything about one model: what it can do, how well, how fast, and where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.shelf import Shelved
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.library.facts import size
from landmark_desktop.gui.models import about, figures
from landmark_desktop.gui.models.classes import ClassList
from landmark_desktop.gui.models.parts import Panels, button, lines, panel, plain
from landmark_desktop.gui.models.reliability import ReliabilityPlot
from landmark_desktop.gui.models.suggesting import Suggesting
from landmark_desktop.gui.training.cards import Figure, Sheet, label
from landmark_desktop.gui.training.retrain import RetrainLine

if TYPE_CHECKING:
    from landmark_desktop.actions.library_set import Offer


class Detail(Sheet):
    """Shows one model; its buttons ask the page to act."""

    use_asked = Signal()
    export_asked = Signal()
    delete_asked = Signal()
    measure_asked = Signal()
    compare_asked = Signal(object)  # the other Shelved
    retrain_asked = Signal()
    precision_asked = Signal(float)  # of the model in use; 0: its own default

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer
        self._content = QWidget()
        self._shown: object = None
        self._offer: Offer | None = None
        self._asked = 0.0
        self.retrain: RetrainLine | None = None  # of the model in use
        self.suggesting: Suggesting | None = None  # likewise
        self.setAccessibleName("About the model")
        self.column.addWidget(self._content)
        self.column.addStretch(1)

    def show_model(self, model: Shelved, others: Sequence[Shelved], *, busy: bool) -> None:
        """Show ``model``; ``others`` can be compared with it. ``busy``: another is being loaded."""
        if self._shown == (model, [*others], busy):
            return  # what was typed and how far was scrolled stays
        self._shown = (model, [*others], busy)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.UNIT * 2)
        column.addWidget(plain(model.name, "title", wrap=True))
        if model.in_use or model.built_in:
            column.addLayout(_badges(model))
        column.addLayout(self._buttons(model, others, busy=busy))
        self.retrain, self.suggesting = RetrainLine() if model.in_use else None, None
        if self.retrain is not None:
            column.addWidget(self.retrain)
            self.retrain.asked.connect(self.retrain_asked)
            self.retrain.show_offer(self._offer)
        if model.card is None:
            column.addWidget(plain(model.problem, "bad", wrap=True))
            file = f"The file is {model.path}. Delete it, or import the model again."
            column.addWidget(plain(file, "muted", wrap=True))
        else:
            column.addLayout(self._figures(model))
            known = figures.quality(model.card)
            panels = [
                panel("Is its confidence worth believing?", _reliability(known)),
                panel("When it makes a suggestion", self._suggesting(model)),
                panel("What it recognises", ClassList(model.card, self._gazetteer)),
                panel("Where it comes from", lines(figures.origin(model))),
            ]
            pairs = about.confused(model.card, self._gazetteer)
            if pairs is not None:
                panels.append(panel("What it takes for each other", pairs))
            panels += [panel(head, texts) for head, texts in about.sections(model.card)]
            column.addWidget(Panels(panels))
        # Replaced as a whole: what a model has to say differs in every part.
        self.column.replaceWidget(self._content, content)
        self._content.hide()
        self._content.deleteLater()
        self._content = content

    def show_offer(self, offer: Offer) -> None:
        """Say what was decided since the model in use was trained."""
        self._offer = offer
        if self.retrain is not None:
            self.retrain.show_offer(offer)

    def show_asked(self, precision: float) -> None:
        """Say what is asked of the model in use, 0 for its own default."""
        self._asked = precision
        if self.suggesting is not None:
            self.suggesting.show_asked(precision)

    def _suggesting(self, model: Shelved) -> Suggesting:
        assert model.card is not None
        shown = Suggesting(model.card, in_use=model.in_use)
        if model.in_use:
            self.suggesting = shown
            shown.asked.connect(self.precision_asked)
            shown.show_asked(self._asked)
        return shown

    def _buttons(self, model: Shelved, others: Sequence[Shelved], *, busy: bool) -> FlowLayout:
        row = FlowLayout(theme.UNIT)
        usable = model.card is not None
        use = button("Use this model", "use", "Have it look at your photos from now on (Enter)")
        use.setProperty("primary", True)
        use.setEnabled(not busy)
        if busy:
            use.setText("Getting it ready…")
        use.clicked.connect(self.use_asked)
        compare = button("Compare with", "compare", "Set this model beside another")
        menu = QMenu(compare)
        for other in others:
            action = menu.addAction(other.name.replace("&", "&&"))
            action.triggered.connect(lambda _=False, o=other: self.compare_asked.emit(o))
        compare.setMenu(menu)
        compare.setEnabled(usable and bool(others))
        export = button("Export…", "export", "Write a copy of the model to a file (Ctrl+E)")
        export.setEnabled(usable)
        export.clicked.connect(self.export_asked)
        delete = button("Delete…", "delete", "Take the model off the shelf, for good (Del)")
        delete.clicked.connect(self.delete_asked)
        why = "It came with the program." if model.built_in else "Use another model first."
        if model.built_in or model.in_use:
            delete.setEnabled(False)
            delete.setToolTip(f"This model cannot be deleted. {why}")
        offered = (use,) if usable and not model.in_use else ()
        for one in (*offered, compare, export, delete):
            row.addWidget(one)
        return row

    def _figures(self, model: Shelved) -> FlowLayout:
        known = figures.quality(model.card)
        line = FlowLayout(theme.UNIT * 3)
        error = "" if known.calibration_error is None else "0% would be perfect"
        for name, tip, value, below in (
            ("Accuracy", "How often the likeliest landmark is the right one, on photos it had "
             "not seen; below the 95% interval", figures.percent(known.top1),
             figures.interval(known)),
            ("Calibration error", "By how much its confidence misses how often it is right, "
             "on average", figures.percent(known.calibration_error), error),
            ("Landmarks", "How many it can tell apart",
             f"{len(figures.landmarks(model.card)):,}", ""),
            ("Size", "Size of the model's file", size(model.size_bytes), ""),
            ("Speed here", "Photos a second on this computer: the model alone, without reading "
             "the files", figures.speed(model), figures.device(model)),
        ):  # fmt: skip
            figure = Figure(name, tip)
            figure.show_value(value, below)
            line.addWidget(figure)
            if name == "Speed here":
                again = button("Measure again", "measure", "Takes about a second")
                again.setProperty("flat", True)
                again.setStyleSheet("padding: 4px 0")
                again.clicked.connect(self.measure_asked)
                figure.layout().addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
        return line


def _badges(model: Shelved) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.UNIT)
    for said, name, wanted in (
        ("In use", "badge", model.in_use), ("Built in", "quietbadge", model.built_in),
    ):  # fmt: skip
        if wanted:
            badge = label(said, name)
            badge.setFixedHeight(20)
            row.addWidget(badge)
    row.addStretch(1)
    return row


def _reliability(known: figures.Quality) -> QWidget:
    if not known.reliability:
        unknown = label("Not known: the card says nothing of it.", "muted", wrap=True)
        unknown.setAlignment(Qt.AlignmentFlag.AlignTop)
        return unknown
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(theme.UNIT)
    column.addWidget(ReliabilityPlot(known.reliability))
    text = "Bars on the dashed line: it is right as often as it says. Faint bars: few photos."
    column.addWidget(label(text, "small", wrap=True))
    return box
