"""Where things live: resources that ship, and the places that belong to one library."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_NAME = "landmark-desktop"


def resources() -> Path:
    """Return the folder of data that ships with the program.

    The same call serves a checkout (``resources/`` at its top), an installed wheel (inside
    the package) and a frozen app (beside the unpacked program).
    """
    package = Path(__file__).resolve().parent
    frozen = getattr(sys, "_MEIPASS", None)
    candidates = [Path(frozen) / "resources"] if frozen else []
    candidates += [package / "_resources", package.parent / "resources"]
    for folder in candidates:
        if (folder / "gazetteer").is_dir():
            return folder
    raise FileNotFoundError(f"resources are missing; looked in {candidates}")


def default_model() -> Path:
    """Return the model bundle that ships with the program."""
    return resources() / "models" / "landmarks.pt"


@dataclass(frozen=True)
class Places:
    """The folders and files of one library, with everything that belongs to it."""

    library: Path
    thumbnails: Path
    settings: Path
    log: Path
    models: Path  # bundles that the person added
    runs: Path  # trainings, a folder each

    @staticmethod
    def of(folder: Path | None) -> Places:
        """Return the places of the library in ``folder``, or of the person's own library."""
        if folder is not None:
            folder = Path(os.path.abspath(folder.expanduser()))  # noqa: PTH100 - keeps links
            return Places(
                folder / "library.sqlite", folder / "thumbnails",
                folder / "settings.toml", folder / "landmark-desktop.log",
                folder / "models", folder / "runs",
            )  # fmt: skip
        data = platformdirs.user_data_path(_NAME, appauthor=False)
        return Places(
            data / "library.sqlite",
            platformdirs.user_cache_path(_NAME, appauthor=False) / "thumbnails",
            platformdirs.user_config_path(_NAME, appauthor=False) / "settings.toml",
            platformdirs.user_log_path(_NAME, appauthor=False) / "landmark-desktop.log",
            data / "models",
            data / "runs",
        )
