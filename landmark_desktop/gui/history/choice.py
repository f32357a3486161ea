"""Which pieces of an entry are to be taken back, counted in the tree of their folders. No Qt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from landmark_desktop.actions.history import Piece
from landmark_desktop.organise.preview import Branch, Tree, tree
from landmark_desktop.organise.wanted import Why


def narrowed(pieces: Sequence[Piece], words: str) -> Tree:
    """Return the folders of the pieces in whose paths all ``words`` occur, none of them chosen;
    without those that cannot be taken back now.

    Files are counted. A branch's ``items`` are numbers of ``pieces``. For worker threads: tenths
    of a second for 20,000.
    """
    wanted = words.casefold().split()

    def fits(piece: Piece) -> bool:
        text = "\n".join(map(str, piece.files)).casefold() if wanted else ""
        return bool(piece.files) and piece.later is None and all(word in text for word in wanted)

    return tree(
        (piece.folder if fits(piece) else None, len(piece.files), Why.APART) for piece in pieces
    )


class Choice:
    """``numbers``: of the chosen pieces, shown or not.

    ``Branch.goes`` are files that are chosen, ``Branch.out`` those that are not.
    """

    def __init__(self) -> None:
        self.pieces: tuple[Piece, ...] = ()
        self.tree = Tree()
        self.numbers: set[int] = set()
        self._branch_of: dict[int, Branch] = {}  # of the pieces that are shown
        self._in: Counter[Path] = Counter()  # chosen files by folder

    def begin(self, pieces: Sequence[Piece]) -> None:
        """Choose among these, none at first; ``show`` says which are seen."""
        self.pieces, self.numbers, self._in = tuple(pieces), set(), Counter()
        self.show(Tree())

    def show(self, shown: Tree) -> None:
        """Count in this tree, made by ``narrowed``, what is chosen."""
        self.tree = shown
        self._branch_of = {number: each for each in shown.branches for number in each.items}
        for branch in shown.branches if self.numbers else ():
            chosen = (self.pieces[n] for n in branch.items if n in self.numbers)
            _count(branch, sum(len(piece.files) for piece in chosen))

    def choose(self, branch: Branch, *, chosen: bool) -> None:
        """Choose what is shown of a folder and below it, or leave it."""
        self.choose_pieces(self.shown(branch), chosen=chosen)

    def choose_pieces(self, numbers: Iterable[int], *, chosen: bool) -> None:
        """Choose these pieces that are shown, or leave them."""
        other = [number for number in numbers if (number in self.numbers) is not chosen]
        self.numbers.symmetric_difference_update(other)
        counts: Counter[Branch] = Counter()
        for number in other:
            counts[self._branch_of[number]] += len(self.pieces[number].files)
        for branch, count in counts.items():
            self._in[branch.path] += count if chosen else -count
            _count(branch, count if chosen else -count)

    def shown(self, branch: Branch) -> list[int]:
        """Return the numbers of what is shown of a folder and below it."""
        return [number for each in branch.below() for number in each.items]

    @property
    def paths(self) -> list[Path]:
        """A path of each chosen piece, by which it is known."""
        return [self.pieces[number].files[0] for number in sorted(self.numbers)]

    @property
    def files(self) -> int:
        """How many files are chosen."""
        return self._in.total()

    @property
    def hidden(self) -> int:
        """How many chosen files are not shown."""
        return self.files - sum(top.goes for top in self.tree.tops)

    @property
    def folders(self) -> int:
        """How many folders chosen files lie in."""
        return sum(1 for count in self._in.values() if count)

    @property
    def moves(self) -> bool:
        """Whether the files that are chosen would go back to where they were."""
        return any(self.pieces[number].moved for number in self.numbers)


def _count(branch: Branch, count: int) -> None:
    """Count so many files more of a folder as chosen."""
    for each in (branch, *branch.above()) if count else ():
        each.goes += count
        each.out -= count
