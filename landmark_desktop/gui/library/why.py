"""Why the model says so: a heat map over the chosen photo, as long as the person wants it.

The map is made in a lane of its own, beside the one that suggests; the model takes turns
between the two (``Engine.infer``), so nothing waits for long. It begins a moment after a photo was
chosen: who walks through photos with the arrow keys asks nothing of those passed over.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage, QKeySequence, QShortcut

from landmark_desktop import tasks
from landmark_desktop.actions.explain import Explanation, caption, explain
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.gui import failures
from landmark_desktop.gui.chips import percent
from landmark_desktop.gui.library.view import LibraryView
from landmark_desktop.gui.runner import Job, Runner
from landmark_desktop.library.records import Photo
from landmark_desktop.tasks import Cancel, Outcome, Task

if TYPE_CHECKING:
    import numpy as np

    from landmark_desktop.inference.why import Heat

_PAUSE_MS = 150
_KEPT = 64  # maps, some 40 kB each: back and forth between photos costs nothing


@dataclass(frozen=True)
class _Asked:
    """What a map is of. A changed file, landmark or model makes it another one."""

    photo: int
    content_hash: str
    landmark: str | None
    model: str


@dataclass(frozen=True)
class _Painted:
    """An explanation in the colours of the screen. ``colours``: from cold to hot, one row."""

    explanation: Explanation
    map: QImage
    colours: QImage


class Why(QObject):
    """Shows the map over preview and loupe while the button is down. On the main thread."""

    def __init__(
        self, workspace: Workspace, runner: Runner, view: LibraryView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._runner, self._view = workspace, runner, view
        self._strip = view.inspector.why
        self._photo: Photo | None = None
        self._asked: _Asked | None = None
        self._job: Job | None = None
        self._kept: OrderedDict[_Asked, _Painted] = OrderedDict()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._begin)
        self._strip.button.toggled.connect(lambda _on: self._refresh())
        # The arrow keys are to go on walking through the photos.
        self._strip.button.let_go.connect(lambda: view.centre.currentWidget().setFocus())
        QShortcut(QKeySequence("W"), view, self.toggle)

    def toggle(self) -> None:
        """Press the button, where a photo is there to look at."""
        if self._strip.isVisible():
            self._strip.button.toggle()

    def show(self, photo: Photo | None) -> None:
        """Turn to another photo, or to what has changed about this one."""
        self._photo = photo
        self._refresh()

    def close(self) -> None:
        """Begin nothing more."""
        self._photo = None
        self._refresh()

    def _refresh(self) -> None:
        asked = self._wanted()
        if asked == self._asked:
            return
        self._asked = asked
        self._pause.stop()
        if self._job is not None:
            self._job.cancel.set()
            self._job = None
        self._lay_over(None)
        if asked is None:
            self._strip.say("")
        elif asked in self._kept:
            self._kept.move_to_end(asked)
            self._show(self._kept[asked])
        else:
            self._strip.say("Looking…")
            self._pause.start()

    def _wanted(self) -> _Asked | None:
        photo = self._photo
        if photo is None or not self._strip.button.isChecked():
            return None
        model = self._workspace.model.digest
        return _Asked(photo.id, photo.content_hash, photo.landmark, model)

    def _begin(self) -> None:
        asked, workspace = self._asked, self._workspace
        if asked is None:
            return

        def task(cancel: Cancel) -> Task[_Painted]:
            found = yield from explain(workspace, asked.photo, asked.landmark, cancel)
            return _painted(found)

        job = self._runner.start("why", "", task, visible=False)
        self._job = job
        job.ended.connect(lambda outcome: self._on_end(job, asked, outcome))

    def _on_end(self, job: Job, asked: _Asked, outcome: Outcome[_Painted]) -> None:
        if job is not self._job or asked != self._wanted():
            return  # the person has turned to something else, or to another model
        self._job = None
        match outcome:
            case tasks.Succeeded(painted):
                self._kept[asked] = painted
                if len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
                self._show(painted)
            case tasks.Failed(UserError() as error):
                self._strip.say(str(error))
            case tasks.Failed(error):
                self._strip.say("That did not work.")
                failures.tell(self._view, error)

    def _show(self, painted: _Painted) -> None:
        found = painted.explanation
        shown, words = found.heat.stands_out, caption(found, self._workspace.gazetteer)
        self._strip.explain(words, _detail(found.heat), painted.colours if shown else None)
        self._lay_over(painted.map if shown else None, words)

    def _lay_over(self, heat: QImage | None, words: str = "") -> None:
        for picture in (self._view.inspector.preview, self._view.loupe):
            picture.lay_over(heat)
            picture.setAccessibleDescription(words)


def _detail(heat: Heat) -> str:
    """Say how much it matters, in the probabilities that the chips show too."""
    before, behind = percent(heat.chance), percent(heat.hidden)
    if before == behind:
        return f"{before} as it is."
    if heat.stands_out:
        return f"{before} as it is, {behind} with the place that counts most hidden."
    return f"{before} as it is, {behind} or more whatever part is hidden."


def _painted(found: Explanation) -> _Painted:
    """Colour the map; on the worker, so that the main thread never waits for numpy."""
    import numpy as np

    from landmark_desktop.inference.heat_colours import coloured

    def image(heat: np.ndarray) -> QImage:
        pixels = np.ascontiguousarray(coloured(heat))
        height, width, _ = pixels.shape
        made = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888)
        return made.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)

    scale = np.linspace(0.0, 1.0, 128, dtype=np.float32)
    return _Painted(found, image(found.heat.values), image(scale[None]))
