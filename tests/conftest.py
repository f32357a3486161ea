"""What all tests share: drawn photos, a model that knows colours, and no surprises allowed."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from samples import draw, save_colour_model

from landmark_desktop import paths
from landmark_desktop.actions.workspace import Workspace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Qt complains of every font that lacks some script; which fonts there are is not ours to say.
os.environ.setdefault("QT_LOGGING_RULES", "qt.text.font.db=false;qt.qpa.fonts=false")


_LONG = frozenset({
    "test_training_page", "test_training_failures", "test_teach_lesson", "test_trainer",
    "test_instance", "test_going_on", "test_fit", "test_library_training", "test_training_result",
    "test_moves_killed", "test_backbones", "test_extend", "test_write_killed",
    "test_train_command", "test_killed",
})  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the files that take longest, else one process is left alone with them."""
    items.sort(key=lambda item: item.path.stem not in _LONG)


@pytest.fixture(autouse=True)
def no_surprises(
    request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Fail a test that leaves a thread behind or logs a warning that it does not expect."""
    before = set(threading.enumerate())
    yield
    until = time.monotonic() + 5
    while (left := set(threading.enumerate()) - before) and time.monotonic() < until:
        time.sleep(0.01)
    assert not left, f"threads left behind: {left}"
    if request.node.get_closest_marker("expects_log") is None:
        records = caplog.get_records("setup") + caplog.get_records("call")
        loud = [record.getMessage() for record in records if record.levelno >= logging.WARNING]
        assert not loud, f"unexpected log records: {loud}"


@pytest.fixture(scope="session")
def data() -> Path:
    """Return the folder of real photos; tests that need it are skipped without it."""
    folder = os.environ.get("LANDMARK_DATA")
    if not folder:
        pytest.skip("LANDMARK_DATA is not set: no real photos to test with")
    return Path(folder).resolve()


@pytest.fixture(scope="session")
def shipped_model() -> Path:
    """Return the bundle that ships."""
    return paths.default_model()


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


@pytest.fixture
def album(tmp_path: Path) -> Path:
    """Return a folder of twelve drawn photos: five towers, four mausoleums, three others."""
    folder = tmp_path / "album"
    for number, shows in enumerate(["Eiffel_Tower"] * 5 + ["Taj_Mahal"] * 4 + ["none"] * 3):
        draw(folder / f"day {number % 2}" / f"photo {number:02}.jpg", shows, mark=number)
    return folder


@pytest.fixture(scope="session")
def colour_model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a real TorchScript bundle that recognises the landmarks of ``COLOURS``."""
    path = tmp_path_factory.mktemp("models") / "colours.pt"
    save_colour_model(path)
    return path


@pytest.fixture
def workspace(tmp_path: Path, colour_model: Path) -> Iterator[Workspace]:
    """Return an open, empty library with the colour model."""
    opened = Workspace.open(tmp_path / "library", colour_model)
    yield opened
    opened.close()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Workspace]:
    """Return an open, empty library with the model that ships."""
    opened = Workspace.open(tmp_path / "library")
    yield opened
    opened.close()
