"""A window with photos that no model knows, and a model that can be taught."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from samples import save_colour_model
from teach_steps import (
    _CHILD,
    settle,
)
from windows import Open

from landmark_desktop.gui.window import MainWindow
from training import launch
from training.remember import remember


@pytest.fixture(scope="session")
def remembering(
    tmp_path_factory: pytest.TempPathFactory, colour_model: Path, drawn: Path, training_cache: Path
) -> Path:
    """Return the colour model with a memory of what it knows."""
    path = tmp_path_factory.mktemp("remembering") / "colours.pt"
    for _ in remember(colour_model, drawn / "data", [drawn / "negatives"], path, training_cache):
        pass
    return path


@pytest.fixture
def child(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], None]:
    """Return a function that says how the trainer's stand-in behaves."""
    model = tmp_path / "taught.pt"
    save_colour_model(model, lambda card: replace(card, name="Colours + Mill"))

    def behave(how: str) -> None:
        monkeypatch.setattr(
            launch, "fit_command",
            lambda _spec, run, **_: [sys.executable, "-c", _CHILD, str(run), str(model), how],
        )  # fmt: skip

    return behave


@pytest.fixture
def mill(tmp_path: Path) -> Path:
    """Return a folder of eight photos of a violet mill that no model knows."""
    folder = tmp_path / "mill"
    folder.mkdir()
    for number in range(8):
        picture = Image.new("RGB", (320, 240), (150 + 3 * number, 40, 160))
        exif = Image.Exif()
        exif.get_ifd(0x8825).update({1: "N", 2: (43.0, 40.0, 36.0), 3: "E", 4: (4.0, 37.0, 40.0)})
        picture.save(folder / f"mill {number}.jpg", **({"exif": exif} if number < 5 else {}))
    return folder


@pytest.fixture
def open_window(qtbot: QtBot, open_on: Open) -> Callable[..., MainWindow]:
    """Return a function that opens a window on a model, and imports photos."""

    def open_(model: Path, *photos: Path) -> MainWindow:
        window = open_on(model)
        if photos:
            window.library.import_paths(list(photos))
        settle(qtbot, window)
        return window

    return open_


@pytest.fixture
def window(open_window: Callable[..., MainWindow], remembering: Path, mill: Path) -> MainWindow:
    """Return a window with the mill's photos and a model that remembers."""
    return open_window(remembering, mill)
