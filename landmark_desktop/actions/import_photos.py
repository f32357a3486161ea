"""Take photos into the library, and go on where a killed import left off."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos
from landmark_desktop.tasks import Cancel, Cancelled, Interrupted, Task

if TYPE_CHECKING:
    from landmark_desktop.importing.ingest import Imported


def import_photos(workspace: Workspace, roots: Sequence[Path], cancel: Cancel) -> Task[Imported]:
    """Import every photo in these folders and files, and the tags that they and their sidecars
    have; news are ``ChangeSet``s."""
    # Decoders and exiv2: on the thread that imports, not while the window opens.
    from landmark_desktop.actions import file_tags
    from landmark_desktop.importing.ingest import ingest
    from landmark_desktop.metadata.read import read_facts

    def task() -> Task[Imported]:
        result = yield from ingest(workspace.library, roots, read_facts, cancel)
        absolute = [Path(os.path.abspath(root)) for root in roots]  # noqa: PTH100 - keeps links
        # Until this is done too, the import is not finished: a killed one is gone on with.
        workspace.library.write(lambda c: photos.begin_import(c, absolute))
        try:
            yield from file_tags.follow(workspace, absolute, cancel)
        except Interrupted:
            raise
        except Cancelled:
            workspace.library.write(lambda c: photos.finish_import(c, absolute))
            raise
        workspace.library.write(lambda c: photos.finish_import(c, absolute))
        return result

    return task()


def unfinished(workspace: Workspace) -> list[Path]:
    """Return what an earlier process was importing when it ended."""
    return photos.unfinished_imports(workspace.library.read())
