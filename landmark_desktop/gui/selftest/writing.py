"""Steps of the self-test: tags go into files, are read back from there, and are taken away."""

from __future__ import annotations

import hashlib
from pathlib import Path

from landmark_desktop.actions import tags
from landmark_desktop.gui.selftest.browsing import photos
from landmark_desktop.gui.selftest.trial import StepFailed, Trial
from landmark_desktop.library.records import Photo

_TAG = ("Self-test", "Écriture")  # a letter that tells which encoding was used


def writes(trial: Trial) -> str:
    """Write a tag into a sidecar, then into a photo itself, read both, and take both back."""
    sidecar = _writes_one(trial, ".png", into_photo=False)
    photo = _writes_one(trial, ".jpg", into_photo=True)
    return f"{sidecar.name}, {photo.name}"


def _writes_one(trial: Trial, ending: str, *, into_photo: bool) -> Path:
    # What reads and writes metadata is native code: not while the window opens.
    from landmark_desktop.metadata.reading import read_described

    window = trial.window
    photo = _drawn(trial, ending)
    target = photo.path if into_photo else photo.path.with_name(f"{photo.path.name}.xmp")
    before = _digest(photo.path)
    window.settings.live.set("metadata_target", "embedded" if into_photo else "sidecar")
    window.library.apply(tags.add(window.workspace, [photo.id], _TAG))
    _run(trial, photo)
    sidecars = [] if into_photo else [target]
    if not target.exists() or _TAG not in read_described(photo.path, sidecars).tags:
        raise StepFailed(f"the tag is not in {target.name}: {window.writing.run.said}")
    if (_digest(photo.path) == before) == into_photo:
        raise StepFailed(f"{photo.path.name} {'is unchanged' if into_photo else 'was changed'}")
    window.library.undo()
    trial.wait(lambda: _digest(photo.path) == before, 30, "photo as it was")
    trial.wait(lambda: into_photo or not target.exists(), 30, "end of the sidecar")
    trial.wait(lambda: not window.runner.busy, 30, "end of undoing")
    window.library.undo()  # the tag itself
    trial.wait(lambda: not photos(trial, photo.id)[0].tags, 30, "untagged photo")
    return target


def _run(trial: Trial, photo: Photo) -> None:
    ended: list[object] = []
    run = trial.window.writing.run
    run.ended.connect(ended.append)
    run.start([photo.id], {})
    trial.wait(lambda: bool(ended), 60, "end of writing")
    run.ended.disconnect(ended.append)


def _drawn(trial: Trial, ending: str) -> Photo:
    """Return a photo that the self-test has drawn: a person's own stay as they are."""
    for photo in photos(trial):
        if photo.path in trial.album and photo.path.suffix == ending:
            return photo
    raise StepFailed(f"no drawn photo ends in {ending}")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
