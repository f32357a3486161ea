"""Tags of photos in a person's words: who said so, and how sure a model was."""

from __future__ import annotations

from collections.abc import Mapping

from landmark_desktop.library.records import Said
from landmark_desktop.library.shared_tags import SharedTag
from landmark_desktop.library.tag_paths import write

_SAID_BY = {
    "person": "you", "accepted": "you, accepting", "file": "the file", "model": "a rule",
    "neighbours": "photos around it",
}  # fmt: skip


def said_by(said: Said, models: Mapping[int, str]) -> str:
    """Return who said it, as "a rule, “Landmarks” 95% sure". ``models``: their names by id."""
    if said.source == "model" and said.landmark is None and said.model_id is None:
        return "a program, as the file says"  # see ``tag_edits.follow_guesses``
    text = _SAID_BY[said.source]
    if said.model_id is not None and said.confidence is not None:
        text += f", “{models.get(said.model_id, 'a model')}” {said.confidence:.0%} sure"
    elif said.confidence is not None and said.source == "neighbours":
        text += f", {said.confidence:.0%} sure"
    return text


def in_words(tag: SharedTag, models: Mapping[int, str]) -> str:
    """Return all that is known of a tag of the chosen photos, a line each."""
    lines = [write(tag.path)]
    if not tag.everywhere:
        lines[0] += f", on {tag.photos:,} of {tag.chosen:,} photos"
    for said, number in tag.said:
        where = f" (on {number:,})" if number != tag.photos else ""
        lines.append(f"Said by {said_by(said, models)}{where}")
    if tag.guess:
        lines.append("A guess: no person has confirmed it")
    elif tag.guesses:
        lines.append(f"A guess on {tag.guesses:,} of them")
    return "\n".join(lines)
