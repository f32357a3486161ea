"""Libraries of every older schema: tags go into the tree, nothing is lost, undo goes back."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from landmark_desktop.actions import browse, history, review, tags
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter
from landmark_desktop.paths import Places

FIXTURES = Path(__file__).parent.parent / "fixtures"
TOWER = ("Places", "France", "Paris", "Eiffel Tower")


def opened(tmp_path: Path, schema: int, rows: str = "") -> Workspace:
    """Open a copy of a released library, with more rows as its program would have written them."""
    path = Places.of(tmp_path / "library").library
    path.parent.mkdir(parents=True)
    shutil.copy(FIXTURES / f"schema_{schema}.sqlite", path)
    connection = sqlite3.connect(path)
    connection.executescript(rows)
    connection.close()
    return Workspace.open(tmp_path / "library")


def all_photos(workspace: Workspace) -> dict[str, Photo]:
    found = browse.rows(workspace, browse.listing(workspace, Filter()).ids)
    return {photo.path.stem: photo for photo in found}


# What accepting a tower wrote from schema 1 to 4, and typing a tag would have.
_ROWS = """
INSERT INTO tag (id, name) VALUES (1, 'Eiffel Tower'), (2, 'Paris'), (3, 'Holiday');
INSERT OR REPLACE INTO decision VALUES (1, 'Eiffel_Tower', 'accepted', NULL, 0.87123456789, 't1');
INSERT OR REPLACE INTO decision VALUES (2, 'Petra', 'rejected', NULL, NULL, 't2');
INSERT INTO photo_tag VALUES (1, 1, 'accepted', 'Eiffel_Tower', NULL, 0.87123456789, 't1'),
    (1, 2, 'accepted', 'Eiffel_Tower', NULL, 0.87123456789, 't1'),
    (1, 3, 'person', NULL, NULL, NULL, 't0');
INSERT INTO change (id, action, summary, undo, done_at) VALUES (7, 'accept', 'Accepted it',
    '{"before": [{"photo": 1, "decisions": [["Petra", "rejected", null, null, "t0"]],
                  "tags": [["Holiday", "person", null, null, null, "t0"]]}]}', 't1');
"""


@pytest.mark.parametrize("schema", [1, 2, 3])
def test_flat_tags_are_filed_and_undone(tmp_path: Path, schema: int) -> None:
    workspace = opened(tmp_path, schema, _ROWS)
    try:
        first = all_photos(workspace)["a"]
        assert first.accepted == "Eiffel_Tower"
        assert [tag.path for tag in first.tags] == [TOWER, ("Holiday",), ("Kinds", "tower")]
        (said,) = first.tags[0].said
        assert (said.source, said.landmark, said.confidence, said.added_at) == (
            "accepted", "Eiffel_Tower", 0.87123456789, "t1",
        )  # fmt: skip
        assert first.tags[1].source == "person"
        assert all_photos(workspace)["b"].rejected == {"Petra"}
        assert len(browse.listing(workspace, Filter(text="holiday paris")).ids) == 1
        assert review.undo(workspace).summary == "Undone: Accepted it"
        first = all_photos(workspace)["a"]
        assert (first.accepted, first.rejected) == (None, {"Petra"})
        assert [tag.path for tag in first.tags] == [("Holiday",)]
        review.redo(workspace)
        first = all_photos(workspace)["a"]
        assert [tag.path for tag in first.tags] == [TOWER, ("Holiday",), ("Kinds", "tower")]
    finally:
        workspace.close()


def test_a_library_of_schema_4_as_its_program_left_it(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 4)
    try:
        photos = all_photos(workspace)
        assert [tag.path for tag in photos["a"].tags] == [
            TOWER, ("Holiday",), ("Kinds", "tower"), ("Été",)
        ]  # fmt: skip
        assert photos["a"].tags[0].said[0].confidence == 0.8712345678901234
        assert [tag.path for tag in photos["b"].tags] == [
            ("Places", "Our garden"), ("Kinds", "garden"),
        ]  # fmt: skip
        assert [entry.undone_at is not None for entry in history.entries(workspace)] == [
            False, True, False, False,
        ]  # fmt: skip
        assert not review.redo(workspace).summary  # what an older program undid stays undone
        while review.undo(workspace).summary:
            pass
        photos = all_photos(workspace)
        assert (photos["a"].accepted, photos["b"].accepted) == (None, None)
        assert photos["b"].tags == ()
        assert photos["a"].rejected == frozenset()
    finally:
        workspace.close()


def test_what_a_person_moved_is_not_filed_again(tmp_path: Path) -> None:
    workspace = opened(tmp_path, 4)
    tags.move(workspace, ("Kinds", "tower"), ("Towers",))
    workspace.close()
    workspace = Workspace.open(tmp_path / "library")
    try:
        assert ("Towers",) in [tag.path for tag in all_photos(workspace)["a"].tags]
    finally:
        workspace.close()
