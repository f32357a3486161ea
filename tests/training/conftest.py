"""Small sets of drawn photos, and a cache that is not the person's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from samples import draw


@pytest.fixture(scope="session", autouse=True)
def training_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keep decoded photos and features where the session ends with them."""
    folder = tmp_path_factory.mktemp("training cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDMARK_TRAINING_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with ``data`` (two classes of 24 photos) and ``negatives`` (12)."""
    folder = tmp_path_factory.mktemp("photos")
    for shows in ("Eiffel_Tower", "Taj_Mahal"):
        for number in range(24):
            draw(folder / "data" / shows / f"{number}.jpg", shows, size=(64, 64), mark=number)
    for number in range(12):
        draw(folder / "negatives" / f"{number}.jpg", "none", size=(64, 64), mark=number)
    return folder
