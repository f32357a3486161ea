"""A run written down before it happens, so that a killed process leaves nothing to guess.

One file a run, in the library's folder: first the whole run as one line of JSON, then a line for
each thing that is about to be done, on the disk before it is done. The file goes when library and
history know of everything; one that is found at a start is of a run that was cut short.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, BinaryIO

from landmark_desktop import atomic
from landmark_desktop.organise.order import Step

ENDING = ".journal"
_FORMAT = 1
_FIELDS = tuple(each.name for each in fields(Step))


@dataclass(frozen=True)
class Run:
    """All that is to be done. ``id``: a name of its own. ``title``: for the person.

    ``made``, ``emptied``: as in a plan. ``note``: JSON for who began it.
    """

    id: str
    title: str
    steps: tuple[Step, ...]
    made: tuple[Path, ...] = ()
    emptied: tuple[tuple[Path, int], ...] = ()
    note: Any = None


@dataclass
class Begun:
    """What a journal says was begun, by number: steps, folders made, folders removed.

    ``given_up``: groups that were taken back, with the reason.
    """

    steps: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    given_up: dict[int, str] = field(default_factory=dict)


class JournalError(ValueError):
    """The file is no journal that this version can read."""


class Journal:
    """The journal of one run, open for writing. Close it, or ``settle`` it, at the end."""

    def __init__(self, path: Path, run: Run, begun: Begun) -> None:
        self.path, self.run, self.begun = path, run, begun
        self.made = {path: number for number, path in enumerate(run.made)}
        self._file: BinaryIO = path.open("ab")

    @staticmethod
    def begin(folder: Path, run: Run) -> Journal:
        """Write a run down in ``folder``. Raises ``OSError``; nothing was done then."""
        path = folder / f"{run.id}{ENDING}"
        atomic.write_bytes(path, _line(_as_data(run)))
        _sync(folder)
        return Journal(path, run, Begun())

    @staticmethod
    def reopen(path: Path) -> Journal:
        """Go on with a journal. Raises ``OSError`` and ``JournalError``."""
        run, begun, length = _read(path)
        os.truncate(path, length)  # a line that a crash cut short would spoil the next one
        return Journal(path, run, begun)

    def step(self, number: int) -> None:
        """Say that a step is about to be done, or taken back."""
        self._add({"step": number}, self.begun.steps, number)

    def folder(self, number: int) -> None:
        """Say that a folder of ``run.made`` is about to be made."""
        self._add({"made": number}, self.begun.made, number)

    def removing(self, number: int) -> None:
        """Say that a folder of ``run.emptied`` is about to be removed."""
        self._add({"removed": number}, self.begun.removed, number)

    def give_up(self, group: int, why: str) -> None:
        """Say that a group of steps was taken back, and is not to be tried again."""
        self.begun.given_up[group] = why
        self._write({"given_up": group, "why": why})

    def close(self) -> None:
        """Leave the journal for another time."""
        self._file.close()

    def settle(self) -> None:
        """Delete the journal: everything is where it belongs, and known."""
        self._file.close()
        self.path.unlink(missing_ok=True)

    def _add(self, line: dict[str, int], known: set[int], number: int) -> None:
        if number not in known:
            self._write(line)
            known.add(number)

    def _write(self, line: dict[str, Any]) -> None:
        self._file.write(_line(line))
        self._file.flush()
        os.fsync(self._file.fileno())


def found(folder: Path) -> list[Path]:
    """Return the journals of runs that were cut short, oldest first."""
    try:
        return sorted(folder.glob(f"*{ENDING}"), key=lambda path: (path.stat().st_mtime_ns, path))
    except FileNotFoundError:
        return []


def read(path: Path) -> tuple[Run, Begun]:
    """Return what a journal says, and leave it as it is: its run may be going on elsewhere.

    Raises ``OSError`` and ``JournalError``.
    """
    run, begun, _ = _read(path)
    return run, begun


def _read(path: Path) -> tuple[Run, Begun, int]:
    content = path.read_bytes()
    whole = content[: content.rfind(b"\n") + 1]
    lines = iter(whole.splitlines())
    begun = Begun()
    try:
        run = _run(json.loads(next(lines)))
        for line in _objects(lines):
            if "step" in line:
                begun.steps.add(line["step"])
            elif "made" in line:
                begun.made.add(line["made"])
            elif "removed" in line:
                begun.removed.add(line["removed"])
            elif "given_up" in line:
                begun.given_up[line["given_up"]] = line["why"]
    except (StopIteration, ValueError, KeyError, TypeError) as error:
        raise JournalError(f"{path.name} is no journal of this version: {error!r}") from error
    return run, begun, len(whole)


def _objects(lines: Iterator[bytes]) -> Iterator[dict[str, Any]]:
    for line in lines:
        yield json.loads(line)


def _line(data: dict[str, Any]) -> bytes:
    # ASCII: names on Linux may be no text, and come back from it all the same.
    return json.dumps(data, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _as_data(run: Run) -> dict[str, Any]:
    return {
        "format": _FORMAT, "id": run.id, "title": run.title, "steps": [*map(step_data, run.steps)],
        "made": [*map(str, run.made)], "emptied": [[str(p), mode] for p, mode in run.emptied],
        "note": run.note,
    }  # fmt: skip


def _run(data: dict[str, Any]) -> Run:
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}")
    return Run(
        data["id"], data["title"], tuple(map(step_of, data["steps"])),
        tuple(map(Path, data["made"])), tuple((Path(p), mode) for p, mode in data["emptied"]),
        data["note"],
    )  # fmt: skip


def step_data(step: Step) -> dict[str, Any]:
    """Return a step as plain JSON values."""
    data = {name: getattr(step, name) for name in _FIELDS}
    return data | {"source": str(step.source), "target": str(step.target)}


def step_of(data: dict[str, Any]) -> Step:
    """Return the step that ``step_data`` made."""
    return Step(**{**data, "source": Path(data["source"]), "target": Path(data["target"])})


def _sync(folder: Path) -> None:
    if os.name != "nt":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
