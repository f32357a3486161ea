"""Take photos into the library, and go on where a killed import left off."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import photos
from landmark_desktop.tasks import Cancel, Task

if TYPE_CHECKING:
    from landmark_desktop.importing.ingest import Imported


def import_photos(workspace: Workspace, roots: Sequence[Path], cancel: Cancel) -> Task[Imported]:
    """Import every photo in these folders and files; news are ``ChangeSet``s."""
    # Decoders and exiv2: on the thread that imports, not while the window opens.
    from landmark_desktop.importing.ingest import ingest
    from landmark_desktop.metadata.read import read_facts

    return ingest(workspace.library, roots, read_facts, cancel)


def unfinished(workspace: Workspace) -> list[Path]:
    """Return what an earlier process was importing when it ended."""
    return photos.unfinished_imports(workspace.library.read())
