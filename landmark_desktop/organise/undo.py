"""The run that takes done steps back, all of them or some groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from landmark_desktop.organise.journal import Run
from landmark_desktop.organise.perform import inverse
from landmark_desktop.organise.run import Done


def reversed_run(
    id_: str, title: str, groups: Sequence[Sequence[Done]], made: Iterable[Path] = (),
    removed: Iterable[tuple[Path, int]] = (), note: object = None,
) -> Run:  # fmt: skip
    """Return the run that takes these groups back, the last first.

    ``made``: folders that go where nothing is left in them; ``removed``: those that come back.
    """
    steps = [
        replace(inverse(done.step, done.after), group=number)
        for number, group in enumerate(reversed(groups))
        for done in reversed(group)
    ]
    folders = sorted(dict(removed).items(), key=lambda folder: len(folder[0].parts))
    return Run(
        id_, title, tuple(steps), tuple(path for path, _ in folders),
        tuple((path, 0o755) for path in sorted(made, key=lambda path: -len(path.parts))), note,
        tuple(mode for _, mode in folders),
    )  # fmt: skip
