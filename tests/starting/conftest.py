"""A runtime folder for the sockets of one test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from start_steps import short_folder, stop_all


@pytest.fixture
def runtime() -> Iterator[Path]:
    """Return a folder with a short path."""
    with short_folder() as folder:
        yield folder
        stop_all()
