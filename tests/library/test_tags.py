"""Tags in a tree: found by any name, renamed, moved, merged as a whole; each says who said so."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shelved import fill

from landmark_desktop.actions import browse, history, review, tag_offers, tags
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.library import photos, suggestions, tag_edits, tag_paths
from landmark_desktop.library import tags as tree
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.records import Photo
from landmark_desktop.library.search import Filter
from landmark_desktop.tasks import Cancel, finish

TOWER = ("Places", "France", "Paris", "Eiffel Tower")
HEART = "Sacré-Cœur"


@pytest.fixture
def ids(library: Workspace) -> list[int]:
    return fill(library, ["Eiffel_Tower"] * 3 + ["Taj_Mahal"] * 2 + [None])


def photo(workspace: Workspace, photo_id: int) -> Photo:
    (row,) = browse.rows(workspace, [photo_id])
    return row


def paths(workspace: Workspace, photo_id: int) -> list[tuple[str, ...]]:
    return [tag.path for tag in photo(workspace, photo_id).tags]


def found(workspace: Workspace, text: str = "", tag: tuple[str, ...] | None = None) -> set[int]:
    return set(browse.listing(workspace, Filter(text=text, tag=tag)).ids)


def numbers(workspace: Workspace) -> dict[str, tuple[int, int]]:
    return {
        tag_paths.write(node.path): (node.photos, node.below) for node in tag_offers.tree(workspace)
    }


def test_a_landmark_is_filed_by_place_and_kind(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:2])
    place, kind = photo(library, ids[0]).tags
    assert (place.path, kind.path) == (TOWER, ("Kinds", "tower"))
    (said,) = place.said
    assert (said.source, said.landmark, said.model_id) == (
        "accepted", "Eiffel_Tower", library.model_id,
    )  # fmt: skip
    assert said.confidence == pytest.approx(0.95)
    assert numbers(library) == {
        "Kinds": (0, 2), "Kinds|tower": (2, 2), "Places": (0, 2), "Places|France": (0, 2),
        "Places|France|Paris": (0, 2), "Places|France|Paris|Eiffel Tower": (2, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["eiffel", "TOUR eif", "la tour eiffel", "paris", "fran", "places paris"]
)
def test_any_level_and_any_name_finds_the_photos(
    library: Workspace, ids: list[int], text: str
) -> None:
    tags.add(library, [ids[5]], TOWER)  # no model, no decision: the tag alone
    review.accept(library, ids[:2])
    hits = found(library, text)
    assert {*ids[:2], ids[5]} <= hits
    assert not hits & set(ids[3:5])


def test_a_tag_holds_what_is_below_it(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:5])
    assert found(library, tag=("places", "france")) == set(ids[:3])
    assert found(library, tag=("Places",)) == set(ids[:5])
    assert found(library, tag=("Places", "Nowhere")) == set()


def test_names_are_completed_from_any_of_them(library: Workspace, ids: list[int]) -> None:
    tags.add(library, [ids[0]], ("Places", "France", "Paris", HEART))
    review.accept(library, ids[:2])
    assert [o.path[-1] for o in tag_offers.offers(library, "sacre")] == [HEART]
    (tower,) = [o for o in tag_offers.offers(library, "Tour Eiffel") if o.photos]
    assert (tower.path, tower.photos) == (TOWER, 2)
    assert "our Eiffel" in tower.why
    assert [o.path for o in tag_offers.offers(library, "Places|Fr")] == [("Places", "France")]
    taj = tag_offers.offers(library, "taj")[0]
    assert (taj.path[-1], taj.photos) == ("Taj Mahal", 0)  # the gazetteer's, on no photo yet


def test_what_most_photos_have_is_offered_first(library: Workspace, ids: list[int]) -> None:
    for name, number in (("Parade", 1), ("Parma", 3), ("Park", 2), ("City park", 4)):
        tags.add(library, ids[:number], (name,))
    offered = [o.path[0] for o in tag_offers.offers(library, "par") if o.photos]
    assert offered == ["Parma", "Park", "Parade", "City park"]


def test_a_tag_names_the_model_only_where_that_had_said_so(
    library: Workspace, ids: list[int]
) -> None:
    review.accept(library, ids[:1])
    review.accept(library, ids[1:2], "Petra")
    (agreed,), (other,) = (photo(library, id_).tags[0].said for id_ in ids[:2])
    assert (agreed.source, agreed.model_id) == ("accepted", library.model_id)
    assert agreed.confidence == pytest.approx(0.95)
    assert (other.source, other.model_id, other.confidence) == ("accepted", None, None)


def test_a_rule_leaves_guesses_and_a_person_confirms_them(
    library: Workspace, ids: list[int]
) -> None:
    done = finish(review.accepting(library, ids, Cancel(), rule=0.8))
    assert done.photos == set(ids[:3])
    assert done.summary == "Accepted Eiffel Tower on 3 photos by rule, from 80%"
    first = photo(library, ids[0])
    assert (first.accepted, first.rule) == ("Eiffel_Tower", 0.8)
    assert all(tag.guess and tag.source == "model" for tag in first.tags)
    review.accept(library, [ids[0]], "Eiffel_Tower")
    first = photo(library, ids[0])
    assert first.rule is None
    assert not any(tag.guess for tag in first.tags)
    assert {said.source for said in first.tags[0].said} == {"accepted", "model"}
    review.reject(library, [ids[0]])
    assert paths(library, ids[0]) == []


def test_a_persons_word_stays_when_the_machines_goes(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:1])
    tags.add(library, ids[:1], TOWER)
    assert {said.source for said in photo(library, ids[0]).tags[0].said} == {"accepted", "person"}
    review.reject(library, ids[:1])
    assert paths(library, ids[0]) == [TOWER]


def test_what_was_taken_off_by_hand_stays_off(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:2])
    tags.remove(library, ids[:1], ("Kinds",))
    assert paths(library, ids[0]) == [TOWER]
    review.accept(library, ids[:2], "Eiffel_Tower")
    assert paths(library, ids[0]) == [TOWER]
    kind = tree.find(library.library.read(), ("Kinds", "tower"))
    assert kind is not None
    library.library.write(lambda c: tag_edits.put(c, ids[:1], kind, "file"))
    assert paths(library, ids[0]) == [TOWER]
    tags.add(library, ids[:1], ("Kinds", "tower"))
    assert paths(library, ids[0]) == [TOWER, ("Kinds", "tower")]


def test_a_files_tags_follow_the_file(library: Workspace, ids: list[int]) -> None:
    def read(*said: tuple[str, ...]) -> list[tuple[str, ...]]:
        library.library.write(lambda c: tag_edits.follow_file(c, ids[0], said))
        return paths(library, ids[0])

    tags.add(library, ids[:1], ("Anna",))
    assert read(("Anna",), ("Sea",)) == [("Anna",), ("Sea",)]
    tags.remove(library, ids[:1], ("Sea",))
    assert read(("Anna",), ("Sea",), ("Sun",)) == [("Anna",), ("Sun",)]
    assert read() == [("Anna",)]


def test_renaming_holds_for_what_comes_later(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:1])
    done = tags.rename(library, ("Places", "France"), "Frankreich")
    assert done.photos == {ids[0]}
    assert done.tags
    review.accept(library, ids[1:2])
    german = ("Places", "Frankreich", "Paris", "Eiffel Tower")
    assert paths(library, ids[0])[0] == paths(library, ids[1])[0] == german
    assert found(library, "frankreich") == set(ids[:2])
    assert "Places|France" not in numbers(library)


def test_a_new_name_that_is_the_old_one_is_no_action(library: Workspace, ids: list[int]) -> None:
    tags.add(library, ids[:1], ("People", "anna"))
    before = history.entries(library)
    assert tags.rename(library, ("People", "anna"), " anna ") == ChangeSet()
    assert tags.move(library, ("People", "anna"), ("people", "anna")) == ChangeSet()
    assert history.entries(library) == before
    assert tags.rename(library, ("People", "anna"), "Anna").photos == {ids[0]}
    assert "People|Anna" in numbers(library)


def test_moving_takes_the_branch_along(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:4])
    tags.move(library, ("Places", "France"), ("Places", "Europe", "France"))
    assert found(library, tag=("Places", "Europe")) == set(ids[:3])
    with pytest.raises(UserError, match="part of itself"):
        tags.move(library, ("Places",), ("Places", "Europe", "Places"))
    with pytest.raises(UserError, match="already"):
        tags.move(library, ("Kinds", "tower"), ("Kinds", "mausoleum"))
    with pytest.raises(UserError, match="No photo has"):
        tags.rename(library, ("Nowhere",), "Somewhere")


def test_merging_joins_branches_and_keeps_the_old_name(library: Workspace, ids: list[int]) -> None:
    tags.add(library, ids[:2], ("Orte", "France", "Paris", "Louvre"))
    tags.add(library, ids[1:3], ("Places", "France", "Paris"))
    tags.merge(library, ("Orte",), ("Places",))
    assert paths(library, ids[0]) == [("Places", "France", "Paris", "Louvre")]
    assert len(paths(library, ids[1])) == 2
    assert numbers(library)["Places|France|Paris"] == (2, 3)
    assert found(library, "orte louvre") == set(ids[:2])
    with pytest.raises(UserError):
        tags.merge(library, ("Places",), ("Places", "France"))


def test_deleting_takes_a_branch_off_every_photo(library: Workspace, ids: list[int]) -> None:
    review.accept(library, ids[:4])
    done = tags.delete(library, ("Places", "France"))
    assert done.summary == "Deleted the tag Places|France from 3 photos"
    assert paths(library, ids[0]) == [("Kinds", "tower")]
    review.undo(library)
    assert paths(library, ids[0])[0] == TOWER


def test_case_and_composition_make_no_second_tag(library: Workspace, ids: list[int]) -> None:
    tags.add(library, ids[:1], ("Été", "Straße"))
    tags.add(library, ids[1:2], (unicodedata.normalize("NFD", "été"), "STRASSE"))
    assert [node.path for node in tag_offers.tree(library)] == [("Été",), ("Été", "Straße")]


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1), min_size=1
    )
)
def test_a_path_is_read_as_it_was_written(levels: list[str]) -> None:
    try:
        path = tag_paths.cleaned(levels)
    except UserError:
        return
    assert tag_paths.parse(tag_paths.write(path)) == path


def test_levels_hold_any_character(library: Workspace, ids: list[int]) -> None:
    odd = ("A|B", "C/D\\", "100 % “x”", "東京")
    tags.add(library, ids[:1], odd)
    assert paths(library, ids[0]) == [odd]
    assert found(library, "東京") == {ids[0]}
    for wrong in ((), ("",), ("a", " \n")):
        with pytest.raises(UserError):
            tags.add(library, ids[:1], wrong)


def test_what_was_rejected_stays_so_whatever_is_said_later(
    library: Workspace, ids: list[int]
) -> None:
    review.reject(library, ids[:1])
    review.no_landmark(library, ids[:1])
    review.accept(library, ids[:1], "Petra")
    review.reject(library, ids[:1])
    assert photo(library, ids[0]).rejected == {"Eiffel_Tower", "Petra"}
    assert not photo(library, ids[0]).waiting


def test_nobody_is_asked_twice(library: Workspace, ids: list[int]) -> None:
    review.no_landmark(library, ids[:1])
    review.reject(library, ids[1:2])
    other = library.library.write(lambda c: suggestions.register_model(c, "x", "Another"))
    library.library.write(
        lambda c: c.execute(
            "INSERT INTO suggestion "
            "(photo_id, model_id, landmark, confidence, alternatives, made_at) "
            "SELECT photo_id, ?, landmark, 0.99, alternatives, '' FROM suggestion",
            (other,),
        )
    )
    rows = {p.id: p for p in browse.rows(library, ids)}
    assert rows[ids[0]].no_landmark
    assert not rows[ids[0]].waiting
    seen = {p.id: p.waiting for p in photos.fetch(library.library.read(), ids, other)}
    assert [seen[i] for i in ids] == [False, False, True, True, True, False]
    review.undecide(library, ids[:2])
    assert all(p.waiting for p in browse.rows(library, ids[:2]))
