"""Names as they are kept: cleaned once, for the library and for metadata alike."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.library.words import caseless, clean

_ODD = st.sampled_from(
    "\x00\n\t\x85\u2028\u2029\ud800\udfff\ufffe\uffff\ufdd0\U0001fffe\xa0 \u200bé"
)


@given(st.text(st.one_of(st.characters(), _ODD)))
def test_a_clean_name_can_stand_anywhere(text: str) -> None:
    name = clean(text)
    assert clean(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert name == " ".join(name.split())
    assert not any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in name)
    assert not any(ord(c) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(c) <= 0xFDEF for c in name)


@given(st.text(st.characters(exclude_categories=["C", "Z"])))
def test_what_can_stand_is_kept(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "name"),
    [("a\nb", "a b"), (" a \x00 b ", "a b"), ("a\uffffb", "a b"), ("e\u0301", "é"), ("\ud800", "")],
)
def test_for_example(text: str, name: str) -> None:
    assert clean(text) == name
    assert caseless(text.upper()) == caseless(name)
