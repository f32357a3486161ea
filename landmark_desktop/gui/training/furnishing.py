"""Puts the plots on the steps that have them, once these are seen: they take a while to make."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.training.leading import Leading
from landmark_desktop.gui.training.view import RESULT, WATCH, TrainingView


class Furnishing(QObject):
    """Imports what draws on a worker thread, and makes one plot at a time."""

    def __init__(self, view: TrainingView, leading: Leading, parent: QObject) -> None:
        super().__init__(parent)
        self._view, self._leading = view, leading
        self._plots: Any = None  # the module that draws, once it is there
        self._furnished: set[int] = set()
        self._closed = False

    def begin(self, runner: Runner) -> None:
        """Get pyqtgraph, and furnish the step on screen."""
        runner.call(
            "plots", lambda: importlib.import_module("landmark_desktop.gui.training.curves"),
            self._got_plots,
        )  # fmt: skip

    def furnish(self, step: int) -> None:
        """Put the plots on a step, unless it has them."""
        if self._plots is None or step in self._furnished:
            return
        if step == WATCH:
            self._furnished.add(step)
            self._make(self._plots.PLOTS, self._put_curves)
        elif step == RESULT:
            self._furnished.add(step)
            both = (self._plots.Reliability, self._plots.Thresholds)
            self._make(both, self._view.result.put_plots)

    def close(self) -> None:
        """Make no more plots."""
        self._closed = True

    def _got_plots(self, module: Any) -> None:
        self._plots = module
        self.furnish(self._view.step)

    def _put_curves(self, *plots: QWidget) -> None:
        self._view.watch.put_curves(self._plots.Curves(*plots))
        self._leading.draw()

    def _make(
        self, makers: Sequence[Callable[[], QWidget]], then: Callable[..., None],
        made: tuple[QWidget, ...] = (),
    ) -> None:  # fmt: skip
        """Make widgets one by one, the window coming up for air in between."""
        if self._closed:
            return
        if len(made) == len(makers):
            then(*made)
            return
        made = (*made, makers[len(made)]())
        QTimer.singleShot(0, self, lambda: self._make(makers, then, made))
