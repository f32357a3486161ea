"""What the Review page and the history say and offer, without the window."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from precision_steps import stating
from shelved import fill

from landmark_desktop.actions import evidence, history, precision, review, tag_offers, tags
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.tasks import Cancel, finish


def place(library: Workspace, photo_id: int, latitude: float, longitude: float) -> None:
    library.library.write(
        lambda c: (
            c.execute(
                "UPDATE photo SET latitude = ?, longitude = ? WHERE id = ?",
                (latitude, longitude, photo_id),
            ).rowcount
        )
    )


def test_a_conflict_is_told_in_few_words(library: Workspace) -> None:
    far, near, unknown = fill(library, ["Eiffel_Tower", "Eiffel_Tower", "Eiffel_Tower"])
    place(library, far, 45.764, 4.8357)
    place(library, near, 48.8584, 2.2945)
    told = evidence.told(library, [far, near, unknown])
    assert told[far].badge == "The camera says Lyon"
    assert told[far].moved.startswith("Place and time lower it from ")
    assert (told[near].badge, told[near].moved[:20]) == ("", "Place and time raise")
    assert (told[unknown].badge, told[unknown].moved) == ("", "")
    assert told[unknown].sentences[0].startswith("The model says Eiffel Tower")


def test_a_conflict_with_photos_around_is_told_in_few_words(library: Workspace) -> None:
    ids = fill(library, ["Eiffel_Tower", "Taj_Mahal", "Eiffel_Tower", "Eiffel_Tower"])
    place(library, ids[3], 45.764, 4.8357)

    def change(connection: sqlite3.Connection) -> None:
        connection.execute("UPDATE photo SET camera = 'Canon EOS R6'")
        for id_, when in zip(ids, ("01T12:00", "01T12:10", "02T12:00", "02T12:10"), strict=True):
            connection.execute(
                "UPDATE photo SET taken_at = ?1, sort_at = ?1 WHERE id = ?2",
                (f"2024-05-{when}:00", id_),
            )

    library.library.write(change)
    review.accept(library, ids[1:2])
    told = evidence.told(library, ids)
    assert told[ids[0]].badge == "Photos around show Taj Mahal"
    assert told[ids[2]].badge == "Photos around say Lyon"


def test_another_landmark_is_found_by_any_name(library: Workspace) -> None:
    def first(text: str) -> str:
        return tag_offers.landmarks(library, text)[0].id

    assert first("tour eif") == "Eiffel_Tower"
    assert first("taj") == "Taj_Mahal"
    assert first("paris") == "Notre_Dame_de_Paris", "so named, before what is there"
    assert tag_offers.landmarks(library, "no such place") == []
    (photo,) = fill(library, ["Eiffel_Tower"])
    review.accept(library, [photo])
    path = library.gazetteer["Eiffel_Tower"].place_path
    tags.add_alias(library, path, "Grandma's tower")
    assert first("grandma") == "Eiffel_Tower"


def test_a_landmark_of_that_name_goes_before_another_name_and_that_before_a_place(
    library: Workspace,
) -> None:
    found = [landmark.id for landmark in tag_offers.landmarks(library, "par")]
    assert found[:2] == ["Notre_Dame_de_Paris", "Cappadocia"]  # Göreme Historical National Park
    assert "Eiffel_Tower" in found[2:]


@pytest.mark.parametrize(
    ("confidence", "right"),
    [(0.5, "90"), (0.6, "92"), (0.65, "93"), (0.8, "96"), (0.99, "98")],
)
def test_how_many_are_right_from_a_confidence_on(
    library: Workspace, confidence: float, right: str
) -> None:
    """Below the card's own threshold too: a person may ask for more suggestions than that."""
    card = stating(library.recogniser.card)
    assert precision.right_from(card, confidence) == f"about {right} of 100 are right"
    silent = replace(card, operating_points=())
    assert precision.right_from(silent, confidence) == ""


def test_undoing_back_to_an_entry(library: Workspace) -> None:
    ids = fill(library, ["Eiffel_Tower", "Taj_Mahal", "Petra"])
    for photo in ids:
        review.accept(library, [photo])
    oldest = history.entries(library)[1]
    changes = finish(history.undo_to(library, Cancel(), oldest.id))
    assert changes.photos == set(ids[1:])
    assert changes.summary == "Undone: 2 actions"
    assert [entry.undone_at is None for entry in history.entries(library)] == [False, False, True]
    with pytest.raises(UserError, match="taken back already"):
        finish(history.undo_to(library, Cancel(), oldest.id))
    assert review.redo(library).photos == {ids[1]}
