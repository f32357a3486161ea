"""Everything an action works on: one open library with its gazetteer, settings and model."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_desktop import paths, settings
from landmark_desktop.errors import ModelError
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.inference.preload import preload
from landmark_desktop.library import suggestions
from landmark_desktop.library.database import Library
from landmark_desktop.paths import Places
from landmark_desktop.settings import Settings
from landmark_desktop.thumbnails.cache import ThumbnailCache
from training.bundle import BundleError, Card, digest, read_card

if TYPE_CHECKING:
    from landmark_desktop.inference.engine import Engine


@dataclass
class Recogniser:
    """A model file and, once it was needed, the engine that runs it."""

    path: Path
    card: Card
    device: str = "auto"
    _engine: Engine | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def of(path: Path | None, device: str = "auto") -> Recogniser:
        """Read the card of the model at ``path`` (by default the one that ships).

        Raises ``ModelError`` where the file is no model of ours. Does not import torch.
        """
        chosen = path or paths.default_model()
        try:
            return Recogniser(chosen, read_card(chosen), device)
        except BundleError as error:
            raise ModelError(
                f"The model {chosen.name} cannot be used.", str(error), "Choose another model."
            ) from error

    def engine(self) -> Engine:
        """Return the running engine, loading torch and the model on first use (seconds)."""
        with self._lock:
            if self._engine is None:
                preload()
                from landmark_desktop.inference.engine import Engine

                self._engine = Engine(self.path, device=self.device)
            return self._engine


@dataclass
class Workspace:
    """An open library and what belongs to it. ``close`` it at the end."""

    places: Places
    library: Library
    gazetteer: Gazetteer
    settings: Settings
    thumbnails: ThumbnailCache
    recogniser: Recogniser
    model_id: int

    @staticmethod
    def open(folder: Path | None = None, model: Path | None = None) -> Workspace:
        """Open the library in ``folder``, or the person's own.

        Raises ``LibraryError`` or ``ModelError`` where that cannot be done.
        """
        places = Places.of(folder)
        chosen = settings.load(places.settings)
        recogniser = Recogniser.of(model, chosen.device)
        library = Library(places.library)
        try:
            identity = digest(recogniser.path)
            name = recogniser.card.name
            model_id = library.write(
                lambda connection: suggestions.register_model(connection, identity, name)
            )
        except BaseException:
            library.close()
            raise
        return Workspace(
            places, library, Gazetteer.load(paths.resources()), chosen,
            ThumbnailCache(places.thumbnails, chosen.thumbnail_cache_mb * 1_000_000),
            recogniser, model_id,
        )  # fmt: skip

    def close(self) -> None:
        """Close the library."""
        self.library.close()
