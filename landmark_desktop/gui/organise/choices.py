"""What a person wants otherwise than the template: photos that stay, and others elsewhere. No Qt.

Shots stay whole: what is said of one photo holds for all photos of its shot.
"""

from __future__ import annotations

from collections.abc import Iterable

from landmark_desktop.organise.preview import Branch, Preview


class Choices:
    """``apart`` and ``instead`` as in ``actions.organise.Request``."""

    def __init__(self) -> None:
        self.apart: set[int] = set()
        self.instead: dict[int, tuple[str, ...]] = {}

    def take_out(self, ids: Iterable[int], shown: Preview, *, out: bool = True) -> None:
        """Have these photos stay where they are, or not."""
        whole = _whole(ids, shown)
        self.apart = self.apart | whole if out else self.apart - whole

    def send(self, ids: Iterable[int], shown: Preview, levels: tuple[str, ...]) -> None:
        """Have these photos go right into another folder; they go even if they were taken out."""
        whole = _whole(ids, shown)
        self.apart -= whole
        self.instead |= dict.fromkeys(whole, levels)

    def send_branch(self, branch: Branch, shown: Preview, levels: tuple[str, ...]) -> None:
        """Have a folder of the tree of afterwards be this one instead, with all below it.

        What the person took out of it stays out.
        """
        base = branch.path.relative_to(shown.plan.asked.into).parts
        for each in branch.below():
            rest = each.path.relative_to(shown.plan.asked.into).parts[len(base) :]
            for number in each.items:
                self.instead |= dict.fromkeys(shown.items[number].ids, (*levels, *rest))

    def take_back(self, ids: Iterable[int], shown: Preview) -> None:
        """Have these photos go where the template says."""
        whole = _whole(ids, shown)
        self.apart -= whole
        self.instead = {id_: to for id_, to in self.instead.items() if id_ not in whole}

    def reset(self) -> None:
        """Have all photos go where the template says."""
        self.apart, self.instead = set(), {}

    @property
    def said(self) -> str:
        """What was chosen, in words; empty where nothing was."""
        parts = []
        if self.apart:
            parts.append(f"{len(self.apart):,} taken out")
        if self.instead:
            parts.append(f"{len(self.instead):,} sent elsewhere")
        return " · ".join(parts)


def levels_of(branch: Branch, shown: Preview) -> tuple[str, ...]:
    """Return the folders below the plan's ``into`` that lead to a branch of afterwards."""
    return branch.path.relative_to(shown.plan.asked.into).parts


def _whole(ids: Iterable[int], shown: Preview) -> set[int]:
    """Return these photos with all others of their shots."""
    found: set[int] = set()
    for id_ in ids:
        number = shown.item_of.get(id_)
        found.update((id_,) if number is None else shown.items[number].ids)
    return found
