"""The sidecars of a folder, looked up in one listing: a folder of thousands is read once."""

from __future__ import annotations

import os
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.metadata import sidecar
from landmark_desktop.metadata.sidecar import Naming


@dataclass(frozen=True)
class Listing:
    """What a folder held when it was listed. A folder that cannot be listed holds nothing."""

    by_stem: dict[str, list[str]]
    habit: Naming | None

    @staticmethod
    def of(folder: Path) -> Listing:
        """List ``folder``."""
        by_stem: dict[str, list[str]] = defaultdict(list)
        try:
            names = os.listdir(folder)  # noqa: PTH208 - names are what is needed
        except OSError:
            names = []  # who goes on to read or write there is told why it cannot be
        for name in names:
            by_stem[os.path.splitext(name)[0].lower()].append(name)  # noqa: PTH122 - many
        return Listing(dict(by_stem), sidecar.habit(names))

    def sidecars(self, photo: Path) -> tuple[Path, ...]:
        """Return the photo's sidecars, the one that was changed last first."""
        near = self._near(photo)
        if not any(name.lower().endswith(".xmp") for name in near):
            return ()  # the most of a hundred thousand
        return sidecar.sidecars(photo, near)

    def new_sidecar(self, photo: Path, default: Naming) -> Path:
        """Return how a new one is named: as the folder's others, else as ``default`` says."""
        return sidecar.new_sidecar(photo, self.habit or default, self._near(photo), follow=False)

    def _near(self, photo: Path) -> list[str]:
        """Return the names that matter: those with the photo's stem, or with its name as stem."""
        name = photo.name.lower()
        stems = {os.path.splitext(name)[0], name}  # noqa: PTH122 - once a photo
        return [name for stem in stems for name in self.by_stem.get(stem, ())]
