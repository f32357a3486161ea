"""What a plan comes to, in a person's words: what will be done, what stays and why."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from landmark_desktop.actions.organise_entries import files
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.wanted import Left, Mode, Why

_QUIET = frozenset({Why.THERE, Why.APART, Why.SAME, Why.UNKNOWN})
"""Reasons that are as they should be."""
_VERBS = {Mode.MOVE: "Move", Mode.COPY: "Copy", Mode.LINK: "Link"}


@dataclass(frozen=True)
class Remark:
    """A sentence about a plan. ``why``: the reason that it is about, if it is about photos that
    stay. ``serious``: whether it says that something asked for will not happen."""

    text: str
    why: Why | None = None
    serious: bool = False


def photos(count: int) -> str:
    """Return a number of photos in words."""
    return f"{count:,} photo{'' if count == 1 else 's'}"


def folders(count: int, kind: str = "") -> str:
    """Return a number of folders in words."""
    return f"{count:,} {kind}{' ' if kind else ''}folder{'' if count == 1 else 's'}"


def megabytes(size: int) -> str:
    """Return a number of bytes in words, rounded up: something is never nothing."""
    return f"{math.ceil(size / 1e6):,} MB"


def deed(plan: Plan) -> str:
    """Return what carrying the plan out does: ``Move 312 photos (820 files) into 14 folders``."""
    verb = _VERBS[plan.asked.mode]
    if not plan.placed:
        return f"Nothing to {verb.lower()}"
    number = sum(len(each.wanted.photos) for each in plan.placed)
    moved = sum(len(each.wanted.shot.names) for each in plan.placed)
    targets = len({each.target for each in plan.placed})
    with_files = f" ({files(moved)})" if moved != number else ""
    return f"{verb} {photos(number)}{with_files} into {folders(targets)}"


def besides(plan: Plan) -> str:
    """Return what happens to folders: how many are new, how many go."""
    parts = []
    if plan.made:
        parts.append(f"{folders(len(plan.made), 'new')}")
    if plan.emptied:
        gone = len(plan.emptied)
        parts.append(f"{folders(gone, 'emptied')} will be removed")
    if plan.copied:
        parts.append(f"{megabytes(plan.copied)} to copy")
    return " · ".join(parts)


@dataclass(frozen=True)
class Said:
    """All that is said of a plan: counting 20,000 photos is nothing for the main thread."""

    deed: str
    besides: str
    remarks: tuple[Remark, ...]

    @staticmethod
    def of(plan: Plan) -> Said:
        """Put a plan into words."""
        return Said(deed(plan), besides(plan), tuple(remarks(plan)))


def remarks(plan: Plan) -> list[Remark]:
    """Return what a person should know before, the most serious first."""
    said = [
        Remark(
            f"{megabytes(missing)} are missing on the disk of {folder}. Make room, or choose "
            "another folder.", serious=True,
        )
        for folder, missing in plan.short.items()
    ]  # fmt: skip
    counts: Counter[Why] = Counter()
    firsts: dict[Why, Left] = {}
    for left in plan.left:
        counts[left.why] += len(left.wanted.photos)
        firsts.setdefault(left.why, left)
    for why in _STAY:
        if why in counts:
            text = _STAY[why](counts[why], firsts[why].detail)
            said.append(Remark(text, why, why not in _QUIET))
    renamed = sum(len(each.wanted.photos) for each in plan.placed if each.number > 1)
    if renamed:
        said.append(Remark(
            f"{photos(renamed)} {_take(renamed)} a number into the name, as in IMG_1 (2).jpg: "
            "another file of that name is in the folder."
        ))  # fmt: skip
    said += [
        Remark(f"“{name}” goes into {path}, which is there already, spelled otherwise.")
        for path, name in plan.spelled.items()
    ]
    return said


def _take(count: int) -> str:
    return "takes" if count == 1 else "take"


def _stay(count: int) -> str:
    return f"{photos(count)} {'stays' if count == 1 else 'stay'}"


def _because(reason: str, reasons: str, remedy: str = "") -> Callable[[int, str], str]:
    """Return what makes a sentence of a number and the first one's detail."""

    def text(count: int, detail: str) -> str:
        parts = [f"{_stay(count)}: {reason if count == 1 else reasons}."]
        if detail:
            parts.append(f"{detail}" if count == 1 else f"The first: {detail}")
        return " ".join([*parts, *filter(None, [remedy])])

    return text


_STAY: dict[Why, Callable[[int, str], str]] = {
    Why.TARGET: _because(
        "the folder that it belongs in cannot be used",
        "the folders that they belong in cannot be used", "Choose another folder or template.",
    ),
    Why.LOCKED: _because(
        "its folder cannot be changed", "their folders cannot be changed", "Copy instead."
    ),
    Why.OTHER_DISK: _because(
        "a hard link cannot lead to another disk", "hard links cannot lead to another disk",
        "Copy instead.",
    ),
    Why.LONG: _because(
        "the path would be too long", "their paths would be too long", "Use a shorter template."
    ),
    Why.GONE: _because(
        "the file is gone", "their files are gone",
        "Import the folder again to find where they went.",
    ),
    Why.LINK: _because(
        "it is a link, and not a file itself", "they are links, and not files themselves"
    ),
    Why.TWICE: _because(
        "the library has it by two paths, and it goes once",
        "the library has them by two paths, and they go once",
    ),
    Why.SAME: _because("the same photo is there already", "the same photos are there already"),
    Why.UNKNOWN: _because(
        "nothing of the template is known of it", "nothing of the template is known of them",
        'Add something in quotes, as in {city|"Unsorted"}, or choose them here and press F2.',
    ),
    Why.APART: _because("you took it out", "you took them out"),
    Why.THERE: lambda count, _detail: (
        f"{photos(count)} {'is' if count == 1 else 'are'} in the right folder already."
    ),
}  # fmt: skip
"""How each reason is told, the ones to act on first."""
