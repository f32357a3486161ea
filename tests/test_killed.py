"""A program killed with SIGKILL in the middle of its work: nothing is lost, nothing is twice."""

from __future__ import annotations

import contextlib
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.library import photos
from landmark_desktop.library.database import Library

ROOT = Path(__file__).resolve().parent.parent
PHOTOS = 300
SHOWN = ("Eiffel_Tower", "Taj_Mahal", "none")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = tmp_path_factory.mktemp("photos")
    for number in range(PHOTOS):
        draw(top / f"{number // 40:02}" / f"{number}.jpg", SHOWN[number % 3], mark=number)
    return top


def start(library: Path, *arguments: str | Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "landmark_desktop", "--library", library, *arguments]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=pipe, text=True)


def finish(library: Path, *arguments: str | Path) -> str:
    """Run the command to its end and return what it printed."""
    with start(library, *arguments) as process:
        out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert err == ""
    return out


def rows(library: Path, table: str) -> int:
    """Count rows as an onlooker, who neither makes nor mends the file."""
    with contextlib.suppress(sqlite3.Error):
        uri = f"{(library / 'library.sqlite').as_uri()}?mode=ro"
        connection = sqlite3.connect(uri, uri=True, timeout=0.1)
        with contextlib.closing(connection):
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    return 0


def kill(
    process: subprocess.Popen[str], library: Path, table: str, moment: int, delay: float
) -> int | None:
    """Kill the process ``delay`` seconds after ``table`` has ``moment`` rows.

    Returns how many rows it has then, or ``None`` where the process was done before.
    """
    with process:
        while process.poll() is None and rows(library, table) < moment:
            time.sleep(0.001)
        time.sleep(delay)
        process.kill()
        _, err = process.communicate()
    if process.returncode == 0:
        return None
    assert process.returncode == (1 if sys.platform == "win32" else -signal.SIGKILL), err
    return rows(library, table)


def check(library: Path) -> list[Path]:
    """Open the library as the program does; return the imports that are to go on."""
    with Library(library / "library.sqlite") as opened:
        connection = opened.read()
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        twice = "SELECT path FROM photo GROUP BY path HAVING count(*) > 1"
        assert connection.execute(twice).fetchall() == []
        unindexed = "SELECT id FROM photo WHERE id NOT IN (SELECT rowid FROM photo_words)"
        assert connection.execute(unindexed).fetchall() == []
        return photos.unfinished_imports(connection)


def content(library: Path, query: str) -> list[tuple[object, ...]]:
    with Library(library / "library.sqlite") as opened:
        return [tuple(row) for row in opened.read().execute(query)]


@pytest.mark.parametrize("seed", range(2))
def test_a_killed_import_goes_on(tmp_path: Path, folder: Path, seed: int) -> None:
    chance, library, kills, done = random.Random(seed), tmp_path / "0", 0, 0
    while kills < 3 and done < PHOTOS:
        moment = chance.randint(done + 1, min(done + 90, PHOTOS))
        process = start(library, "import", folder)
        killed = kill(process, library, "photo", moment, chance.uniform(0, 0.02))
        if killed is None:  # too late: from the beginning
            library, kills, done = tmp_path / f"{library.name}0", 0, 0
            continue
        assert killed >= moment
        kills, done = kills + 1, killed
        print("KILLED", moment, killed)
        left = check(library)
        assert left == [folder] or done == PHOTOS
    assert finish(library, "import", folder) == (
        f"{PHOTOS - done} imported, {done} already there, 0 could not be read\n"
    )
    assert check(library) == []
    query = "SELECT * FROM photo ORDER BY path"
    before = content(library, query)
    assert [row[1] for row in before] == sorted(str(path) for path in folder.rglob("*.jpg"))
    assert finish(library, "import", folder) == (
        f"0 imported, {PHOTOS} already there, 0 could not be read\n"
    )
    assert content(library, query) == before


def test_killed_suggestions_go_on(tmp_path: Path, folder: Path, colour_model: Path) -> None:
    chance, library, done = random.Random(9), tmp_path / "library", 0
    command = ("suggest", "--store", "--model", colour_model, "--format", "json", folder)
    for table, least in (("photo", 100), ("suggestion", 20), ("suggestion", 80)):
        moment = chance.randint(least, least + 60)
        killed = kill(start(library, *command), library, table, moment, chance.uniform(0, 0.02))
        assert killed is not None, "the process was done before it could be killed"
        assert killed >= moment
        left = check(library)
        if table == "suggestion":
            assert done < killed < PHOTOS
            assert left == []  # the import was done before
            done = killed
    printed = finish(library, *command).splitlines()
    assert len(printed) == PHOTOS
    assert check(library) == []
    query = "SELECT path, s.* FROM photo JOIN suggestion AS s ON photo_id = photo.id ORDER BY 1"
    before = content(library, query)
    assert [row[0] for row in before] == sorted(str(path) for path in folder.rglob("*.jpg"))
    assert [row[3] for row in before].count("Eiffel_Tower") == PHOTOS // 3
    assert finish(library, *command).splitlines() == printed
    assert content(library, query) == before
