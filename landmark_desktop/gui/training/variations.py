"""One sample photo in the variations that training would show of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QImage, QPixmap, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout

from landmark_desktop.gui import theme
from landmark_desktop.gui.flow import FlowLayout
from landmark_desktop.gui.runner import Runner
from landmark_desktop.gui.training.cards import label
from landmark_desktop.gui.training.class_table import readable
from landmark_desktop.gui.training.pictures import FilePictures
from landmark_desktop.inference.variations import variations
from training.photo import PhotoError

COUNT = 7
_TILE, _SAMPLE = 104, 48  # pixels a side
_SAMPLES = 12
_BEING_MADE = " They are being made…"


@dataclass(frozen=True)
class Wish:
    """What is to be varied, and how; see ``inference.variations``."""

    photo: Path
    others: tuple[Path, ...]
    policy: str
    door: int
    size: int
    seed: int


class Variations(QFrame):
    """Asks for what it shows whenever that changes and it is on screen."""

    wanted = Signal(object)  # Wish

    def __init__(self, pictures: FilePictures) -> None:
        super().__init__()
        self.setObjectName("card")
        self._pictures = pictures
        self._samples: list[tuple[str, Path]] = []
        self._chosen, self._seed = 0, 0
        self._policy, self._door, self._size = "", 0, 0
        self._asked: Wish | None = None
        self._made = False
        self.buttons: list[QToolButton] = []
        self.tiles = [QLabel() for _ in range(COUNT + 1)]
        self.heading, self.problem = label("", "muted", wrap=True), label("", "bad", wrap=True)
        self.again = QPushButton("Others")
        self.again.setToolTip("Draw other variations of the same photo")
        self.again.clicked.connect(self._draw_others)
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.again)
        tiles, self._strip = FlowLayout(theme.UNIT), FlowLayout(4)
        for number, tile in enumerate(self.tiles):
            tile.setFixedSize(_TILE, _TILE)
            name = f"Variation {number}" if number else "The photo without variation"
            tile.setAccessibleName(name)
            tile.setToolTip(name)
            tiles.addWidget(tile)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(theme.UNIT)
        column.addLayout(head)
        column.addLayout(tiles)
        column.addWidget(self.problem)
        column.addLayout(self._strip)
        self.problem.hide()
        pictures.ready.connect(self._show_samples)

    def show_photos(self, samples: dict[str, tuple[Path, ...]]) -> None:
        """Offer sample photos of the classes, one each as far as there is room."""
        several = [(name, paths[0]) for name, paths in samples.items() if paths]
        step = max(1, len(several) // _SAMPLES)
        if (chosen := several[::step][:_SAMPLES]) == self._samples:
            return
        self._samples, self._chosen = chosen, 0
        for button in self.buttons:
            self._strip.removeWidget(button)
            button.hide()
            button.deleteLater()
        self.buttons = []
        for number, (name, path) in enumerate(self._samples):
            button = QToolButton()
            button.setIconSize(QSize(_SAMPLE, _SAMPLE))
            button.setFixedSize(_SAMPLE + 8, _SAMPLE + 8)
            button.setProperty("sample", True)
            button.setCheckable(True)
            button.setAutoExclusive(True)
            button.setChecked(number == 0)
            button.setAccessibleName(f"Vary {readable(name)}, {path.name}")
            button.setToolTip(f"Vary this photo of {readable(name)}")
            button.clicked.connect(lambda _=False, n=number: self._choose(n))
            self._strip.addWidget(button)
            self.buttons.append(button)
        self._show_samples()
        self._ask()

    def show_choice(self, policy: str, door: int, size: int) -> None:
        """Vary by this policy; ``door``, ``size``: pixels a side before it and behind it."""
        self._policy, self._door, self._size = policy, door, size
        self._ask()

    def show_made(self, wish: Wish, made: Sequence[np.ndarray]) -> None:
        """Show what was made, if it is still what is wanted."""
        if wish != self._asked:
            return
        self._made = True
        self.heading.setText(self.heading.text().removesuffix(_BEING_MADE))
        self.problem.hide()
        for tile, pixels in zip(self.tiles, made, strict=True):
            height, width, _ = pixels.shape
            image = QImage(pixels.data, width, height, 3 * width, QImage.Format.Format_RGB888)
            tile.setPixmap(_square(QPixmap.fromImage(image.copy()), _TILE))

    def show_problem(self, wish: Wish, why: str) -> None:
        """Say why nothing could be made."""
        if wish == self._asked:
            for tile in self.tiles:
                tile.clear()
            self.problem.setText(why)
            self.problem.show()

    def _choose(self, number: int) -> None:
        self._chosen = number
        self._ask()

    def _draw_others(self) -> None:
        self._seed += 1
        self._ask()

    def _ask(self) -> None:
        if not (self._samples and self._policy and self.isVisible()):
            return
        photo = self._samples[self._chosen][1]
        others = tuple(path for _, path in self._samples if path != photo)
        wish = Wish(photo, others, self._policy, self._door, self._size, self._seed)
        text = (
            f"One of your photos as the network sees it, {self._size} × {self._size} pixels, and "
            f"{COUNT} variations as it may meet them in training."
        )
        # The first ones take some seconds: torch has to be loaded.
        self.heading.setText(text if self._made else text + _BEING_MADE)
        if wish != self._asked:
            self._asked = wish
            self.wanted.emit(wish)

    def _show_samples(self) -> None:
        for button, (_, path) in zip(self.buttons, self._samples, strict=True):
            if button.icon().isNull() and (picture := self._pictures.get(path)) is not None:
                button.setIcon(QIcon(_square(picture, _SAMPLE)))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask()


class VariationMaker(QObject):
    """Makes what ``Variations`` asks for on a worker thread, of several wishes the newest."""

    def __init__(self, runner: Runner, view: Variations, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._view = runner, view
        self._wish: Wish | None = None
        self._making = False
        view.wanted.connect(self._on_wanted)

    def _on_wanted(self, wish: Wish) -> None:
        self._wish = wish
        if not self._making:
            self._making = True
            self._runner.call(
                "variations", lambda: _make(wish),
                lambda made: self._on_made(wish, made),
                lambda error: self._on_failed(wish, error),
            )  # fmt: skip

    def _on_made(self, wish: Wish, made: Any) -> None:
        self._view.show_made(wish, made)
        self._go_on(wish)

    def _on_failed(self, wish: Wish, error: BaseException) -> None:
        self._go_on(wish)
        if not isinstance(error, PhotoError):
            raise error  # a bug: the program's handler shows it
        self._view.show_problem(wish, f"{wish.photo.name}: {error}")

    def _go_on(self, done: Wish) -> None:
        self._making = False
        if self._wish is not None and self._wish != done:
            self._on_wanted(self._wish)


def _make(wish: Wish) -> list[np.ndarray]:
    return variations(
        wish.photo, wish.others, wish.policy, wish.door, wish.size, COUNT, wish.seed
    )  # fmt: skip


def _square(picture: QPixmap, side: int) -> QPixmap:
    """Return the middle of a picture, filling a square."""
    scaled = picture.scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatioByExpanding,
        Qt.TransformationMode.SmoothTransformation,
    )  # fmt: skip
    return scaled.copy((scaled.width() - side) // 2, (scaled.height() - side) // 2, side, side)
