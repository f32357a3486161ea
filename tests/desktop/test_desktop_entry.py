"""The program in a Linux desktop's menu: installed, valid, and gone again; and as a package."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from landmark_desktop.desktop import install
from landmark_desktop.desktop.entry import PHOTO_TYPES, desktop_entry, metainfo
from landmark_desktop.gui.app_icon import pictures
from training.photo import EXTENSIONS

ROOT = Path(__file__).resolve().parents[2]

needs_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux desktops only")


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def command(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, "-m", "landmark_desktop", *arguments],
        cwd=ROOT, env={**environment, "XDG_DATA_HOME": str(home)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def exec_words(entry: str) -> list[str]:
    """Read ``Exec`` as a desktop does: the value's escapes, the quotes, the field codes."""
    line = next(line for line in entry.split("\n") if line.startswith("Exec="))
    value = line.removeprefix("Exec=").replace("\\\\", "\\")
    words = []
    for quoted, plain in re.findall(r'"((?:\\.|[^"\\])*)"|([^ "]+)', value):
        word = re.sub(r"\\(.)", r"\1", quoted) or plain
        words.append(word.replace("%%", "%") if word != "%F" else word)
    return words


@needs_linux
def test_the_entry_is_installed_and_taken_out_without_a_display(tmp_path: Path) -> None:
    home = tmp_path / "dätä home"
    done = command(home, "--install-desktop-entry")
    assert (done.returncode, done.stderr) == (0, "")
    files = install.files(home)
    assert done.stdout.split("\n")[:-1] == [str(path) for path in files]
    entry = files[0].read_text(encoding="utf-8")
    assert exec_words(entry) == [sys.executable, "-m", "landmark_desktop", "%F"]
    for side in install.SIDES:
        path = home / "icons/hicolor" / f"{side}x{side}" / "apps/landmark-desktop.png"
        with Image.open(io.BytesIO(path.read_bytes())) as icon:
            assert icon.size == (side, side)
            assert icon.convert("RGBA").getpixel((side // 2, 1 + side // 32)) != (0, 0, 0, 0)
    assert command(home, "--install-desktop-entry").returncode == 0  # again: replaced
    gone = command(home, "--uninstall-desktop-entry")
    assert gone.returncode == 0
    assert not any(path.exists() for path in files)
    assert "no desktop entry" in command(home, "--uninstall-desktop-entry").stdout


@needs_linux
def test_a_home_that_cannot_be_written_is_explained(tmp_path: Path) -> None:
    home = tmp_path / "a file, not a folder"
    home.write_text("")
    done = command(home, "--install-desktop-entry")
    assert done.returncode == 1
    assert "could not be installed" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_entry_is_valid(tmp_path: Path) -> None:
    for number, program in enumerate(["/usr/bin/landmark-desktop", '/o p/$a "b" `c` \\d %e/ü;x']):
        path = tmp_path / f"{number}.desktop"
        path.write_text(desktop_entry([program]), encoding="utf-8")
        subprocess.run([tool("desktop-file-validate"), str(path)], check=True)


def test_the_metadata_is_valid(tmp_path: Path) -> None:
    path = tmp_path / "x.metainfo.xml"
    path.write_text(metainfo("2026-11-21"), encoding="utf-8")
    subprocess.run([tool("appstreamcli"), "validate", "--no-net", str(path)], check=True)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_path_survives_the_quoting(path: str) -> None:
    assert exec_words(desktop_entry([path, "-m", "x"]))[:3] == [path, "-m", "x"]


@pytest.mark.parametrize("path", ["/a\nb", "/not \udc80 text"])
def test_what_cannot_be_written_is_refused(path: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - UnicodeError is one
        desktop_entry([path])


def test_every_photo_that_is_read_has_its_type() -> None:
    subtypes = {name.partition("/")[2] for name in PHOTO_TYPES}
    same = {"jpg": "jpeg", "jpe": "jpeg", "jfif": "jpeg", "mpo": "jpeg", "tif": "tiff",
            "hif": "heif"}  # fmt: skip
    assert {same.get(e.removeprefix("."), e.removeprefix(".")) for e in EXTENSIONS} == subtypes


def test_relative_data_homes_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "here")
    assert install.data_home() == Path.home() / ".local" / "share"


def test_a_package_is_made_of_a_built_folder(tmp_path: Path) -> None:
    tool("dpkg-deb")
    from landmark_desktop.packaging import deb

    built = tmp_path / "built here" / "LandmarkDesktop"
    (built / "_internal").mkdir(parents=True)
    program = built / "LandmarkDesktop"
    program.write_text("#!/bin/sh\necho started\n")
    program.chmod(0o755)
    (built / "_internal" / "library.so").write_bytes(b"x" * 5000)
    package = deb.build(built, tmp_path / "out")
    listing = subprocess.run(
        ["dpkg-deb", "--contents", package], check=True, capture_output=True, text=True
    ).stdout
    assert "./opt/landmark-desktop/_internal/library.so" in listing
    assert "./usr/bin/landmark-desktop -> /opt/landmark-desktop/LandmarkDesktop" in listing
    assert "./usr/share/icons/hicolor/256x256/apps/landmark-desktop.png" in listing
    assert "root/root" in listing
    subprocess.run(["dpkg-deb", "--extract", package, tmp_path / "root"], check=True)
    entry = tmp_path / "root/usr/share/applications/landmark-desktop.desktop"
    assert exec_words(entry.read_text()) == ["/opt/landmark-desktop/LandmarkDesktop", "%F"]
    with pytest.raises(FileNotFoundError):
        deb.build(tmp_path, tmp_path / "out")


def test_the_icon_is_drawn_at_any_size() -> None:
    assert pictures([7])[7].startswith(b"\x89PNG")
