"""What was decided since a moment: as suggested, corrected or rejected, each photo once."""

from __future__ import annotations

import datetime
import sqlite3
from pathlib import Path

import pytest

from landmark_desktop.actions import review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.suggest import suggest_for_library
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import corrections
from landmark_desktop.library.corrections import Decided
from landmark_desktop.tasks import Cancel, Succeeded, run


@pytest.fixture
def ids(workspace: Workspace, album: Path) -> list[int]:
    """Return the album's photos in the library: five towers, four mausoleums, three others."""
    assert isinstance(run(import_photos(workspace, [album], Cancel()), lambda _: None), Succeeded)
    assert isinstance(run(suggest_for_library(workspace, Cancel()), lambda _: None), Succeeded)
    rows = workspace.library.read().execute("SELECT id FROM photo ORDER BY name").fetchall()
    return [row[0] for row in rows]


def since(workspace: Workspace, moment: str | None = None) -> Decided:
    return corrections.since(workspace.library.read(), moment)


def test_each_photo_counts_once_as_what_it_came_to(workspace: Workspace, ids: list[int]) -> None:
    assert since(workspace) == Decided()
    review.accept(workspace, ids[:3])  # as suggested
    review.accept(workspace, [ids[3]], "Taj_Mahal")  # instead of the tower
    review.accept(workspace, [ids[9]], "Colosseum")  # where nothing was suggested
    review.reject(workspace, ids[4:6])
    assert since(workspace) == Decided(accepted=3, corrected=2, rejected=2)
    assert since(workspace).total == 7
    # Rejected and then named is one correction; named and then rejected is a rejection.
    review.accept(workspace, [ids[4]], "Colosseum")
    review.reject(workspace, [ids[0]])
    assert since(workspace) == Decided(accepted=2, corrected=3, rejected=2)
    # A change of mind back to what was suggested.
    review.accept(workspace, [ids[0]], "Eiffel_Tower")
    assert since(workspace) == Decided(accepted=3, corrected=3, rejected=1)
    review.undo(workspace)
    assert since(workspace) == Decided(accepted=2, corrected=3, rejected=2)


def test_several_rejections_of_a_photo_are_one(workspace: Workspace, ids: list[int]) -> None:
    review.reject(workspace, [ids[0]])
    review.reject(workspace, [ids[0]], "Taj_Mahal")
    assert since(workspace) == Decided(rejected=1)
    connection = workspace.library.read()
    assert corrections.refused_count(connection) == 1


def test_what_a_later_model_says_changes_no_count(workspace: Workspace, ids: list[int]) -> None:
    review.accept(workspace, ids[:2])
    workspace.library.write(lambda c: c.execute("UPDATE suggestion SET landmark = 'Colosseum'"))
    assert since(workspace) == Decided(accepted=2)


def test_only_what_came_since_is_counted(workspace: Workspace, ids: list[int]) -> None:
    review.accept(workspace, ids[:4])

    def date_back(connection: sqlite3.Connection) -> None:
        connection.execute(
            "UPDATE decision SET decided_at = '2026-03-01T10:00:00+00:00' WHERE photo_id IN (?, ?)",
            ids[:2],
        )

    workspace.library.write(date_back)
    assert since(workspace).accepted == 4
    assert since(workspace, "2026-03-01").accepted == 4
    assert since(workspace, "2026-03-01T10:00:00Z").accepted == 4
    assert since(workspace, "2026-03-01T11:00:00+01:00").accepted == 4
    assert since(workspace, "2026-03-01T10:00:01.5+00:00").accepted == 2
    assert since(workspace, "2026-03-02").accepted == 2
    tomorrow = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=1)
    assert since(workspace, tomorrow.isoformat()) == Decided()
    with pytest.raises(ValueError, match="last year"):
        since(workspace, "last year")


def test_photos_come_with_what_they_are_to_teach(workspace: Workspace, ids: list[int]) -> None:
    review.accept(workspace, ids[:2])
    review.accept(workspace, [ids[6]], "Colosseum")
    review.reject(workspace, [ids[5]])
    review.reject(workspace, [ids[0]], "Taj_Mahal")  # it is accepted as something else
    connection = workspace.library.read()
    assert corrections.labelled_counts(connection) == {"Colosseum": 1, "Eiffel_Tower": 2}
    assert corrections.refused_count(connection) == 1
    found = [(path.stem, landmark) for path, landmark in corrections.labelled(connection)]
    assert found == [
        ("photo 06", "Colosseum"), ("photo 00", "Eiffel_Tower"), ("photo 01", "Eiffel_Tower"),
        ("photo 05", None),
    ]  # fmt: skip
