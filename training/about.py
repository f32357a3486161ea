"""What people should know of a model, as its card carries it: texts under a few headings.

The questions are those of Mitchell et al. 2019, "Model Cards for Model Reporting", as far as the
card's figures do not answer them. Torch-free.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HEADINGS = {
    "data": "Photos it learned from",
    "weaknesses": "Where it fails",
    "coverage": "Which parts of the world it knows",
    "retrain": "How it was made, and can be made again",
}
"""What a card may tell, in this order, and how that is headed."""

ENTRY = "about"
"""Where in a card's provenance it stands."""


def read(entries: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return texts by heading; a single text counts as one. Raises ``ValueError``."""
    told = {}
    for key, texts in entries.items():
        texts = (texts,) if isinstance(texts, str) else tuple(texts)
        if key not in HEADINGS:
            raise ValueError(f"about has no heading {key!r}, only {', '.join(HEADINGS)}.")
        if not all(isinstance(text, str) for text in texts):
            raise ValueError(f"What about says of {key} has to be texts.")
        told[key] = texts
    return told


def sections(provenance: Mapping[str, Any]) -> list[tuple[str, tuple[str, ...]]]:
    """Return headings with their texts from a card, which anybody may have written."""
    written = provenance.get(ENTRY)
    if not isinstance(written, Mapping):
        return []
    told = []
    for key, heading in HEADINGS.items():
        texts = written.get(key)
        listed = texts if isinstance(texts, list | tuple) else ()
        if kept := tuple(text for text in listed if isinstance(text, str)):
            told.append((heading, kept))
    return told
