"""The landmarks that a photo may show, what speaks for and against each, and their probabilities.

The arithmetic of ``geo.evidence``, where the two steps are explained.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace

from landmark_desktop.geo.distance import Position, metres, position
from landmark_desktop.geo.gazetteer import Gazetteer
from landmark_desktop.geo.reach import SURROUNDINGS
from landmark_desktop.geo.witnesses import SAME, Witness, by_position

ELSEWHERE_TOO = 0.05
"""Share of the photos of something else that are taken where a landmark is in sight. The reverse,
20, is the most by which a place multiplies the odds of a landmark against something else. The
same estimate as ``NEAR``; not measured."""

OVERWHELMING = 0.8
"""From this probability of "something else" the model sees no landmark, and none is brought in."""

UNLISTED = 0.1
"""Share of "something else" that a landmark gets that is brought in. The model sees some landmark
then and cannot say which; that it is the one nearby was not the model's to judge. Low enough that
with the shipped model's threshold such a landmark is offered as an alternative and no more."""

SUREST = 0.99
"""Most that the model is trusted once a place contradicts it: it cannot tell a landmark from a copy
of it in a theme park, and its photos for calibration held none. So half is left at most."""

_BROUGHT_IN = int(1 / UNLISTED)
_NEARBY = 0.01  # degrees of latitude: 1.1 km, to pass over the rest of the world quickly


@dataclass(frozen=True, slots=True)
class Candidate:
    """``chance``: by the model. ``support``, ``against``: sum of the log ratios that agree, and
    the strongest that contradicts. ``placed``: whether it is known where the landmark is.
    ``ranked``: whether the model ranks it; else its chance is carved out of "something else"."""

    chance: float
    support: float
    against: float
    placed: bool
    ranked: bool = True


@dataclass(frozen=True, slots=True)
class Context:
    """What there is about the place. ``same``: weight of the neighbours, by what they show."""

    position: Position | None
    witnesses: tuple[Witness, ...]
    same: Mapping[str, float]
    gazetteer: Gazetteer

    def of(self, landmark: str, chance: float) -> Candidate:
        """Return a landmark that the model ranks, or that neighbours show, as a candidate."""
        entry = self.gazetteer[landmark]
        own = by_position(entry, self.position) if self.position is not None else 0.0
        said = [witness.says(entry) for witness in self.witnesses]
        support = sum(s for s in (own, *said) if s > 0)
        support += self.same.get(landmark, 0.0) * math.log(SAME)
        placed = position(entry.latitude, entry.longitude) is not None
        return Candidate(chance, support, _against(own, said), placed)

    def brought_in(self, landmark: str, chance: float) -> Candidate:
        """Return one that the model does not rank.

        One that is only nearby has the support of that and no more: the places of other
        photos did not bring it in.
        """
        candidate = replace(self.of(landmark, chance), ranked=False)
        if landmark in self.same or self.position is None:
            return candidate
        return replace(
            candidate, support=max(0.0, by_position(self.gazetteer[landmark], self.position))
        )

    def nearby(self) -> Iterator[str]:
        """Yield landmarks that the photo may show though the model ranks none of them.

        Those in whose immediate surroundings it was taken, the nearest first, then those that
        neighbours were accepted as. A person's own place is not brought in by its
        coordinates: they may be a city's.
        """
        here, found = self.position, []
        for entry in self.gazetteer if here is not None else ():
            if here is None or entry.own or entry.latitude is None:
                continue
            if abs(entry.latitude - here.latitude) > _NEARBY:
                continue
            there = position(entry.latitude, entry.longitude)
            if there is not None and metres(here, there) <= SURROUNDINGS:
                found.append((metres(here, there), entry.id))
        yield from dict.fromkeys([*(landmark for _, landmark in sorted(found)), *self.same])


def candidates(
    chances: Mapping[str, float], rejected: Container[str], known: Container[str], context: Context
) -> dict[str, Candidate]:
    """Return the candidates by landmark, those that the model ranks in its order.

    ``chances``: by the model, summing to 1 or less. ``known``: what the model can name; such a
    landmark that it does not rank gets no more than the last that it does.
    """
    found = {x: context.of(x, chance) for x, chance in chances.items() if x not in rejected}
    nothing = max(0.0, 1.0 - sum(chances.values()))
    if nothing < OVERWHELMING:
        least = min(chances.values(), default=1.0)
        others = (x for x in context.nearby() if x not in chances and x not in rejected)
        for x, _ in zip(others, range(_BROUGHT_IN), strict=False):
            chance = UNLISTED * nothing
            found[x] = context.brought_in(x, min(chance, least) if x in known else chance)
    return found


def together(found: Mapping[str, Candidate]) -> dict[str, float]:
    """Return each candidate's probability after support and contradiction; 1 or less in all."""
    most = max(c.support for c in found.values())  # scales all, so that nothing overflows
    otherwise = (1 - ELSEWHERE_TOO) * math.exp(-most) + ELSEWHERE_TOO
    shares = {}
    nothing = max(0.0, 1.0 - sum(c.chance for c in found.values())) * otherwise
    for x, c in found.items():
        factor = math.exp(c.support - most)
        # Of a landmark that is nobody knows where, place says as much as of something else.
        shares[x] = c.chance * (factor if c.placed else max(factor, otherwise))
        if not c.ranked:
            # What it was carved out of has the rest: naming it makes no other one likelier.
            nothing += max(0.0, c.chance * otherwise - shares[x])
    total = sum(shares.values()) + nothing
    after = {}
    for x, c in found.items():
        chance = min(shares[x] / total, 1.0 if c.against == 0 else SUREST) if total > 0 else 0.0
        odds = chance * math.exp(c.against)
        after[x] = odds / (odds + 1.0 - chance) if odds > 0 else 0.0
    return after


def _against(own: float, said: list[float]) -> float:
    """Return the strongest contradiction, 0 for none.

    Where the photo's own position agrees, its neighbours' places are not asked.
    """
    return 0.0 if own > 0 else min([own, 0.0, *said])
