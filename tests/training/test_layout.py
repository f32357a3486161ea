"""Photo sets as people have them: folders, parts, zips good and bad; names kept whole."""

from __future__ import annotations

import os
import sys
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from training.layout import DataError, DataSet, Sample, labelled, read, unlabelled

LINUX = sys.platform == "linux"


def tree(root: Path, files: Iterable[str]) -> Path:
    """Write a file for each path; one that ends in a slash is an empty folder."""
    root.mkdir(parents=True, exist_ok=True)
    for name in files:
        path = root / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(name.encode())
    return root


def zipped(path: Path, files: Iterable[str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name in files:
            archive.writestr(name, b"" if name.endswith("/") else name.encode())
    return path


def shape(data: DataSet) -> list[list[tuple[str, str | None]]]:
    """Return what a set holds, its photos by what was written into them."""
    parts = data.training, data.validation, data.test
    return [[(s.path.read_bytes().decode(), s.label) for s in part] for part in parts]


def labels(samples: Iterable[Sample]) -> list[str | None]:
    return [sample.label for sample in samples]


def test_a_folder_of_class_folders(tmp_path: Path) -> None:
    root = tree(tmp_path / "set", ["Rome/b.jpg", "Rome/2019/a.JPG", "Oslo/c.heic", "Oslo/n.txt"])
    data = read(root, tmp_path / "unpacked")
    assert data.classes == ("Oslo", "Rome")
    assert shape(data) == [[("Oslo/c.heic", "Oslo"), ("Rome/2019/a.JPG", "Rome"),
                            ("Rome/b.jpg", "Rome")], [], []]  # fmt: skip
    assert data.notices == ("1 file that is no photo was left out (.txt).",)
    assert not (tmp_path / "unpacked").exists()


@pytest.mark.parametrize("inside", ["", "landmark_images/", "a/b/"])
@pytest.mark.parametrize("names", [("train", "val", "test"), ("Train", "VALID", "Testing")])
def test_parts_are_found_at_whatever_depth(
    tmp_path: Path, inside: str, names: tuple[str, str, str]
) -> None:
    files = [f"{inside}{part}/{name}/{part}.jpg" for part in names for name in ("A", "B")]
    data = read(tree(tmp_path / "set", files), tmp_path)
    assert data.classes == ("A", "B")
    for part in (data.training, data.validation, data.test):
        assert labels(part) == ["A", "B"]
    assert data.notices == ()


def test_udacity_numbers_are_cut_off_and_keep_their_order(tmp_path: Path) -> None:
    names = [
        "00.Haleakala_National_Park",
        "01.Mount_Rainier",
        "02.Ljubljana_Castle",
        "10.Acropolis",
    ]
    files = [f"landmark_images/{p}/{n}/x.jpg" for p in ("train", "test") for n in names]
    data = read(zipped(tmp_path / "landmark_images.zip", files), tmp_path / "unpacked")
    bare = ("Haleakala_National_Park", "Mount_Rainier", "Ljubljana_Castle", "Acropolis")
    assert data.classes == bare
    assert tuple(labels(data.test)) == bare
    assert data.validation == ()


@pytest.mark.parametrize("names", [("1.A", "B"), ("1.A", "2.A"), ("1.", "2.B"), ("3", "4")])
def test_numbers_stay_where_they_are_part_of_the_name(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    data = read(tree(tmp_path / "set", [f"{name}/x.jpg" for name in names]), tmp_path)
    assert data.classes == names


def test_a_class_may_be_called_train(tmp_path: Path) -> None:
    root = tree(tmp_path / "set", ["Train/ice.jpg", "Train/old/steam.jpg", "Ship/x.jpg"])
    assert read(root, tmp_path).classes == ("Ship", "Train")


def test_what_is_odd_is_said(tmp_path: Path) -> None:
    taken = ["train/A/1.jpg", "test/A/2.jpg"]
    odd = ["train/E/", "test/B/3.jpg", "test/B/4.jpg", "misc/x.jpg", "train/loose.jpg", "read.me"]
    odd += ["train/A/notes.txt"]
    hidden = ["train/.ipynb_checkpoints/c.jpg", "__MACOSX/train/A/._1.jpg", "train/A/Thumbs.db"]
    files = taken + odd + hidden
    data = read(tree(tmp_path / "set", files), tmp_path)
    assert shape(data) == [[("train/A/1.jpg", "A")], [], [("test/A/2.jpg", "A")]]
    assert sorted(data.notices) == [
        "1 class folder holds no photos and was left out: train/E.",
        "1 photo lies in no class folder and was left out.",
        "2 files that are no photos were left out (.me, .txt).",
        "Left out beside train: misc.",
        "There are no training photos of B, so 2 photos were left out of validation and test.",
    ]


@pytest.mark.skipif(not LINUX, reason="other file systems may take these names for one")
def test_names_that_look_alike(tmp_path: Path) -> None:
    composed, decomposed = (
        unicodedata.normalize("NFC", "Café"),
        unicodedata.normalize("NFD", "Café"),
    )
    files = [f"{composed}/1.jpg", f"{decomposed}/2.jpg", "eiffel/1.jpg", "Eiffel/1.jpg"]
    data = read(tree(tmp_path / "set", files), tmp_path)
    assert data.classes == (composed, "Eiffel", "eiffel")
    assert labels(data.training) == [composed, composed, "Eiffel", "eiffel"]
    assert any("2 folders look alike" in notice for notice in data.notices)
    assert any("Eiffel, eiffel differ in capital letters" in notice for notice in data.notices)


@pytest.mark.skipif(not LINUX, reason="links need a privilege on Windows")
@pytest.mark.timeout(20)
def test_links_are_followed_but_not_in_circles(tmp_path: Path) -> None:
    root = tree(tmp_path / "set", ["A/1.jpg", "B/2.jpg"])
    elsewhere = tree(tmp_path / "elsewhere", ["3.jpg"])
    (root / "C").symlink_to(elsewhere)
    (root / "A" / "up").symlink_to(root)
    (root / "A" / "self").symlink_to(root / "A")
    (root / "D").symlink_to(root)
    (root / "B" / "dead.jpg").symlink_to(tmp_path / "nowhere.jpg")
    (root / "B" / "circle.jpg").symlink_to(root / "B" / "circle.jpg")
    data = read(root, tmp_path)
    assert shape(data)[0] == [("A/1.jpg", "A"), ("B/2.jpg", "B"), ("3.jpg", "C")]
    assert "2 links lead nowhere: circle.jpg, dead.jpg." in data.notices
    assert "1 class folder holds no photos and was left out: D." in data.notices


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (["a.jpg", "b.jpg"], "has photos directly in it"),
        (["train/a.jpg", "test/b.jpg"], "are not sorted into class folders"),
        (["train/a.jpg", "test/b.jpg", "more/c.jpg"], "are not sorted into class folders"),
        (["test/A/b.jpg", "val/A/c.jpg"], "no folder train"),
        (["x/train/A/1.jpg", "y/train/A/1.jpg"], "several photo sets: x, y"),
        ([], "holds no photos"),
        (["A/", "B/readme.txt"], "holds no photo that is labelled"),
    ],
)
def test_no_photo_set(tmp_path: Path, files: list[str], says: str) -> None:
    with pytest.raises(DataError, match=says):
        read(tree(tmp_path / "set", files), tmp_path)
    with pytest.raises(DataError, match=says):
        read(zipped(tmp_path / "set.zip", files), tmp_path / "unpacked")


def test_no_such_thing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="There is no folder"):
        read(tmp_path / "missing", tmp_path)
    with pytest.raises(DataError, match="neither a folder"):
        read(tree(tmp_path, ["set.rar"]) / "set.rar", tmp_path)
    with pytest.raises(DataError, match="cannot be read"):
        read(tmp_path / ("x" * 5000), tmp_path)


