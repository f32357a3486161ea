"""``landmark-desktop tag``: put tags on photos, take them off, rename and merge them, list them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from landmark_desktop.actions import browse, tag_offers, tags
from landmark_desktop.actions.tag_words import said_by
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.cli.chosen import fail_without, photos_in
from landmark_desktop.cli.progress import drive, one_line
from landmark_desktop.library import suggestions
from landmark_desktop.library.changes import ChangeSet
from landmark_desktop.library.tag_paths import parse, write
from landmark_desktop.tasks import Cancel, Task

_PATHS = click.argument(
    "paths", nargs=-1, required=True, type=click.Path(readable=False, path_type=Path)
)


@click.group("tag", short_help="Add, remove, rename, merge and list tags.")
def tag_command() -> None:
    r"""Work on the library's tags. A tag is written with its levels: "Places|France|Paris".

    A bar in a name is written "\|". Each command can be taken back: landmark-desktop undo.
    """


@tag_command.command("add")
@click.argument("tag")
@_PATHS
@click.pass_context
def _add(context: click.Context, tag: str, paths: tuple[Path, ...]) -> None:
    """Put TAG on the library's photos in PATHS."""
    _change(context, tags.adding, tag, paths, "They have it already.")


@tag_command.command("remove")
@click.argument("tag")
@_PATHS
@click.pass_context
def _remove(context: click.Context, tag: str, paths: tuple[Path, ...]) -> None:
    """Take TAG, and all below it, off the library's photos in PATHS. It stays off."""
    _change(context, tags.removing, tag, paths, "None of them has it.")


def _change(
    context: click.Context,
    change: Callable[[Workspace, Sequence[int], Sequence[str], Cancel], Task[ChangeSet]],
    tag: str, paths: tuple[Path, ...], nothing: str,
) -> None:  # fmt: skip
    with _workspace(context) as workspace:
        ids = photos_in(workspace, paths)
        fail_without(ids)
        cancel = Cancel()
        _tell(drive(change(workspace, ids, parse(tag), cancel), cancel, whole=True), nothing)


@tag_command.command("delete")
@click.argument("tag")
@click.pass_context
def _delete(context: click.Context, tag: str) -> None:
    """Take TAG, and all below it, off every photo."""
    _edit(context, lambda workspace: tags.delete(workspace, parse(tag)))


@tag_command.command("rename")
@click.argument("tag")
@click.argument("name")
@click.pass_context
def _rename(context: click.Context, tag: str, name: str) -> None:
    """Give the last level of TAG another NAME."""
    _edit(context, lambda workspace: tags.rename(workspace, parse(tag), name))


@tag_command.command("move")
@click.argument("tag")
@click.argument("to")
@click.pass_context
def _move(context: click.Context, tag: str, to: str) -> None:
    """Have TAG, and all below it, be the tag TO."""
    _edit(context, lambda workspace: tags.move(workspace, parse(tag), parse(to)))


@tag_command.command("merge")
@click.argument("tag")
@click.argument("into")
@click.pass_context
def _merge(context: click.Context, tag: str, into: str) -> None:
    """Make TAG one with INTO; the old name still finds it."""
    _edit(context, lambda workspace: tags.merge(workspace, parse(tag), parse(into)))


@tag_command.command("list", short_help="Print all tags, or those of the photos in PATHS.")
@click.argument("paths", nargs=-1, type=click.Path(readable=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a line.")
@click.pass_context
def _list(context: click.Context, paths: tuple[Path, ...], as_json: bool) -> None:
    """Print all tags with the number of photos; for photos in PATHS, their tags and who said so."""
    with _workspace(context) as workspace:
        if not paths:
            nodes = tag_offers.tree(workspace)
            for node in nodes:
                if as_json:
                    _print({"tag": list(node.path), "photos": node.photos, "below": node.below})
                else:
                    click.echo(f"{node.below:7,}  {write(node.path)}")
            if not nodes and not as_json:
                click.echo("No photo has a tag yet.")
            return
        ids = photos_in(workspace, paths)
        fail_without(ids)
        _photos(workspace, ids, as_json)


def _photos(workspace: Workspace, ids: list[int], as_json: bool) -> None:
    models = suggestions.names(workspace.library.read())
    for photo in sorted(browse.rows(workspace, ids), key=lambda photo: photo.path):
        if as_json:
            found = [
                {"tag": list(tag.path), "guess": tag.guess, "said": [
                    {"by": said.source, "landmark": said.landmark, "confidence": said.confidence,
                     "model": models.get(said.model_id or 0), "at": said.added_at}
                    for said in tag.said]}
                for tag in photo.tags
            ]  # fmt: skip
            _print({"path": str(photo.path), "tags": found})
            continue
        click.echo(one_line(photo.path))
        for tag in photo.tags:
            by = "; ".join(said_by(said, models) for said in tag.said)
            click.echo(f"    {write(tag.path)}  ({'guess: ' if tag.guess else ''}{by})")


def _print(record: dict[str, Any]) -> None:
    broken = any("\ud800" <= c <= "\udfff" for c in str(record.get("path", "")))
    click.echo(json.dumps(record, ensure_ascii=broken))


def _edit(context: click.Context, edit: Callable[[Workspace], ChangeSet]) -> None:
    with _workspace(context) as workspace:
        _tell(edit(workspace), "There is nothing to change.")


def _tell(done: ChangeSet, nothing: str) -> None:
    click.echo(done.summary or nothing)


@contextmanager
def _workspace(context: click.Context) -> Iterator[Workspace]:
    workspace = Workspace.open(context.obj)
    try:
        yield workspace
    finally:
        workspace.close()
