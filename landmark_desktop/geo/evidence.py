"""All evidence about one photo together: the model, the photo's own position, its neighbours.

Naive Bayes over the landmarks that the model ranks and "something else", which is what they lack
of 1 (background, and landmarks farther down). docs/evidence.md has it with numbers.

1. *Support.* A landmark's probability is multiplied by the ratios of the witnesses that agree
   with it (``geo.witnesses``). "Something else" is multiplied too: some photos of other things
   are taken at landmarks as well (``candidates.ELSEWHERE_TOO``). So a place alone, however
   certain, makes no landmark of a photo in which the model sees none. Then all are brought to a
   sum of 1.
2. *Contradiction.* A landmark that a witness contradicts has its odds multiplied by the ratio of
   the strongest that does. What it loses goes to "something else" and not to the next
   landmark, for which nothing was said.

From this follows exactly, whatever else is known: a witness that agrees with a landmark as much
as with any other never lowers it, and a witness that contradicts it never raises it. In plain
naive Bayes, one step, a position far from two landmarks would raise the nearer one.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass, replace

from landmark_desktop.geo import grounds
from landmark_desktop.geo.candidates import Context, candidates, together
from landmark_desktop.geo.distance import Position
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.geo.verdict import Provenance, Verdict
from landmark_desktop.geo.witnesses import counting, witnesses
from landmark_desktop.library.records import Neighbour, Suggestion
from landmark_desktop.settings import Settings

MINUTES = float(Settings.neighbour_minutes)
"""How long before and after a photo its neighbours count by default: a visit, with the way to the
next one."""


@dataclass(frozen=True)
class Evidence:
    """What is known of one photo.

    ``model``: the model's opinion, ``None`` where it has not looked. ``position``: measured by
    the camera. ``neighbours``: in any order. ``accepted``, ``rejected``: what a person said.
    """

    model: Suggestion | None = None
    position: Position | None = None
    neighbours: tuple[Neighbour, ...] = ()
    accepted: str | None = None
    rejected: frozenset[str] = frozenset()

    @property
    def own(self) -> str | None:
        """The model's own suggestion, unless the person rejected it."""
        landmark = self.model.landmark if self.model is not None else None
        return None if landmark in self.rejected else landmark


def weigh(
    evidence: Evidence,
    gazetteer: Gazetteer,
    *,
    threshold: float,
    minutes: float = MINUTES,
    known: Container[str] = (),
    place_name: Callable[[Position], str] = lambda _: "",
) -> Verdict:
    """Return what all the evidence together says.

    ``threshold``: least probability, 0 to 1, of a suggestion, the model card's. ``minutes``:
    how far away in time neighbours count. ``known``: the landmarks that the model can name.
    ``place_name``: puts a position into words; asked for conflicts only.

    A landmark that the person accepted is returned as it is. Without position and neighbours
    the model's opinion is, less what the person rejected.
    """
    neighbours = counting(evidence.neighbours, minutes)
    seen, same = witnesses(neighbours, gazetteer, minutes)
    if evidence.accepted is not None:
        sure = evidence.accepted
        verdict = Verdict(sure, 1.0, ((sure, 1.0),), Provenance.PERSON)
        subjects = [sure]
    else:
        context = Context(evidence.position, seen, same, gazetteer)
        verdict = _suggested(evidence, context, threshold, known)
        # What the model suggests and what is suggested after all, each once and in this order.
        pair = (evidence.own, verdict.landmark)
        subjects = list(dict.fromkeys(x for x in pair if x is not None))
    about = grounds.About(evidence.position, neighbours, seen, gazetteer)
    return replace(
        verdict,
        reasons=tuple(grounds.reasons(about, verdict, evidence.model, evidence.rejected)),
        conflicts=tuple(c for x in subjects for c in grounds.conflicts(about, x, place_name)),
        place=grounds.place(about, verdict),
    )


def _suggested(
    evidence: Evidence, context: Context, threshold: float, known: Container[str]
) -> Verdict:
    """Return landmark, confidence and ranking.

    A landmark is suggested that reaches the threshold and is likelier than something else, as
    in ``training.decision``. The model compared its own suggestion with the background alone,
    which is only part of something else: it stands as long as it has not become less likely.
    """
    if evidence.model is None:
        return Verdict(None, 0.0, ())
    chances: dict[str, float] = {}
    for landmark, chance in evidence.model.alternatives:
        chances[landmark] = chances.get(landmark, 0.0) + chance
    found = candidates(chances, evidence.rejected, known, context)
    if not any(c.support or c.against for c in found.values()):
        ranked = tuple((x, c.chance) for x, c in found.items())
        return Verdict(evidence.own, ranked[0][1] if ranked else 0.0, ranked)
    after = together(found)
    ranked = tuple(sorted(after.items(), key=lambda item: -item[1]))
    best, confidence = ranked[0]
    stands = best == evidence.own and confidence >= chances[best]
    suggested = confidence >= threshold and (confidence > 1.0 - sum(after.values()) or stands)
    return Verdict(best if suggested else None, confidence, ranked)
