"""What a write would change, said plainly: grouped, signed, without the standards' spellings."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.actions.write import FilePreview
from landmark_desktop.actions.write_words import (
    Line,
    disputes,
    in_short,
    lines,
    not_written,
    title,
)
from landmark_desktop.metadata.described import METHOD_GUESS, METHOD_PERSON, Position
from landmark_desktop.metadata.fields import BY_NAME
from landmark_desktop.metadata.gps import as_exif, as_xmp
from landmark_desktop.metadata.troubles import Trouble
from landmark_desktop.metadata.want import Conflict, Reason
from landmark_desktop.metadata.write import Change

XMP = Path("a.jpg.xmp")


def test_fields_that_say_the_same_are_one_line() -> None:
    found = lines([
        Change("dc:subject", ("Old",), ("Paris", "Old")),
        Change("lr:hierarchicalSubject", (), ("Places|Paris",)),
        Change("digiKam:TagsList", (), ("Places/Paris",)),
        Change("photoshop:City", ("Lyon",), ("Paris",)),
        Change("Iptc.Application2.City", ("Lyon",), ("Paris",)),
    ])  # fmt: skip
    assert found == [
        Line("Keywords", ("Paris",), (), ("dc:subject",)),
        Line("Tags", ("Places › Paris",), (), ("lr:hierarchicalSubject", "digiKam:TagsList")),
        Line("City", ("Paris",), ("Lyon",), ("photoshop:City", "Iptc.Application2.City")),
    ]


def test_another_order_alone_is_no_change() -> None:
    assert lines([Change("dc:subject", ("a", "b"), ("b", "a"))]) == []


@pytest.mark.parametrize("write", [as_xmp, as_exif])
@pytest.mark.parametrize(
    ("method", "said"), [(METHOD_PERSON, ""), (METHOD_GUESS, " (a guess)")]
)  # fmt: skip
def test_a_position_is_one_line_in_degrees(write: object, method: str, said: str) -> None:
    assert callable(write)
    fields = write(Position(-33.85678, 151.2153, method))
    (line,) = lines(Change(name, (), (text,)) for name, text in fields.items())
    assert line.title == "Position"
    assert line.added == (f"33.85678° S, 151.21530° E{said}",)
    assert set(line.fields) == set(fields)


def test_a_place_is_its_parts_in_the_usual_order() -> None:
    place = (
        ("Iptc4xmpExt:City", "Paris"), ("Iptc4xmpExt:CountryName", "France"),
        ("Iptc4xmpExt:LocationId[1]", "http://www.wikidata.org/entity/Q243"),
        ("Iptc4xmpExt:LocationName@x-default", "Eiffel Tower"),
    )  # fmt: skip
    (line,) = lines([Change("Iptc4xmpExt:LocationShown", (), (place,))])
    assert line.added == ("Eiffel Tower, Paris, France (Q243)",)


def test_conflicts_are_decided_by_what_belongs_together() -> None:
    preview = FilePreview(1, XMP, conflicts=(
        Conflict("photoshop:City", Reason.OTHER_VALUE, "Paris", ("Lyon",)),
        Conflict("photoshop:State", Reason.OTHER_VALUE, "", ("Rhône",)),
        Conflict("dc:subject", Reason.REMOVED_ELSEWHERE, "Paris"),
        Conflict("exif:GPSLatitude", Reason.OTHER_VALUE, "48,51.0N", ("45,44.0N",)),
        Conflict("exif:GPSLongitude", Reason.OTHER_VALUE, "2,17.0E", ("4,50.0E",)),
    ))  # fmt: skip
    keywords, place, position = disputes(preview)
    assert (keywords.title, keywords.fields) == ("Keywords", {"dc:subject"})
    assert keywords.sentences == ("Another program has removed “Paris”. It is not put back.",)
    assert place.fields == {"photoshop:City", "photoshop:State"}
    assert place.sentences == (
        "Another program has written “Lyon”, we have “Paris”. Theirs is left as it is.",
        "Another program has written “Rhône”, we have nothing. It is left as it is.",
    )
    assert position.sentences == ("The file has another position already. It is left as it is.",)
    assert not any(each.ours for each in (keywords, place, position))


def test_what_is_decided_stays_on_show() -> None:
    preview = FilePreview(1, XMP, (Change("dc:subject", (), ("Paris",)),))
    (dispute,) = disputes(preview, {"dc:subject", "photoshop:City"})
    assert dispute.ours
    assert dispute.fields == {"dc:subject"}


def test_a_line_of_the_list() -> None:
    tags = Change("lr:hierarchicalSubject", ("Gone",), ("Places|Paris", "Mine"))
    city = Change("photoshop:City", (), ("Paris",))
    mark = Change("landmark:Guessed", (), ("Mine",))
    clash = Conflict("photoshop:City", Reason.OTHER_VALUE, "Paris", ("Lyon",))
    assert in_short(()) == "Nothing to write: it is in the file already"
    assert in_short([FilePreview(1, XMP, problem="It is full.")]) == "Cannot be written"
    assert in_short([FilePreview(1, XMP, (tags, city))]) == "+2, \u22121 tags, place"
    assert in_short([FilePreview(1, XMP, (), (clash,))]) == "Conflict"
    assert in_short([FilePreview(1, XMP, (mark,))]) == "Notes on guesses"


def test_every_field_has_a_title() -> None:
    assert all(title(name) for name in BY_NAME)


@given(st.dictionaries(st.sampled_from([each.value for each in Trouble]), st.integers(1, 9999)))
def test_what_was_not_written_is_counted_rightly(counts: dict[str, int]) -> None:
    said = not_written(counts)
    total = sum(counts.values())
    assert bool(said) == bool(total)
    if total == 1:
        assert "1 photo " in said
        assert said.endswith("Its tags are kept in the library.")
    elif total:
        assert f"{total:,} photos" in said
        assert said.endswith("Their tags are kept in the library.")


def test_one_reason_is_said_in_words() -> None:
    assert not_written({"read-only": 12}).startswith("12 photos are in folders that cannot be")
    assert not_written({"gone": 1}).startswith("1 photo is no longer where it was.")
    assert "(2 read-only, 1 gone)" in not_written({"read-only": 2, "gone": 1})
