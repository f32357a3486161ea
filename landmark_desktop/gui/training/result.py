"""Step 4: how good the model is, where it errs, and what can be done with it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QScrollArea,
    QTreeView,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.actions.training_runs import Result as RunResult
from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.training.cards import Figure, Sheet, framed, label, push_button, title
from landmark_desktop.gui.training.class_table import readable
from landmark_desktop.gui.training.comparison import CompareView
from landmark_desktop.gui.training.confusion import Confusion
from landmark_desktop.gui.training.gallery import Gallery, Shown
from landmark_desktop.gui.training.pictures import FilePictures

_FIGURES = (
    ("top1", "Recognised", "Photos whose first guess is right (top-1)"),
    ("kept_rate", "Gets a suggestion", "Landmark photos for which the model is sure enough"),
    ("suggestion_precision", "Suggestions right", "Of the suggestions it makes"),
    ("false_suggestion_rate", "False suggestions",
     "Photos without a landmark that get a suggestion all the same"),
    ("ece", "Calibration error", "How far its confidence is from how often it is right (ECE)"),
    ("macro_f1", "Macro F1", "Precision and recall in one, every landmark counting alike"),
)  # fmt: skip
_COLUMNS = ("n", "precision", "recall", "f1")


class ResultView(Sheet):
    """Shows one finished run."""

    report_asked = Signal()
    folder_asked = Signal()
    use_asked = Signal()
    shelf_asked = Signal()
    cell_chosen = Signal(object)  # tuple of the paths of its photos, as text

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self.reliability: Any = None
        self.thresholds: Any = None
        self._judged: dict[str, Any] = {}
        self._photos: list[dict[str, Any]] = []
        self.title, self.about = title(), label("", "muted", wrap=True)
        self.use = push_button("&Use this model", "Recognise the photos of the library with it",
                               self.use_asked)  # fmt: skip
        self.use.setProperty("primary", True)
        self.shelf = push_button("Put on the &shelf", "Keep it among the models, without using it "
                                 "yet", self.shelf_asked)  # fmt: skip
        self.report = push_button("Open &report", "All of it as a page, in the browser",
                                  self.report_asked)  # fmt: skip
        self.folder = push_button("Open &folder", "Where the run keeps its files",
                                  self.folder_asked)  # fmt: skip
        self.figures = {key: Figure(name, tip) for key, name, tip in _FIGURES}
        self.matrix, self.pictures = Confusion(), pictures
        self.cell, self.worst, self.false = (Gallery(pictures) for _ in range(3))
        self.in_library = QPushButton("Show in &library")
        self.in_library.setToolTip("See just these photos on the Library page")
        self.in_library.setProperty("flat", True)
        self.compare = CompareView(pictures)
        self.galleries = (self.cell, self.worst, self.false, self.compare.gained,
                          self.compare.lost)  # fmt: skip
        self.classes, self.rows = QTreeView(), QStandardItemModel(0, 5, self)
        self._place = QHBoxLayout()
        self._place.setSpacing(theme.UNIT)
        self._lay_out()
        self.matrix.cell_chosen.connect(self._show_cell)

    def _lay_out(self) -> None:
        top, figures = QHBoxLayout(), FlowLayout(theme.UNIT * 4)
        top.setSpacing(theme.UNIT)
        top.addWidget(self.title, 1)
        for button in (self.report, self.shelf, self.use):
            top.addWidget(button)
        about = QHBoxLayout()
        about.addWidget(self.about, 1)
        about.addWidget(self.folder)
        self.folder.setProperty("flat", True)
        for figure in self.figures.values():
            figures.addWidget(figure)
        self.column.addLayout(top)
        self.column.addLayout(about)
        self.column.addLayout(figures)
        self.judged = QWidget()
        judged = QVBoxLayout(self.judged)
        judged.setContentsMargins(0, 0, 0, 0)
        judged.setSpacing(theme.UNIT * 2)
        judged.addWidget(label("HOW SURE, AND HOW RIGHT", "section"))
        judged.addLayout(self._place)
        judged.addWidget(label("WHO IS TAKEN FOR WHOM", "section"))
        judged.addWidget(label("Rows are the truth, columns what the model says. Click a cell to "
                               "see its photos, or walk with the arrow keys and press Return.",
                               "muted", wrap=True))  # fmt: skip
        scroll = QScrollArea()
        scroll.setObjectName("card")
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setAlignment(Qt.AlignmentFlag.AlignCenter)
        scroll.setWidget(self.matrix)
        scroll.viewport().setAutoFillBackground(False)
        self.matrix.setAutoFillBackground(False)
        self._matrix_scroll = scroll
        judged.addWidget(scroll)
        judged.addWidget(self.cell)
        judged.addWidget(self.in_library, 0, Qt.AlignmentFlag.AlignLeft)
        self._worst_head, self._false_head = label("WORST MISTAKES", "section"), label(
            "LANDMARKS SEEN WHERE THERE ARE NONE", "section")  # fmt: skip
        for head, gallery in ((self._worst_head, self.worst), (self._false_head, self.false)):
            judged.addWidget(head)
            judged.addWidget(gallery)
        judged.addWidget(label("COMPARED WITH ANOTHER MODEL", "section"))
        judged.addWidget(self.compare)
        judged.addWidget(label("LANDMARK BY LANDMARK", "section"))
        judged.addWidget(self._class_table())
        self.column.addWidget(self.judged)
        self.column.addStretch(1)

    def _class_table(self) -> QWidget:
        table = self.classes
        table.setObjectName("table")
        table.setAccessibleName("Figures of each landmark")
        table.setToolTip("Click a heading to sort by it")
        table.setRootIsDecorated(False)
        table.setUniformRowHeights(True)
        table.setSortingEnabled(True)
        table.setModel(self.rows)
        table.setEditTriggers(QTreeView.EditTrigger.NoEditTriggers)
        self.rows.setHorizontalHeaderLabels(["Landmark", "Photos", "Precision", "Recall", "F1"])
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for column in range(1, 5):
            self.rows.setHeaderData(column, Qt.Orientation.Horizontal, right,
                                    Qt.ItemDataRole.TextAlignmentRole)  # fmt: skip
        self.rows.setSortRole(Qt.ItemDataRole.UserRole)
        table.header().setStretchLastSection(False)
        table.header().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        return table

    def put_plots(self, reliability: QWidget, thresholds: QWidget) -> None:
        """Put the plots where their place is."""
        self.reliability, self.thresholds = reliability, thresholds
        for plot in (reliability, thresholds):
            plot.setFixedHeight(296)
            self._place.addWidget(framed(plot), 1)
        self._show_plots()

    def show_result(self, result: RunResult) -> None:
        """Show the result of a run."""
        card = result.card
        judged = result.judgement or card.metrics.get("validation") or {}
        self.title.setText(card.name)
        landmarks = len(card.labels) - (card.background is not None)
        self.about.setText(
            f"{landmarks:,} landmarks, judged on {judged['data']}."
            if judged.get("data")
            else f"{landmarks:,} landmarks. There were no photos to judge it on: nobody knows how "
            "good it is."
        )
        for key, figure in self.figures.items():
            _show_figure(figure, key, judged)
            figure.setVisible(judged.get(key) is not None)
        full = result.judgement is not None
        self.judged.setVisible(full)
        if full:
            self._show_judgement(judged)
        self.report.setEnabled(True)
        self.verticalScrollBar().setValue(0)

    def _show_judgement(self, judged: dict[str, Any]) -> None:
        self._judged, self._photos = judged, judged.get("photos", [])
        self._show_plots()
        self.matrix.show_counts(judged["labels"], judged["confusion"])
        self._matrix_scroll.setFixedHeight(min(self.matrix.height() + 16, 800))
        self.cell.show_photos("", ())
        self.cell.hide()
        self.in_library.hide()
        worst = [
            Shown(w["path"], f"Said: {readable(w['guess'])}",
                  f"{w['confidence']:.0%} · is {readable(w['truth'])}", w["truth"], w["guess"])
            for w in judged.get("worst", ())
        ]  # fmt: skip
        self.worst.show_photos(
            "Wrong with the greatest confidence. Behind some of such is a wrong label, as a rule: "
            "mend it with ⋯ on the photo, or M."
            if worst else "None: all photos were recognised.", worst,
        )  # fmt: skip
        false = [
            Shown(
                w["path"],
                f"Said: {readable(w['guess'])}",
                f"{w['confidence']:.0%}",
                None,
                w["guess"],
            )
            for w in judged.get("false_suggestions_worst", ())
        ]
        self.false.show_photos("Photos without a landmark that got a suggestion.", false)
        for part in (self._false_head, self.false):
            part.setVisible(bool(false))
        self._show_classes(judged.get("per_class", {}))

    def _show_plots(self) -> None:
        if self.reliability is not None:
            judged = self._judged
            self.reliability.show_bins(judged.get("reliability", ()))
            self.thresholds.show_rows(judged.get("thresholds", ()), judged.get("threshold"))

    def _show_classes(self, per_class: dict[str, dict[str, Any]]) -> None:
        self.rows.removeRows(0, self.rows.rowCount())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for name, row in per_class.items():
            first = QStandardItem(readable(name))
            first.setData(readable(name).casefold(), Qt.ItemDataRole.UserRole)
            items = [first]
            for key in _COLUMNS:
                value = row.get(key)
                text = "–" if value is None else f"{value:,}" if key == "n" else f"{value:.0%}"
                item = QStandardItem(text)
                # Classes without a figure come first or last, not in between.
                item.setData(2.0 if value is None else float(value), Qt.ItemDataRole.UserRole)
                item.setTextAlignment(right)
                items.append(item)
            self.rows.appendRow(items)
        self.classes.sortByColumn(4, Qt.SortOrder.AscendingOrder)
        self.classes.setFixedHeight(min(40 + 28 * len(per_class), 1760))

    def _show_cell(self, truth: str, guess: str) -> None:
        found = [p for p in self._photos if p["truth"] == truth and p["guess"] == guess]
        shown = [
            Shown(p["path"], f"Said: {readable(guess)}",
                  f"{p['confidence']:.0%}" + ("" if p["suggested"] else ", not suggested"),
                  truth, guess)
            for p in sorted(found, key=lambda p: -p["confidence"])
        ]  # fmt: skip
        same = truth == guess
        heading = (
            f"{len(found):,} of {readable(truth)} that were recognised."
            if same
            else f"{len(found):,} of {readable(truth)} taken for {readable(guess)}."
        )
        self.cell.show_photos(heading, shown)
        self.cell.show()
        self.ensureWidgetVisible(self.cell)
        self.cell_chosen.emit(tuple(p["path"] for p in found))


def _show_figure(figure: Figure, key: str, judged: dict[str, Any]) -> None:
    value, interval = judged.get(key), judged.get(f"{key}_ci95")
    if value is None:
        figure.show_value("–")
        return
    below = f"{interval[0]:.0%} to {interval[1]:.0%} (95 %)" if interval else ""
    figure.show_value(f"{value:.1%}", below)
