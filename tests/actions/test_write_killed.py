"""SIGKILL at random moments of a write run: whole files, a queue that goes on, a true history.

Three kills of a run over 500 photos here; ``LANDMARK_KILLS=100`` makes it 100.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.actions import history, tags, write
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import writing
from landmark_desktop.tasks import Cancel, finish

KILLS = int(os.environ.get("LANDMARK_KILLS", "3"))
PHOTOS = 500
PROGRAM = Path(__file__).with_name("write_library.py")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write_all(library: Path) -> None:
    subprocess.run([sys.executable, PROGRAM, library], check=True, stdout=subprocess.DEVNULL)


@pytest.mark.timeout(300 if KILLS <= 3 else 7200)
def test_a_killed_run_is_gone_on_with(tmp_path: Path) -> None:
    album, library = tmp_path / "album", tmp_path / "library"
    for number in range(PHOTOS):
        draw(album / f"{number:03}.jpg", mark=number, size=(160, 120))
    workspace = Workspace.open(library)
    finish(import_photos(workspace, [album], Cancel()))
    ids = [row[0] for row in workspace.library.read().execute("SELECT id FROM photo")]
    tags.add(workspace, ids, ("Places", "France", "Paris"))
    workspace.close()
    old, originals = content(album), tmp_path / "originals"
    shutil.copytree(album, originals, copy_function=shutil.copy2)
    shutil.copytree(library, tmp_path / "unwritten")
    begun = time.monotonic()
    write_all(library)
    lasts, new = time.monotonic() - begun, content(album)
    assert len(new) == PHOTOS * 3 // 2
    chance, kills = random.Random(11), 0
    while kills < KILLS:
        for folder, source in ((album, originals), (library, tmp_path / "unwritten")):
            shutil.rmtree(folder)
            shutil.copytree(source, folder, copy_function=shutil.copy2)
        with subprocess.Popen([sys.executable, PROGRAM, library], stdout=subprocess.PIPE) as child:
            assert child.stdout
            child.stdout.readline()
            time.sleep(chance.uniform(0, max(lasts - 1.5, 0.3)))
            child.kill()
        if child.returncode == 0:
            continue
        kills += 1
        found = content(album)
        for name, data in found.items():
            assert name.startswith(".writing-") or data in (old.get(name), new.get(name)), name
        assert found.keys() >= old.keys()
        write_all(library)
        assert content(album) == new, "the queue goes on, and leftovers are gone"
        workspace = Workspace.open(library)
        assert not writing.intents(workspace.library.read())
        assert not write.problems(workspace)
        entries = [e for e in history.entries(workspace) if e.action == "write"]
        assert sum(entry.parts for entry in entries) == PHOTOS, "each file once"
        for _ in entries:
            finish(history.undo(workspace, Cancel()))
        workspace.close()
        assert content(album) == old
    print(f"{kills} kills of runs of {lasts:.1f} s")
