"""Each row of the table in ``merge``, and what the standards' readers make hard."""

from __future__ import annotations

from landmark_desktop.metadata.described import Described, Place, Position
from landmark_desktop.metadata.fields import IIM, XMP, Content
from landmark_desktop.metadata.merge import merge
from landmark_desktop.metadata.record import NOTHING, Record
from landmark_desktop.metadata.want import Merged, Reason, Want

TOWER = ("Places", "France", "Paris", "Eiffel Tower")
PARIS = Place(city="Paris", country="France", country_code="FRA")
FLAT, TREE, DIGIKAM, WINDOWS = (
    "dc:subject", "lr:hierarchicalSubject", "digiKam:TagsList", "MicrosoftPhoto:LastKeywordXMP",
)  # fmt: skip


def tags(*all_tags: tuple[str, ...], removed: tuple[tuple[str, ...], ...] = ()) -> Want:
    return Want(Described(all_tags), removed)


def again(present: Content, before: Merged, want: Want, **options: object) -> Merged:
    return merge(present, before.record, want, XMP, **options)  # type: ignore[arg-type]


def test_a_tag_goes_into_every_field() -> None:
    merged = merge({}, NOTHING, tags(TOWER, ("tower",)), XMP)
    assert merged.content == {
        FLAT: ("France", "Paris", "Eiffel Tower", "tower"),
        TREE: ("Places|France|Paris|Eiffel Tower", "tower"),
        DIGIKAM: ("Places/France/Paris/Eiffel Tower", "tower"),
        WINDOWS: ("Places/France/Paris/Eiffel Tower", "tower"),
    }


def test_separators_within_a_level_give_way_to_look_alikes() -> None:
    merged = merge({}, NOTHING, tags(("a|b", "c/d")), XMP)
    assert merged.content[TREE] == ("a∣b|c/d",)
    assert merged.content[DIGIKAM] == ("a|b/c∕d",)
    assert merged.content[FLAT] == ("c/d",)


def test_others_keywords_stay_when_ours_go() -> None:
    present = {FLAT: ("dog", "Paris"), TREE: ("dog", "Paris")}
    merged = merge(present, NOTHING, tags(TOWER), XMP)
    assert merged.content[FLAT] == ("dog", "Paris", "France", "Eiffel Tower")
    assert again(merged.content, merged, Want()).content == present


def test_what_another_program_removed_is_not_put_back() -> None:
    merged = merge({}, NOTHING, tags(TOWER, ("tower",)), XMP)
    edited = {
        name: tuple(i for i in items if i != "tower") for name, items in merged.content.items()
    }
    after = again(edited, merged, tags(TOWER, ("tower",)))
    assert after.content == edited
    assert {(c.field, c.reason, c.ours) for c in after.conflicts} == {
        (name, Reason.REMOVED_ELSEWHERE, "tower") for name in (FLAT, TREE, DIGIKAM, WINDOWS)
    }
    assert again(after.content, after, tags(TOWER, ("tower",))).conflicts == after.conflicts
    ours = Want(
        tags(TOWER, ("tower",)).described, overrule=frozenset({FLAT, TREE, DIGIKAM, WINDOWS})
    )
    assert again(after.content, after, ours).content == merged.content
    assert again(after.content, after, tags(TOWER)).conflicts == ()


def test_so_is_what_was_found_there() -> None:
    merged = merge({FLAT: ("dog",)}, NOTHING, tags(("dog",)), XMP)
    assert FLAT not in merged.record.written
    after = again({**merged.content, FLAT: ()}, merged, tags(("dog",)))
    assert FLAT not in after.content
    assert [(c.field, c.ours) for c in after.conflicts] == [(FLAT, "dog")]


def test_a_program_that_keeps_last_levels_only_is_no_conflict() -> None:
    merged = merge({}, NOTHING, tags(TOWER), XMP)
    after = again({**merged.content, FLAT: ("Eiffel Tower",)}, merged, tags(TOWER))
    assert after.conflicts == ()
    assert after.content[FLAT] == ("Eiffel Tower",)


def test_a_tag_taken_back_leaves_fields_into_which_others_copied_it() -> None:
    merged = merge({}, NOTHING, tags(TOWER), XMP)
    copied = {**merged.content, "mediapro:CatalogSets": ("Places|France|Paris|Eiffel Tower", "x")}
    assert again(copied, merged, Want()).content == {"mediapro:CatalogSets": ("x",)}


def test_a_persons_removal_takes_others_too_wherever_they_stand() -> None:
    present = {
        FLAT: ("dog", "Rex"),
        TREE: ("Animals|dog|Rex",),
        DIGIKAM: ("Animals/dog/Rex", "cat"),
    }
    merged = merge(present, NOTHING, tags(removed=(("Animals", "dog", "Rex"),)), XMP)
    assert merged.content == {FLAT: ("dog",), DIGIKAM: ("cat",)}


