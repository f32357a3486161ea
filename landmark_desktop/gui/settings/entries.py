"""What a person can set, page by page, in their words. Plain data: a new setting goes in here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Option:
    """One of several values. ``about``: what it means, where its name does not say it all."""

    value: str
    title: str
    about: str = ""


@dataclass(frozen=True)
class Choice:
    """One of a few values. ``name``: the field of ``Settings``."""

    name: str
    title: str
    options: tuple[Option, ...]
    about: str = ""


@dataclass(frozen=True)
class Switch:
    """Yes or no."""

    name: str
    title: str
    about: str


@dataclass(frozen=True)
class Number:
    """A whole number. ``zero``: what 0 means, where it means something of its own."""

    name: str
    title: str
    about: str
    least: int
    most: int
    step: int
    unit: str
    zero: str = ""


Entry = Choice | Switch | Number


@dataclass(frozen=True)
class Page:
    """Settings that belong together."""

    title: str
    entries: tuple[Entry, ...]


TARGET = Choice(
    "metadata_target", "Where tags are written",
    (
        Option("sidecar", "Beside the photos, in sidecar files (.xmp)",
               "The photos stay as they are, to the byte. darktable, digiKam, Immich, Lightroom "
               "and others read sidecars."),
        Option("embedded", "Into the photos themselves",
               "Every program sees the tags, and they go where the photo goes. The picture is "
               "not touched. What cannot hold tags (HEIC, GIF, BMP) gets a sidecar."),
    ),
)  # fmt: skip
NAMING = Choice(
    "sidecar_naming", "How new sidecars are named",
    (
        Option("IMG.jpg.xmp", "IMG.jpg.xmp", "As digiKam, darktable and Immich name them."),
        Option("IMG.xmp", "IMG.xmp",
               "As Lightroom, Camera Raw and Capture One name them. They read them for RAW files "
               "only."),
    ),
    "In folders that have sidecars already, new ones are named like those.",
)  # fmt: skip

PAGES = (
    Page("Tags in files", (
        TARGET,
        NAMING,
        Switch("write_gps", "Write the landmark's position into photos that have none",
               "Guessed ones say so in GPSProcessingMethod. A position that the camera measured "
               "is never changed."),
        Switch("keep_mtime", "Keep the time at which files were last changed",
               "Backups and other programs may then not notice that something was written."),
    )),
    Page("Suggestions", (
        Number("neighbour_minutes", "Photos taken around the same time",
               "How far apart photos of one camera may be to say something of each other's place.",
               0, 24 * 60, 10, "min", "never"),
        Choice("device", "Models run on", (
            Option("auto", "The GPU, where there is one"),
            Option("cpu", "The processor"),
            Option("cuda", "An NVIDIA GPU (CUDA)"),
        ), "Holds from the next suggestions on. The model is loaded anew for them."),
    )),
    Page("Program", (
        Choice("theme", "Theme", (
            Option("system", "As the system"), Option("light", "Light"), Option("dark", "Dark"),
        )),
        Number("thumbnail_cache_mb", "Thumbnails take up at most",
               "Those that were not looked at for longest go first; they are made again when "
               "needed.", 100, 100_000, 100, "MB"),
        Number("history_limit", "Actions that can be undone",
               "Older ones leave the history at the next start, with what takes up its room.",
               0, 1_000_000, 100, "actions", "all, for ever"),
    )),
)  # fmt: skip
