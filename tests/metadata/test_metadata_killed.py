"""SIGKILL at random moments of writing: every file is wholly old or wholly new.

Three kills of a run over 60 photos here; ``LANDMARK_KILLS=100`` makes it 100 of runs over 500.
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
from write_many import WANT

from landmark_desktop.importing.scan import scan
from landmark_desktop.metadata.record import NOTHING
from landmark_desktop.metadata.replace_file import clean_leftovers
from landmark_desktop.metadata.write import apply, plan

KILLS = int(os.environ.get("LANDMARK_KILLS", "3"))
PHOTOS = 60 if KILLS <= 3 else 500
PROGRAM = Path(__file__).with_name("write_many.py")


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.timeout(300 if KILLS <= 3 else 7200)
def test_a_killed_run_leaves_no_half_file(tmp_path: Path) -> None:
    originals, finished = tmp_path / "originals", tmp_path / "finished"
    for number in range(PHOTOS):
        draw(originals / f"{number:03}.jpg", mark=number, size=(1200, 900))
    shutil.copytree(originals, finished)
    for number, photo in enumerate(sorted(finished.glob("*.jpg"))):
        apply(plan(photo, photo if number % 2 else photo.with_name(photo.name + ".xmp"), WANT))
    old, new = content(originals), content(finished)
    chance, kills, leftovers = random.Random(7), 0, 0
    while kills < KILLS:
        folder = tmp_path / f"run {kills}"
        shutil.copytree(originals, folder)
        moment = chance.randrange(PHOTOS - 10)
        command = [sys.executable, PROGRAM, folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for line in process.stdout:
                if int(line) >= moment:
                    break
            time.sleep(chance.uniform(0, 0.03))
            process.kill()
        if process.returncode == 0:
            shutil.rmtree(folder)
            continue
        kills += 1
        found = content(folder)
        stray = [name for name in found if name.startswith(".writing-")]
        assert not [item for item in scan([folder]) if ".writing-" in str(item)]
        assert clean_leftovers(folder) == len(stray)
        leftovers += len(stray)
        for name in stray:
            del found[name]
        for name, data in found.items():
            assert data in (old.get(name), new.get(name)), name
        assert found.keys() >= old.keys()
        for number, photo in enumerate(sorted(folder.glob("*.jpg"))):  # and on it goes
            target = photo if number % 2 else photo.with_name(photo.name + ".xmp")
            apply(plan(photo, target, WANT, NOTHING))
        assert content(folder) == new
        shutil.rmtree(folder)
    print(f"{kills} kills, {leftovers} unfinished files swept")
