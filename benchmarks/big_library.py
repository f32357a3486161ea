"""Fill a library with synthetic rows, as years of importing and reviewing would have.

Not a benchmark itself; ``benchmarks.library`` and ``benchmarks.window`` read what it makes:
``python -m benchmarks.big_library FOLDER [PHOTOS] [--window]`` makes one to look at.
"""

from __future__ import annotations

import datetime
import json
import os
import random
import sqlite3
import sys
from pathlib import Path

from benchmarks.common import small_pictures
from landmark_desktop.actions import filing
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.inference.suggest import landmark_key
from landmark_desktop.paths import Places
from landmark_desktop.thumbnails.cache import SIDE

PICTURES = Path("/home/person/Pictures")
_CITIES = (
    "Paris", "Rome", "Agra", "Cairo", "Athens", "Berlin", "Cusco", "Istanbul", "London", "Petra",
)  # fmt: skip
FOLDERS = [str(PICTURES / str(2014 + year) / city) for year in range(6) for city in _CITIES]
_NAMES = ("IMG_{:05}.jpg", "DSC{:05}.JPG", "PXL_{:08}.jpg", "holiday {} with anna.jpg")

# Shares of all photos, by the model's opinion and the person's word.
_UNSEEN, _NONE, _ACCEPTED, _REJECTED, _BROKEN = 0.05, 0.25, 0.30, 0.03, 0.002

_PHOTO = (
    "id, path, folder, name, content_hash, size, mtime_ns, format, width, height, orientation, "
    "taken_at, camera, latitude, longitude, sort_at, imported_at, problem"
)


def build(folder: Path, count: int = 100_000, *, unseen: bool = True) -> None:
    """Make a library of ``count`` photos in ``folder``, which must not hold one yet.

    60 folders; every landmark that the shipped model knows is suggested; 30 % of all photos
    are accepted and tagged. ``unseen``: leave 5 % that the model has not looked at, as in the
    middle of a run. The photos' files do not exist.
    """
    workspace = Workspace.open(folder)
    try:
        workspace.library.write(
            lambda connection: _fill(connection, workspace, count, _UNSEEN if unseen else 0.0)
        )
    finally:
        workspace.close()


def link_thumbnails(folder: Path, count: int) -> None:
    """Put a thumbnail of each photo into the cache: a few pictures, linked under all names."""
    thumbnails = Places.of(folder).thumbnails
    pictures = []
    for number, content in enumerate(small_pictures(16, SIDE)):
        path = thumbnails / f"picture {number}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        pictures.append(path)
    for start in range(256):
        (thumbnails / f"{start:02x}").mkdir()
    for number in range(1, count + 1):
        name = content_hash(number)
        os.link(pictures[number % len(pictures)], thumbnails / name[:2] / f"{name}.jpg")


def content_hash(number: int) -> str:
    """Return the content hash of the photo with this id; spread evenly, as hashes are."""
    return f"{number * 0x9E3779B97F4A7C15 % 2**64:016x}{number:024x}"


def _fill(connection: sqlite3.Connection, workspace: Workspace, count: int, unseen: float) -> None:
    choose = random.Random(7)
    card, gazetteer = workspace.recogniser.card, workspace.gazetteer
    keys = [landmark_key(card, i) for i in range(len(card.labels)) if i != card.background]
    weights = [1 / (rank + 2) for rank in range(len(keys))]  # a few places fill most albums
    likeliest = choose.choices(keys, weights, k=count)
    filed = filing.tag_ids(connection, gazetteer, keys)
    first = datetime.datetime(2014, 1, 1)
    then = "2026-01-01T00:00:00+00:00"
    photos, suggestions, decisions, tags = [], [], [], []
    for number, key in enumerate(likeliest, 1):
        folder = FOLDERS[number * len(FOLDERS) // (count + 1)]
        name = _NAMES[number % len(_NAMES)].format(number)
        taken = (first + datetime.timedelta(seconds=1900 * number)).isoformat()
        broken = "The picture is damaged." if choose.random() < _BROKEN else None
        photos.append((
            number, f"{folder}/{name}", folder, name, content_hash(number), 3_500_000 + number,
            number, "JPEG", 4000, 3000, 1, taken, "Bench Mark II", 48.86, 2.29, taken, then, broken,
        ))  # fmt: skip
        if broken is not None or choose.random() < unseen:
            continue
        chance = 0.5 + 0.5 * choose.random()
        ranked = [(key, chance), *((other, 0.01) for other in choose.sample(keys, 4))]
        nothing = choose.random() < _NONE
        best = None if nothing else key
        suggestions.append(
            (number, workspace.model_id, best, best, chance, json.dumps(ranked), then)
        )
        word = choose.random()
        if word < _ACCEPTED / (1 - unseen):
            decisions.append((number, key, "accepted", workspace.model_id, chance, then))
            tags += [
                (number, tag_id, "accepted", key, workspace.model_id, chance, then)
                for tag_id in filed[key]
            ]
        elif word > 1 - _REJECTED and not nothing:
            decisions.append((number, key, "rejected", workspace.model_id, chance, then))
    for table, columns, rows in (
        ("photo", _PHOTO, photos),
        ("suggestion", "photo_id, model_id, landmark, best, confidence, alternatives, made_at",
         suggestions),
        ("decision", "photo_id, landmark, verdict, model_id, confidence, decided_at", decisions),
        ("photo_tag", "photo_id, tag_id, source, landmark, model_id, confidence, added_at", tags),
    ):  # fmt: skip
        marks = ", ".join("?" * len(columns.split(",")))
        connection.executemany(f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({marks})", rows)
    # The same words as library.words.index, for all photos at once.
    connection.execute(
        "INSERT INTO photo_words (rowid, name, folder) "
        "SELECT id, replace(name, '_', ' '), replace(folder, '_', ' ') FROM photo"
    )


def main() -> None:
    """Make a library; ``--window`` makes one to open: thumbnails there, nothing unseen."""
    folder, *rest = [argument for argument in sys.argv[1:] if argument != "--window"]
    count, window = int(rest[0]) if rest else 100_000, "--window" in sys.argv
    build(Path(folder), count, unseen=not window)
    if window:
        link_thumbnails(Path(folder), count)


if __name__ == "__main__":
    main()
