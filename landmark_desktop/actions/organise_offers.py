"""What a person is offered before they have chosen: where to, ready templates, photos as examples.

For worker threads: the whole library is looked at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from landmark_desktop.actions.organise import DEFAULT_TEMPLATE, Which
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.library import moving
from landmark_desktop.library.moving import Filed

TEMPLATES = (
    ("By country, city and landmark", DEFAULT_TEMPLATE),
    ("By country, the rest in one folder", '{country|"Unsorted"}/{city}/{landmark}'),
    ("By landmark", "{landmark}"),
    ("By kind and landmark", "{kind}/{landmark}"),
    ("By year and place", '{year}/{country}/{landmark|city|"Unsorted"}'),
    ("By year and month", "{date:%Y}/{date:%Y-%m}"),
    ("By place and month", "{country}/{city}/{landmark}/{date:%Y-%m}"),
    ("By event", "{year}/{event}"),
)
"""Ready templates, each with its name."""
EXAMPLES = 4
_SORTED = "Sorted"


@dataclass(frozen=True)
class Offer:
    """``into``: a folder for the tidy ones, ``None`` where there is no photo. ``photos``: how many
    the library has; ``going``: how many of them are meant by the choice. ``examples``: ids of some
    of these, as unlike as there are."""

    into: Path | None
    photos: int
    going: int
    examples: tuple[int, ...]


def offer(workspace: Workspace, which: Which) -> Offer:
    """Look at the library for a choice of photos."""
    connection = workspace.library.read()
    found = moving.filed(connection, workspace.model_id)
    going = [photo for photo in found if _place(photo, which) or which is Which.ALL]
    into = _into(moving.roots(connection), going or found)
    return Offer(into, len(found), len(going), _unlike(going, which))


def _place(photo: Filed, which: Which) -> str | None:
    return photo.accepted or (None if which is Which.ACCEPTED else photo.suggested)


def _into(roots: Iterable[Path], photos: Iterable[Filed]) -> Path | None:
    """Return a folder of its own inside the imported one that most of the photos lie in.

    So they stay on their disk and where their backups look for them, and apart from what is not
    sorted yet.
    """
    given = set(roots)
    counts: Counter[Path] = Counter()
    for folder, number in Counter(photo.folder for photo in photos).items():
        outermost = [path for path in (folder, *folder.parents) if path in given]
        counts[outermost[-1] if outermost else folder] += number
    if not counts:
        return None
    top = counts.most_common(1)[0][0]
    return top if top.name == _SORTED else top / _SORTED


def _unlike(photos: Iterable[Filed], which: Which) -> tuple[int, ...]:
    """Return some photos: of different places first, then from different folders."""
    by_place: dict[str | None, Filed] = {}
    by_folder: dict[Path, Filed] = {}
    any_: list[Filed] = []
    for photo in photos:
        by_place.setdefault(_place(photo, which), photo)
        by_folder.setdefault(photo.folder, photo)
        if len(any_) < EXAMPLES:
            any_.append(photo)
    chosen = dict.fromkeys(
        photo.id for photo in (*by_place.values(), *by_folder.values(), *any_)
    )  # fmt: skip
    return tuple(chosen)[:EXAMPLES]