def test_a_new_field_repeats_what_it_would_hide() -> None:
    present = {FLAT: ("dog", "Rex"), TREE: ("Animals|Rex",)}
    merged = merge(present, NOTHING, tags(TOWER), XMP)
    assert merged.content[DIGIKAM] == ("Places/France/Paris/Eiffel Tower", "Animals/Rex", "dog")
    assert again(merged.content, merged, Want()).content == present
    touched = {**merged.content, DIGIKAM: (*merged.content[DIGIKAM], "cat")}
    after = again(touched, merged, Want())  # another program made the field its own
    assert after.content[DIGIKAM] == ("Animals/Rex", "dog", "cat")


def test_a_new_sidecar_repeats_the_photos_own_tags() -> None:
    merged = merge(None, NOTHING, tags(TOWER), XMP, beneath={FLAT: ("dog",)})
    assert merged.content[FLAT] == ("France", "Paris", "Eiffel Tower", "dog")
    assert merged.content[DIGIKAM] == ("Places/France/Paris/Eiffel Tower", "dog")


def test_a_sidecar_that_is_gone_is_written_anew() -> None:
    merged = merge(None, NOTHING, tags(TOWER), XMP)
    assert merge(None, merged.record, tags(TOWER), XMP) == merged


def test_a_city_of_another_program_stops_the_whole_place() -> None:
    merged = merge({"photoshop:City": ("Lyon",)}, NOTHING, Want(Described(shown=PARIS)), XMP)
    assert merged.content["photoshop:City"] == ("Lyon",)
    assert "photoshop:Country" not in merged.content
    assert merged.content["Iptc4xmpExt:LocationShown"]  # there, places can be many
    assert [(c.ours, c.theirs) for c in merged.conflicts] == [("Paris", ("Lyon",))]


def test_two_codes_of_one_country_are_no_conflict() -> None:
    want = Want(Described(shown=Place(city="Paris", country="France", country_code="FR")))
    theirs = {
        "photoshop:Country": ("France",),
        "Iptc4xmpCore:CountryCode": ("FRA",),
        "Iptc.Application2.CountryCode": ("FRA",),
    }
    merged = merge(theirs, NOTHING, want, (*XMP, *IIM))
    assert merged.conflicts == ()
    assert merged.content["photoshop:City"] == ("Paris",)
    assert {name: merged.content[name] for name in theirs} == theirs
    after = merge(merged.content, merged.record, Want(), (*XMP, *IIM))
    assert after.content == theirs
    for other in (
        {**theirs, "photoshop:Country": ("Italia",)},
        {"Iptc4xmpCore:CountryCode": ("ITA",)},
    ):
        assert merge(other, NOTHING, want, (*XMP, *IIM)).conflicts


def test_a_place_is_completed_replaced_and_removed() -> None:
    merged = merge({"photoshop:Country": ("France",)}, NOTHING, Want(Described(shown=PARIS)), XMP)
    assert merged.content["photoshop:City"] == ("Paris",)
    rome = Want(Described(shown=Place(city="Rome", country="France")))
    moved = again(merged.content, merged, rome)
    assert moved.content["photoshop:City"] == ("Rome",)
    assert len(moved.content["Iptc4xmpExt:LocationShown"]) == 1
    assert again(moved.content, moved, Want()).content == {"photoshop:Country": ("France",)}


def test_a_measured_position_is_never_overridden() -> None:
    there = {"exif:GPSLatitude": ("48,51.000000N",), "exif:GPSLongitude": ("2,17.000000E",)}
    want = Want(Described(position=Position(45.0, 4.0, "MANUAL")))
    for present, beneath in ((there, {}), ({}, there)):
        merged = merge(present, NOTHING, want, XMP, beneath)
        assert merged.content == present
        assert {c.reason for c in merged.conflicts} == {Reason.OTHER_VALUE}


def test_iptc_keywords_are_cut_at_64_bytes_between_letters() -> None:
    word = "é" * 40
    merged = merge({}, NOTHING, tags((word,)), (*XMP, *IIM))
    assert merged.content["Iptc.Application2.Keywords"] == ("é" * 32,)
    assert merged.content[FLAT] == (word,)


def test_a_record_survives_storing() -> None:
    record = merge({FLAT: ("dog",)}, NOTHING, Want(Described((TOWER, ("dog",)), PARIS)), XMP).record
    assert Record.from_json(record.to_json()) == record


def test_a_removed_tag_does_not_come_back_from_the_photo() -> None:
    photo = {FLAT: ("dog", "Rex"), TREE: ("Animals|Rex",)}
    merged = merge({}, NOTHING, tags(TOWER, removed=(("Animals", "Rex"),)), XMP, photo)
    assert "Rex" not in merged.content[FLAT]
    after = again(merged.content, merged, tags(TOWER), beneath=photo)
    assert after.content == merged.content
    back = again(merged.content, merged, tags(TOWER, ("Animals", "Rex")), beneath=photo)
    assert "Animals|Rex" in back.content[TREE]
    assert back.record.removed == frozenset()
