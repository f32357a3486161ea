"""Photos are never altered behind a person's back: a whole folder, from import to sidecars."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from landmark_desktop.actions import browse, review, review_queue
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.main import command
from landmark_desktop.library.search import Filter

State = dict[str, tuple[str, int, int, int, int]]


def state(folder: Path) -> State:
    """Return SHA-256, size, time, mode and inode of everything in the folder."""
    return {
        str(path.relative_to(folder)): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            status.st_size if path.is_file() else 0,
            status.st_mtime_ns if path.is_file() else 0,
            status.st_mode,
            status.st_ino,
        )
        for path in sorted(folder.rglob("*"))
        for status in [path.stat()]
    }


@pytest.fixture(params=["drawn", "real"])
def photos(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, list[str | Path]]:
    """Return a folder of photos, with files of other programs, and how to choose the model."""
    folder: Path = request.getfixturevalue("album")
    model: list[str | Path] = ["--model", request.getfixturevalue("colour_model")]
    if request.param == "real":
        shutil.rmtree(folder)
        data, model = request.getfixturevalue("data"), []
        for shows in ("fullsize/Eiffel_Tower", "fullsize/Taj_Mahal", "negatives/test"):
            (folder / shows).mkdir(parents=True)
            for path in sorted((data / shows).iterdir())[:4]:
                shutil.copy2(path, folder / shows)
    (folder / "notes.txt").write_text("Somebody's own")
    (folder / "of another photo.xmp").write_text("<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    return folder, model


def test_originals_stay_as_they_are(tmp_path: Path, photos: tuple[Path, list[str | Path]]) -> None:
    folder, model = photos
    before = state(folder)

    def run(*arguments: str | Path) -> str:
        given = ["--library", tmp_path / "library", *arguments]
        result = CliRunner().invoke(command, list(map(str, given)))
        assert result.exit_code == 0, result.output
        return result.stdout

    run("import", folder)
    assert state(folder) == before
    run("suggest", "--store", *model, folder)
    assert state(folder) == before
    run("accept", "--above", "0.9", folder)
    workspace = Workspace.open(tmp_path / "library")
    try:
        everything = browse.listing(workspace, Filter()).ids
        accepted = [row.id for row in browse.rows(workspace, everything) if row.accepted]
        assert len(accepted) >= 6
        review.accept(workspace, accepted[:2])
        review.accept(workspace, accepted[2:3], "Petra")
        review.reject(workspace, accepted[3:4])
        review.no_landmark(workspace, accepted[4:5])
        review.accept(workspace, review_queue.singles(workspace))
        tagged = {row.path for row in browse.rows(workspace, everything) if row.tags}
    finally:
        workspace.close()
    assert run("write", "--dry-run", folder).endswith("nothing was changed\n")
    assert state(folder) == before
    assert run("write", folder).startswith(f"Wrote {len(tagged)} files.")
    after = state(folder)
    assert {name: after[name] for name in before} == before
    new = {f"{path.relative_to(folder)}.xmp" for path in tagged}
    assert after.keys() - before.keys() == new, "sidecars and nothing else"
    while "nothing to undo" not in run("undo"):
        pass
    assert state(folder) == before
