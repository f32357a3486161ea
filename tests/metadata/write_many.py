"""The program that ``test_metadata_killed`` kills: writes into every photo of a folder."""

from __future__ import annotations

import sys
from pathlib import Path

from landmark_desktop.metadata.described import Described, Place
from landmark_desktop.metadata.want import Want
from landmark_desktop.metadata.write import apply, plan

WANT = Want(Described((("Places", "France", "Paris", "Eiffel Tower"),), Place(city="Paris")))


def main(folder: Path) -> None:
    """Write ``WANT`` as a sidecar of every even photo, and into every odd one."""
    for number, photo in enumerate(sorted(folder.glob("*.jpg"))):
        target = photo if number % 2 else photo.with_name(photo.name + ".xmp")
        apply(plan(photo, target, WANT))
        print(number, flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
