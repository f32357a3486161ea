"""A run written down before it happens, so that a killed process leaves nothing to guess.

One file a run, in the library's folder: first the whole run as one line of JSON, then a line for
each thing that is about to be done, on the disk before it is done. The file goes when library and
history know of everything; one that is found at a start is of a run that was cut short.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, BinaryIO

from landmark_desktop import atomic
from landmark_desktop.errors import UserError
from landmark_desktop.organise.order import Step
from landmark_desktop.organise.renaming import sync

ENDING = ".journal"
ASIDE = ".unreadable"
"""What the names of journals end with that were put aside because nothing can read them."""
_FORMAT = 1
_FIELDS = tuple(each.name for each in fields(Step))


@dataclass(frozen=True)
class Run:
    """All that is to be done. ``id``: a name of its own. ``title``: for the person.

    ``made``, ``emptied``: as in a plan. ``note``: JSON for who began it. ``modes``: the permissions
    that the folders of ``made`` are to have; none: what the system gives them.
    """

    id: str
    title: str
    steps: tuple[Step, ...]
    made: tuple[Path, ...] = ()
    emptied: tuple[tuple[Path, int], ...] = ()
    note: Any = None
    modes: tuple[int, ...] = ()


@dataclass
class Begun:
    """What a journal says was begun, by number: steps, folders made, folders removed.

    ``across``: steps that turned out to lead to another disk. ``given_up``: groups that were taken
    back, with the reason. ``over``: whether the run itself is over, and known to the library from
    here on.
    """

    steps: set[int] = field(default_factory=set)
    across: set[int] = field(default_factory=set)
    made: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    given_up: dict[int, str] = field(default_factory=dict)
    over: bool = False


class JournalError(ValueError):
    """The file is no journal that this version can read."""


class Journal:
    """The journal of one run, open for writing. Close it, or ``settle`` it, at the end.

    ``steps``: those of the run, as far as known by now. What writes a line raises ``UserError``
    where that cannot be written.
    """

    def __init__(self, path: Path, run: Run, begun: Begun) -> None:
        self.path, self.run, self.begun = path, run, begun
        self.steps = [*run.steps]
        for number in begun.across:
            self.steps[number] = replace(self.steps[number], across=True)
        self.made = {path: number for number, path in enumerate(run.made)}
        self._file: BinaryIO = path.open("ab")

    @staticmethod
    def begin(folder: Path, run: Run) -> Journal:
        """Write a run down in ``folder``. Raises ``OSError``; nothing was done then."""
        for left in filter(lambda path: atomic.is_leftover(path.name), folder.glob(f"*{ENDING}")):
            left.unlink()  # of a process that died right here
        path = folder / f"{run.id}{ENDING}"
        atomic.write_bytes(path, _line(_as_data(run)))
        sync(folder)
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

    def goes_across(self, number: int) -> Step:
        """Say that a step leads to another disk, though that did not show; return it as such."""
        self._add({"across": number}, self.begun.across, number)
        self.steps[number] = replace(self.steps[number], across=True)
        return self.steps[number]

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

    def end(self) -> None:
        """Say that the run is over and is about to be entered into the history."""
        if not self.begun.over:
            self._write({"over": True})
            self.begun.over = True

    def close(self) -> None:
        """Leave the journal for another time."""
        with contextlib.suppress(OSError):  # half a line that found no room, told already
            self._file.close()

    def settle(self) -> None:
        """Delete the journal: everything is where it belongs, and known."""
        self._file.close()
        self.path.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # found again, it says what is so already
            sync(self.path.parent)

    def _add(self, line: dict[str, int], known: set[int], number: int) -> None:
        if number not in known:
            self._write(line)
            known.add(number)

    def _write(self, line: dict[str, Any]) -> None:
        try:
            self._file.write(_line(line))
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise UserError(
                f"“{self.run.title}” was stopped.",
                f"Its journal cannot be written ({error.strerror or error}).",
                f"Make room on the disk of {self.path.parent}, then finish it or roll it back: at "
                "the top of the window, or with landmark-desktop recover.",
            ) from error


def found(folder: Path) -> list[Path]:
    """Return the journals of runs that were cut short, oldest first: their names sort by time."""
    return sorted(p for p in folder.glob(f"*{ENDING}") if not atomic.is_leftover(p.name))


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
            elif "across" in line:
                begun.across.add(line["across"])
            elif "made" in line:
                begun.made.add(line["made"])
            elif "removed" in line:
                begun.removed.add(line["removed"])
            elif "given_up" in line:
                begun.given_up[line["given_up"]] = line["why"]
            elif "over" in line:
                begun.over = True
        _check(run, begun)
    except (StopIteration, ValueError, KeyError, TypeError) as error:
        raise JournalError(f"{path.name} is no journal of this version: {error!r}") from error
    return run, begun, len(whole)


def _check(run: Run, begun: Begun) -> None:
    parts = ((begun.steps | begun.across, run.steps), (begun.made, run.made),
             (begun.removed, run.emptied))  # fmt: skip
    if not all(numbers <= set(range(len(known))) for numbers, known in parts):
        raise ValueError("it speaks of more than its run has")


def put_aside(path: Path) -> Path:
    """Have a journal that cannot be read be in nobody's way; it is kept. Return where it is."""
    return path.rename(path.with_name(path.name + ASIDE))


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
        "note": run.note, "modes": run.modes,
    }  # fmt: skip


def _run(data: dict[str, Any]) -> Run:
    if data["format"] != _FORMAT:
        raise ValueError(f"format {data['format']!r}")
    return Run(
        data["id"], data["title"], tuple(map(step_of, data["steps"])),
        tuple(map(Path, data["made"])), tuple((Path(p), mode) for p, mode in data["emptied"]),
        data["note"], tuple(data["modes"]),
    )  # fmt: skip


def step_data(step: Step) -> dict[str, Any]:
    """Return a step as plain JSON values."""
    return {name: getattr(step, name) for name in _FIELDS}


def step_of(data: dict[str, Any]) -> Step:
    """Return the step that ``step_data`` made."""
    return Step(**data)
