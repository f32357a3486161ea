"""Which pretrained weights are on this computer, and where downloaded ones are kept.

Torch-free face of the trainer: a window asks here before it offers a backbone.
"""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import platformdirs

from training.catalogue import find

FOLDER_VARIABLE = "LANDMARK_BACKBONES"
"""Environment variable that names another folder for downloaded weights."""


def weights_folder() -> Path:
    """Return the folder that downloaded weights are kept in; it need not exist yet."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_cache_path("landmark-desktop", appauthor=False) / "backbones"


def locate(key: str, folder: Path) -> Path | None:
    """Return the file with the backbone's pretrained weights, ``None`` where none is at hand.

    Raises ``ValueError`` for a ``key`` that the catalogue does not have, and nothing else.
    """
    entry = find(key)
    if not entry.pretrained:
        return None
    candidates = [folder / entry.file]
    if entry.package:
        found = importlib.util.find_spec(entry.package.replace("-", "_"))
        if found is not None and found.origin is not None:
            candidates.insert(0, Path(found.origin).parent / "models" / entry.file)
    return next((file for file in candidates if _is_file(file)), None)


def is_ready(key: str, folder: Path) -> bool:
    """Return whether the backbone can be trained at once, without a download."""
    return not find(key).pretrained or locate(key, folder) is not None


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into
        return False
