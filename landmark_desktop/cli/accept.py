"""``landmark-desktop accept``: accept suggestions by a rule, and tag the photos accordingly."""

from __future__ import annotations

from pathlib import Path

import click

from landmark_desktop.actions import review, review_queue, weighing
from landmark_desktop.actions.review_queue import Asked, Group
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.chosen import fail_without, photos_in
from landmark_desktop.cli.progress import drive
from landmark_desktop.errors import UserError
from landmark_desktop.geo.gazetteer import Gazetteer, fold
from landmark_desktop.library import suggestions
from landmark_desktop.tasks import Cancel


@click.command("accept", short_help="Accept suggestions that are sure enough.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--above",
    type=click.FloatRange(0, 1),
    required=True,
    metavar="P",
    help="Accept suggestions with at least this confidence, 0 to 1.",
)
@click.option("--landmark", metavar="NAME", help="Accept suggestions of this landmark alone.")
@click.option("--dry-run", is_flag=True, help="Say what would be accepted; change nothing.")
@click.pass_context
def accept_command(
    context: click.Context, paths: tuple[Path, ...], above: float, landmark: str | None,
    dry_run: bool,
) -> None:  # fmt: skip
    """Accept what the model suggests for the library's photos in PATHS, or for all of them.

    Photos that you have answered for are left alone, and so are those where the camera's position,
    or photos around, bring the confidence below P. The tags say that a rule accepted them, and
    count as guesses until you confirm them. `landmark-desktop undo` takes all of it back.
    """
    workspace = Workspace.open(context.obj)
    try:
        chosen = photos_in(workspace, paths) if paths else None
        if chosen is not None:
            fail_without(chosen)
        groups = review_queue.by_landmark(workspace, Asked(above, photos=chosen))
        if landmark is not None:
            key = _named(workspace.gazetteer, landmark, groups)
            groups = [group for group in groups if group.key == key]
        waiting = [photo_id for group in groups for photo_id in group.photos]
        cancel = Cancel()
        doubted = drive(weighing.doubted(workspace, waiting, above, cancel), cancel, whole=True)
        ids = sorted(set(waiting).difference(doubted))
        if dry_run:
            groups = review_queue.by_landmark(workspace, Asked(above, photos=ids))
            for group in sorted(groups, key=lambda group: -len(group.photos)):
                name = workspace.gazetteer[group.key].name
                click.echo(f"{len(group.photos):7,}  {name}  {group.least:.0%} and more")
            photos = "photo" if len(ids) == 1 else "photos"
            click.echo(f"{len(ids):7,}  {photos} would be accepted; nothing was changed")
            _tell_of(doubted)
            return
        accepting = review.accepting(workspace, ids, cancel, rule=above)
        done = drive(accepting, cancel, whole=True)
        click.echo(done.summary or "There is nothing to accept.")
        _tell_of(doubted)
        _tell_of_unseen(workspace, chosen)
    finally:
        workspace.close()


def _tell_of(doubted: list[int]) -> None:
    if doubted:
        photos = "1 photo is" if len(doubted) == 1 else f"{len(doubted):,} photos are"
        click.echo(f"{photos} left for you: place and time speak against what the model sees.")


def _tell_of_unseen(workspace: Workspace, chosen: list[int] | None) -> None:
    """Say where the model has yet to look at photos: what it would say of them is not known."""
    unseen = {
        photo for photo, _ in suggestions.unseen(workspace.library.read(), workspace.model_id)
    }
    if number := len(unseen if chosen is None else unseen.intersection(chosen)):
        photos = "1 photo" if number == 1 else f"{number:,} photos"
        click.echo(
            f"The model has not looked at {photos} yet: landmark-desktop suggest --store PATHS.",
            err=True,
        )


def _named(gazetteer: Gazetteer, name: str, groups: list[Group]) -> str:
    """Return the landmark that a person means. Raises ``UserError`` where that is not clear."""
    wanted = fold(name)
    waiting = [gazetteer[group.key] for group in groups]
    for landmark in (*waiting, *gazetteer):
        names = (landmark.id, landmark.name, landmark.local_name, *landmark.aliases)
        if wanted and wanted in map(fold, names):
            return str(landmark.id)
    like = gazetteer.matching(name)
    if len(like) == 1:
        return like[0].id
    raise UserError(
        f"No landmark is called “{name}”." if not like else f"“{name}” may be several landmarks.",
        "",
        "Name one: " + ", ".join(one.name for one in like[:8]) + "." if like else
        "Name one that landmark-desktop suggest prints.",
    )  # fmt: skip
