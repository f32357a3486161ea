"""A library of 100,000 photos: how long opening, filtering, searching and paging take.

    python -m benchmarks.library [--photos 100000] [--keep FOLDER]

The straightforward way reads the same file: whole rows instead of ids, LIKE instead of the
text index and folder ranges, OFFSET instead of ids for a page, one query a photo.
Statements over 50 ms are printed with their query plans.
"""

from __future__ import annotations

import argparse
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from benchmarks.big_library import FOLDERS, PICTURES
from benchmarks.common import Times, clock, milliseconds, peak_memory, ratio, repeat, row, title
from landmark_desktop.actions import browse
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos, search, suggestions
from landmark_desktop.library.database import Library
from landmark_desktop.library.search import Filter, State

LIMIT = 0.050
"""Seconds that the design allows a query of a page."""

_LANDMARK = "Eiffel_Tower"
_WHOLE = (
    "SELECT photo.*, s.landmark, s.confidence, d.landmark AS accepted FROM photo "
    "LEFT JOIN suggestion s ON s.photo_id = photo.id AND s.model_id = :model "
    "LEFT JOIN decision d ON d.photo_id = photo.id AND d.verdict = 'accepted' "
)
_NEWEST = " ORDER BY sort_at DESC"
_TAGGED = (
    "(SELECT group_concat(name, ' ') FROM photo_tag JOIN tag ON tag.id = tag_id "
    "WHERE photo_id = photo.id)"
)


def _words(*words: str) -> str:
    """Return the WHERE of a search without an index: each word anywhere in names and tags."""
    return " WHERE " + " AND ".join(
        f"(photo.name || ' ' || folder || ' ' || coalesce({_TAGGED}, '')) LIKE '%{word}%'"
        for word in words
    )


# What a page asks for, and how one would write it without thinking of size.
_QUERIES: tuple[tuple[str, Filter, str], ...] = (
    ("everything", Filter(), ""),
    ("a folder (a city in a year)", Filter(folder=FOLDERS[3]),
     f" WHERE path LIKE '{FOLDERS[3]}/%'"),
    ("a folder with ten below it", Filter(folder=str(PICTURES / "2016")),
     f" WHERE path LIKE '{PICTURES / '2016'}/%'"),
    ("a landmark", Filter(landmark=_LANDMARK),
     f" WHERE coalesce(d.landmark, s.landmark) = '{_LANDMARK}'"),
    ("to review", Filter(state=State.WAITING),
     " WHERE s.landmark IS NOT NULL AND d.landmark IS NULL AND s.landmark NOT IN "
     "(SELECT landmark FROM decision r WHERE r.photo_id = photo.id)"),
    ("accepted", Filter(state=State.ACCEPTED), " WHERE d.landmark IS NOT NULL"),
    ("none recognised", Filter(state=State.NONE),
     " WHERE s.confidence IS NOT NULL AND s.landmark IS NULL AND d.landmark IS NULL"),
    ("search: one word, few", Filter(text="IMG_00100"), _words("IMG_00100")),
    ("search: one word, many", Filter(text="anna"), _words("anna")),
    ("search: one letter", Filter(text="p"), _words("p")),
    ("search: two words", Filter(text="anna paris"), _words("anna", "paris")),
    ("search: a landmark's name", Filter(text="Eiffel Tower"), _words("Eiffel", "Tower")),
    ("a folder, to review, one word",
     Filter(folder=FOLDERS[3], state=State.WAITING, text="holiday"),
     f"{_words('holiday')} AND path LIKE '{FOLDERS[3]}/%' AND s.landmark IS NOT NULL "
     "AND d.landmark IS NULL"),
)  # fmt: skip


class Bench:
    """An open library, and the statements that turned out slow."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.connection = workspace.library.read()
        self.slow: dict[str, float] = {}

    def ids(self, wanted: Filter) -> list[int]:
        """Run the page's query for ``wanted``."""
        found = self.workspace.gazetteer.matching(wanted.text)
        named = {landmark.id: landmark.place_path for landmark in found}
        return search.photo_ids(self.connection, wanted, self.workspace.model_id, named)

    def plain(self, sql: str) -> list[sqlite3.Row]:
        """Run a straightforward query: whole rows, all of them."""
        return self.connection.execute(sql, {"model": self.workspace.model_id}).fetchall()

    def measure(self, what: str, ours: Callable[[], object], plain: Callable[[], object],
                size: str = "") -> None:  # fmt: skip
        """Print the times of both ways, and remember statements of ours over the limit."""
        times, other = repeat(ours), repeat(plain, 2)
        self._row(what, times, size, milliseconds(other.median), ratio(other.median, times.median))
        if times.worst > LIMIT:
            self.look_for_slow(ours)

    def look_for_slow(self, action: Callable[[], object]) -> None:
        """Time each statement of ``action`` on its own and keep those over the limit."""
        statements: list[str] = []
        self.connection.set_trace_callback(statements.append)
        try:
            action()
        finally:
            self.connection.set_trace_callback(None)
        for sql in statements:
            if sql.startswith("--"):
                continue  # the text index's own statements
            times = repeat(partial(self.plain, sql), 3)
            if times.median > LIMIT:
                self.slow[sql] = times.median

    def explain(self) -> None:
        """Print the slow statements with their query plans."""
        if not self.slow:
            print(f"\nNo statement takes more than {milliseconds(LIMIT)}.")
        for sql, seconds in self.slow.items():
            print(f"\n{milliseconds(seconds)}: {sql}")
            for step in self.connection.execute(f"EXPLAIN QUERY PLAN {sql}"):
                print(f"    {step['detail']}")

    def _row(self, what: str, times: Times, *more: str) -> None:
        mark = "  <-" if times.worst > LIMIT else ""
        row(what, milliseconds(times.median), milliseconds(times.worst), *more, mark)


