"""A plan as two trees: every photo is counted once on each side, in whatever shape they lie."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop.organise.companions import Shot
from landmark_desktop.organise.plan import plan
from landmark_desktop.organise.preview import Branch, Mark, Preview, preview
from landmark_desktop.organise.seen import Entry, Folder, Seen
from landmark_desktop.organise.wanted import Asked, Mode, Wanted, Why

TOP, INTO = Path("/photos"), Path("/photos/Sorted")
_NAMES = st.sampled_from(["a", "b", "C", "Paris"])
_PATHS = st.lists(_NAMES, max_size=3).map(tuple)


def seen_with(wanted: list[Wanted]) -> Seen:
    """Return disks with these files and nothing else."""
    folders: dict[Path, dict[str, Entry]] = {TOP: {}, TOP.parent: {}}
    for each in wanted:
        for path in (each.folder, *each.folder.parents):
            folders.setdefault(path, {})
        for name in each.shot.names:
            folders[each.folder][name] = Entry(name, "file", 1, 1)
    for path in list(folders):
        if path != path.parent:
            folders[path.parent][path.name] = Entry(path.name, "folder")
    known: dict[Path, Folder | None] = {
        path: Folder(path, str(path), entries, 1, writable=True)
        for path, entries in folders.items()
    }
    for each in wanted:
        for depth in range(len(each.levels) + 1):
            known.setdefault(INTO.joinpath(*each.levels[:depth]), None)
    known.setdefault(INTO, None)
    return Seen(known, {1: 10**12})


def planned(shots: list[tuple[tuple[str, ...], tuple[str, ...], bool]]) -> Preview:
    """Return the preview of one photo for each (where it lies, where it goes, taken out)."""
    wanted = [
        Wanted(TOP.joinpath(*at), Shot(f"{n:03}", (f"{n:03}.jpg",)), to, {f"{n:03}.jpg": n}, out)
        for n, (at, to, out) in enumerate(shots)
    ]
    return preview(plan(wanted, seen_with(wanted), Asked(INTO, Mode.MOVE, frozenset({TOP}))))


def whole(tops: tuple[Branch, ...], what: str) -> int:
    """Return a number of the outermost folders, summed up."""
    return sum(getattr(top, what) for top in tops)


@given(st.lists(st.tuples(_PATHS, _PATHS.filter(bool), st.booleans()), max_size=20))
def test_every_photo_is_counted_once(
    shots: list[tuple[tuple[str, ...], tuple[str, ...], bool]],
) -> None:
    shown = planned(shots)
    going = [item for item in shown.items if item.why is None]
    out = [item for item in shown.items if item.why is Why.APART]
    assert len(shown.items) == len(shots) == len(shown.item_of)
    before, after = shown.before.tops, shown.after.tops
    assert whole(before, "goes") == whole(after, "goes") == len(going)
    assert whole(before, "out") == whole(after, "out") == len(out)
    assert whole(before, "goes") + whole(before, "out") + whole(before, "stays") == len(shots)
    for tree in (shown.before, shown.after):
        for number, branch in enumerate(tree.branches):
            assert branch.number == number
            assert [child.place for child in branch.children] == [*range(len(branch.children))]
            assert len(shown.photos(branch)) == branch.goes + branch.out + branch.stays
            assert all(child.parent is branch for child in branch.children)


def test_new_and_emptied_folders_are_marked() -> None:
    shown = planned([(("old",), ("France", "Paris"), False), (("old",), ("Italy",), False),
                     (("more",), ("Italy",), True)])  # fmt: skip
    (before,) = shown.before.tops
    assert (before.path, before.name) == (TOP, "photos")
    assert [(b.name, b.mark, b.goes, b.out) for b in before.children] == [
        ("more", Mark.NONE, 0, 1), ("old", Mark.EMPTIED, 2, 0),
    ]  # fmt: skip
    (after,) = shown.after.tops
    assert (after.name, after.mark, after.goes, after.out) == ("Sorted", Mark.NEW, 2, 1)
    france, italy = after.children
    assert [b.name for b in france.below()] == ["France", "Paris"]
    assert [b.name for b in france.children[0].above()] == ["France", "Sorted"]
    assert (italy.goes, italy.out) == (1, 1)
    assert shown.left(Why.APART) == [2]


def test_photos_in_their_place_are_in_both_trees() -> None:
    shown = planned([(("Sorted", "Italy"), ("Italy",), False), (("x",), ("Italy",), False)])
    (after,) = shown.after.tops
    assert (after.goes, after.stays) == (1, 1)
    assert [(b.name, b.mark) for b in after.children] == [("Italy", Mark.NONE)]


def test_folders_around_that_hold_nothing_else_are_left_out() -> None:
    shown = planned([(("a", "b", "C"), ("Italy",), False)])
    assert [top.path for top in shown.before.tops] == [TOP / "a" / "b" / "C"]
    assert planned([]).after.tops == ()
