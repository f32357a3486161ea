"""A library with the colour model built in."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from samples import save_colour_model
from shelf_steps import Reopen, swapped

from landmark_desktop import paths
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
    monkeypatch.setattr(paths, "default_model", lambda: colour_model)
    opened: list[Workspace] = []

    def open_() -> Workspace:
        for before in opened:
            before.close()
        opened.append(Workspace.open(tmp_path / "library"))
        return opened[-1]

    yield open_
    for workspace in opened:
        workspace.close()


@pytest.fixture
def library(reopen: Reopen) -> Workspace:
    return reopen()
