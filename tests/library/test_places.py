"""Places that a person taught are kept with the library, and are there the next time."""

from __future__ import annotations

from pathlib import Path

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import places
from landmark_desktop.library.database import Library
from landmark_desktop.library.places import OwnPlace

CHAPEL = OwnPlace(
    "Our_Chapel", "Our Chapel", "church", "Arles", None, "France", "FR", 43.6767, 4.6278
)
BUOY = OwnPlace("Boje_7", "Boje 7 “Süd”", latitude=0.0, longitude=-30.0)


def test_places_are_stored_and_brought_up_to_date(tmp_path: Path) -> None:
    with Library(tmp_path / "library.sqlite") as library:
        for place in (CHAPEL, BUOY):
            library.write(lambda connection, p=place: places.store(connection, p))
        assert places.all_places(library.read()) == [BUOY, CHAPEL]
        moved = OwnPlace("Boje_7", "Buoy 7", "buoy")
        library.write(lambda connection: places.store(connection, moved))
    with Library(tmp_path / "library.sqlite") as library:
        assert places.all_places(library.read()) == [moved, CHAPEL]


def test_the_gazetteer_has_them_from_the_start(tmp_path: Path, colour_model: Path) -> None:
    workspace = Workspace.open(tmp_path, colour_model)
    workspace.library.write(lambda connection: places.store(connection, CHAPEL))
    workspace.close()
    workspace = Workspace.open(tmp_path, colour_model)
    try:
        chapel = workspace.gazetteer["Our_Chapel"]
        assert chapel.own
        assert chapel.tags == ("Our Chapel", "Arles", "France", "church")
        assert workspace.gazetteer.matching("chapel") == [chapel]
    finally:
        workspace.close()
