"""What is behind the trees and the grid: rows for Qt, boxes, dragging, with 20,000 photos too."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QObject, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from landmark_desktop.actions.organise import Which
from landmark_desktop.gui.organise.choices import Choices
from landmark_desktop.gui.organise.folder_model import FolderModel
from landmark_desktop.gui.organise.folder_tree import FolderTree
from landmark_desktop.gui.organise.form import Wish
from landmark_desktop.gui.organise.mover import levels_of_text
from landmark_desktop.gui.organise.photos import PHOTOS, ids_in
from landmark_desktop.gui.organise.template_line import insertion, wrong_until
from landmark_desktop.organise.companions import Shot
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.preview import Branch, Preview, preview
from landmark_desktop.organise.wanted import Asked, Left, Mode, Placed, Wanted, Why

TOP, INTO = Path("/photos"), Path("/photos/Sorted")
CHECK, MOVE = Qt.ItemDataRole.CheckStateRole, Qt.DropAction.MoveAction


def many(count: int, *, out: frozenset[int] = frozenset()) -> Preview:
    """Return the preview of many photos, each with an edit, from 400 folders into 1,000."""
    placed, left = [], []
    for n in range(count):
        names = (f"{n}-edited.jpg", f"{n}.jpg")
        ids = {names[0]: 2 * n + 1, names[1]: 2 * n}
        levels = (f"Country {n % 10}", f"City {n % 100}", f"Landmark {n % 1000}")
        wanted = Wanted(TOP / f"{n % 400:03}", Shot(str(n), names), levels, ids)
        if n in out:
            left.append(Left(wanted, Why.APART))
        else:
            placed.append(Placed(wanted, INTO.joinpath(*levels)))
    return preview(Plan(Asked(INTO), tuple(placed), tuple(left)))


def named(shown: Preview, *levels: str) -> Branch:
    path = INTO.joinpath(*levels)
    return next(branch for branch in shown.after.branches if branch.path == path)


@pytest.fixture
def model() -> Iterator[FolderModel]:
    parent = QObject()
    yield FolderModel("After", parent, after=True)
    parent.deleteLater()


def test_a_tree_of_20_000_photos_is_rows_of_folders(model: FolderModel, qtbot: QtBot) -> None:
    shown = many(10_000)
    assert len(shown.item_of) == 20_000
    model.show(shown.after)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert len(model.branches) == 1 + 10 + 100 + 1000
    tree = FolderTree(model, "Folders after")
    qtbot.addWidget(tree)
    tree.resize(400, 600)
    tree.show()
    tree.show_tree(shown.after)
    top = model.index(0, 0)
    assert [model.index(0, n).data() for n in range(3)] == ["Sorted", "20,000", ""]
    assert tree.isExpanded(top), "the outermost folder is open"
    assert not tree.isExpanded(model.index(0, 0, top)), "of so many, the others are not"
    city = named(shown, "Country 3", "City 13")
    tree.expand(model.index_of(named(shown, "Country 3")))
    tree.choose(city)
    tree.show_tree(many(10_000, out=frozenset({13})).after)
    assert tree.current is not None
    assert tree.current.path == city.path, "the folder at hand stays that"
    assert tree.isExpanded(model.index_of(named(shown, "Country 3")))
    assert model.index_of(tree.current, 2).data() == "2 out"
    assert model.data(model.index_of(tree.current), CHECK) == Qt.CheckState.PartiallyChecked


def test_a_box_is_ticked_at_once(model: FolderModel, qtbot: QtBot) -> None:
    shown = many(20)
    model.show(shown.after)
    country = named(shown, "Country 3")
    with qtbot.waitSignal(model.ticked) as told:
        model.setData(model.index_of(country), Qt.CheckState.Unchecked, CHECK)
    assert told.args == [country, False]
    model.tick(country, goes=False)
    states = {b.name: model.data(model.index_of(b), CHECK) for b in model.branches}
    assert states["Country 3"] == states["City 13"] == Qt.CheckState.Unchecked
    assert states["Sorted"] == Qt.CheckState.PartiallyChecked
    assert states["Country 4"] == Qt.CheckState.Checked
    for branch in country.children:
        model.tick(branch, goes=True)
    assert model.data(model.index_of(country), CHECK) == Qt.CheckState.Checked


def test_folders_say_what_becomes_of_them(model: FolderModel) -> None:
    shown = many(1, out=frozenset())
    model.show(shown.after)
    assert model.said(shown.after.tops[0]) == "2 photos come here"
    one = shown.after.tops[0]
    one.goes, one.stays, one.out = 1, 1, 3
    assert model.said(one) == "1 photo comes here, 1 is here already, 3 taken out"
    before = FolderModel("Before", model, after=False)
    assert before.said(one) == "1 photo goes, 1 stays, 3 taken out"
    one.goes, one.stays, one.out = 0, 2, 0
    assert before.said(one) == "0 photos go, 2 stay"


def test_photos_and_folders_are_dropped_on_folders(model: FolderModel, qtbot: QtBot) -> None:
    shown = many(20)
    model.show(shown.after)
    one, other = named(shown, "Country 1"), named(shown, "Country 2")
    photos = QMimeData()
    photos.setData(PHOTOS, b"[4, 5]")
    assert ids_in(photos) == [4, 5]
    with qtbot.waitSignal(model.photos_dropped) as told:
        assert model.dropMimeData(photos, MOVE, -1, -1, model.index_of(other))
    assert told.args == [[4, 5], other]
    folder = model.mimeData([model.index_of(one)])
    with qtbot.waitSignal(model.branch_dropped) as told:
        assert model.dropMimeData(folder, MOVE, -1, -1, model.index_of(other))
    assert told.args == [one, other]
    for nonsense in (one, one.children[0], shown.after.tops[0]):
        assert not model.canDropMimeData(folder, MOVE, -1, -1, model.index_of(nonsense))
    assert not model.canDropMimeData(photos, MOVE, -1, -1, QModelIndex())
    assert not model.canDropMimeData(QMimeData(), MOVE, -1, -1, model.index_of(one))


def test_nothing_is_dropped_on_the_folders_of_before(qtbot: QtBot) -> None:
    parent = QObject()
    model, shown = FolderModel("Before", parent, after=False), many(20)
    model.show(shown.before)
    photos = QMimeData()
    photos.setData(PHOTOS, b"[4]")
    assert not model.dropMimeData(photos, MOVE, -1, -1, model.index(0, 0))
    assert not model.flags(model.index(0, 0)) & Qt.ItemFlag.ItemIsDropEnabled


def test_shots_stay_whole() -> None:
    shown, choices = many(20), Choices()
    choices.take_out([8], shown)
    assert choices.apart == {8, 9}
    choices.send([9, 11], shown, ("Best",))
    assert choices.apart == set()
    assert choices.instead == dict.fromkeys((8, 9, 10, 11), ("Best",))
    assert choices.said == "4 sent elsewhere"
    choices.take_back([8], shown)
    assert set(choices.instead) == {10, 11}
    choices.send_branch(named(shown, "Country 3"), shown, ("World", "Three"))
    assert choices.instead[6] == ("World", "Three", "City 3", "Landmark 3")
    choices.reset()
    assert choices.said == ""


@pytest.mark.parametrize(
    ("text", "at", "token", "becomes"),
    [
        ("", 0, "city", "{city}"),
        ("{country}", 9, "city", "{country}/{city}"),
        ("{country}/", 10, "city", "{country}/{city}"),
        ("{country}", 0, "city", "{city}/{country}"),
        ("Trip ", 5, "year", "Trip {year}"),
        ("{landmark}", 9, "city", "{landmark|city}"),
        ("{landmark}", 1, "city", "{city|landmark}"),
        ("{landmark|}", 10, "city", "{landmark|city}"),
        ("{", 1, "city", "{city"),
    ],
)
def test_tokens_come_in_where_they_fit(text: str, at: int, token: str, becomes: str) -> None:
    assert f"{text[:at]}{insertion(text, at, token)}{text[at:]}" == becomes


def test_what_is_wrong_ends_with_its_word() -> None:
    assert wrong_until("{citty}/x", 1) == 6
    assert wrong_until("a/{city", 2) == 7
    assert wrong_until("a}b", 1) == 2


def test_typed_folders_are_made_fit() -> None:
    assert levels_of_text(" France / Paris: by night. /./CON") == (
        "France", "Paris- by night", "CON_",
    )  # fmt: skip
    assert levels_of_text("/") == ()


@pytest.mark.parametrize(("typed", "folder"), [
    ("", None), ("   ", None), ("Sorted", None), ("./Sorted", None), ("~nobody-of-that-name", None),
    ("~", Path.home()), (" ~/Sorted ", Path.home() / "Sorted"), ("/a/b/", Path("/a/b")),
    ("/pasted\0from/a script", None),
])  # fmt: skip
def test_a_folder_is_a_whole_path(typed: str, folder: Path | None) -> None:
    assert Wish(typed, "{city}", Mode.MOVE, Which.ACCEPTED, local=False).folder == folder
