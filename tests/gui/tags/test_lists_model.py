"""The model of the lists at the side: whatever comes and goes, it shows what there is."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from landmark_desktop.gui.library.list_rows import Row
from landmark_desktop.gui.library.lists import KeyRole, ListsModel

Tree = dict[str, list[tuple[str, int]]]
"""Keys with numbers, by the key above them."""


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Return eight keys in any order, each below another one, the root or nowhere."""
    found: Tree = {}
    keys = draw(st.permutations("abcdefgh"))
    for place, key in enumerate(keys):
        parent = draw(st.sampled_from(["", *keys[:place], None]))
        if parent is not None:
            found.setdefault(parent, []).append((key, draw(st.integers(0, 3))))
    return found


def model_of(tree: Tree, parent: QObject) -> ListsModel:
    def below(key: str) -> list[Row]:
        return [Row(k, k, number=n, children=k in tree) for k, n in tree.get(key, [])]

    return ListsModel(below, parent)


def walk(model: ListsModel, parent: QModelIndex, *, fetch: bool) -> Tree:
    found: Tree = {}
    if fetch and model.canFetchMore(parent):
        model.fetchMore(parent)
    for row in range(model.rowCount(parent)):
        index = model.index(row, 0, parent)
        assert model.parent(index) == parent
        number = int(index.siblingAtColumn(1).data() or 0)
        found.setdefault(parent.data(KeyRole) or "", []).append((index.data(KeyRole), number))
        found |= walk(model, index, fetch=fetch)
    return found


def reachable(tree: Tree) -> Tree:
    found, todo = {}, [""]
    while todo:
        key = todo.pop()
        if key in tree:
            found[key] = tree[key]
            todo += [child for child, _ in tree[key]]
    return found


@given(st.lists(trees(), min_size=2, max_size=5))
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine may be
def test_it_shows_what_there_is(stages: list[Tree]) -> None:
    home, tree = QObject(), dict(stages[0])
    model = model_of(tree, home)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Warning, home
    )
    tester.setUseFetchMore(False)  # it would in the middle of a removal, as no view does
    for stage in stages:
        tree.clear()
        tree.update(stage)
        model.show_below("")
        assert walk(model, QModelIndex(), fetch=True) == reachable(tree)
    del tester


def test_rows_that_stay_keep_their_place(qtbot: QtBot) -> None:
    home = QObject()
    tree: Tree = {"": [("a", 1), ("b", 1), ("d", 1)], "b": [("x", 1)]}
    model = model_of(tree, home)
    model.fetchMore(model.index_of("b"))
    held = {key: QPersistentModelIndex(model.index_of(key)) for key in "abdx"}
    tree[""] = [("b", 5), ("c", 1), ("d", 1), ("e", 2)]
    with qtbot.assertNotEmitted(model.modelReset):
        model.show_below("")
    assert not held["a"].isValid()
    assert [held[key].data() for key in "bdx"] == ["b", "d", "x"]
    assert [held[key].row() for key in "bdx"] == [0, 2, 0]
    assert model.index_of("b").siblingAtColumn(1).data() == "5"


def test_five_thousand_rows_are_made_when_they_are_opened(qtbot: QtBot) -> None:
    home, asked = QObject(), list[str]()
    many = [Row(str(n), str(n), number=1) for n in range(5000)]

    def below(key: str) -> list[Row]:
        asked.append(key)
        return many if key == "top" else [Row("top", "Top", children=True)]

    model = ListsModel(below, home)
    model.show_below("")
    top = model.index_of("top")
    assert model.hasChildren(top)
    assert (asked, model.rowCount(top)) == (["", ""], 0)
    model.fetchMore(top)
    assert model.rowCount(top) == 5000
    with qtbot.waitSignal(model.dataChanged) as changed:
        many[7] = replace(many[7], number=2)
        model.show_below("top")
    assert changed.args is not None
    assert (changed.args[0].row(), changed.args[1].row()) == (7, 7)
