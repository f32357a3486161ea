"""A small run that several modules start from."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import small

from training import fit as fit_module
from training.drain import drain
from training.fit import fit


@pytest.fixture(scope="package")
def whole(drawn: Path, training_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run that nothing interrupted."""
    folder = tmp_path_factory.mktemp("runs") / "whole"
    drain(fit(small(drawn), folder, training_cache))
    return folder


@pytest.fixture
def unexported(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the seconds of a fresh process where it is the training that is looked at."""
    monkeypatch.setattr(fit_module, "export", lambda *_: 0.0)
