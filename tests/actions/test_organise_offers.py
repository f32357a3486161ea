"""What is offered before a person has chosen."""

from __future__ import annotations

from pathlib import Path

from samples import draw

from landmark_desktop.actions import organise_offers, review
from landmark_desktop.actions.import_photos import import_photos
from landmark_desktop.actions.organise import Which
from landmark_desktop.actions.organise_offers import TEMPLATES, offer
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.organise.template import parse
from landmark_desktop.tasks import Cancel, finish


def _ids(workspace: Workspace) -> dict[str, int]:
    rows = workspace.library.read().execute("SELECT name, id FROM photo")
    return dict(tuple(row) for row in rows)


def test_a_folder_beside_most_of_the_photos_and_unlike_examples(
    workspace: Workspace, tmp_path: Path
) -> None:
    assert offer(workspace, Which.ALL) == organise_offers.Offer(None, 0, 0, ())
    for number in range(9):
        top = tmp_path / ("phone" if number < 6 else "card")
        draw(top / f"day {number % 2}" / f"{number}.jpg", mark=number)
    finish(import_photos(workspace, [tmp_path / "phone", tmp_path / "card"], Cancel()))
    ids = _ids(workspace)
    found = offer(workspace, Which.ACCEPTED)
    assert (found.into, found.photos, found.going) == (tmp_path / "phone" / "Sorted", 9, 0)
    assert found.examples == ()
    review.accept(workspace, [ids[f"{n}.jpg"] for n in (6, 7)], "Taj_Mahal")
    review.accept(workspace, [ids["8.jpg"]], "Petra")
    found = offer(workspace, Which.ACCEPTED)
    assert (found.into, found.going) == (tmp_path / "card" / "Sorted", 3)
    assert {ids["8.jpg"]} < set(found.examples) <= {ids[f"{n}.jpg"] for n in (6, 7, 8)}
    assert offer(workspace, Which.ALL).into == tmp_path / "phone" / "Sorted"
    assert len(set(offer(workspace, Which.ALL).examples)) == organise_offers.EXAMPLES


def test_what_is_sorted_is_not_sorted_into_itself(workspace: Workspace, tmp_path: Path) -> None:
    draw(tmp_path / "Sorted" / "a.jpg")
    finish(import_photos(workspace, [tmp_path / "Sorted"], Cancel()))
    assert offer(workspace, Which.ALL).into == tmp_path / "Sorted"


def test_ready_templates_can_be_read() -> None:
    for _, template in TEMPLATES:
        parse(template)
