"""Evidence in a library of 100,000 photos: neighbours and verdicts of 10,000 of them.

    python -m benchmarks.evidence [--photos 100000] [--keep FOLDER]

The straightforward way asks for each photo's neighbours by itself.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.big_library import build
from benchmarks.common import clock, milliseconds, ratio, repeat, row, title
from landmark_desktop.actions import events, evidence
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import neighbours
from landmark_desktop.paths import Places

ASKED = 10_000


def measure(folder: Path, count: int) -> None:
    """Print how long it takes for photos in a row, at random, and for a page of them."""
    if not Places.of(folder).library.exists():
        build(folder, count)
    workspace = Workspace.open(folder)
    try:
        connection, minutes = workspace.library.read(), workspace.settings.neighbour_minutes
        some = min(ASKED, count)
        in_a_row = list(range(1, some + 1))
        at_random = random.Random(7).sample(range(1, count + 1), some)
        row("", "median", "worst", "processor", "one by one")
        for what, ids in (
            (f"neighbours of {some:,} photos in a row", in_a_row),
            (f"neighbours of {some:,} photos at random", at_random),
            ("neighbours of a page of 50 at random", at_random[:50]),
        ):
            times = repeat(lambda ids=ids: neighbours.of(connection, ids, minutes))
            own = _processor(lambda ids=ids: neighbours.of(connection, ids, minutes))
            part = ids[:1000]
            plain, _ = clock(lambda p=part: [neighbours.of(connection, [i], minutes) for i in p])
            row(
                what, milliseconds(times.median), milliseconds(times.worst), milliseconds(own),
                ratio(plain * len(ids) / len(part), times.median),
            )  # fmt: skip
        for what, action in (
            (
                f"verdicts of {some:,} photos in a row",
                lambda: evidence.verdicts(workspace, in_a_row),
            ),
            ("verdicts of a page of 50", lambda: evidence.verdicts(workspace, at_random[:50])),
            (f"events of {some:,} photos", lambda: events.named_events(workspace, in_a_row)),
        ):
            action()  # the cities are read once
            times, own = repeat(action, 3), _processor(action)
            row(what, milliseconds(times.median), milliseconds(times.worst), milliseconds(own))
    finally:
        workspace.close()


def _processor(action: Callable[[], object]) -> float:
    """Return the processor's seconds, which other work on the machine hardly touches."""
    start = time.process_time()
    action()
    return time.process_time() - start


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--photos", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="make the library here, and use it again")
    options = parser.parse_args()
    title("Evidence")
    with tempfile.TemporaryDirectory() as scratch:
        measure(options.keep or Path(scratch), options.photos)


if __name__ == "__main__":
    main()
