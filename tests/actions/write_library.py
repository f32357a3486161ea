"""What ``test_write_killed`` kills: writes what waits in a library."""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path

from landmark_desktop.actions import write
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.tasks import Cancel, finish


def write_all(folder: Path, begun: Connection | None = None) -> None:
    """Write all that waits in the library in ``folder``, every other photo embedded.

    ``begun`` is told when the library is open.
    """
    workspace = Workspace.open(folder)
    try:
        rows = workspace.library.read().execute("SELECT id FROM photo ORDER BY path").fetchall()
        ids = [row[0] for row in rows]
        if begun is not None:
            begun.send(True)
        for chosen, embed in ((ids[::2], False), (ids[1::2], True)):
            finish(write.write(workspace, chosen, Cancel(), embed=embed))
    finally:
        workspace.close()
