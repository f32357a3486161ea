"""What a plan comes to, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from landmark_desktop.actions.organise_words import Remark, besides, deed, megabytes, remarks
from landmark_desktop.organise.companions import Shot
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.wanted import Asked, Left, Mode, Placed, Wanted, Why

INTO = Path("/photos/Sorted")


def shot(number: int, *, sidecar: bool = False) -> Wanted:
    name = f"{number}.jpg"
    names = (name, f"{name}.xmp") if sidecar else (name,)
    return Wanted(Path("/photos"), Shot(str(number), names), ("Paris",), {name: number})


def test_the_deed_names_photos_files_and_folders() -> None:
    def said(count: int, mode: Mode = Mode.MOVE, *, sidecar: bool = False) -> str:
        placed = tuple(Placed(shot(n, sidecar=sidecar), INTO / str(n % 2)) for n in range(count))
        return deed(Plan(Asked(INTO, mode), placed))

    assert said(1) == "Move 1 photo into 1 folder"
    assert said(1200, Mode.COPY) == "Copy 1,200 photos into 2 folders"
    assert said(2, Mode.LINK, sidecar=True) == "Link 2 photos (4 files) into 2 folders"
    assert said(0) == "Nothing to move"


def test_what_happens_to_folders() -> None:
    plan = Plan(Asked(INTO), made=(INTO,), emptied=((Path("/a"), 0o755), (Path("/b"), 0o755)))
    assert besides(plan) == "1 new folder · 2 emptied folders will be removed"
    assert besides(Plan(Asked(INTO))) == ""


def test_remarks_say_what_stays_and_why_the_most_serious_first() -> None:
    plan = Plan(
        Asked(INTO), placed=(Placed(shot(1), INTO, 2),),
        left=(
            Left(shot(2), Why.THERE), Left(shot(3), Why.SAME, "/x is the same."),
            Left(shot(4), Why.GONE, "/photos/4.jpg is not there any more."),
            Left(shot(5), Why.THERE),
        ),
        short={INTO: 5_000_000}, spelled={INTO / "PARIS": "Paris"},
    )  # fmt: skip
    found = remarks(plan)
    assert [each.serious for each in found] == [True, True, False, False, False, False]
    assert found[0].text.startswith("5 MB are missing on the disk of ")
    assert found[1].text == (
        "1 photo stays: the file is gone. /photos/4.jpg is not there any more. "
        "Import the folder again to find where they went."
    )
    assert found[3] == Remark("2 photos are in the right folder already.", Why.THERE)
    assert found[4].text.startswith("1 photo takes a number into the name")
    assert "“Paris” goes into" in found[5].text


def test_every_reason_is_told() -> None:
    for why in Why:
        (one,) = remarks(Plan(Asked(INTO), left=(Left(shot(1), why),)))
        (two,) = remarks(Plan(Asked(INTO), left=(Left(shot(1), why), Left(shot(2), why, "Ah."))))
        assert one.why is two.why is why
        assert one.text.startswith("1 photo ")
        assert two.text.startswith("2 photos ")


@pytest.mark.parametrize(
    ("size", "said"), [(1, "1 MB"), (999_999, "1 MB"), (1_000_001, "2 MB"), (5 * 10**9, "5,000 MB")]
)
def test_what_is_missing_is_never_nothing(size: int, said: str) -> None:
    assert megabytes(size) == said
