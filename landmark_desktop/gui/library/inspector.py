"""The panel at the right: one photo large, what the model says of it, and the facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.gui import theme
from landmark_desktop.gui.chips import Chip, percent
from landmark_desktop.gui.library.facts import facts
from landmark_desktop.gui.library.tag_strip import TagStrip
from landmark_desktop.gui.library.why_strip import WhyStrip
from landmark_desktop.gui.preview import Preview
from landmark_desktop.library.records import Photo

ALTERNATIVES = 4


class Inspector(QScrollArea):
    """Shows the chosen photos; its buttons ask the page to act."""

    accept_asked = Signal(object)  # landmark, or None for each photo's own suggestion
    reject_asked = Signal()

    def __init__(self, gazetteer: Gazetteer) -> None:
        super().__init__()
        self._gazetteer = gazetteer
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.preview = Preview()
        self.preview.setFixedHeight(232)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(16, 16, 16, 16)
        self._column.setSpacing(8)
        self._column.addWidget(self.preview)
        self.why, self.tags = WhyStrip(), TagStrip()
        self._said, self._rest, self._facts = QWidget(), QWidget(), QWidget()
        for part in (self._said, self.why, self._rest, self.tags, self._facts):
            self._column.addWidget(part)
        self._column.addStretch(1)
        self.setWidget(content)
        self.show_photos([])

    def sizeHint(self) -> QSize:
        return QSize(320, 600)

    def add(self, part: QWidget) -> None:
        """Add a part below what is said of the photo; it shows and hides itself."""
        self._column.insertWidget(self._column.count() - 1, part)

    def show_photos(self, photos: Sequence[Photo], total: int = 0) -> None:
        """Show one photo in full, or what several have in common.

        ``total``: how many are chosen, where ``photos`` are only the first of them.
        """
        said, above = _part()
        rest, below = _part()
        facts_, last = _part()
        self.preview.setVisible(bool(photos))
        self.tags.setVisible(bool(photos))
        self.why.setVisible(bool(photos) and (len(photos) > 1 or photos[0].problem is None))
        if not photos:
            above.addWidget(_label("Choose a photo to see what it shows.", "muted"))
        elif len(photos) == 1:
            self._one(above, below, photos[0])
            self._show_facts(last, photos[0])
        else:
            self._several(above, below, photos, max(total, len(photos)))
        # Replaced as a whole: what a photo has to say differs in every part. Between them the
        # button that shows why and the tags stay as the person left them, pressed and in focus.
        for before, after in ((self._said, said), (self._rest, rest), (self._facts, facts_)):
            self._column.replaceWidget(before, after)
            before.hide()
            before.deleteLater()
        for part, column in ((said, above), (rest, below), (facts_, last)):
            part.setVisible(column.count() > 0)  # an empty one takes not even a gap
        self.lay_out()
        self._said, self._rest, self._facts = said, rest, facts_

    def lay_out(self) -> None:
        """Give every part its height now: by itself that takes as many rounds as parts are nested,
        and what was squeezed until then would flicker."""
        self.tags.lay_out()
        self._column.activate()
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.LayoutRequest))

    def _one(self, above: QVBoxLayout, below: QVBoxLayout, photo: Photo) -> None:
        above.addWidget(_label(photo.path.name, "heading", wrap=True))
        said = photo.suggestion
        if photo.problem is not None:
            problem = _label(photo.problem, wrap=True)
            problem.setStyleSheet(f"color: {theme.colours().bad}")
            above.addWidget(problem)
        elif photo.accepted is not None:
            self._section(above, "LANDMARK")
            self._landmark(above, photo.accepted, None, guess=photo.rule is not None)
            if photo.rule is not None:
                text = f"A guess: your rule accepted it, from {percent(photo.rule)} confidence."
                above.addWidget(_label(text, "muted", wrap=True))
            confirm = None if photo.rule is None else "Accept"
            below.addLayout(self._buttons(accept=confirm, reject="Not this"))
        elif photo.waiting and said is not None and said.landmark is not None:
            self._section(above, "SUGGESTION")
            self._landmark(above, said.landmark, said.confidence, stale=photo.stale)
            below.addLayout(self._buttons(accept="Accept", reject="Reject"))
        elif said is None:
            above.addWidget(_label("Not looked at yet.", "muted"))
        else:
            self._section(above, "SUGGESTION")
            what = "None recognised." if said.landmark is None else "Suggestion rejected."
            what = "No landmark, as you said." if photo.no_landmark else what
            above.addWidget(_label(what, "muted"))
        if said is not None and photo.problem is None:
            if photo.stale:
                text = "From the earlier model; the one in use has not looked yet."
                below.addWidget(_label(text, "muted", wrap=True))
            self._alternatives(below, photo)

    def _show_facts(self, column: QVBoxLayout, photo: Photo) -> None:
        self._section(column, "FACTS")
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for row, (name, value) in enumerate(facts(photo)):
            grid.addWidget(_label(name, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(value, wrap=True, selectable=True), row, 1)
        column.addLayout(grid)

    def _several(self, above: QVBoxLayout, below: QVBoxLayout, photos: Sequence[Photo],
                 total: int) -> None:  # fmt: skip
        above.addWidget(_label(f"{total:,} photos chosen", "heading"))
        if total > len(photos):
            above.addWidget(_label(f"Among the first {len(photos):,}:", "muted"))
        # Those that wait, and those that nobody but a rule has looked at.
        open_ = [photo for photo in photos if photo.waiting or photo.rule is not None]
        names: dict[str, int] = {}
        for photo in open_:
            if photo.landmark:
                name = self._gazetteer[photo.landmark].name
                names[name] = names.get(name, 0) + 1
        if not names and total == len(photos):
            above.addWidget(_label("None of them has a suggestion to review.", "muted", wrap=True))
            return
        self._section(above, "SUGGESTIONS")
        for name, number in sorted(names.items(), key=lambda item: -item[1])[:12]:
            above.addWidget(_label(f"{name}  ×{number}"))
        if ruled := sum(photo.rule is not None for photo in open_):
            what = "a guess" if ruled == 1 else "guesses"
            text = f"{ruled:,} of them accepted by your rule: {what}."
            above.addWidget(_label(text, "muted", wrap=True))
        those = f"{len(open_):,}" if total == len(photos) else "all"
        below.addLayout(self._buttons(f"Accept {those}", f"Reject {those}"))

    def _landmark(self, column: QVBoxLayout, key: str, confidence: float | None, *,
                  stale: bool = False, guess: bool = False) -> None:  # fmt: skip
        landmark = self._gazetteer[key]
        column.addWidget(Chip(landmark.name, confidence, stale=stale, guess=guess))
        lines = [landmark.place]
        if landmark.local_name and landmark.local_name != landmark.name:
            lines.insert(0, landmark.local_name)
        for text in filter(None, lines):
            column.addWidget(_label(text, "muted", wrap=True))
        if confidence is not None:
            column.addWidget(_label("Tags  " + " · ".join(landmark.tags), wrap=True))
        column.addWidget(_label("Folder  " + landmark.folder, wrap=True, selectable=True))

    def _alternatives(self, column: QVBoxLayout, photo: Photo) -> None:
        choices = alternatives(photo)
        if not choices:
            return
        self._section(column, "OR IS IT")
        box = QVBoxLayout()
        box.setSpacing(0)
        for number, (key, chance) in enumerate(choices, 1):
            name = self._gazetteer[key].name
            button = QPushButton(f"{number}   {name}   {percent(chance)}")
            button.setProperty("flat", True)
            button.setStyleSheet("text-align: left")
            button.setToolTip(f"Accept {name} for this photo ({number})")
            button.setAccessibleName(f"Accept {name}, {percent(chance)}")
            button.clicked.connect(lambda _=False, k=key: self.accept_asked.emit(k))
            box.addWidget(button)
        column.addLayout(box)

    def _buttons(self, accept: str | None, reject: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.setContentsMargins(0, 8, 0, 0)
        if accept is not None:
            button = QPushButton(theme.icon("check", theme.colours().on_accent), accept)
            button.setProperty("primary", True)
            button.setObjectName("accept")
            button.setToolTip("Accept the suggestion and tag the photo (A)")
            button.clicked.connect(lambda: self.accept_asked.emit(None))
            row.addWidget(button, 1)
        button = QPushButton(theme.icon("cross"), reject)
        button.setObjectName("reject")
        button.setToolTip("The photo does not show this landmark (X)")
        button.clicked.connect(self.reject_asked)
        row.addWidget(button, 1)
        return row

    def _section(self, column: QVBoxLayout, title: str) -> None:
        column.addSpacing(8)
        column.addWidget(_label(title, "section"))


def alternatives(photo: Photo) -> list[tuple[str, float]]:
    """Return the landmarks that the inspector offers besides the one on show."""
    if photo.suggestion is None:
        return []
    others = [
        (key, chance)
        for key, chance in photo.suggestion.alternatives
        if key != photo.landmark and key not in photo.rejected
    ]
    return others[:ALTERNATIVES]


def _part() -> tuple[QWidget, QVBoxLayout]:
    part = QWidget()
    column = QVBoxLayout(part)
    column.setContentsMargins(0, theme.UNIT, 0, 0)
    column.setSpacing(theme.UNIT)
    return part, column


def _label(text: str, name: str = "", *, wrap: bool = False, selectable: bool = False) -> QLabel:
    label = QLabel(text)
    label.setObjectName(name)
    label.setTextFormat(Qt.TextFormat.PlainText)  # file names are not markup
    label.setWordWrap(wrap)
    if wrap:
        label.setMinimumWidth(1)
    if selectable:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
