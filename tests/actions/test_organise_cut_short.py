"""Runs that were cut short and cannot be settled just so: told, and never in the way for ever."""

from __future__ import annotations

from pathlib import Path

import pytest
from organise.trees import make, planned

from landmark_desktop.actions import organise_run
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.errors import UserError
from landmark_desktop.organise.journal import Journal, Run
from landmark_desktop.organise.perform import perform
from landmark_desktop.tasks import Cancel, finish


@pytest.fixture
def journals(library: Workspace) -> Path:
    library.places.journals.mkdir()
    return library.places.journals


def _cut_short(journals: Path, top: Path) -> None:
    """Leave a run as a process leaves it that is killed after its second file."""
    make(top, {f"in/{number}.jpg": b"photo %d" % number for number in range(4)})
    plan = planned(top, {f"in/{number}.jpg": ("A",) for number in range(4)})
    note = {"kind": "apply", "mode": "move", "into": str(plan.asked.into)}
    run = Run("run", "Moving photos", plan.steps, plan.made, plan.emptied, note)
    journal = Journal.begin(journals, run)
    for number, path in enumerate(plan.made):
        journal.folder(number)
        path.mkdir()
    for number, step in enumerate(plan.steps[:2]):
        journal.step(number)
        perform(step)
    journal.close()


@pytest.mark.parametrize("content", [b"", b"{}\n", b'{"format":2,"id":"x"}\n', None])
@pytest.mark.parametrize("finishing", [False, True])
def test_a_journal_that_cannot_be_read_is_told_and_put_aside(
    library: Workspace, journals: Path, content: bytes | None, *, finishing: bool
) -> None:
    path = journals / "x.journal"
    if content is None:
        path.mkdir()  # or a disk that is broken there
    else:
        path.write_bytes(content)
    (left,) = organise_run.cut_short(library)
    assert "cannot be read. No photo is lost" in left.unreadable
    assert left.unreadable in left.in_words()
    with pytest.raises(UserError, match="was cut short"), organise_run.ready(library):
        pass
    done = finish(organise_run.recover(library, Cancel(), finish=finishing))
    assert done.changes.summary.endswith("x.journal.unreadable")
    assert path.with_name("x.journal.unreadable").exists()
    with organise_run.ready(library):
        pass


def test_one_that_can_be_read_is_settled_with_it(
    library: Workspace, journals: Path, tmp_path: Path
) -> None:
    (journals / "a.journal").write_bytes(b"?\n")
    _cut_short(journals, tmp_path / "photos")
    assert len(organise_run.cut_short(library)) == 2
    done = finish(organise_run.recover(library, Cancel(), finish=False))
    assert done.changes.summary == "Put 2 files back where they were"
    assert not organise_run.cut_short(library)
    assert len(list((tmp_path / "photos/in").iterdir())) == 4


@pytest.mark.parametrize("finishing", [False, True])
def test_a_disk_that_is_not_there_is_waited_for(
    library: Workspace, journals: Path, tmp_path: Path, *, finishing: bool
) -> None:
    top, away = tmp_path / "photos", tmp_path / "away"
    _cut_short(journals, top)
    top.rename(away)
    with pytest.raises(UserError, match=r"in is not there\. Connect its disk"):
        finish(organise_run.recover(library, Cancel(), finish=finishing))
    away.rename(top)
    done = finish(organise_run.recover(library, Cancel(), finish=finishing))
    assert not done.failed
    assert len(list((top / ("sorted/A" if finishing else "in")).iterdir())) == 4
