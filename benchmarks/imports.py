"""Import of 1,000 photos, and of the same folder again: this program and a plain loop.

    python -m benchmarks.imports [--photos 1000]

The plain loop opens each file with Pillow, decodes it in full to see whether it is whole,
hashes it (SHA-256) and commits a row of its own. It does the same again on the second run
(measured on a fifth of the photos).
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import tempfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from benchmarks.common import TWO_MEGAPIXELS, clock, per_second, photos, ratio, row, title, warm
from landmark_desktop import tasks
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.importing.ingest import Imported
from landmark_desktop.tasks import Cancel


def ours(workspace: Workspace, folder: Path) -> Imported:
    """Import ``folder`` as the program does."""
    match tasks.run(import_photos(workspace, [folder], Cancel()), lambda _progress: None):
        case tasks.Succeeded(result):
            return result
        case tasks.Failed(error):
            raise error
    raise AssertionError("nobody cancels here")


def plainly(connection: sqlite3.Connection, paths: Sequence[Path]) -> None:
    """Import ``paths`` one after the other."""
    for path in paths:
        with Image.open(path) as image:
            image.load()
            taken = image.getexif().get_ifd(0x8769).get(0x9003)
            width, height = image.size
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        connection.execute(
            "INSERT OR REPLACE INTO photo VALUES (?, ?, ?, ?, ?)",
            (str(path), digest, width, height, taken),
        )
        connection.commit()


def measure(scratch: Path, folder: Path, paths: Sequence[Path]) -> None:
    """Print both ways, first run and second."""
    count = len(paths)
    connection = sqlite3.connect(scratch / "plain.sqlite")
    connection.execute("CREATE TABLE photo (path PRIMARY KEY, hash, width, height, taken)")
    plain_first, _ = clock(lambda: plainly(connection, paths))
    few = paths[: max(count // 5, 1)]
    plain_second, _ = clock(lambda: plainly(connection, few))
    plain_second *= count / len(few)
    connection.close()

    workspace = Workspace.open(scratch / "library")
    try:
        our_first, done = clock(lambda: ours(workspace, folder))
        our_second, redone = clock(lambda: ours(workspace, folder))
    finally:
        workspace.close()
    assert (done.added, redone.unchanged) == (count, count)

    row("", "straightforward", "ours", "ratio")
    for what, plain, our in (
        (f"import of {count:,} photos", plain_first, our_first),
        ("the same folder again", plain_second, our_second),
    ):
        row(what, per_second(count, plain), per_second(count, our), ratio(plain, our))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=1000)
    chosen = parser.parse_args()
    folder, paths = photos(chosen.photos, TWO_MEGAPIXELS)
    size = warm(paths)
    title(f"Import of JPEGs of 1600x1200, {size / len(paths) / 1e6:.1f} MB, in the system's cache")
    # On the disk of the scratch folder: where that is memory, commits cost next to nothing.
    with tempfile.TemporaryDirectory(prefix="landmark-import-") as scratch:
        measure(Path(scratch), folder, paths)


if __name__ == "__main__":
    main()
