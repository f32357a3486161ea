"""The ``landmark-desktop`` command: global options, and the window where no command is named."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import Any

import click

from landmark_desktop import __version__
from landmark_desktop.cli.window import SAFE_MODE, window_command
from landmark_desktop.errors import UserError


def _explain() -> click.Command:
    from landmark_desktop.cli.explain import explain_command

    return explain_command


def _import() -> click.Command:
    from landmark_desktop.cli.import_photos import import_command

    return import_command


def _suggest() -> click.Command:
    from landmark_desktop.cli.suggest import suggest_command

    return suggest_command


def _accept() -> click.Command:
    from landmark_desktop.cli.accept import accept_command

    return accept_command


def _tag() -> click.Command:
    from landmark_desktop.cli.tag import tag_command

    return tag_command


def _write() -> click.Command:
    from landmark_desktop.cli.write import write_command

    return write_command


def _history() -> click.Command:
    from landmark_desktop.cli.history import history_command

    return history_command


def _undo() -> click.Command:
    from landmark_desktop.cli.history import undo_command

    return undo_command


def _redo() -> click.Command:
    from landmark_desktop.cli.history import redo_command

    return redo_command


def _organise() -> click.Command:
    from landmark_desktop.cli.organise import organise_command

    return organise_command


def _recover() -> click.Command:
    from landmark_desktop.cli.organise import recover_command

    return recover_command


# Imported where they are asked for: what they need would hold the window up.
_LATE = {
    "explain": _explain, "import": _import, "suggest": _suggest, "accept": _accept, "tag": _tag,
    "history": _history, "write": _write, "organise": _organise, "recover": _recover,
    "undo": _undo, "redo": _redo,
}  # fmt: skip


class _Commands(click.Group):
    """A group whose default is the window: ``landmark-desktop ~/Pictures`` opens them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *_LATE})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        late = _LATE.get(cmd_name)
        return super().get_command(ctx, cmd_name) if late is None else late()

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and self.get_command(ctx, args[0]) is None:
            return window_command.name, window_command, args
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        """Show what a person can act on as one plain message, without a traceback."""
        try:
            return super().invoke(ctx)
        except UserError as error:
            click.echo(f"landmark-desktop: {error}", err=True)
            sys.exit(1)
        except KeyboardInterrupt:
            click.echo("Stopped.", err=True)
            sys.exit(130)


@click.group(
    cls=_Commands,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "ignore_unknown_options": False},
    epilog="Without a command the window opens; PATHS given are opened in it.",
)
@click.option(
    "--library",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep library, thumbnails and settings in this folder instead of the usual places.",
)
@click.option("--safe-mode", is_flag=True, help="Open a window that begins nothing by itself.")
@click.option(
    "--install-desktop-entry",
    "entry",
    flag_value="install",
    help="Put this program into the desktop's menu (Linux), for this user.",
)
@click.option(
    "--uninstall-desktop-entry",
    "entry",
    flag_value="uninstall",
    help="Take it out of the menu again.",
)
@click.option(
    "--self-test",
    "self_test",
    is_flag=False,
    flag_value="",
    metavar="[FOLDER]",
    help="Try everything once on drawn photos, those in FOLDER too, and say what holds.",
)
@click.version_option(__version__, prog_name="Landmark Desktop")
@click.pass_context
def command(
    context: click.Context, library: Path | None, safe_mode: bool, entry: str | None,
    self_test: str | None,
) -> None:  # fmt: skip
    """Recognise the landmarks in your own photos. Everything stays on this computer."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    for stream in (sys.stdout, sys.stderr):
        # Whatever a file is called, printing its name must not end a run.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="surrogateescape")
    context.obj = library
    context.meta[SAFE_MODE] = safe_mode
    if entry is not None:
        from landmark_desktop.cli import desktop_entry

        desktop_entry.change(entry)
        context.exit()
    if self_test is not None:
        from landmark_desktop.cli import self_test as trial

        context.exit(trial.run(self_test))
    if context.invoked_subcommand is None:
        context.invoke(window_command)


command.add_command(window_command)
