"""The program that ``test_write_killed`` kills: writes what waits in a library."""

from __future__ import annotations

import sys
from pathlib import Path

from landmark_desktop.actions import write
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.tasks import Cancel


def main(folder: Path) -> None:
    """Write all that waits in the library in ``folder``, every other photo embedded."""
    workspace = Workspace.open(folder)
    try:
        rows = workspace.library.read().execute("SELECT id FROM photo ORDER BY path").fetchall()
        ids = [row[0] for row in rows]
        for chosen, embed in ((ids[::2], False), (ids[1::2], True)):
            for _ in write.write(workspace, chosen, Cancel(), embed=embed):
                print("went on", flush=True)
    finally:
        workspace.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
