"""Real files: sidecars and photos written, looked at first, taken back; and all that stops it."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest
from samples import draw

from landmark_desktop import atomic
from landmark_desktop.metadata.described import METHOD_GUESS, Described, Place, Position
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.metadata.replace_file import clean_leftovers
from landmark_desktop.metadata.troubles import MetadataError, Trouble
from landmark_desktop.metadata.want import Want
from landmark_desktop.metadata.write import apply, plan, restore

TOWER = ("Places", "France", "Paris", "Eiffel Tower")
SAID = Described(
    (TOWER, ("tower",)),
    Place("Eiffel Tower", "", "Paris", "Île-de-France", "France", "FRA", "Europe", ("urn:x",),
          True),
    Place(city="Paris"),
    Position(48.8584, 2.2945, METHOD_GUESS),
    frozenset({("tower",)}),
)  # fmt: skip
WANT = Want(SAID)


def beside(photo: Path) -> Path:
    return photo.with_name(photo.name + ".xmp")


def refused(photo: Path, target: Path, want: Want = WANT) -> MetadataError:
    before = {path: path.read_bytes() for path in photo.parent.iterdir() if path.is_file()}
    with pytest.raises(MetadataError) as caught:
        apply(plan(photo, target, want))
    after = {path: path.read_bytes() for path in photo.parent.iterdir() if path.is_file()}
    assert after == before
    assert caught.value.what
    return caught.value


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "heic", "gif", "bmp"])
@pytest.mark.parametrize("embed", [False, True])
def test_written_read_twice_and_taken_back(tmp_path: Path, ending: str, embed: bool) -> None:
    photo = draw(tmp_path / f"a.{ending}")
    original = photo.read_bytes()
    target = photo if embed else beside(photo)
    if embed and ending in ("heic", "gif", "bmp"):
        error = refused(photo, target)
        assert error.trouble is Trouble.UNSUPPORTED
        assert "sidecar" in error.remedy
        return
    planned = plan(photo, target, WANT)
    assert photo.read_bytes() == original
    assert "dc:subject" in [change.field for change in planned.changes]
    written = apply(planned)
    said = read_described(photo, [] if embed else [target])
    assert said.position is not None
    assert (said.position.latitude, said.position.method) == (pytest.approx(48.8584), METHOD_GUESS)
    assert Described(said.tags, said.shown, said.created, SAID.position, said.guessed_tags) == SAID
    before = target.stat()
    second = apply(plan(photo, target, WANT, written.record))
    assert (second.snapshot, second.changes, second.record) == (None, (), written.record)
    assert target.stat() == before  # not even touched
    assert written.snapshot is not None
    restore(target, written.snapshot)
    restore(target, written.snapshot)
    assert target.exists() is embed
    assert photo.read_bytes() == original


def test_times_and_permissions(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    photo.chmod(0o640)
    os.utime(photo, ns=(10**18, 10**18))
    written = apply(plan(photo, photo, WANT), keep_mtime=True)
    assert (photo.stat().st_mtime_ns, stat.S_IMODE(photo.stat().st_mode)) == (10**18, 0o640)
    changed = apply(plan(photo, photo, Want(), written.record))
    assert photo.stat().st_mtime_ns > 10**18
    assert changed.snapshot
    restore(photo, changed.snapshot)
    assert photo.stat().st_mtime_ns == 10**18


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="no extended attributes here")
def test_extended_attributes_stay(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    try:
        os.setxattr(photo, "user.rating", b"5")
    except OSError:
        pytest.skip("this file system keeps no extended attributes")
    apply(plan(photo, photo, WANT))
    assert os.getxattr(photo, "user.rating") == b"5"


def test_another_programs_change_is_merged(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    sidecar = beside(photo)
    first = apply(plan(photo, sidecar, Want(Described((TOWER,)))))
    planned = plan(photo, sidecar, WANT, first.record)
    text = sidecar.read_text("utf-8").replace(
        "<rdf:li>Paris<", "<rdf:li>dog</rdf:li><rdf:li>Paris<"
    )
    sidecar.write_text(text, "utf-8")
    written = apply(planned)
    assert written.merged
    assert ("dog",) in read_described(photo, [sidecar]).tags
    assert first.snapshot
    with pytest.raises(MetadataError, match="Another program"):
        restore(sidecar, first.snapshot)


def test_a_change_that_conflicts_is_reported_not_written(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    sidecar = beside(photo)
    first = apply(plan(photo, sidecar, Want(Described((TOWER,)))))
    planned = plan(photo, sidecar, WANT, first.record)
    text = sidecar.read_text("utf-8").replace("<rdf:li>Eiffel Tower</rdf:li>", "")
    sidecar.write_text(text, "utf-8")
    with pytest.raises(MetadataError) as caught:
        apply(planned)
    assert caught.value.trouble is Trouble.CHANGED
    assert sidecar.read_text("utf-8") == text


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    sidecar = beside(photo)
    assert refused(tmp_path / "gone.jpg", sidecar).trouble is Trouble.GONE
    sidecar.write_bytes(b"<x:xmpmeta")
    assert refused(photo, sidecar).trouble is Trouble.DAMAGED
    sidecar.unlink()
    photo.chmod(0o444)
    assert refused(photo, photo).trouble is Trouble.READ_ONLY
    assert apply(plan(photo, sidecar, WANT)).changes
    sidecar.chmod(0o444)
    assert refused(photo, sidecar, Want()).trouble is Trouble.READ_ONLY
    photo.chmod(0o644)
    os.link(photo, tmp_path / "b.jpg")
    assert refused(photo, photo).trouble is Trouble.LINKED
    (tmp_path / "b.jpg").unlink()
    content = photo.read_bytes()
    for damaged in (b"", content[:30], content[:2] + b"\xff\xe1\x00\x40Exif\0\0" + b"\xff" * 60):
        photo.write_bytes(damaged)
        assert refused(photo, photo).trouble in (Trouble.DAMAGED, Trouble.UNSUPPORTED)


def test_what_cannot_be_read_says_why(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    beside(photo).write_text("<html>")
    for path, sidecars, trouble in (
        (tmp_path / "gone.jpg", [], Trouble.GONE),
        (photo, [tmp_path / "gone.xmp"], Trouble.GONE),
        (photo, [beside(photo)], Trouble.DAMAGED),
    ):
        with pytest.raises(MetadataError) as caught:
            read_described(path, sidecars)
        assert caught.value.trouble is trouble


def test_an_empty_sidecar_says_nothing_and_comes_back(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    beside(photo).touch()
    written = apply(plan(photo, beside(photo), WANT))
    assert written.snapshot
    restore(beside(photo), written.snapshot)
    assert beside(photo).read_bytes() == b""


def test_a_link_is_followed(tmp_path: Path) -> None:
    photo = draw(tmp_path / "real" / "a.jpg")
    link = tmp_path / "link.jpg"
    link.symlink_to(photo)
    apply(plan(link, link, WANT))
    assert link.is_symlink()
    assert read_described(photo).tags == SAID.tags


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs another account")
def test_a_folder_of_somebody_else() -> None:
    # Not in tmp_path: pytest keeps that, and what is above it, closed to other accounts.
    with tempfile.TemporaryDirectory() as folder:
        photo = draw(Path(folder) / "album" / "a.jpg")
        for opened in (photo.parent, Path(folder)):
            opened.chmod(0o755)
        os.seteuid(65534)
        try:
            if not os.access(photo, os.R_OK):
                pytest.skip("the temporary folder is closed to other accounts")
            assert refused(photo, beside(photo)).trouble is Trouble.READ_ONLY
            assert refused(photo, photo).trouble is Trouble.READ_ONLY
        finally:
            os.seteuid(0)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    program = (
        "import resource; from pathlib import Path\n"
        "from landmark_desktop.metadata.write import plan, apply\n"
        "from landmark_desktop.metadata.want import Want\n"
        "from landmark_desktop.metadata.described import Described\n"
        "from landmark_desktop.metadata.troubles import MetadataError\n"
        f"p = Path({str(photo)!r})\n"
        "w = plan(p, p.with_name('a.jpg.xmp'), Want(Described((('a',),))))\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
        "try:\n    apply(w)\nexcept MetadataError as error:\n    print(error.trouble)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "disk full", done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.jpg"]


def test_leftovers_are_swept(tmp_path: Path) -> None:
    photo, names = draw(tmp_path / "a.jpg"), []
    for target in (photo, beside(photo)):
        with suppress(RuntimeError), atomic.replacing(target) as partial:
            names.append(partial.name)
            raise RuntimeError
    for name in (*names, "kept.jpg", ".writing-a-novel.txt", ".writing-0123"):
        (tmp_path / name).touch()
    assert clean_leftovers(tmp_path) == 2
    assert {path.name for path in tmp_path.iterdir()} == {
        "a.jpg", "kept.jpg", ".writing-a-novel.txt", ".writing-0123",
    }  # fmt: skip
