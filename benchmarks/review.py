"""Accepting 8,000 photos, taking it back, tags by the tree: how long, and how large the history.

    python -m benchmarks.review [--photos 100000] [--accept 8000] [--keep FOLDER]

The straightforward way does the same for one photo after the other, each in a transaction of its
own, with a snapshot of its decisions and tags as JSON, and its words indexed anew (as version 0.1
did, whose snapshots were read a photo at a time too, though in one transaction).
"""

from __future__ import annotations

import argparse
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.common import clock, milliseconds, ratio, repeat, row, title
from landmark_desktop.actions import filing, review, review_queue, tag_offers, tags, weighing
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import decisions, words
from landmark_desktop.library.database import now
from landmark_desktop.tasks import Cancel, Task


def parts(task: Task[object]) -> list[float]:
    """Drive a task; return the seconds between its progresses."""
    times = []
    while True:
        seconds, step = clock(lambda: next(task, None))
        if step is None:
            return times
        times.append(seconds)


def one_by_one(workspace: Workspace, ids: list[int]) -> None:
    """Accept as one would write it without thinking of size."""
    gazetteer, model = workspace.gazetteer, workspace.model

    def change(connection: sqlite3.Connection, photo_id: int) -> None:
        before = {
            table: [list(r) for r in connection.execute(
                f"SELECT * FROM {table} WHERE photo_id = ?", (photo_id,))]
            for table in ("decision", "photo_tag")
        }  # fmt: skip
        chosen = decisions.suggested(connection, [photo_id], model.id, model.earlier)
        filed = filing.tag_ids(connection, gazetteer, (choice.landmark for choice in chosen))
        decisions.accept(connection, chosen, filed)
        words.index(connection, photo_id)
        connection.execute(
            "INSERT INTO change (action, summary, done_at) VALUES ('accept', ?, ?)",
            (json.dumps(before), now()),
        )

    for photo_id in ids:
        workspace.library.write(partial(change, photo_id=photo_id))


def measure(folder: Path, number: int) -> None:
    """Print the table for the library in ``folder``, and for a copy of it."""
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    workspace, other = Workspace.open(folder), Workspace.open(copy)
    try:
        ids = review_queue.singles(workspace)[:number]
        weighing_them, _ = clock(lambda: parts(weighing.doubted(workspace, ids, 0.9, Cancel())))
        row(f"what place and time leave of {len(ids):,}, by rule", milliseconds(weighing_them))
        seconds, times = clock(lambda: parts(review.accepting(workspace, ids, Cancel())))
        plain, _ = clock(lambda: one_by_one(other, ids))
        row(f"accept {len(ids):,} photos", milliseconds(seconds), milliseconds(plain),
            ratio(plain, seconds))  # fmt: skip
        row("  its longest transaction", milliseconds(max(times)))
        size = "SELECT sum(length(data)) + sum(length(touched)) FROM change_part"
        connection = workspace.library.read()
        row("  its entry in the history", f"{connection.execute(size).fetchone()[0] / 1000:.0f} kB")
        row("undo it", milliseconds(clock(lambda: review.undo(workspace))[0]))
        row("redo it", milliseconds(clock(lambda: review.redo(workspace))[0]))
        waiting = review_queue.singles(workspace)
        each = iter(waiting)
        row("accept one photo", *_median(lambda: review.accept(workspace, [next(each)])))
        row("reject one photo", *_median(lambda: review.reject(workspace, [next(each)])))
        row("undo one", *_median(lambda: review.undo(workspace)))
        tagging, _ = clock(lambda: tags.add(workspace, waiting[:8000], ("A", "B")))
        row("put a tag on 8,000 photos", milliseconds(tagging))
        france = sum(n.below for n in tag_offers.tree(workspace) if n.path == ("Places", "France"))
        naming, _ = clock(lambda: tags.rename(workspace, ("Places", "France"), "Frankreich"))
        row(f"rename Places|France ({france:,} photos)", milliseconds(naming))
        row(f"the queue, one by one ({len(waiting):,})",
            *_median(lambda: review_queue.singles(workspace)))  # fmt: skip
        row("the queue by landmark", *_median(lambda: review_queue.by_landmark(workspace)))
        row("the queue by event", *_median(
            lambda: review_queue.by_event(workspace)))  # fmt: skip
        row("the tree of tags with its numbers", *_median(lambda: tag_offers.tree(workspace)))
        row("completing “tour eif”", *_median(lambda: tag_offers.offers(workspace, "tour eif")))
    finally:
        workspace.close()
        other.close()
        shutil.rmtree(copy)


def _median(action: object) -> tuple[str]:
    assert callable(action)
    return (milliseconds(repeat(action).median),)


def main() -> None:
    """Build a library in a process of its own, or use a copy of one, and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--accept", type=int, default=8_000)
    parser.add_argument("--keep", type=Path, help="use a copy of this library")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="landmark-review-") as scratch:
        folder = Path(scratch) / "library"
        title(f"Reviewing in a library of {chosen.photos:,} photos")
        if chosen.keep:
            shutil.copytree(chosen.keep, folder)
        else:
            command = [sys.executable, "-m", "benchmarks.big_library", str(folder)]
            subprocess.run([*command, str(chosen.photos)], check=True)
        row("", "ours", "straightforward", "ratio")
        measure(folder, chosen.accept)


if __name__ == "__main__":
    main()
