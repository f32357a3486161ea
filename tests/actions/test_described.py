"""What files are to say of a place: the landmark's, the camera's, and what is only guessed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image
from samples import draw

from landmark_desktop.actions import described, review, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos, suggestions
from landmark_desktop.library.records import Suggestion
from landmark_desktop.metadata.described import Described, Place
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.tasks import Cancel, finish

FOOT, MONTMARTRE, LYON = (48.8579, 2.2950), (48.8867, 2.3431), (45.7640, 4.8357)
PARIS = {"city": "Paris", "state": "Île-de-France", "country": "France", "country_code": "FR"}


def taken(path: Path, at: tuple[float, float] | None) -> Path:
    """Draw a photo that a camera with a receiver took, or one without."""
    exif = Image.Exif()
    if at is not None:
        latitude, longitude = at
        gps = exif.get_ifd(0x8825)
        gps[1], gps[2] = "N", (latitude, 0.0, 0.0)
        gps[3], gps[4] = "E", (longitude, 0.0, 0.0)
    return draw(path, "Eiffel_Tower", exif=exif)


def says(
    workspace: Workspace, folder: Path, at: tuple[float, float] | None, rule: float | None = None
) -> Described:
    """Take in a photo, accept the tower on it, and return what its files are to say."""
    taken(folder / "a.jpg", at)
    finish(import_photos(workspace, [folder], Cancel()))
    ((photo_id,),) = workspace.library.read().execute("SELECT id FROM photo").fetchall()
    said = Suggestion("Eiffel_Tower", 0.9, (("Eiffel_Tower", 0.9),), "Eiffel_Tower")
    workspace.library.write(lambda c: suggestions.store(c, workspace.model_id, [(photo_id, said)]))
    finish(review.accepting(workspace, [photo_id], Cancel(), rule=rule))
    (photo,) = photos.fetch(workspace.library.read(), [photo_id], workspace.model_id)
    return described.describe(workspace, photo)


def test_a_camera_at_the_landmark_was_in_its_city(workspace: Workspace, tmp_path: Path) -> None:
    said = says(workspace, tmp_path / "photos", FOOT)
    assert said.shown is not None
    assert (said.shown.name, said.shown.city) == ("Eiffel Tower", "Paris")
    assert said.created == Place(**PARIS)  # type: ignore[arg-type]
    finish(write.write(workspace, None, Cancel()))
    photo = tmp_path / "photos" / "a.jpg"
    assert read_described(photo, [photo.with_name("a.jpg.xmp")]).created == said.created


@pytest.mark.parametrize("at", [None, MONTMARTRE, LYON, (0.0, 0.0)])
def test_where_else_it_stood_is_left_to_its_position(
    workspace: Workspace, tmp_path: Path, at: tuple[float, float] | None
) -> None:
    said = says(workspace, tmp_path / "photos", at)
    assert said.shown is not None
    assert said.created is None


def test_what_a_rule_accepted_is_marked_as_a_guess(workspace: Workspace, tmp_path: Path) -> None:
    said = says(workspace, tmp_path / "photos", FOOT, rule=0.5)
    for place in (said.shown, said.created):
        assert place is not None
        assert place.guessed
    finish(write.write(workspace, None, Cancel()))
    photo = tmp_path / "photos" / "a.jpg"
    read = read_described(photo, [photo.with_name("a.jpg.xmp")])
    assert (read.shown, read.created) == (said.shown, said.created)
    assert read.guessed_tags == set(read.tags)
