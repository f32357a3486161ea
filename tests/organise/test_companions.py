"""Which files stay together."""

from __future__ import annotations

import pytest

from landmark_desktop.organise.companions import renamed, shots


def _groups(names: str, photos: str) -> list[tuple[str, ...]]:
    return [shot.names for shot in shots(names.split(), photos.split())]


@pytest.mark.parametrize(
    "companions",
    [
        "IMG_1.jpg.xmp", "IMG_1.xmp", "IMG_1.XMP", "IMG_1.cr2 IMG_1.CR2.xmp", "IMG_1.MOV",
        "IMG_1.aae", "IMG_1.wav", "IMG_1.jpg.json", "IMG_1.jpg.supplemental-metadata.json",
        "IMG_1.cr2 IMG_1.cr2.pp3", "IMG_1-edited.jpg", "IMG_1-Edit.tif IMG_1-Edit-2.tif",
        "IMG_1~2.jpg", "IMG_1_v1.jpg", "IMG_1-edited.jpg IMG_1-edited.jpg.xmp",
        "IMG_1.cr2 IMG_1_01.cr2.xmp", "IMG_1.heic",
    ],
)  # fmt: skip
def test_companions_stay_with_their_photo(companions: str) -> None:
    names = f"IMG_1.jpg {companions}"
    photos = " ".join(n for n in names.split() if n.endswith((".jpg", ".tif", ".heic")))
    (group,) = _groups(f"{names} IMG_2.jpg IMG_11.jpg notes.txt", photos)
    assert group == tuple(sorted(names.split()))


def test_apples_edits_stay_with_their_photo() -> None:
    names = "IMG_1234.HEIC IMG_E1234.HEIC IMG_O1234.AAE IMG_1234.MOV"
    assert len(_groups(names, "IMG_1234.HEIC IMG_E1234.HEIC")) == 1


@pytest.mark.parametrize(
    "other",
    ["IMG_12.jpg", "IMG_1.txt", "IMG_1.pdf", "IMG_10.jpg.xmp", ".IMG_1.jpg", "IMG_1_02.jpg",
     "IMG_1b.mov", "other.xmp"],
)  # fmt: skip
def test_what_belongs_to_nothing_stays(other: str) -> None:
    assert _groups(f"IMG_1.jpg {other}", "IMG_1.jpg") == [("IMG_1.jpg",)]


def test_an_edit_whose_photo_is_elsewhere_goes_alone() -> None:
    assert _groups("IMG_1-edited.jpg IMG_1-edited.xmp", "IMG_1-edited.jpg") == [
        ("IMG_1-edited.jpg", "IMG_1-edited.xmp")
    ]


def test_a_raw_file_goes_with_the_photo_that_the_library_knows() -> None:
    (shot,) = shots(["A.ARW", "A.JPG", "A.xmp", "B.ARW"], ["A.JPG"])
    assert shot.names == ("A.ARW", "A.JPG", "A.xmp")
    assert shot.stem == "A"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("IMG_1.jpg", "IMG_1 (2).jpg"), ("IMG_1.jpg.xmp", "IMG_1 (2).jpg.xmp"),
        ("img_1.xmp", "img_1 (2).xmp"), ("IMG_1-edited.jpg", "IMG_1 (2)-edited.jpg"),
        ("IMG_E1.jpg", "IMG_E1 (2).jpg"),
    ],
)  # fmt: skip
def test_a_number_keeps_a_shot_together(name: str, expected: str) -> None:
    assert renamed(name, "IMG_1", 1) == name
    assert renamed(name, "IMG_1", 2) == expected


def test_a_numbered_shot_is_one_shot_again() -> None:
    names = ["IMG_1.jpg", "IMG_1.jpg.xmp", "IMG_1-edited.jpg", "IMG_1.mov"]
    again = [renamed(name, "IMG_1", 3) for name in names]
    (shot,) = shots(again, [again[0], again[2]])
    assert shot.names == tuple(sorted(again))
