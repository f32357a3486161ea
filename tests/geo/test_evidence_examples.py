"""Evidence together, by examples: what is suggested, offered, shown as a conflict, guessed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_desktop import paths
from landmark_desktop.geo import reach, witnesses
from landmark_desktop.geo.distance import Position, metres, position
from landmark_desktop.geo.evidence import Evidence, weigh
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark
from landmark_desktop.geo.verdict import (
    ModelSays,
    NeighboursNear,
    NeighboursShow,
    PositionSays,
    Provenance,
    Source,
    Verdict,
)
from landmark_desktop.library.records import Neighbour, Suggestion

SHIPPED = Gazetteer.load(paths.resources())
TROCADERO = Position(48.8616, 2.2893)
LYON = Position(45.76, 4.84)
THRESHOLD = 0.815  # the shipped model's

TOWN = Gazetteer(
    {
        x.id: x
        for x in (
            Landmark("tower", "Tower", kind="tower", latitude=48.86, longitude=2.29),
            Landmark("bridge", "Bridge", kind="bridge", latitude=48.70, longitude=2.60),
            Landmark("far", "Far away", kind="temple", latitude=-33.0, longitude=151.0),
            Landmark("unlisted", "Not ranked", kind="church", latitude=48.8605, longitude=2.2905),
            Landmark("garden", "Our garden", latitude=48.8602, longitude=2.2902, own=True),
            Landmark("nowhere", "Nobody knows where", own=True),
        )
    }
)
points = st.builds(Position, st.floats(-90, 90), st.floats(-180, 180))


def weighed(evidence: Evidence) -> Verdict:
    return weigh(evidence, TOWN, threshold=THRESHOLD, known={"tower", "bridge", "far"})


def chance(verdict: Verdict, landmark: str) -> float:
    return dict(verdict.ranked).get(landmark, 0.0)


def eiffel(chance: float, rest: float = 0.02, landmark: str | None = None) -> Suggestion:
    ranked = sorted([("Eiffel_Tower", chance), ("Galata_Tower", rest)], key=lambda x: -x[1])
    return Suggestion(landmark, ranked[0][1], tuple(ranked))


@pytest.mark.parametrize(
    ("alone", "there"), [(0.005, 0.05), (0.10, 0.53), (0.60, 0.94), (0.83, 0.98)]
)
def test_from_the_trocadero(alone: float, there: float) -> None:
    verdict = weigh(Evidence(eiffel(alone), TROCADERO), SHIPPED, threshold=THRESHOLD)
    assert chance(verdict, "Eiffel_Tower") == pytest.approx(there, abs=0.01)
    assert verdict.landmark == ("Eiffel_Tower" if there > THRESHOLD else None)
    (said,) = [reason for reason in verdict.reasons if isinstance(reason, PositionSays)]
    assert said.distance == pytest.approx(520, abs=10)
    assert said.factor == pytest.approx(20)


def test_a_dinner_beside_the_tower_is_no_tower() -> None:
    shot = Neighbour(1, -240, "Eiffel_Tower")
    base = Position(48.8580, 2.2950)
    given = Evidence(eiffel(0.01), base, (shot, shot._replace(id=2, seconds=60)))
    verdict = weigh(given, SHIPPED, threshold=THRESHOLD)
    assert verdict.landmark is None
    assert verdict.confidence < 0.2
    nothing = Evidence(Suggestion(None, 0.02, (("Petra", 0.02),)), base)
    assert weigh(nothing, SHIPPED, threshold=0.01).ranked[0][0] == "Petra"


def test_the_camera_says_lyon() -> None:
    given = Evidence(eiffel(0.83, landmark="Eiffel_Tower"), LYON)
    verdict = weigh(given, SHIPPED, threshold=THRESHOLD, place_name=lambda p: f"{p.latitude:.0f}")
    assert verdict.landmark is None
    assert verdict.confidence == pytest.approx(0.05, abs=0.01)
    (conflict,) = verdict.conflicts
    assert (conflict.source, conflict.place) == (Source.POSITION, "46")
    assert conflict.distance == pytest.approx(394_000, abs=1000)
    copy = weigh(Evidence(eiffel(0.98, 0.0, "Eiffel_Tower"), LYON), SHIPPED, threshold=THRESHOLD)
    assert copy.confidence < 0.5
    sure = weigh(Evidence(eiffel(0.97, landmark="Eiffel_Tower"), LYON), SHIPPED, threshold=0.1)
    assert sure.conflicts[0].landmark == "Eiffel_Tower"
    assert sure.confidence == pytest.approx(0.24, abs=0.02)


def test_neighbours_contradict_too_and_a_position_that_agrees_overrides_them() -> None:
    model = eiffel(0.83, landmark="Eiffel_Tower")
    around = (Neighbour(1, -1200, None, *LYON), Neighbour(2, -3000, "Taj_Mahal"))
    verdict = weigh(Evidence(model, None, around), SHIPPED, threshold=THRESHOLD)
    (conflict,) = verdict.conflicts
    assert (conflict.source, conflict.seconds) == (Source.NEIGHBOURS, -1200)
    assert verdict.confidence < 0.5
    agreeing = weigh(Evidence(model, TROCADERO, around), SHIPPED, threshold=THRESHOLD)
    assert (agreeing.landmark, agreeing.conflicts) == ("Eiffel_Tower", ())


def test_an_accepted_landmark_keeps_its_conflict() -> None:
    given = Evidence(eiffel(0.83), LYON, accepted="Eiffel_Tower")
    verdict = weigh(given, SHIPPED, threshold=THRESHOLD)
    assert verdict.conflicts[0].source is Source.POSITION
    assert verdict.place is not None
    assert verdict.place.provenance is Provenance.MEASURED


def test_reasons_name_the_neighbours() -> None:
    around = (
        Neighbour(1, -120, "Eiffel_Tower"), Neighbour(2, 700, "Eiffel_Tower"),
        Neighbour(3, 60, None, *TROCADERO), Neighbour(4, 300, None, *LYON),
    )  # fmt: skip
    reasons = weigh(Evidence(eiffel(0.5), None, around), SHIPPED, threshold=THRESHOLD).reasons
    assert reasons[:2] == (
        ModelSays("Eiffel_Tower", 0.5), NeighboursShow("Eiffel_Tower", 2, 700),
    )  # fmt: skip
    near = reasons[2]
    assert isinstance(near, NeighboursNear)
    assert (near.photos, near.seconds) == (1, 60)


def test_a_landmark_the_model_cannot_name_is_offered_in_its_surroundings_only() -> None:
    model = Suggestion(None, 0.2, (("tower", 0.2), ("bridge", 0.1)))
    beside = Position(48.8606, 2.2906)
    close = weigh(Evidence(model, beside), TOWN, threshold=0.4)
    assert chance(close, "unlisted") > 0.15
    assert chance(close, "garden") == 0  # its coordinates may be a city's
    assert chance(weighed(Evidence(model, Position(48.8650, 2.2906))), "unlisted") == 0
    unseen = Suggestion(None, 0.1, (("tower", 0.1), ("bridge", 0.05)))
    assert chance(weighed(Evidence(unseen, beside)), "unlisted") == 0
    known = weigh(Evidence(model, beside), TOWN, threshold=0.4, known={"unlisted"})
    assert chance(known, "unlisted") <= chance(close, "unlisted")


def test_neighbours_bring_in_a_place_of_ones_own() -> None:
    model = Suggestion(None, 0.2, (("tower", 0.2), ("far", 0.1)))
    around = (Neighbour(1, 120, "nowhere"),)
    assert chance(weighed(Evidence(model, None, around)), "nowhere") > 0.3


def test_a_place_is_guessed_without_a_landmark() -> None:
    nothing = Suggestion(None, 0.01, (("Petra", 0.01),))
    around = (Neighbour(1, -3000, "Taj_Mahal"), Neighbour(2, 300, None, *LYON))
    place = weigh(Evidence(nothing, None, around), SHIPPED, threshold=THRESHOLD).place
    assert place is not None
    assert (place.position, place.provenance) == (LYON, Provenance.GUESS)
    assert place.radius == pytest.approx(5100)
    assert weigh(Evidence(None), SHIPPED, threshold=THRESHOLD) == Verdict(None, 0.0, ())


def test_a_landmark_gives_its_place() -> None:
    guessed = weigh(
        Evidence(eiffel(0.9, landmark="Eiffel_Tower")), SHIPPED, threshold=THRESHOLD
    ).place
    said = weigh(Evidence(None, accepted="Eiffel_Tower"), SHIPPED, threshold=THRESHOLD).place
    assert guessed is not None
    assert said is not None
    assert (guessed.provenance, said.provenance) == (Provenance.GUESS, Provenance.PERSON)
    assert guessed.landmark == said.landmark == "Eiffel_Tower"


def test_towers_are_seen_from_farther_than_fountains() -> None:
    there = Position(48.86, 2.29)
    tower = Landmark("t", "", kind="Tower", latitude=48.86, longitude=2.29)
    fountain = Landmark("f", "", kind="fountain", latitude=48.86, longitude=2.29)
    three_km = Position(48.86 + 0.027, 2.29)
    assert witnesses.by_position(tower, there) == witnesses.by_position(fountain, there)
    assert witnesses.by_position(tower, three_km) > 0 > witnesses.by_position(fountain, three_km)


def test_every_kind_of_the_gazetteer_has_its_reach() -> None:
    assert {landmark.kind for landmark in SHIPPED} <= reach._REACH.keys()
    assert reach.reach(Landmark("x", "X", kind="fountain", own=True)) == 5000


@given(st.floats(0, 2e7), st.floats(0, 2e7), st.floats(100, 1e5))
def test_farther_is_never_likelier(one: float, other: float, sight: float) -> None:
    near, far = sorted((one, other))
    assert witnesses.ratio(near, sight, sight) >= witnesses.ratio(far, sight, sight)
    assert witnesses.FAR <= witnesses.ratio(far, sight, sight) <= witnesses.NEAR


@given(points, points)
def test_distances(one: Position, other: Position) -> None:
    assert metres(one, other) == pytest.approx(metres(other, one), rel=1e-9, abs=1e-3)
    assert metres(one, one) == 0
    assert metres(one, witnesses.cell(one)) <= witnesses.CELL
    assert metres(Position(0, 179.5), Position(0, -179.5)) == pytest.approx(111_195, abs=1)


@pytest.mark.parametrize("point", [(0.0, 0.0), (None, 3.0), (91.0, 0.0), (1.0, math.nan)])
def test_what_is_no_position(point: tuple[float | None, float | None]) -> None:
    assert position(*point) is None


def test_hundreds_of_witnesses_do_not_overflow() -> None:
    crowd = tuple(
        Neighbour(n, 10 * n - 5000, None, 48.86 + 0.01 * (n % 30), 2.29 + 0.01 * (n // 30))
        for n in range(1000)
    )
    verdict = weighed(Evidence(Suggestion(None, 0.3, (("tower", 0.3), ("far", 0.2))), None, crowd))
    assert 0.3 < verdict.confidence <= 1
