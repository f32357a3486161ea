"""A library that a test opens, closes and opens anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from landmark_desktop import paths
from landmark_desktop.actions.workspace import Workspace

Reopen = Callable[[], Workspace]


@contextmanager
def reopening(folder: Path, model: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Reopen]:
    """Yield a function that opens the library, ``model`` built in; called again, anew."""
    monkeypatch.setattr(paths, "default_model", lambda: model)
    opened: list[Workspace] = []

    def open_() -> Workspace:
        for before in opened:
            before.close()
        opened.append(Workspace.open(folder))
        return opened[-1]

    yield open_
    for workspace in opened:
        workspace.close()
