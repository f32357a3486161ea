"""Pictures for the screen: what could not be made is made once its file is back."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot
from samples import draw

from landmark_desktop.gui.thumbnails import PictureLoader
from landmark_desktop.library.records import Facts, Photo
from training.photo import PhotoError


def test_a_file_that_comes_back_gets_its_picture(tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "photo.png"
    photo = Photo(
        1, path, "hash", 1, Facts("PNG", 4, 3), "", None, None, None, frozenset(), ()
    )  # fmt: skip

    def source(wanted: Photo) -> bytes:
        if not wanted.path.is_file():
            raise PhotoError("It is not there.")
        return wanted.path.read_bytes()

    loader = PictureLoader(source, threads=1, most_bytes=1_000_000, backlog=4)
    try:
        with qtbot.waitSignal(loader.failed):
            assert loader.get(photo) is None
        draw(path)
        assert loader.get(photo) is None
        loader.try_again()
        with qtbot.waitSignal(loader.ready):
            assert loader.get(photo) is None
        assert loader.get(photo) is not None
    finally:
        loader.close()
