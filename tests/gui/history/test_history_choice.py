"""What is chosen of an entry, counted in the folders: by rule, with filters, with 20,000 photos."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QObject
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from landmark_desktop.actions.history import Piece
from landmark_desktop.gui.history.choice import Choice, narrowed
from landmark_desktop.gui.history.part_models import DoneFolders, PieceModel
from landmark_desktop.gui.organise.folder_tree import FolderTree

TOP = Path("/photos")


def piece(folder: str, *names: str) -> Piece:
    return Piece(tuple(TOP / folder / name for name in names), moved=True)


PIECES = (
    piece("a", "1.jpg", "1.xmp"), piece("a", "2.jpg"), piece("a/b", "3.jpg"),
    piece("a/b", "4.jpg", "4.dng", "4.xmp"), piece("c", "5.jpg"), piece("c/d/e", "6.jpg"),
)  # fmt: skip
STEPS = st.one_of(
    st.tuples(st.just("folder"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("piece"), st.integers(0, 9), st.booleans()),
    st.tuples(st.just("filter"), st.sampled_from(["", "a", "XMP", "d 6", "none"]), st.booleans()),
)


@given(st.lists(STEPS, max_size=12))
def test_folders_count_what_is_chosen(steps: list[tuple[str, object, bool]]) -> None:
    choice, wanted = Choice(), set[int]()
    choice.begin(PIECES)
    choice.show(narrowed(PIECES, ""))
    for what, which, chosen in steps:
        seen = [number for top in choice.tree.tops for number in choice.shown(top)]
        if what == "filter":
            choice.show(narrowed(PIECES, str(which)))
        elif what == "folder" and choice.tree.branches:
            assert isinstance(which, int)
            branch = choice.tree.branches[which % len(choice.tree.branches)]
            choice.choose(branch, chosen=chosen)
            wanted = (
                wanted | {*choice.shown(branch)} if chosen else wanted - {*choice.shown(branch)}
            )
        elif what == "piece" and seen:
            assert isinstance(which, int)
            number = seen[which % len(seen)]
            choice.choose_pieces([number], chosen=chosen)
            wanted = wanted | {number} if chosen else wanted - {number}
    assert choice.numbers == wanted
    for branch in choice.tree.branches:
        below = choice.shown(branch)
        assert branch.goes == sum(len(PIECES[n].files) for n in below if n in wanted)
        assert branch.out == sum(len(PIECES[n].files) for n in below if n not in wanted)
    everything = {number for top in choice.tree.tops for number in choice.shown(top)}
    assert choice.files == sum(len(PIECES[n].files) for n in wanted)
    assert choice.hidden == sum(len(PIECES[n].files) for n in wanted - everything)
    assert choice.folders == len({PIECES[n].files[0].parent for n in wanted})


def test_a_filter_looks_at_folders_and_all_names() -> None:
    def found(words: str) -> list[int]:
        return [n for top in narrowed(PIECES, words).branches for n in top.items]

    assert found("") == [0, 1, 2, 3, 4, 5]
    assert found("B dng") == [3]
    assert found("/d/") == [5]
    assert found("a nothing") == []


def test_20_000_photos_are_rows_of_folders(qtbot: QtBot) -> None:
    pieces = [piece(f"{n % 10}/{n % 1000}", f"{n}.jpg") for n in range(20_000)]
    choice, parent = Choice(), QObject()
    rows, listed = DoneFolders(parent), PieceModel(choice, parent)
    choice.begin(pieces)
    choice.show(narrowed(pieces, ""))
    rows.show(choice.tree)
    QAbstractItemModelTester(rows, QAbstractItemModelTester.FailureReportingMode.Fatal)
    tree = FolderTree(rows, "Folders")
    qtbot.addWidget(tree)
    tree.show_tree(choice.tree)
    top = choice.tree.tops[0]
    assert [rows.index_of(top, n).data() for n in range(3)] == ["photos", "20,000", ""]
    choice.choose(top.children[3], chosen=True)
    assert [rows.index_of(top, n).data() for n in (1, 2)] == ["20,000", "2,000 chosen"]
    listed.show(choice.shown(top))
    QAbstractItemModelTester(listed, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert listed.rowCount() == 20_000