def test_photos_as_the_trainer_takes_them(tmp_path: Path) -> None:
    root = tree(tmp_path, ["b/2.jpg", "a/1.jpg", "a/in/3.png", "a/.hidden/4.jpg", "c.jpg"])
    assert labelled(root) == [
        Sample(root / "a" / "1.jpg", "a"),
        Sample(root / "a" / "in" / "3.png", "a"),
        Sample(root / "b" / "2.jpg", "b"),
    ]
    below = ["a/1.jpg", "a/in/3.png", "b/2.jpg", "c.jpg"]
    assert unlabelled([root]) == [Sample(root / name, None) for name in below]
    assert unlabelled([root / "missing"]) == []


# No name ends in a dot or a space, and no two differ in case alone: Windows would merge them.
NAMES = st.text("abé日😀1. _-", min_size=1, max_size=8).filter(
    lambda name: not name.startswith(".") and name[-1] not in ". "
)
PARTS = st.sampled_from([("",), ("train/",), ("train/", "test/"), ("in/Train/", "in/val/")])
CLASSES = st.dictionaries(NAMES, st.lists(NAMES, max_size=3, unique=True), min_size=1, max_size=4)


@st.composite
def trees(choose: st.DrawFn) -> list[str]:
    parts, classes = choose(PARTS), choose(CLASSES)
    folders = [(f"{part}{name}/", photos) for part in parts for name, photos in classes.items()]
    return [
        f for folder, photos in folders for f in (folder, *(f"{folder}{p}.jpg" for p in photos))
    ]


