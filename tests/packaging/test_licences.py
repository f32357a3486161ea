"""Licences are gathered from what is installed here."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import click
import PySide6

from landmark_desktop.packaging import licences

ROOT = Path(__file__).parents[2]


def test_each_package_that_went_in_brings_its_licence(tmp_path: Path) -> None:
    used = [Path(click.__file__), Path(PySide6.__file__)]
    missing = licences.gather(used, tmp_path / "LICENSES", ROOT / "LICENSE")
    assert "GNU" in (tmp_path / "LICENSES" / "landmark-desktop" / "LICENSE").read_text()
    (text,) = (tmp_path / "LICENSES" / "click").glob("LICENSE*")
    assert "Redistribution" in text.read_text()
    assert (tmp_path / "LICENSES" / "Python").is_dir()
    assert "LESSER" in (tmp_path / "LICENSES" / "Qt" / "LGPL-3.0.txt").read_text()
    assert not (tmp_path / "LICENSES" / "pytest").exists()
    assert "click" not in missing


def test_texts_are_told_from_code() -> None:
    wanted = ["a-1.dist-info/licenses/deep/THIRD.md", "a/LICENSE.txt", "a-1.dist-info/COPYING"]
    others = ["a/b.py", "a/license.py", "a-1.dist-info/RECORD"]
    assert licences.texts([*others, *wanted]) == wanted


def test_a_package_without_a_text_says_what_it_declares() -> None:
    said = licences.declared(metadata.metadata("click"))
    assert "BSD-3-Clause" in said
    assert "Name: click" in said
