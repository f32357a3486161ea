"""The icons that Windows and macOS take, drawn from the program's own."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from landmark_desktop import paths
from landmark_desktop.packaging import icons


def test_windows_gets_every_size(tmp_path: Path) -> None:
    drawn = icons.draw(paths.resources() / "icons" / "app.svg", tmp_path / "new" / "app.ico")
    with Image.open(drawn) as icon:
        assert {(side, side) for side in icons.SIZES} == icon.info["sizes"]
        assert icon.convert("RGBA").getextrema()[3][1] == 255  # something is drawn


def test_macos_gets_a_large_one(tmp_path: Path) -> None:
    drawn = icons.draw(paths.resources() / "icons" / "app.svg", tmp_path / "app.icns")
    with Image.open(drawn) as icon:
        assert max(size[0] for size in icon.info["sizes"]) == 512


@pytest.mark.qt_log_ignore("Cannot read file")
def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.svg").write_text("<svg")
    with pytest.raises(ValueError, match=r"x\.svg"):
        icons.draw(tmp_path / "x.svg", tmp_path / "x.png")
