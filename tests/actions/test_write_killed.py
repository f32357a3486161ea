"""SIGKILL at random moments of a write run: whole files, a queue that goes on, a true history.

Twelve kills here; ``LANDMARK_KILLS=100`` makes it 100 (benchmarks/RESULTS.md has what came out).
"""

from __future__ import annotations

import multiprocessing
import os
import random
import sys
import time
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest
from samples import draw
from write_library import write_all

from landmark_desktop.actions import history, tags, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import writing
from landmark_desktop.tasks import Cancel, finish

KILLS = int(os.environ.get("LANDMARK_KILLS", "12"))
PHOTOS = 500

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no forkserver, no SIGKILL")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


class Runs:
    """Runs of writing in processes of their own, killed after a while."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._context: ForkServerContext = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([write_all.__module__])

    def run(self, seconds: float | None = None) -> bool:
        """Write; kill it so long after it has begun. Return whether it came to its end before."""
        hears, tells = self._context.Pipe(duplex=False)
        child = self._context.Process(target=write_all, args=(self._library, tells))
        child.start()
        tells.close()
        assert hears.recv()
        child.join(seconds)
        child.kill()
        child.join()
        hears.close()
        assert child.exitcode in (0, -9)
        return child.exitcode == 0


def undo_all(library: Path) -> None:
    """Take back every run; each file must be in the history once."""
    workspace = Workspace.open(library)
    try:
        assert not writing.intents(workspace.library.read())
        assert not write.problems(workspace)
        runs = [e for e in history.entries(workspace, 1000) if e.undone_at is None]
        runs = [entry for entry in runs if entry.action == "write"]
        assert sum(entry.parts for entry in runs) == PHOTOS
        for _ in runs:
            finish(history.undo(workspace, Cancel()))
    finally:
        workspace.close()


@pytest.mark.timeout(600 if KILLS <= 12 else 7200)
def test_a_killed_run_is_gone_on_with(tmp_path: Path) -> None:
    album, library = tmp_path / "album", tmp_path / "library"
    for number in range(PHOTOS):
        draw(album / f"{number:03}.jpg", mark=number, size=(64, 48))
    workspace = Workspace.open(library)
    finish(import_photos(workspace, [album], Cancel()))
    ids = [row[0] for row in workspace.library.read().execute("SELECT id FROM photo")]
    tags.add(workspace, ids, ("Places", "France", "Paris"))
    workspace.close()
    runs, old = Runs(library), content(album)
    begun = time.monotonic()
    assert runs.run()
    lasts, new = time.monotonic() - begun, content(album)
    assert len(new) == PHOTOS * 3 // 2
    undo_all(library)
    assert content(album) == old
    chance, kills, rounds = random.Random(11), 0, 1
    while kills < KILLS:
        ended = runs.run(chance.uniform(0, 4 * lasts / KILLS))
        kills += not ended
        found = content(album)
        for name, data in found.items():
            assert name.startswith(".writing-") or data in (old.get(name), new.get(name)), name
        assert found.keys() >= old.keys()
        if ended or kills == KILLS:
            assert ended or runs.run()
            assert content(album) == new, "the queue goes on, and leftovers are gone"
            undo_all(library)
            assert content(album) == old
            rounds += 1
    print(f"{kills} kills, {rounds} runs over {PHOTOS} photos, {lasts:.1f} s undisturbed")
