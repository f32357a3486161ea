"""Planning and moving 20,000 photos: how long, and where the time goes.

    python -m benchmarks.organise [--photos 20000] [--apply 2000]

The straightforward way to plan looks at the disk for every single file (is it there, how large, is
its new name taken) with ``pathlib``; to move, it calls ``shutil.move``, with no journal, nothing
that keeps another file from being overwritten, and no library that follows.
"""

from __future__ import annotations

import argparse
import cProfile
import pstats
import shutil
import tempfile
import time
from pathlib import Path

from benchmarks.big_library import content_hash
from benchmarks.common import clock, milliseconds, ratio, row, title
from landmark_desktop.actions import history, organise, organise_run, review
from landmark_desktop.actions.organise import Request
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos
from landmark_desktop.library.records import Facts, Found
from landmark_desktop.organise.plan import Plan
from landmark_desktop.tasks import Cancel, finish


def fill(workspace: Workspace, album: Path, count: int) -> list[int]:
    """Put small files into 200 folders, a sidecar beside every fourth; return their ids."""
    landmarks = [x.id for x in workspace.gazetteer][:60]
    found = []
    for number in range(count):
        path = album / f"roll {number % 200}" / f"IMG_{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"%d" % number)
        if number % 4 == 0:
            path.with_name(f"{path.name}.xmp").write_bytes(b"sidecar")
        status = path.stat()
        facts = Facts("JPEG", 4, 3, taken_at=f"20{number % 20:02}-05-{1 + number % 28:02}T12:00:00")
        found.append(
            Found(path, content_hash(number + 1), status.st_size, status.st_mtime_ns, facts)
        )
    ids = workspace.library.write(lambda c: photos.store(c, found, lambda _path: True))
    workspace.library.write(lambda c: photos.begin_import(c, [album]))
    review.correct(workspace, {id_: landmarks[n % 60] for n, id_ in enumerate(ids)})
    return ids


def by_file(workspace: Workspace, request: Request) -> int:
    """Plan as one would write it without thinking of size."""
    rows = workspace.library.read().execute(
        "SELECT p.path, d.landmark FROM photo p JOIN decision d ON d.photo_id = p.id"
    )
    taken: set[Path] = set()
    for path, landmark in map(tuple, rows):
        place = workspace.gazetteer[landmark]
        source = Path(path)
        folder = request.into / (place.country or "") / (place.city or "") / place.name
        for file in source.parent.glob(f"{source.stem}.*"):
            file.stat()
            target, number = folder / file.name, 2
            while target.exists() or target in taken:
                target = folder / f"{file.stem} ({number}){file.suffix}"
                number += 1
            taken.add(target)
    return len(taken)


def plainly(plan: Plan) -> None:
    """Move the plan's files, and nothing else."""
    for step in plan.steps:
        step.target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(step.source, step.target)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=20_000)
    parser.add_argument("--apply", type=int, default=2_000)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        workspace = Workspace.open(home / "library")
        try:
            ids = fill(workspace, home / "album", chosen.photos)
            _measure(workspace, home, ids, chosen.apply, profile=chosen.profile)
        finally:
            workspace.close()


def _measure(
    workspace: Workspace, home: Path, ids: list[int], count: int, *, profile: bool
) -> None:
    into = home / "album" / "sorted"
    request = Request(into, "{country}/{city}/{landmark}/{year}")

    def planned() -> Plan:
        return finish(organise.make_plan(workspace, request, Cancel()))

    title(f"Organising {len(ids):,} photos; beside it, file by file")
    if profile:
        with cProfile.Profile(time.process_time) as watched:
            planned()
        pstats.Stats(watched).sort_stats("cumulative").print_stats(30)
    seconds, plan = min((clock(planned) for _ in range(3)), key=lambda timed: timed[0])
    plain, files = clock(lambda: by_file(workspace, request))
    assert files == len(plan.steps)
    row("plan", milliseconds(seconds), milliseconds(plain), ratio(plain, seconds))
    some = Request(into, request.template, ids=tuple(ids[:count]))
    part = finish(organise.make_plan(workspace, some, Cancel()))
    moving, applied = clock(lambda: finish(organise_run.apply(workspace, part, Cancel())))
    row(f"move {applied.files:,} files", milliseconds(moving))
    undoing, _ = clock(lambda: finish(history.undo(workspace, Cancel())))
    row("undo it", milliseconds(undoing))
    plain, _ = clock(lambda: plainly(part))
    row("the same with shutil.move", "", milliseconds(plain), ratio(plain, moving))


if __name__ == "__main__":
    main()
