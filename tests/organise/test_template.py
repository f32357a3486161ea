"""Templates: what they say of photos, and what they refuse."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.organise import names
from landmark_desktop.organise.template import TOKENS, TemplateError, Values, parse

_TAKEN = datetime.datetime(2019, 6, 2, 14, 5, 9)
_TEXTS = {
    "country": "France", "country_code": "FR", "region": "Île-de-France", "city": "Paris",
    "landmark": "Eiffel Tower", "kind": "tower", "camera": "X100", "event": "2 June 2019, Paris",
    "folder": "DCIM",
}  # fmt: skip


def _folders(text: str, taken: datetime.datetime | None = _TAKEN, **changes: str) -> str:
    return "/".join(parse(text).folders(Values({**_TEXTS, **changes}, taken)))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("{country}/{city}/{landmark}/{date:%Y-%m}", "France/Paris/Eiffel Tower/2019-06"),
        ("{year}/{month} {landmark}", "2019/06 Eiffel Tower"),
        ("{date:%Y/%Y-%m-%d}", "2019/2019-06-02"),
        ("{date:%B %Y}", "June 2019"),
        ("{date:%a %d %b %y, %H.%M.%S, day %j, week %V of %G, 100%%}",
         "Sun 02 Jun 19, 14.05.09, day 153, week 22 of 2019, 100%"),
        ("{ City }", "Paris"),
        ("{{{city}}}", "{Paris}"),
        ("Trips\\{city}", "Trips/Paris"),
        ("/{city}//{landmark}/", "Paris/Eiffel Tower"),
        ('{"Photos of "}{city}', "Photos of Paris"),
        ("{date}", "2019-06-02"),
    ],
)  # fmt: skip
def test_tokens_are_filled_in(template: str, expected: str) -> None:
    assert _folders(template) == expected


@pytest.mark.parametrize(
    ("template", "unknown", "expected"),
    [
        ('{landmark|city|"Unsorted"}', ["landmark"], "Paris"),
        ('{landmark|city|"Unsorted"}', ["landmark", "city"], "Unsorted"),
        ("{country}/{region}/{city}", ["region"], "France/Paris"),
        ("{city} - {landmark}", ["city"], "Eiffel Tower"),
        ("{city} - {landmark}", ["landmark"], "Paris"),
        ("{year} ({city})", ["city"], "2019"),
        ("{country}, {region}, {city}", ["region"], "France, Paris"),
        ("in {city}/{landmark}", ["city"], "Eiffel Tower"),
        ("{city}", ["city"], ""),
    ],
)
def test_what_is_not_known_leaves_no_trace(
    template: str, unknown: list[str], expected: str
) -> None:
    assert _folders(template, **dict.fromkeys(unknown, "")) == expected


def test_a_photo_without_a_date_has_none() -> None:
    assert _folders('{date:%Y|"Undated"}/{city}', taken=None) == "Undated/Paris"
    assert _folders("{year}-{month}/{city}", taken=None) == "Paris"


def test_a_value_makes_no_folders_of_its_own() -> None:
    assert _folders("{city}", city="Saint/Denis\\..") == "Saint-Denis-"
    assert _folders("{city}/{landmark}", city="..") == "Eiffel Tower"
    assert _folders("{landmark}", landmark="CON") == "CON_"


@pytest.mark.parametrize(
    ("template", "at", "why"),
    [
        ("{citty}", 1, "no token {citty}"),
        ("Photos/{city", 7, "not closed"),
        ("Photos/city}", 11, "without a {"),
        ("{city:%Y}", 1, "takes no format"),
        ("{date:%Q}", 1, "%Q is no part of a date"),
        ("{date: }", 1, "no format"),
        ("Photos", 0, "no token"),
        ("{}", 1, "neither a token"),
        ("{city|}", 6, "neither a token"),
    ],
)
def test_what_cannot_be_meant_is_refused(template: str, at: int, why: str) -> None:
    with pytest.raises(TemplateError, match=r"^The template cannot be read\.") as refused:
        parse(template)
    assert refused.value.at == at
    assert why in refused.value.why


def test_every_token_can_be_used() -> None:
    template = parse("/".join(f"{{{token}}}" for token in TOKENS))
    assert template.tokens == frozenset(TOKENS)
    assert len(template.folders(Values(_TEXTS, _TAKEN))) == len(TOKENS)


@given(st.text(max_size=40), st.text(max_size=400), st.text(max_size=40))
def test_folders_can_be_made_on_every_system(literal: str, city: str, landmark: str) -> None:
    literal = literal.replace("{", "{{").replace("}", "}}")
    template = parse(f"{literal}{{city}}/{{landmark|city}}")
    for name in template.folders(Values({"city": city, "landmark": landmark})):
        assert 0 < len(name.encode()) <= names.LONGEST
        assert name == name.strip(". ")
        assert not set(name) & set('/\\:*?"<>|\0\n')
        assert names.folder(name) == name
        assert names.key(names.folder(name)) == names.key(name)


@pytest.mark.parametrize(
    "name", ["con", "NUL.txt", "Com1", "lpt9.jpg", "aux", "PRN", "COM²", "CONIN$"]
)
def test_devices_of_windows_are_no_folders(name: str) -> None:
    made = names.folder(name)
    assert made.split(".")[0] == name.split(".")[0] + "_"


def test_a_name_is_cut_between_letters() -> None:
    accent = "e\u0301"
    assert names.cut(accent * 10, 7) == accent * 2
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert names.cut(family * 2, 20) == family
    vowel = "\u0915\u0940"  # Devanagari: a vowel sign is no accent, and belongs to its letter too
    assert names.cut(vowel * 10, 9) == vowel
    assert names.folder("x" * 300) == "x" * names.LONGEST


def test_folders_stand_in_their_order_whatever_way_they_are_read() -> None:
    assert names.in_a_line(["Sorted", "France", "Paris"]) == "Sorted / France / Paris"
    # By the bidirectional algorithm the mark, a letter of no width, parts what is read leftwards.
    assert names.in_a_line(["Sorted", "مصر", "الجيزة"]) == (
        "\u200eSorted / \u200eمصر / \u200eالجيزة"
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [("Paris", "PARIS"), ("\u00c9vora", "E\u0301vora"), ("straße", "STRASSE")],
)
def test_names_that_are_one_elsewhere_have_one_key(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)
