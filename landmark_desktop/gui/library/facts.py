"""A photo's facts in the person's words. Pure: no widgets."""

from __future__ import annotations

import datetime

from landmark_desktop.library.records import Photo


def facts(photo: Photo) -> list[tuple[str, str]]:
    """Return the lines of the inspector's list: what it is, and its value."""
    known = photo.facts
    width, height = known.width, known.height
    if known.orientation >= 5:  # turned by a quarter (Exif 2.32, tag 0x0112)
        width, height = height, width
    lines = [
        ("Taken", taken(known.taken_at) if known.taken_at else ""),
        ("Camera", known.camera or ""),
        ("Position", position(known.latitude, known.longitude)),
        ("Picture", f"{width} × {height}  {known.format}" if width else ""),
        ("File", size(photo.size)),
        ("In", str(photo.path.parent)),
    ]
    return [(name, value) for name, value in lines if value]


def taken(moment: str) -> str:
    """Return an ISO time like ``6 May 2024, 07:08``."""
    when = datetime.datetime.fromisoformat(moment)
    return f"{when.day} {when:%B %Y, %H:%M}"


def position(latitude: float | None, longitude: float | None) -> str:
    """Return degrees with their hemispheres, or an empty string."""
    if latitude is None or longitude is None:
        return ""
    north, east = "N" if latitude >= 0 else "S", "E" if longitude >= 0 else "W"
    return f"{abs(latitude):.5f}° {north}, {abs(longitude):.5f}° {east}"


def size(count: int) -> str:
    """Return a file size in decimal units, as file managers do."""
    value = float(count)
    for unit in ("bytes", "kB", "MB"):
        if value < 1000:
            return (
                f"{value:.0f} {unit}" if unit == "bytes" or value >= 10 else f"{value:.1f} {unit}"
            )
        value /= 1000
    return f"{value:.1f} GB"
