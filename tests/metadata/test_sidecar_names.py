"""Which sidecar belongs to which photo."""

from __future__ import annotations

from pathlib import Path

import pytest
from samples import draw

from landmark_desktop.metadata.sidecar import Naming, habit, new_sidecar, sidecars

FULL, STEM = Naming.FULL, Naming.STEM


def named(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).touch()


@pytest.mark.parametrize(
    ("names", "photo", "found"),
    [
        (["a.jpg", "a.jpg.xmp"], "a.jpg", ["a.jpg.xmp"]),
        (["a.jpg", "a.xmp"], "a.jpg", ["a.xmp"]),
        (["a.JPG", "a.XMP"], "a.JPG", ["a.XMP"]),
        (["a.jpg", "a.cr2", "a.xmp"], "a.jpg", []),  # the RAW file's
        (["a.jpg", "a.CR2", "a.xmp", "a.jpg.xmp"], "a.jpg", ["a.jpg.xmp"]),
        (["a.jpg", "a.heic", "a.xmp"], "a.jpg", []),  # nobody knows whose
        (["a.b.jpg", "a.xmp", "a.b.xmp"], "a.b.jpg", ["a.b.xmp"]),
        (["a.jpg", "b.xmp"], "a.jpg", []),
        # Two photos where case counts in names: each has its own, and what is nobody's is left.
        (["a.jpg", "A.JPG", "a.jpg.xmp"], "a.jpg", ["a.jpg.xmp"]),
        (["a.jpg", "A.JPG", "a.jpg.xmp"], "A.JPG", []),
        (["a.jpg", "A.JPG", "a.JPG.XMP"], "a.jpg", []),
        (["a.jpg", "A.JPG", "a.xmp"], "a.jpg", []),
        (["a.jpg", "a.JPG.XMP", "a.jpg.xmp"], "a.jpg", ["a.jpg.xmp"]),
    ],
)
def test_a_photos_sidecar(tmp_path: Path, names: list[str], photo: str, found: list[str]) -> None:
    named(tmp_path, *names)
    assert [path.name for path in sidecars(tmp_path / photo)] == found
    assert [path.name for path in sidecars(tmp_path / photo, names)] == found


def test_of_two_the_newer_is_first(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    named(tmp_path, "a.jpg.xmp", "a.xmp")
    import os

    os.utime(tmp_path / "a.jpg.xmp", (1, 1))
    assert [path.name for path in sidecars(photo)] == ["a.xmp", "a.jpg.xmp"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], None),
        (["a.jpg"], None),
        (["a.jpg", "a.jpg.xmp"], FULL),
        (["a.jpg", "a.xmp", "b.jpg", "b.xmp", "b.jpg.xmp"], STEM),
        (["a.jpg", "a.nef", "a.xmp"], None),
        (["a.jpg", "a.xmp", "b.jpg", "b.jpg.xmp"], FULL),
    ],
)
def test_a_folders_habit(names: list[str], expected: Naming | None) -> None:
    assert habit(names) is expected


def test_a_new_sidecars_name() -> None:
    photo = Path("folder/a.jpg")
    assert new_sidecar(photo, FULL, ["a.jpg"]) == Path("folder/a.jpg.xmp")
    assert new_sidecar(photo, STEM, ["a.jpg"]) == Path("folder/a.xmp")
    assert new_sidecar(photo, FULL, ["a.jpg", "b.jpg", "b.xmp"]) == Path("folder/a.xmp")
    follows_not = new_sidecar(photo, FULL, ["a.jpg", "b.jpg", "b.xmp"], follow=False)
    assert follows_not == Path("folder/a.jpg.xmp")
    assert new_sidecar(photo, STEM, ["a.jpg", "a.dng"]) == Path("folder/a.jpg.xmp")
    assert new_sidecar(photo, STEM, ["a.jpg", "A.JPG"]) == Path("folder/a.jpg.xmp")
