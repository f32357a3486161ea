"""Everything an action works on: one open library with its gazetteer, settings and model."""

from __future__ import annotations

import logging
import sqlite3
import threading
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_desktop import paths, settings
from landmark_desktop.actions import filing, model_files
from landmark_desktop.errors import ModelError
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark
from landmark_desktop.inference.preload import quiet_import
from landmark_desktop.library import places as own_places
from landmark_desktop.library import suggestions
from landmark_desktop.library.database import Library
from landmark_desktop.paths import Places
from landmark_desktop.settings import Settings
from landmark_desktop.thumbnails.cache import ThumbnailCache
from training.bundle import BundleError, Card, read_card
from training.operating import threshold_for

if TYPE_CHECKING:
    from landmark_desktop.inference.engine import Engine

log = logging.getLogger(__name__)


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
                with quiet_import():
                    from landmark_desktop.inference.engine import Engine

                    self._engine = Engine(self.path, device=self.device)
            return self._engine

    def move(self, device: str) -> None:
        """Run on another device: what asks for the engine from now on waits for a new one."""
        with self._lock:
            self.device, self._engine = device, None


@dataclass(frozen=True)
class InUse:
    """The model in use, as one value: who reads it once cannot mix up two models.

    ``digest``: SHA-256 of its file; ``id``: its number in the library. ``earlier``: models
    whose suggestions stand in until this one has looked, the one used last first.
    """

    recogniser: Recogniser
    digest: str
    id: int
    earlier: tuple[int, ...]

    @staticmethod
    def of(recogniser: Recogniser, library: Library, precision: float) -> InUse:
        """Make the model known to the library. Raises ``LibraryError`` and ``OSError``.

        ``precision``: what is asked of its suggestions, 0 for its own default.
        """
        digest, card = model_files.identity(recogniser.path), recogniser.card

        def change(connection: sqlite3.Connection) -> int:
            id_ = suggestions.register_model(connection, digest, card.name)
            suggestions.decide(connection, id_, threshold_for(card, precision))
            return id_

        id_ = library.write(change)
        return InUse(recogniser, digest, id_, suggestions.others(library.read(), id_))


@dataclass
class Workspace:
    """An open library and what belongs to it. ``close`` it at the end.

    ``notice``: what the person has to know about the start, else empty. ``safe``: nothing is
    begun that a person does not ask for, and models run on the CPU; see ``leave_safe_mode``.
    ``deciding``: held by who changes the model in use, or the precision that is asked of it.
    """

    places: Places
    library: Library
    gazetteer: Gazetteer
    settings: Settings
    thumbnails: ThumbnailCache
    model: InUse
    notice: str = ""
    safe: bool = False
    deciding: threading.Lock = field(default_factory=threading.Lock)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @staticmethod
    def open(
        folder: Path | None = None, model: Path | None = None, *, safe: bool = False
    ) -> Workspace:
        """Open the library in ``folder``, or the person's own.

        ``model``: the bundle to use instead of the one that the person chose. A chosen one
        that cannot be used gives way to the one that ships, with a ``notice``. Raises
        ``LibraryError`` or ``ModelError`` where that cannot be done.
        """
        places = Places.of(folder)
        chosen = settings.load(places.settings)
        recogniser, notice = None, ""
        if model is None and chosen.model:
            try:
                recogniser = _chosen(places, chosen)
            except ModelError as error:
                notice = f"{error.what} {error.why} The built-in model takes its place."
                log.warning("%s (%s in %s)", notice, chosen.model, places.models)
                chosen = replace(chosen, model="")
        recogniser = recogniser or Recogniser.of(model, chosen.device)
        if safe:
            recogniser.device = "cpu"
        library = Library(places.library)
        try:
            in_use = InUse.of(recogniser, library, chosen.precision)
            gazetteer = Gazetteer.load(paths.resources())
            gazetteer.add(*map(landmark_of, own_places.all_places(library.read())))
            filing.refile(library, gazetteer)
        except BaseException:
            library.close()
            raise
        workspace = Workspace(
            places, library, gazetteer, chosen,
            ThumbnailCache(places.thumbnails, chosen.thumbnail_cache_mb * 1_000_000),
            in_use, notice, safe,
        )  # fmt: skip
        if chosen.history_limit > 0:
            from landmark_desktop.actions import history  # it acts on workspaces

            history.trim(workspace)
        return workspace

    @property
    def recogniser(self) -> Recogniser:
        """The model in use, ready to run."""
        return self.model.recogniser

    @property
    def model_id(self) -> int:
        """The number of the model in use in the library."""
        return self.model.id

    @property
    def threshold(self) -> float:
        """The confidence from which on the model in use suggests, as the person asked for it."""
        return threshold_for(self.recogniser.card, self.settings.precision)

    @property
    def device(self) -> str:
        """Where models are to run: ``auto``, ``cpu`` or ``cuda``."""
        return "cpu" if self.safe else self.settings.device

    def leave_safe_mode(self) -> None:
        """Run models again where the settings say; one that runs already stays on the CPU."""
        self.safe = False
        self.recogniser.device = self.device

    def move_model(self) -> None:
        """Have the model in use run where the settings say, from what it is asked next on.

        For worker threads: waits for an engine that is just being loaded.
        """
        if self.recogniser.device != self.device:
            self.recogniser.move(self.device)

    def resize_thumbnails(self) -> None:
        """Give thumbnails the room that the settings say. For worker threads: deletes files."""
        self.thumbnails.resize(self.settings.thumbnail_cache_mb * 1_000_000)

    def change_settings(self, **entries: Any) -> Settings:
        """Change some settings, from any thread, and return all of them; nothing is saved."""
        with self._lock:
            self.settings = replace(self.settings, **entries)
            return self.settings

    def remember(self, **entries: Any) -> None:
        """Change some settings and save all of them, from any thread.

        Where they cannot be saved they hold until the program ends, and the log says so.
        """
        with self._lock:
            self.settings = replace(self.settings, **entries)
            try:
                settings.save(self.places.settings, self.settings)
            except OSError as error:
                log.warning("settings could not be saved: %s", error)

    def close(self) -> None:
        """Close the library."""
        self.library.close()


def landmark_of(place: own_places.OwnPlace) -> Landmark:
    """Return a place that the person taught as the gazetteer has it."""
    return Landmark(**asdict(place), own=True)


def _chosen(places: Places, chosen: Settings) -> Recogniser:
    """Return the model that the settings name. Raises ``ModelError`` where it cannot be used."""
    path = model_files.find(places.models, chosen.model)
    if path is None:
        raise ModelError("The model that you chose cannot be used.", "Its file is gone or damaged.")
    return Recogniser.of(path, chosen.device)