@given(trees())
@settings(max_examples=40, deadline=None)
@example(["train/00.A/1.jpg", "train/01.B/2.jpg", "test/00.A/3.jpg", "x.txt", "train/01.B/b.md"])
def test_a_zip_is_read_as_the_folder_in_it(
    tmp_path_factory: pytest.TempPathFactory, files: list[str]
) -> None:
    place = tmp_path_factory.mktemp("both")
    try:
        folder: object = read(tree(place / "set", files), place)
    except DataError as error:
        folder = str(error)
    try:
        unzipped: object = read(zipped(place / "set.zip", files), place / "unpacked")
    except DataError as error:
        unzipped = str(error).replace("set.zip", "set")
    if isinstance(folder, DataSet) and isinstance(unzipped, DataSet):
        assert unzipped.classes == folder.classes
        assert shape(unzipped) == shape(folder)
        assert unzipped.notices == folder.notices
    else:
        assert unzipped == folder


def test_a_zip_is_unpacked_once(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "set.zip", ["A/1.jpg", "B/2.jpg", "B/read.me"])
    first = read(archive, tmp_path / "unpacked")
    written = (tmp_path / "unpacked").stat().st_mtime_ns
    assert read(archive, tmp_path / "unpacked") == first
    assert (tmp_path / "unpacked").stat().st_mtime_ns == written  # no temporary folder either
    assert len(first.notices) == 1
    assert len(list((tmp_path / "unpacked").iterdir())) == 1
    zipped(archive, ["A/1.jpg", "B/3.jpg"])
    assert len(shape(read(archive, tmp_path / "unpacked"))[0]) == 2
    assert len(list((tmp_path / "unpacked").iterdir())) == 2


def test_members_never_leave_the_folder(tmp_path: Path) -> None:
    bad = ["../up.jpg", "A/../../up.jpg", "/abs.jpg", "C:/drive.jpg", "..\\back.jpg", "C:\\d.jpg"]
    archive = zipped(tmp_path / "set.zip", ["A/1.jpg", "B\\2.jpg", *bad])
    data = read(archive, tmp_path / "deep" / "unpacked")
    assert data.classes == ("A", "B")
    assert any(notice.startswith("6 files were refused") for notice in data.notices)
    assert not list(tmp_path.rglob("*up.jpg"))
    assert not Path("/abs.jpg").exists()
    assert len(list(tmp_path.rglob("*.jpg"))) == 2


