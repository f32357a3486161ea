"""Folders to go to, as they are on the disk: used as they are spelled, or refused with a reason."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from organise.trees import make, planned

from landmark_desktop.organise import seen
from landmark_desktop.organise.seen import Seen, listed
from landmark_desktop.organise.targets import Targets


def test_a_folder_that_is_there_in_another_spelling_is_used(tmp_path: Path) -> None:
    (tmp_path / "paris" / "Old").mkdir(parents=True)
    targets = Targets(tmp_path, Seen())
    assert targets.of(("Paris", "old", "New")) == tmp_path / "paris" / "Old" / "New"
    assert targets.of(("PARIS",)) == tmp_path / "paris"
    assert targets.spelled[tmp_path / "paris" / "Old"] == "old"
    assert targets.made([tmp_path / "paris" / "Old" / "New"]) == (
        tmp_path / "paris" / "Old" / "New",
    )


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "Paris").write_bytes(b"")
    targets = Targets(tmp_path, Seen())
    assert targets.of(("Paris", "Old")) is None
    assert targets.why(("Paris", "Old")) == f"There is a file named {tmp_path / 'Paris'}."


def test_a_link_that_leads_nowhere_is_told_before_anything(tmp_path: Path) -> None:
    (tmp_path / "Paris").symlink_to(tmp_path / "a disk that is not there")
    why = f"{tmp_path / 'Paris'} is a link that leads nowhere."
    for into, levels in ((tmp_path, ("Paris", "Old")), (tmp_path / "Paris", ("Old",))):
        targets = Targets(into, Seen())
        assert targets.of(levels) is None
        assert targets.why(levels) == why


def test_a_link_to_a_folder_is_that_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "Paris").symlink_to(tmp_path / "real")
    targets = Targets(tmp_path, Seen())
    found = targets.of(("Paris",))
    assert found == tmp_path / "Paris"
    assert targets.identity(found) == targets.identity(tmp_path / "real")


def test_names_in_a_folder_say_what_they_are(tmp_path: Path) -> None:
    (tmp_path / "1.jpg").write_bytes(b"one")
    (tmp_path / "2.jpg").symlink_to(tmp_path / "1.jpg")
    (tmp_path / "sub").mkdir()
    if hasattr(os, "mkfifo"):  # not on Windows
        os.mkfifo(tmp_path / "pipe")
    folder = listed(tmp_path)
    assert folder is not None
    kinds = {name: entry.kind for name, entry in folder.entries.items()}
    assert kinds.pop("pipe", "other") == "other"
    assert kinds == {"1.jpg": "file", "2.jpg": "link", "sub": "folder"}
    assert listed(tmp_path / "none") is None
    assert listed(tmp_path / "1.jpg" / "none") is None


@pytest.mark.parametrize("fails", [False, True])
def test_a_share_that_does_not_say_how_much_room_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    nothing = type(shutil.disk_usage(tmp_path))(0, 0, 0)

    def usage(_path: Path) -> object:
        if fails:
            raise OSError(38, "Function not implemented")
        return nothing

    folder = listed(tmp_path)
    assert folder is not None
    monkeypatch.setattr(seen.shutil, "disk_usage", usage)
    assert Seen().room(folder) > 10**18


def test_a_link_to_a_folder_is_not_said_to_be_removed(tmp_path: Path) -> None:
    top = tmp_path / "photos"
    make(tmp_path, {"elsewhere/1.jpg": b"one", "photos/in/2.jpg": b"two"})
    (top / "linked").symlink_to(tmp_path / "elsewhere")
    plan = planned(top, {"linked/1.jpg": ("A",), "in/2.jpg": ("A",)})
    assert len(plan.placed) == 2
    assert [path for path, _ in plan.emptied] == [top / "in"]