def measure(folder: Path) -> None:
    """Print the whole table for the library in ``folder``."""
    opening = repeat(lambda: Workspace.open(folder).close(), 3)
    workspace = Workspace.open(folder)
    try:
        bench = Bench(workspace)
        first, found = clock(lambda: browse.listing(workspace, Filter()))
        memory = peak_memory()
        row("open the library", milliseconds(opening.median), milliseconds(opening.worst))
        row(f"first listing ({len(found.ids):,} photos, with counts)", milliseconds(first))
        row("peak memory after the first listing, no torch", memory)
        if first > LIMIT:
            bench.look_for_slow(lambda: browse.listing(workspace, Filter()))
        print()
        row("a page's query", "median", "worst", "photos", "straightforward", "ratio")
        for what, wanted, condition in _QUERIES:
            number = f"{len(bench.ids(wanted)):,}"
            bench.measure(
                what, partial(bench.ids, wanted),
                partial(bench.plain, _WHOLE + condition + _NEWEST), number,
            )  # fmt: skip
        bench.measure(
            "the numbers of the lists",
            lambda: search.counts(bench.connection, workspace.model_id),
            lambda: bench.plain(_WHOLE),
        )
        bench.measure(
            "listing: ids and numbers", lambda: browse.listing(workspace, Filter()),
            lambda: (bench.plain(_WHOLE + _NEWEST), bench.plain(_WHOLE)),
        )  # fmt: skip
        middle = len(found.ids) // 2
        page = found.ids[middle : middle + 64]
        bench.measure(
            "a page of 64 photos, in the middle", lambda: browse.rows(workspace, page),
            lambda: bench.plain(f"{_WHOLE}{_NEWEST} LIMIT 64 OFFSET {middle}"), "64",
        )  # fmt: skip
        bench.measure(
            "500 chosen photos", lambda: browse.rows(workspace, found.ids[:500]),
            lambda: [photos.fetch(bench.connection, [i], workspace.model_id)
                     for i in found.ids[:500]], "500",
        )  # fmt: skip
        bench.explain()
        deciding(folder, workspace.model_id)
    finally:
        workspace.close()


def deciding(folder: Path, model_id: int) -> None:
    """Print how long it takes to decide all suggestions anew, on a copy of the library.

    The straightforward way reads every row and writes every row.
    """
    with tempfile.TemporaryDirectory(prefix="landmark-deciding-") as scratch:
        copy = Path(scratch) / "library.sqlite"
        shutil.copy(folder / "library.sqlite", copy)
        with Library(copy) as library:

            def ours(threshold: float) -> int:
                return len(library.write(lambda c: suggestions.decide(c, model_id, threshold)))

            def plain(connection: sqlite3.Connection) -> None:
                rows = connection.execute("SELECT * FROM suggestion").fetchall()
                connection.executemany(
                    "UPDATE suggestion SET landmark = ? WHERE photo_id = ? AND model_id = ?",
                    [(r["best"] if r["confidence"] >= 0.75 else None, r["photo_id"], model_id)
                     for r in rows],
                )  # fmt: skip

            print()
            row("the model suggests from another confidence on", "time", "rows", "straightforward")
            ours(0.75)
            for what, threshold in (("a percent further", 0.76), ("from 76 % to 99 %", 0.99)):
                seconds, changed = clock(partial(ours, threshold))
                other, _ = clock(lambda: library.write(plain))
                row(what, milliseconds(seconds), f"{changed:,}", milliseconds(other))
                ours(0.5)
                ours(0.76)


def main() -> None:
    """Build a library in a process of its own, so that its memory does not count; measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="use this library, or make it here and keep it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="landmark-library-") as scratch:
        folder = chosen.keep or Path(scratch) / "library"
        title(f"A library of {chosen.photos:,} photos")
        if not (folder / "library.sqlite").exists():
            command = [sys.executable, "-m", "benchmarks.big_library", str(folder)]
            subprocess.run([*command, str(chosen.photos)], check=True)
        measure(folder)


if __name__ == "__main__":
    main()
