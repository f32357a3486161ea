"""The model shelf: every model at hand, added, used, handed on, taken away.

The one that ships stands on it too and cannot be taken away. What a person adds is copied into
the library's folder of models, after it was loaded and tried.
"""

from __future__ import annotations

import datetime
import shutil
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop import atomic, paths
from landmark_desktop.actions import model_files
from landmark_desktop.actions.workspace import InUse, Recogniser, Workspace
from landmark_desktop.errors import ModelError
from landmark_desktop.inference.preload import quiet_import
from landmark_desktop.library import suggestions
from landmark_desktop.library.changes import ChangeSet
from training.bundle import BundleError, Card, read_card


@dataclass(frozen=True)
class Shelved:
    """One model of the shelf.

    ``card``: ``None`` where the file is no model, and ``problem`` says why. ``digest``: SHA-256
    of the file, empty where it cannot be read. ``added``: when it was put on the shelf, local
    time. ``photos_per_second``: the model alone, as measured on this computer, on
    ``measured_on`` (``cpu`` or ``cuda``); ``None`` where that has not been done.
    """

    path: Path
    card: Card | None
    digest: str
    size_bytes: int
    built_in: bool
    in_use: bool
    added: datetime.datetime
    photos_per_second: float | None = None
    measured_on: str = ""
    problem: str = ""

    @property
    def name(self) -> str:
        """The name on the card, or the file's where there is no card."""
        return self.card.name if self.card is not None and self.card.name else self.path.stem


def models(workspace: Workspace) -> list[Shelved]:
    """Return every model: the built-in one first, then the newest first. Reads files (seconds).

    A file in the folder that is no model is among them, with its ``problem``; the same model
    twice is one. One in use that lies elsewhere (``Workspace.open`` was given it) is too.
    """
    speeds = suggestions.speeds(workspace.library.read())
    built_in = _shelved(workspace, paths.default_model(), speeds)
    found = {built_in.digest: built_in}
    for path in (*model_files.files(workspace.places.models), workspace.recogniser.path):
        try:
            model = _shelved(workspace, path, speeds)
        except FileNotFoundError:
            continue  # deleted meanwhile
        found.setdefault(model.digest or str(path), model)
    first, *rest = found.values()
    return [first, *sorted(rest, key=lambda model: model.added, reverse=True)]


def recogniser(workspace: Workspace, model: Shelved) -> Recogniser:
    """Return what runs the model: the one in use, where it is that. Raises ``ModelError``."""
    if model.digest == workspace.model.digest:
        return workspace.model.recogniser
    return Recogniser.of(model.path, workspace.device)


def add(workspace: Workspace, file: Path) -> Shelved:
    """Put a copy of the bundle on the shelf and return it; one that is there is returned.

    The model is loaded and tried (imports torch, takes seconds): not for the main thread.
    Raises ``ModelError`` for what this program cannot run, and where it cannot be copied.
    """

    def check(copy: Path) -> None:
        try:
            with quiet_import():
                from landmark_desktop.inference.engine import Engine

                Engine(copy, device="cpu")
        except ModelError as error:  # it named the copy
            raise ModelError(what, error.why, remedy) from error

    what, remedy = f"The model {file.name} cannot be added.", "Choose another file."
    try:
        read_card(file)
    except BundleError as error:
        raise ModelError(what, str(error), remedy) from error
    try:
        digest = model_files.identity(file)
    except OSError as error:
        raise ModelError(what, model_files.explain(error), remedy) from error
    folder = workspace.places.models
    for known in models(workspace):
        if known.digest == digest and (known.built_in or known.path.parent == folder):
            return known
    kept = model_files.keep(folder, file, check)
    return _shelved(workspace, kept, suggestions.speeds(workspace.library.read()))


def export(model: Shelved, target: Path) -> None:
    """Write the bundle to ``target``, replacing what is there. Raises ``ModelError``."""
    try:
        with atomic.replacing(target) as partial:
            shutil.copyfile(model.path, partial)
    except OSError as error:
        raise ModelError(
            f"{model.name} cannot be written to {target}.",
            model_files.explain(error), "Choose another place.",
        ) from error  # fmt: skip


def remove(workspace: Workspace, model: Shelved) -> None:
    """Delete the model's file, for good. What it suggested stays until another has looked.

    Raises ``ModelError`` for the built-in one, the one in use, and where it cannot be done.
    """
    what = f"{model.name} cannot be deleted."
    if model.built_in or model.path == paths.default_model():
        raise ModelError(what, "It came with the program.")
    if model.digest == workspace.model.digest or model.path == workspace.recogniser.path:
        raise ModelError(what, "It is in use.", "Use another model first.")
    folder = workspace.places.models
    same = [path for path in model_files.files(folder) if _is_same(path, model)]
    try:
        for path in same:
            path.unlink(missing_ok=True)
    except OSError as error:
        raise ModelError(what, model_files.explain(error)) from error
    if workspace.settings.earlier_model == model.digest:
        workspace.remember(earlier_model="")


def use(workspace: Workspace, model: Shelved) -> ChangeSet:
    """Have ``model`` look at photos from now on, and remember that.

    Loads it first (imports torch, takes seconds), so that one that does not run changes
    nothing: call it on the thread that suggests. Suggestions of the model before stay on show,
    marked as stale, until this one has looked. The precision that the person asked for holds for
    this one too. Raises ``ModelError`` and ``LibraryError``.
    """
    before = workspace.model
    if model.digest == before.digest:
        return ChangeSet(summary=f"{model.name} is in use already.")
    try:
        recogniser = Recogniser.of(model.path, workspace.device)
        recogniser.engine()
        with workspace.deciding:
            precision = workspace.settings.precision
            workspace.model = chosen = InUse.of(recogniser, workspace.library, precision)
    except OSError as error:
        why = model_files.explain(error)
        raise ModelError(f"{model.name} cannot be used.", why, "Choose another model.") from error
    workspace.remember(
        model=_key(recogniser.path, chosen.digest),
        earlier_model=_key(before.recogniser.path, before.digest),
    )
    return ChangeSet(listing=True, summary=f"{model.name} is in use now.")


def earlier(workspace: Workspace, shelf: list[Shelved]) -> Shelved | None:
    """Return the model of ``shelf`` that was in use before the present one, if there is one."""
    wanted = workspace.settings.earlier_model
    for model in shelf:
        if not model.in_use and (model.built_in if wanted == "" else model.digest == wanted):
            return model
    return None


def _shelved(workspace: Workspace, path: Path, speeds: dict[str, tuple[float, str]]) -> Shelved:
    """Describe a file. Raises ``FileNotFoundError``."""
    stat = path.stat()
    card, digest, problem = None, "", ""
    try:
        digest = model_files.identity(path)
        card = read_card(path)
    except BundleError as error:
        problem = str(error)
    except OSError as error:
        problem = f"The file cannot be read. {model_files.explain(error)}"
    rate, device = speeds.get(digest, (None, ""))
    return Shelved(
        path, card, digest, stat.st_size,
        built_in=path == paths.default_model(),
        in_use=bool(digest) and digest == workspace.model.digest,
        added=datetime.datetime.fromtimestamp(stat.st_mtime),
        photos_per_second=rate, measured_on=device, problem=problem,
    )  # fmt: skip


def _is_same(path: Path, model: Shelved) -> bool:
    """Whether this is the model's file or another copy of it."""
    try:
        return path == model.path or model_files.identity(path) == model.digest
    except OSError:
        return False


def _key(path: Path, digest: str) -> str:
    return "" if path == paths.default_model() else digest
