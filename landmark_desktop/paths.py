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


def named(argument: str) -> Path:
    """Return the absolute path that a command line names: a path, or a ``file:`` URL of one.

    Links in it are kept. File managers and desktops hand over either.
    """
    if argument[:5].lower() == "file:":
        from urllib.parse import unquote_to_bytes, urlsplit
        from urllib.request import url2pathname

        url = urlsplit(argument)
        # Bytes on POSIX, where a name need not be UTF-8. A host is a share, which Windows knows.
        if os.name == "posix":
            argument = os.fsdecode(unquote_to_bytes(url.path))
        else:
            host = url.netloc if url.netloc != "localhost" else ""
            argument = url2pathname(f"//{host}{url.path}" if host else url.path)
    return Path(os.path.abspath(argument))  # noqa: PTH100 - keeps links


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

    @property
    def crashes(self) -> Path:
        """The folder with the mark of a running session and the reports of crashes."""
        return self.log.parent / "crashes"

    @property
    def journals(self) -> Path:
        """The folder with the journals of runs that move files."""
        return self.library.with_name("journals")

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
