"""``--install-desktop-entry`` and ``--uninstall-desktop-entry``: the program in the menu."""

from __future__ import annotations

import sys

import click

from landmark_desktop.cli.progress import one_line
from landmark_desktop.desktop import install
from landmark_desktop.errors import UserError


def change(what: str) -> None:
    """``install`` or ``uninstall`` the entry for this user. Raises ``UserError``."""
    if not sys.platform.startswith("linux"):
        raise UserError(
            "There is no desktop entry to install on this system.",
            "Only Linux desktops have them.",
            "Windows and macOS make a shortcut of the program itself.",
        )
    share = install.data_home()
    try:
        if what == "install":
            from landmark_desktop.gui.app_icon import pictures

            changed = install.install(share, install.started_as(), pictures(install.SIDES))
        else:
            changed = install.uninstall(share)
    except OSError as error:
        raise UserError(
            f"The desktop entry could not be {what}ed.", f"{error.strerror}: {error.filename}.",
            "Make sure that this account may write there, or set XDG_DATA_HOME.",
        ) from error  # fmt: skip
    except ValueError as error:
        raise UserError(
            "The desktop entry could not be installed.", f"{error}.".capitalize(),
            "Move the program to a folder whose path is plain text.",
        ) from error  # fmt: skip
    install.refresh(share)
    for path in changed:
        click.echo(one_line(path))
    if not changed:
        click.echo("There was no desktop entry.")
