"""A step of the self-test: photos go into tidy folders on the Organise page, and come back."""

from __future__ import annotations

import hashlib
from pathlib import Path

from landmark_desktop.gui.selftest.browsing import photos
from landmark_desktop.gui.selftest.trial import StepFailed, Trial
from landmark_desktop.library.records import Photo

_MOST = 3


def tidies(trial: Trial) -> str:
    """Accept places, move the photos into folders with what lies beside them, take it back."""
    from landmark_desktop.actions import review  # with numpy: not while the window opens

    window = trial.window
    drawn = [photo for photo in photos(trial) if photo.path in trial.album][:_MOST]
    if not drawn:
        raise StepFailed("no drawn photo is in the library")
    assert drawn[0].suggestion is not None
    place = drawn[0].suggestion.alternatives[0][0]
    beside = drawn[0].path.with_name(f"{drawn[0].path.name}.xmp")
    beside.write_bytes(b"<x/>")
    before = _contents(drawn, beside)
    window.library.apply(review.accept(window.workspace, [p.id for p in drawn], place))
    target = trial.folder / "tidy"
    _move(trial, drawn, target)
    moved = [photo.path for photo in photos(trial, *(photo.id for photo in drawn))]
    if not all(target in path.parents and path.is_file() for path in moved):
        raise StepFailed(f"the photos are not below {target.name}")
    if not moved[0].with_name(beside.name).is_file():
        raise StepFailed("what lay beside a photo did not come along")
    window.library.undo()
    trial.wait(lambda: _contents(drawn, beside) == before, 60, "photos where they were")
    trial.wait(lambda: not window.runner.busy, 60, "end of undoing")
    if target.exists():
        raise StepFailed("a folder that was made is still there")
    window.library.undo()  # the places
    trial.wait(lambda: not window.runner.busy, 60, "end of undoing")
    beside.unlink()
    window.show_page(window.library.view)
    return f"{len(drawn)} photos into {moved[0].parent.name} and back"


def _move(trial: Trial, drawn: list[Photo], target: Path) -> None:
    window, page = trial.window, trial.window.organise
    window.show_page(page.view)
    trial.wait(lambda: page.session is not None, 60, "Organise page")
    session = page.session
    assert session is not None
    session.view.form.into.setText(str(target))
    session.view.form.line.setText("{landmark}")

    def planned() -> bool:
        request = session.request
        return not session.settling and request is not None and request.into == target

    trial.wait(planned, 60, "plan")
    trial.wait(lambda: session.ready, 60, "plan that does something")
    assert session.shown is not None
    going = {id_ for each in session.shown.plan.placed for id_ in each.wanted.photos.values()}
    if going != {photo.id for photo in drawn}:
        raise StepFailed(f"{len(going)} photos would go, not {len(drawn)}")  # none but drawn ones
    session.view.do.click()
    trial.wait(lambda: not page.run.busy and not window.runner.busy, 60, "end of moving")


def _contents(drawn: list[Photo], beside: Path) -> dict[Path, str]:
    paths = [path for path in (*(photo.path for photo in drawn), beside) if path.is_file()]
    return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}
