"""A library with the colour model built in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from reopening import Reopen, reopening
from samples import save_colour_model
from shelf_steps import swapped

from landmark_desktop.actions.workspace import Workspace


@pytest.fixture
def swapped_model(tmp_path: Path) -> Path:
    path = tmp_path / "downloads" / "swapped.pt"
    path.parent.mkdir()
    save_colour_model(path, swapped)
    return path


@pytest.fixture
def reopen(tmp_path: Path, colour_model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reopen]:
    """Return a function that opens the library, the colour model built in; again, anew."""
    with reopening(tmp_path / "library", colour_model, monkeypatch) as open_:
        yield open_


@pytest.fixture
def library(reopen: Reopen) -> Workspace:
    return reopen()
