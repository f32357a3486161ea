"""The tags of several photos together, guesses confirmed, and tags found by names they lack."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shelved import fill

from landmark_desktop.actions import browse, review, tag_offers, tags
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import tag_edits
from landmark_desktop.library import tags as tree
from landmark_desktop.library.records import SOURCES
from landmark_desktop.library.search import Filter
from landmark_desktop.library.shared_tags import shared
from landmark_desktop.library.tag_paths import Path as TagPath

TOWER = ("Places", "France", "Paris", "Eiffel Tower")
PATHS: list[TagPath] = [("Sea",), ("People", "Anna"), ("People",), TOWER]


SAYINGS = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from(PATHS), st.sampled_from(SOURCES),
        st.none() | st.floats(0, 1),
    ),
    max_size=30,
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(sayings=SAYINGS, chosen=st.sets(st.integers(0, 5)))
def test_it_is_what_the_photos_rows_say(
    library: Workspace, sayings: list[tuple[int, TagPath, str, float | None]], chosen: set[int]
) -> None:
    library.library.write(lambda c: c.execute("DELETE FROM photo_tag"))
    known = browse.listing(library, Filter()).ids
    ids = sorted(known or fill(library, [None] * 6))
    for place, path, source, sure in sayings:
        library.library.write(
            lambda c, i=ids[place], p=path, s=source, x=sure: tag_edits.put(  # type: ignore[misc]
                c, [i], tree.ensure(c, p), s, x
            )
        )
    wanted = [ids[place] for place in chosen]
    rows = [tag for photo in browse.rows(library, wanted) for tag in photo.tags]
    numbers = Counter(tag.path for tag in rows)
    guesses = Counter(tag.path for tag in rows if tag.guess)
    found = shared(library.library.read(), wanted)
    assert {tag.path: tag.photos for tag in found} == numbers
    assert {tag.path: tag.guesses for tag in found if tag.guesses} == guesses
    for tag in found:
        said = [said for row in rows if row.path == tag.path for said in row.said]
        assert {one.source: n for one, n in tag.said} == Counter(one.source for one in said)
        sure = [one.confidence for one in said if one.confidence is not None]
        assert tag.confidence == max(sure, default=None)
        assert tag.chosen == len(wanted)


def test_confirming_leaves_what_is_no_guess_alone(library: Workspace) -> None:
    ids = fill(library, [None] * 3)

    def change(connection) -> None:  # type: ignore[no-untyped-def]
        for path in (("Sky",), ("Sea",)):
            tag_edits.put(connection, ids, tree.ensure(connection, path), "model")
        tag_edits.put(connection, ids[:1], tree.ensure(connection, ("Sea",)), "file")

    library.library.write(change)
    done = tags.confirm(library, ids, ("Sea",))
    assert (done.photos, done.summary) == (set(ids[1:]), "Confirmed Sea on 2 photos")
    assert [tag.guesses for tag in shared(library.library.read(), ids)] == [0, 3]
    assert tags.confirm(library, ids).summary == "Confirmed tags on 3 photos"
    assert not any(tag.guesses for tag in shared(library.library.read(), ids))
    assert tags.confirm(library, ids).change_id is None
    review.undo(library)
    assert [tag.guesses for tag in shared(library.library.read(), ids)] == [0, 3]


def test_a_tag_is_taken_off_more_photos_than_one_transaction_holds(library: Workspace) -> None:
    ids = fill(library, [None] * 1100)
    tags.add(library, ids, ("Trip", "Alps"))
    done = tags.remove(library, ids, ("Trip",))
    assert (len(done.photos), done.summary) == (1100, "Took Trip off 1,100 photos")
    review.undo(library)
    done = tags.delete(library, ("Trip",))
    assert (len(done.photos), done.summary) == (1100, "Deleted the tag Trip from 1,100 photos")
    assert done.tags
    review.undo(library)
    assert [tag.photos for tag in shared(library.library.read(), ids)] == [1100]


@pytest.mark.parametrize("text", ["tour eiffel", "dame fer", "eiffel", "france eiffel"])
def test_a_tag_put_on_by_hand_is_found_by_the_gazetteers_names(
    library: Workspace, text: str
) -> None:
    ids = fill(library, [None] * 2)
    tags.add(library, ids[:1], TOWER)
    assert browse.listing(library, Filter(text=text)).ids == ids[:1]
    first = tag_offers.offers(library, text)[:1]
    assert [(offer.path, offer.photos) for offer in first] in ([(TOWER, 1)], [])


def test_a_landmarks_tag_is_found_by_its_names_wherever_it_was_moved(library: Workspace) -> None:
    ids = fill(library, ["Eiffel_Tower", None])
    review.accept(library, ids[:1])
    tags.move(library, TOWER, ("Trips", "The tower"))
    tags.add(library, ids[1:], ("Trips", "The tower"))
    assert set(browse.listing(library, Filter(text="tour eiffel")).ids) == set(ids)


@given(st.lists(st.sampled_from(PATHS), unique=True), st.sampled_from([*PATHS, ("x",), ("anna",)]))
def test_what_was_typed_in_full_is_meant_before_all_else(
    offered: list[TagPath], typed: TagPath
) -> None:
    place = tag_offers.meant(typed, offered)
    if tag_offers.has(offered, typed):
        assert offered[place] == typed
    elif place:
        assert offered[place][-len(typed) :] in (typed, ("Anna",))
