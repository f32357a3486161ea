"""The card: what is written is read, and what cannot be right is refused by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from training.bundle import (
    BundleError,
    Card,
    Label,
    OperatingPoint,
    Preprocessing,
    digest,
    read_card,
)

CARD = Card(
    name="Two places",
    labels=(Label("Eiffel_Tower", "Eiffel_Tower"), Label("Mon jardin 🌳"), Label("none")),
    preprocessing=Preprocessing(96),
    embedding_size=1280,
    temperature=1.5,
    threshold=0.7,
    background=2,
    operating_points=(OperatingPoint(0.7, 0.95, 0.9, 0.01),),
    metrics={"validation": {"top1": 0.9}},
)


def changed(**entries: Any) -> str:
    return json.dumps(json.loads(CARD.to_json()) | entries)


@given(
    names=st.lists(st.text(min_size=1), min_size=2, max_size=5, unique=True),
    temperature=st.floats(0.01, 100),
    threshold=st.floats(0, 1),
)
def test_what_is_written_is_read(names: list[str], temperature: float, threshold: float) -> None:
    card = Card(
        "n", tuple(Label(name) for name in names), Preprocessing(32), 3, temperature, threshold
    )
    assert Card.from_json(card.to_json()) == card


def test_the_whole_card_survives() -> None:
    assert Card.from_json(CARD.to_json()) == CARD


@pytest.mark.parametrize(
    ("entries", "complaint"),
    [
        ({"format_version": 99}, "format version 99"),
        ({"labels": [{"name": "one"}]}, "fewer than two labels"),
        ({"labels": [{"name": "a"}, {"name": "a"}]}, "same name"),
        ({"labels": [{"name": "a"}, {"name": ""}]}, "no name"),
        ({"labels": [{"name": "a", "colour": "red"}, {"name": "b"}]}, "wrong kind"),
        ({"preprocessing": {"size": 7}}, "16 to 1024"),
        ({"preprocessing": {"size": 96, "resize": "stretch"}}, "unknown resize rule"),
        ({"temperature": 0}, "not a positive number"),
        ({"temperature": "warm"}, "wrong kind"),
        ({"threshold": 1.5}, "not from 0 to 1"),
        ({"background": 3}, "names no label"),
        ({"embedding_size": 0}, "no size"),
    ],
)
def test_what_cannot_be_right_is_refused_by_name(entries: dict[str, Any], complaint: str) -> None:
    with pytest.raises(BundleError, match=complaint):
        Card.from_json(changed(**entries))


def test_a_missing_entry_is_named() -> None:
    data = json.loads(CARD.to_json())
    del data["threshold"]
    with pytest.raises(BundleError, match="threshold"):
        Card.from_json(json.dumps(data))


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00"])
def test_no_card_at_all(text: str) -> None:
    with pytest.raises(BundleError):
        Card.from_json(text)


def test_the_card_of_a_bundle_is_read_without_torch(colour_model: Path) -> None:
    assert read_card(colour_model).name == "Colours"
    assert len(digest(colour_model)) == 64


def test_the_door_squashes_to_its_size() -> None:
    pixels = Preprocessing(96).apply(Image.new("RGB", (400, 100), (10, 20, 30)))
    assert pixels.shape == (3, 96, 96)
    assert [int(channel.mean()) for channel in pixels] == [10, 20, 30]