def test_a_damaged_zip_leaves_nothing_behind(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "set.zip", ["A/1.jpg", "B/2.jpg"])
    whole = archive.read_bytes()
    archive.write_bytes(whole.replace(b"B/2.jpg", b"B/2.jpG", 2).replace(b"B/2.jpG", b"B/2.jpg", 1))
    with pytest.raises(DataError, match="damaged"):
        read(archive, tmp_path / "unpacked")
    assert not list((tmp_path / "unpacked").iterdir())
    for content in (b"", whole[:-30], b"no zip at all"):
        archive.write_bytes(content)
        with pytest.raises(DataError, match=r"no zip archive, or it is damaged"):
            read(archive, tmp_path / "unpacked")


@given(st.integers(0, 10_000), st.integers(1, 255))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_flipped_byte_is_a_set_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, place: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    archive = zipped(folder / "set.zip", ["train/A/1.jpg", "train/é/2.jpg", "test/A/3.jpg"])
    content = bytearray(archive.read_bytes())
    assume(place < len(content))
    content[place] ^= flip
    archive.write_bytes(content)
    try:
        data = read(archive, folder / "unpacked")
    except DataError as error:
        assert str(error).endswith(".")  # noqa: PT017
    else:
        assert data.training


def test_a_locked_zip(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "set.zip", ["A/1.jpg"])
    content = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + offset] |= 1
    archive.write_bytes(content)
    with pytest.raises(DataError, match="locked with a password"):
        read(archive, tmp_path / "unpacked")


def test_a_zip_that_does_not_fit_on_the_disk(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as archive:
        archive.writestr("A/1.jpg", b"small")
        archive.infolist()[0].file_size = 10**18
    with pytest.raises(DataError, match=r"take 1,000,000,000\.0 GB, but only .* are free"):
        read(tmp_path / "bomb.zip", tmp_path / "unpacked")
    assert not list((tmp_path / "unpacked").iterdir())


def test_leftovers_of_a_killed_extraction_are_not_taken_for_a_set(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "set.zip", ["A/1.jpg", "B/2.jpg"])
    name = (
        read(archive, tmp_path / "other").training[0].path.relative_to(tmp_path / "other").parts[0]
    )
    half = tree(tmp_path / "unpacked" / f".{name}-half", ["A/1.jpg"])
    os.utime(half, (0, 0))
    assert len(read(archive, tmp_path / "unpacked").training) == 2
    assert not half.exists()


def test_names_in_old_encodings(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        for name in ("caf__/1.jpg", "other/par_s.jpg", "other/x.jpg"):
            archive.writestr(name, b"")
    content = (tmp_path / "set.zip").read_bytes()
    content = content.replace(b"caf__", "café".encode()).replace(b"par_s", b"par\xe9s")
    (tmp_path / "set.zip").write_bytes(content)
    data = read(tmp_path / "set.zip", tmp_path / "unpacked")
    assert data.classes == ("café", "other")
    assert len(data.training) == 3
    assert any("1 photo has a name in an unknown" in notice for notice in data.notices)


def test_names_that_the_disk_cannot_hold(tmp_path: Path) -> None:
    long = "x" * 300
    files = [
        "A/1.jpg",
        f"A/{long}.jpg",
        f"{long}/2.jpg",
        "B/" + "y/" * 3000 + "3.jpg",
        "A/1.jpg/4.jpg",
    ]
    data = read(zipped(tmp_path / "set.zip", files), tmp_path / "unpacked")
    assert len(data.training) == 1
    assert any("cannot store the name" in notice and "xxx" in notice for notice in data.notices)
    assert all(len(notice) < 600 for notice in data.notices)


def test_real_photos(data: Path, tmp_path: Path) -> None:
    found = read(data / "landmarks", tmp_path)
    assert len(found.classes) == 66
    assert found.notices == ()
    with pytest.raises(DataError, match="several photo sets"):
        read(data, tmp_path)
