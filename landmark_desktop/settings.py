"""What a person can set: one frozen dataclass, kept as TOML, with upgrade steps."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import tomli_w

from landmark_desktop import atomic
from training.operating import is_precision

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """Every setting with its default.

    ``theme``: ``system``, ``light`` or ``dark``. ``thumbnail_cache_mb``: megabytes of disk
    for thumbnails. ``tile``: side of a photo in the grid, in pixels. ``device``: ``auto``,
    ``cpu`` or ``cuda``. ``window``: the window's geometry as Qt saves it, in hex; ``panels``: the
    widths of the library's panels likewise. ``lists``: the rows of its lists
    that are open or closed unlike at first, one a line. ``page``: the page last shown. ``model``,
    ``earlier_model``: SHA-256 of the model in use and of the one before; empty for the built-in.
    ``precision``: share of suggestions that is to be right, 0 for the model's own default.
    ``neighbour_minutes``: how far apart in time photos of one camera say something of each
    other's place, 0 for never.
    ``history_limit``: how many actions can be undone; 0 for all of them, for ever.
    ``metadata_target``: ``sidecar`` or ``embedded``, where tags are written. ``sidecar_naming``:
    how new sidecars are named in folders that have none, ``IMG.jpg.xmp`` or ``IMG.xmp``.
    ``keep_mtime``: whether written files keep their time. ``write_gps``: whether photos without
    a position get that of their landmark.
    ``organise_into``, ``organise_template``: where photos were tidied into last, and how; empty
    where they never were. ``organise_mode``: ``move``, ``copy`` or ``link``. ``organise_which``:
    ``accepted``, ``suggested`` or ``all``. ``organise_local``: places by their local names.
    """

    version: int = 1
    theme: str = "system"
    thumbnail_cache_mb: int = 2000
    tile: int = 200
    device: str = "auto"
    window: str = ""
    panels: str = ""
    lists: str = ""
    page: str = "Library"
    model: str = ""
    earlier_model: str = ""
    precision: float = 0.0
    neighbour_minutes: int = 90
    history_limit: int = 0
    metadata_target: str = "sidecar"
    sidecar_naming: str = "IMG.jpg.xmp"
    keep_mtime: bool = False
    write_gps: bool = False
    organise_into: str = ""
    organise_template: str = ""
    organise_mode: str = "move"
    organise_which: str = "accepted"
    organise_local: bool = False


# One function a version step, from the version that is its key to the next.
_UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}

# Where not every value of the right kind is fit.
_FIT: dict[str, Callable[[Any], bool]] = {
    "precision": is_precision,
    "neighbour_minutes": lambda minutes: 0 <= minutes <= 24 * 60,
    "history_limit": lambda entries: entries >= 0,
    "metadata_target": lambda target: target in ("sidecar", "embedded"),
    "sidecar_naming": lambda naming: naming in ("IMG.jpg.xmp", "IMG.xmp"),
    "organise_mode": lambda mode: mode in ("move", "copy", "link"),
    "organise_which": lambda which: which in ("accepted", "suggested", "all"),
}


def load(path: Path) -> Settings:
    """Read the settings; a missing file gives the defaults.

    An unreadable file is set aside under another name, so that nothing a person wrote is
    lost, and single values of the wrong kind fall back to their defaults; both are logged.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings()
    except (OSError, ValueError) as error:
        aside = path.with_suffix(".unreadable.toml")
        log.warning("settings could not be read (%s); kept as %s", error, aside.name)
        if path.is_file():
            path.replace(aside)
        return Settings()
    while (step := _UPGRADES.get(data.get("version", 1))) is not None:
        data = step(data)
    known: dict[str, Any] = {}
    defaults = asdict(Settings())
    for field in fields(Settings):
        value = data.get(field.name, defaults[field.name])
        if type(value) is not type(defaults[field.name]) or not _is_fit(field.name, value):
            log.warning("setting %s has an unfit value %r; using the default", field.name, value)
            value = defaults[field.name]
        known[field.name] = value
    return Settings(**{**known, "version": Settings.version})


def _is_fit(name: str, value: Any) -> bool:
    return name not in _FIT or _FIT[name](value)


def save(path: Path, settings: Settings) -> None:
    """Write the settings atomically. Raises ``OSError`` where the folder is not writable."""
    atomic.write_bytes(path, tomli_w.dumps(asdict(settings)).encode())
