"""``landmark-desktop organise`` and ``recover``: photos into tidy folders."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import click

from landmark_desktop.actions import organise, organise_run
from landmark_desktop.actions.organise import DEFAULT_TEMPLATE, Request, Which
from landmark_desktop.actions.organise_entries import Applied
from landmark_desktop.actions.organise_words import besides, deed, megabytes
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.chosen import fail_without, photos_in
from landmark_desktop.cli.progress import drive, one_line
from landmark_desktop.organise.plan import Plan
from landmark_desktop.organise.template import TOKENS
from landmark_desktop.organise.wanted import Mode, Why
from landmark_desktop.tasks import Cancel, Task

_TOKENS = "\n".join(f"{f'{{{name}}}':15} {what}" for name, what in TOKENS.items())


@click.command(
    "organise", short_help="Move or copy photos into tidy folders.",
    epilog=f"\b\nTokens of a template:\n{_TOKENS}",
)  # fmt: skip
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option(
    "--into", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR",
    help="The folder in which the tidy folders lie or will.",
)  # fmt: skip
@click.option(
    "--template", default=DEFAULT_TEMPLATE, show_default=True, metavar="T",
    help="The folders, such as {country}/{landmark|city|\"Unsorted\"}/{date:%Y-%m}.",
)  # fmt: skip
@click.option("--suggested", is_flag=True, help="Take photos with an unanswered suggestion too.")
@click.option("--all", "everything", is_flag=True, help="Take photos without a place too.")
@click.option("--copy", "mode", flag_value=Mode.COPY.value, help="Copy; the photos stay.")
@click.option("--link", "mode", flag_value=Mode.LINK.value, help="Make hard links; none moves.")
@click.option("--local-names", is_flag=True, help="Call places as they are called there.")
@click.option("--apply", "do_it", is_flag=True, help="Do it. Without this, only say what.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
@click.pass_context
def organise_command(
    context: click.Context, paths: tuple[Path, ...], into: Path, template: str, mode: str | None,
    *, suggested: bool, everything: bool, local_names: bool, do_it: bool, as_json: bool,
) -> None:  # fmt: skip
    """Move the photos in PATHS, or all of the library, into folders that a template names.

    Sidecars, RAW files, movies and edits go with their photo. Nothing is overwritten. Without
    --apply, nothing is changed either. `landmark-desktop undo` puts everything back.
    """
    workspace = Workspace.open(context.obj)
    try:
        chosen = photos_in(workspace, paths) if paths else None
        if chosen is not None:
            fail_without(chosen)
        which = Which.ALL if everything else Which.SUGGESTED if suggested else Which.ACCEPTED
        request = Request(
            into, template, Mode(mode or Mode.MOVE.value), which,
            None if chosen is None else tuple(chosen), local_names,
        )  # fmt: skip
        cancel = Cancel()
        plan = drive(organise.make_plan(workspace, request, cancel), cancel, whole=True)
        _tell(plan, as_json=as_json, brief=do_it)
        if do_it:
            _say(_driven(organise_run.apply(workspace, plan, cancel), cancel), as_json=as_json)
    finally:
        workspace.close()


@click.command("recover", short_help="Settle a move that was cut short.")
@click.option("--finish/--roll-back", "finish", default=None, help="Do the rest, or undo it.")
@click.option(
    "--put-aside", is_flag=True,
    help="Do neither: leave the files where they are. For disks that never come back.",
)  # fmt: skip
@click.pass_context
def recover_command(context: click.Context, finish: bool | None, *, put_aside: bool) -> None:
    """Say whether a move was cut short, by a crash or a power cut; finish it or roll it back."""
    workspace = Workspace.open(context.obj)
    try:
        if put_aside and finish is not None:
            raise click.UsageError("--put-aside goes with neither --finish nor --roll-back.")
        left = organise_run.cut_short(workspace)
        if not left:
            click.echo("Nothing was cut short.")
            return
        if put_aside:
            for each in organise_run.give_up(workspace):
                click.echo(each.changes.summary)
            return
        if finish is None:
            for run in left:
                click.echo(run.in_words())
            click.echo("--finish does the rest; --roll-back puts back what was done.")
            if any(each.unreadable for each in left):
                click.echo("Either of them puts aside a journal that cannot be read.")
            sys.exit(1)
        cancel = Cancel()
        task = organise_run.recover(workspace, cancel, finish=finish)
        _say(_driven(task, cancel), as_json=False)
    finally:
        workspace.close()


def _driven(task: Task[Applied], cancel: Cancel) -> Applied:
    try:
        return drive(task, cancel)
    except (click.exceptions.Exit, KeyboardInterrupt):
        click.echo("landmark-desktop recover finishes it, or puts back what was done.", err=True)
        raise


def _say(done: Applied, *, as_json: bool) -> None:
    for reason in done.failed:
        click.echo(reason, err=True)
    if as_json:
        click.echo(json.dumps({
            "files": done.files, "failed": done.failed, "stopped": done.stopped,
            "entry": done.changes.change_id,
        }, ensure_ascii=False))  # fmt: skip
    elif done.stopped:
        click.echo(f"{done.changes.summary}; the rest was not tried.")
    else:
        click.echo(done.changes.summary or "There is nothing to do.")
    if done.failed:
        sys.exit(1)


def _tell(plan: Plan, *, as_json: bool, brief: bool) -> None:
    if as_json:
        for placed in plan.placed:
            for old, new in placed.moves:
                click.echo(json.dumps({"from": str(old), "to": str(new)}))
        for left in plan.left:
            click.echo(json.dumps({
                "left": str(left.wanted.folder / left.wanted.shown),
                "why": left.why.value, "detail": left.detail,
            }))  # fmt: skip
        return
    if not brief:
        for placed in plan.placed:
            for old, new in placed.moves:
                click.echo(f"{one_line(old)} -> {one_line(new)}")
    reasons = Counter(left.why for left in plan.left)
    for why, count in reasons.most_common():
        click.echo(f"{count:,} left: {why.value}", err=why is not Why.THERE)
        if why is not Why.THERE and not brief:
            for left in plan.left:
                if left.why is why:
                    photo = one_line(left.wanted.folder / left.wanted.shown)
                    click.echo(f"  {photo}  {left.detail}".rstrip(), err=True)
    for path, name in plan.spelled.items():
        click.echo(f"{one_line(path)} is there already; “{name}” is spelled so.", err=True)
    for folder, missing in plan.short.items():
        click.echo(f"{megabytes(missing)} too little room at {one_line(folder)}", err=True)
    if not brief:
        said = " · ".join(filter(None, [deed(plan), besides(plan)]))
        click.echo(f"{said}. Nothing was changed; --apply does it.")
