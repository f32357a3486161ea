"""The health of a photo set: each trouble is planted once and found under its own kind."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.contact_sheet import samples_picture
from training.drain import drain
from training.health import Examined, Health, inspect
from training.health_findings import Finding, about_repeats
from training.health_findings import Opened as Photo
from training.health_report import in_words
from training.layout import DataSet, Sample, read


def paint(path: Path, seed: int, size: tuple[int, int] = (160, 120), bars: int = 0) -> Path:
    """Draw a picture unlike that of any other seed, with dark bars above and below."""
    rng = np.random.default_rng(seed)
    noise = rng.integers(40, 256, (6, 6, 3), np.uint8)
    picture = Image.new("RGB", (size[0], size[1] + 2 * bars))
    picture.paste(Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC), (0, bars))
    path.parent.mkdir(parents=True, exist_ok=True)
    picture.save(path, quality=95)
    return path


def examine(data: DataSet, threads: int = 2) -> tuple[list[Examined], Health]:
    seen = list[Examined]()
    return seen, drain(inspect(data, threads), seen.append)


def of_kind(found: Health, kind: str) -> list[Finding]:
    return [finding for finding in found.findings if finding.kind == kind]


def named(finding: Finding) -> list[tuple[str, str | None]]:
    pairs = zip(finding.paths, finding.labels, strict=True)
    return [(Path(path).stem, label) for path, label in pairs]


@pytest.fixture
def ill(tmp_path: Path) -> DataSet:
    """Return a set with one of each trouble among sound photos."""
    root = tmp_path / "set"
    train, test = root / "train", root / "test"
    for seed in range(50):
        paint(train / "Many" / f"{seed:02}.jpg", seed)
    for seed in range(60, 63):
        paint(train / "Few" / f"{seed}.jpg", seed)
    (train / "Broken").mkdir()
    (train / "Broken" / "empty.jpg").write_bytes(b"")
    (train / "Many" / "text.jpg").write_text("no photo")
    shutil.copy(train / "Many" / "00.jpg", train / "Few" / "across.jpg")
    shutil.copy(train / "Many" / "01.jpg", train / "Many" / "within.jpg")
    paint(test / "Many" / "sound.jpg", 100)
    shutil.copy(train / "Many" / "02.jpg", test / "Many" / "leak.jpg")
    for source, copy in (("03", test / "Many"), ("04", train / "Few"), ("05", train / "Many")):
        picture = Image.open(train / "Many" / f"{source}.jpg")
        picture.save(copy / f"near{source}.jpg", quality=40)
    paint(train / "Many" / "tiny.jpg", 70, (90, 50))
    paint(train / "Many" / "boxed.jpg", 71, bars=20)
    paint(train / "Many" / "long.jpg", 72, (400, 100))
    (train / "Empty").mkdir()
    return read(root, tmp_path)


def test_each_trouble_is_found_and_nothing_else(ill: DataSet) -> None:
    _, found = examine(ill)
    assert [finding.kind for finding in found.findings] == [
        *("empty_class", "duplicate_across", "leak"),
        *("imbalance", "unreadable", "unreadable", "duplicate_within", "near_across", "near_leak"),
        *("untested", "tiny", "letterboxed", "extreme_aspect", "near_within", "layout"),
    ]
    expected = {
        "duplicate_across": [("across", "Few"), ("00", "Many")],
        "leak": [("02", "Many"), ("leak", "Many")],
        "duplicate_within": [("01", "Many"), ("within", "Many")],
        "near_across": [("near04", "Few"), ("04", "Many")],
        "near_leak": [("03", "Many"), ("near03", "Many")],
        "near_within": [("05", "Many"), ("near05", "Many")],
        "tiny": [("tiny", "Many")],
        "letterboxed": [("boxed", "Many")],
        "extreme_aspect": [("long", "Many")],
    }
    assert {kind: named(of_kind(found, kind)[0]) for kind in expected} == expected
    unreadable = of_kind(found, "unreadable")
    assert [named(finding) for finding in unreadable] == [[("empty", "Broken")], [("text", "Many")]]
    assert "empty.jpg cannot be used. The file is empty (0 bytes)." in unreadable[0].message
    assert of_kind(found, "empty_class")[0].labels == ("Broken",)
    assert of_kind(found, "untested")[0].labels == ("Broken", "Few")
    assert "holds no photos" in of_kind(found, "layout")[0].message


def test_numbers(ill: DataSet) -> None:
    progress, found = examine(ill)
    total = len(ill.training) + len(ill.test)
    assert progress[0] == Examined(0, total)
    assert progress[-1] == Examined(total, total)
    assert [p.done for p in progress] == sorted(p.done for p in progress)
    assert (found.photos, found.readable, found.no_class) == (total, total - 2, 0)
    assert found.imbalance == 11
    broken, few, many = found.classes
    assert (broken.training, broken.readable, broken.short_side) == (1, 0, None)
    assert (few.training, few.test, few.readable, few.short_side) == (5, 0, 5, 120)
    assert (many.training, many.test, many.readable) == (56, 3, 55)
    assert found.short_side is not None
    assert (found.short_side.least, found.short_side.median, found.short_side.greatest) == (
        50,
        120,
        160,
    )
    assert found.long_side is not None
    assert (found.long_side.least, found.long_side.upper, found.long_side.greatest) == (
        90,
        160,
        400,
    )


def test_the_number_of_threads_changes_nothing(ill: DataSet) -> None:
    assert examine(ill, 1)[1] == examine(ill, 3)[1]


def test_it_can_be_stopped(ill: DataSet) -> None:
    work = inspect(ill, 2)
    next(work)
    next(work)
    work.close()  # a thread left behind fails the test (conftest.py)


def test_health_is_plain_json(ill: DataSet) -> None:
    _, found = examine(ill)
    plain = found.as_dict()
    assert json.loads(json.dumps(plain)) == plain
    assert plain["findings"][0]["kind"] == "empty_class"
    assert plain["classes"][2]["name"] == "Many"


def test_few_photos_one_class_and_none(tmp_path: Path) -> None:
    for seed in range(3):
        paint(tmp_path / "One" / f"{seed}.jpg", seed)
    alone = read(tmp_path, tmp_path)
    _, found = examine(alone)
    assert [finding.kind for finding in found.findings] == ["few_photos", "one_class"]
    assert found.imbalance == 1
    nothing = replace(alone, classes=(), training=())
    _, found = examine(nothing)
    assert (found.photos, found.short_side, found.findings) == (0, None, ())
    assert "Nothing to complain about." in in_words(found)
    assert samples_picture(nothing).mode == "RGB"


def test_sizes_that_give_the_class_away(tmp_path: Path) -> None:
    for seed in range(4):
        paint(tmp_path / "Small" / f"{seed}.jpg", seed, (80, 80))
        paint(tmp_path / "Large" / f"{seed}.jpg", 10 + seed, (300, 250))
    _, found = examine(read(tmp_path, tmp_path))
    assert [(f.kind, f.labels) for f in found.findings] == [("uneven_sizes", ("Large", "Small"))]


def photo(name: str, label: str | None, digest: str, part: str = "training") -> Photo:
    return Photo(Path(name), label, part, None, 100, 100, digest)


@pytest.mark.parametrize(
    ("photos", "kinds"),
    [
        ([("A", "1", "training"), ("A", "1", "training")], {"duplicate_within"}),
        ([("A", "1", "training"), (None, "1", "training")], {"duplicate_across"}),
        ([("A", "1", "training"), ("B", "1", "test")], {"duplicate_across", "leak"}),
        ([("A", "1", "training"), ("A", "2", "validation")], {"near_leak"}),
        ([("A", "1", "training"), ("B", "2", "test")], {"near_across", "near_leak"}),
        (
            [("A", "1", "training"), ("A", "1", "training"), ("A", "2", "training")],
            {"duplicate_within", "near_within"},
        ),
    ],
)
def test_repeats(photos: list[tuple[str | None, str, str]], kinds: set[str]) -> None:
    group = [photo(f"{i}.jpg", label, d, part) for i, (label, d, part) in enumerate(photos)]
    other = photo("other.jpg", "C", "9", "test")
    found = about_repeats([*group, other], [0] * len(group) + [1])
    assert {finding.kind for finding in found} == kinds
    assert all(len(finding.paths) == len(finding.labels) > 1 for finding in found)


def test_the_report_names_everything_and_cuts_long_lists(ill: DataSet) -> None:
    _, found = examine(ill)
    text = in_words(found)
    for line in (
        "65 photos in 3 classes; 63 can be read.",
        "Few         5      0  ██",
        "The same photo is in 2 classes: Few, Many.",
        f"      {Path('train') / 'Few' / 'across.jpg'}",
        "text.jpg cannot be used. This is a text file, not a photo",
    ):
        assert line in text
    assert str(ill.source / "train") not in text
    many = Finding("tiny", "note", "Many.", tuple(f"/x/{i}.jpg" for i in range(60)), (None,) * 60)
    more = in_words(replace(found, findings=(many,) * 30))
    assert "      and 56 more\n" in more
    assert "    and 20 more of this kind\n" in more
    assert len(more.splitlines()) < 100


NAMES = ("Sacré_Cœur", "東京タワー", "برج", "🗼", "two\nlines", "bad \udcff byte", "long " * 60)


def test_any_name_can_be_shown(tmp_path: Path) -> None:
    path = paint(tmp_path / "a.jpg", 1)
    samples = tuple(Sample(path, name) for name in (*NAMES, None))
    data = DataSet(tmp_path / "\udcff", NAMES, samples, (), (), ("A notice.",))
    sheet = samples_picture(data, per_class=2, tile=48)
    assert np.asarray(sheet).std() > 5
    _, found = examine(data)
    text = in_words(found)
    text.encode("utf-8")
    assert max(map(len, text.splitlines()[:20])) < 110
    assert "東京タワー" in text
    json.dumps(found.as_dict())


def test_the_contact_sheet_shows_each_class(tmp_path: Path) -> None:
    for number in range(9):
        colour = (20 * number, 255 - 20 * number, 90)
        folder = tmp_path / f"c{number}"
        folder.mkdir()
        (folder / "0.jpg").write_bytes(b"broken")
        for place in range(1, 4):
            Image.new("RGB", (80, 60), colour).save(folder / f"{place}.png")
    sheet = samples_picture(read(tmp_path, tmp_path), per_class=3, tile=40)
    pixels = np.asarray(sheet).reshape(-1, 3)
    for number in range(9):  # the broken photo is passed over, and three tiles remain
        colour = np.array((20 * number, 255 - 20 * number, 90))
        assert (pixels == colour).all(1).sum() == 3 * 40 * 40
    assert 0.5 < sheet.width / sheet.height < 3
