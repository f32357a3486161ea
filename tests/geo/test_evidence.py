"""Evidence together: agreement never lowers, conflict never raises, a person's word stands."""

from __future__ import annotations

import math

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from landmark_desktop.geo import reach, witnesses
from landmark_desktop.geo.candidates import ELSEWHERE_TOO
from landmark_desktop.geo.distance import Position
from landmark_desktop.geo.evidence import Evidence, weigh
from landmark_desktop.geo.gazetteer import Gazetteer, Landmark
from landmark_desktop.geo.verdict import (
    PersonSays,
    Provenance,
    Verdict,
)
from landmark_desktop.library.records import Neighbour, Suggestion

THRESHOLD = 0.815  # the shipped model's

TOWN = Gazetteer(
    {
        x.id: x
        for x in (
            Landmark("tower", "Tower", kind="tower", latitude=48.86, longitude=2.29),
            Landmark("fountain", "Fountain", kind="fountain", latitude=48.862, longitude=2.291),
            Landmark("bridge", "Bridge", kind="bridge", latitude=48.70, longitude=2.60),
            Landmark("far", "Far away", kind="temple", latitude=-33.0, longitude=151.0),
            Landmark("edge", "At the date line", latitude=5.0, longitude=179.999),
            Landmark("unlisted", "Not ranked", kind="church", latitude=48.8605, longitude=2.2905),
            Landmark("garden", "Our garden", latitude=48.8602, longitude=2.2902, own=True),
            Landmark("nowhere", "Nobody knows where", own=True),
        )
    }
)
RANKED = ("tower", "fountain", "bridge", "far", "edge", "nowhere", "no entry")


def weighed(evidence: Evidence, gazetteer: Gazetteer = TOWN, minutes: float = 90) -> Verdict:
    return weigh(evidence, gazetteer, threshold=THRESHOLD, minutes=minutes, known=set(RANKED))


def chance(verdict: Verdict, landmark: str) -> float:
    return dict(verdict.ranked).get(landmark, 0.0)


@st.composite
def models(draw: st.DrawFn) -> Suggestion:
    names = draw(st.lists(st.sampled_from(RANKED), min_size=1, max_size=5, unique=True))
    parts = draw(st.lists(st.floats(1e-6, 1), min_size=len(names), max_size=len(names)))
    nothing = draw(st.floats(0, 10))
    ranked = sorted((part / (sum(parts) + nothing) for part in parts), reverse=True)
    best = names[0] if ranked[0] >= THRESHOLD and draw(st.booleans()) else None
    return Suggestion(best, ranked[0], tuple(zip(names, ranked, strict=True)))


positions = st.one_of(
    st.builds(Position, st.floats(48.6, 48.9), st.floats(2.2, 2.7)),
    st.builds(Position, st.floats(-90, 90), st.floats(-180, 180)).filter(lambda p: p != (0, 0)),
)


@st.composite
def neighbour(draw: st.DrawFn, landmark: str | None = None) -> Neighbour:
    spot = draw(st.none() | positions) if landmark is None else None
    shown = landmark or draw(st.none() | st.sampled_from([*TOWN._landmarks, "no entry"]))
    return Neighbour(
        draw(st.integers(1, 99)), draw(st.integers(-6000, 6000)), shown,
        *(spot or (None, None)), draw(st.booleans()) if landmark is None else True,
    )  # fmt: skip


evidence = st.builds(
    Evidence,
    model=models(),
    position=st.none() | positions,
    neighbours=st.lists(neighbour(), max_size=7).map(tuple),
    rejected=st.frozensets(st.sampled_from([*TOWN._landmarks]), max_size=2),
)
SLACK = 1e-9
many = settings(max_examples=100, deadline=None)


def add(given: Evidence, **more: object) -> Evidence:
    return Evidence(**{**{name: getattr(given, name) for name in given.__match_args__}, **more})


@many
@given(evidence)
def test_probabilities_are_probabilities(given: Evidence) -> None:
    verdict = weighed(given)
    assert all(0 <= p <= 1 for _, p in verdict.ranked)
    assert sum(p for _, p in verdict.ranked) <= 1 + SLACK
    assert [p for _, p in verdict.ranked] == sorted((p for _, p in verdict.ranked), reverse=True)
    assert verdict.confidence == (verdict.ranked[0][1] if verdict.ranked else 0.0)
    assert verdict.landmark in (None, verdict.ranked[0][0] if verdict.ranked else None)


@many
@given(evidence, st.sampled_from(["tower", "fountain", "far", "edge"]), st.floats(0, 1))
def test_a_position_in_sight_never_lowers(given: Evidence, landmark: str, part: float) -> None:
    entry = TOWN[landmark]
    north = math.degrees(part * reach.reach(entry) / 6_371_009)
    assert entry.latitude is not None
    assert entry.longitude is not None
    here = Position(entry.latitude + north, entry.longitude)
    before, after = weighed(add(given, position=None)), weighed(add(given, position=here))
    assert chance(after, landmark) >= chance(before, landmark) - SLACK


@many
@given(st.data(), evidence, st.sampled_from(["tower", "bridge", "edge", "nowhere", "garden"]))
def test_a_neighbour_accepted_as_it_never_lowers(
    data: st.DataObject, given: Evidence, landmark: str
) -> None:
    one = data.draw(neighbour(landmark))
    after = weighed(add(given, neighbours=(*given.neighbours, one)))
    assert chance(after, landmark) >= chance(weighed(given), landmark) - SLACK


@many
@given(evidence, st.sampled_from(["tower", "bridge", "edge", "far"]), st.integers(-6000, 6000))
def test_a_neighbour_measured_at_it_never_lowers(
    given: Evidence, landmark: str, seconds: int
) -> None:
    entry = TOWN[landmark]
    one = Neighbour(7, seconds, None, entry.latitude, entry.longitude)
    after = weighed(add(given, neighbours=(*given.neighbours, one)))
    assert chance(after, landmark) >= chance(weighed(given), landmark) - SLACK


@many
@given(evidence, positions)
def test_a_position_that_contradicts_never_raises(given: Evidence, here: Position) -> None:
    before, after = weighed(add(given, position=None)), weighed(add(given, position=here))
    for entry in TOWN:
        if witnesses.by_position(entry, here) < 0:
            assert chance(after, entry.id) <= chance(before, entry.id) + SLACK


def test_a_landmark_that_neighbours_bring_in_makes_no_other_one_likelier() -> None:
    """It is carved out of something else, and what it then lacks stays with that."""
    model = Suggestion(None, 0.25, (("tower", 0.25), ("fountain", 0.25), ("bridge", 0.25)))
    others = (
        Neighbour(1, 301, "tower", None, None), Neighbour(2, 0, None, 48.75, 2.5),
    )  # fmt: skip
    before = Evidence(model, Position(48.75, 2.5), others)
    after = add(before, neighbours=(*others, Neighbour(7, 0, "far", None, None)))
    assert "far" in dict(weighed(after).ranked)
    assert chance(weighed(after), "bridge") <= chance(weighed(before), "bridge") + SLACK


@many
@given(
    evidence, st.integers(-5399, 5399), positions, st.none() | st.sampled_from([*TOWN._landmarks])
)
def test_a_neighbour_that_contradicts_never_raises(
    given: Evidence, seconds: int, spot: Position, shown: str | None
) -> None:
    one = Neighbour(7, seconds, shown, *(spot if shown is None else (None, None)))
    ((witness,), _) = witnesses.witnesses([one], TOWN, 90)
    before = weighed(given)
    after = weighed(add(given, neighbours=(*given.neighbours, one)))
    for entry in TOWN:
        if witness.says(entry) < 0:
            assert chance(after, entry.id) <= chance(before, entry.id) + SLACK


@many
@given(evidence)
def test_without_evidence_the_model_has_the_word(given: Evidence) -> None:
    model = given.model
    assert model is not None
    verdict = weighed(Evidence(model))
    assert (verdict.landmark, verdict.confidence) == (model.landmark, model.confidence)
    assert verdict.ranked == model.alternatives
    assert verdict.conflicts == ()


@many
@given(evidence, st.sampled_from(RANKED))
def test_what_a_person_accepted_stands(given: Evidence, landmark: str) -> None:
    verdict = weighed(add(given, accepted=landmark))
    assert (verdict.landmark, verdict.confidence) == (landmark, 1.0)
    assert verdict.provenance is Provenance.PERSON
    assert verdict.reasons[0] == PersonSays(landmark)


@many
@given(evidence)
def test_what_a_person_rejected_never_comes_back(given: Evidence) -> None:
    assert given.model is not None
    best = frozenset({given.model.alternatives[0][0]})
    for rejected in (given.rejected, best):
        for place in (given, Evidence(given.model)):  # with what there is of place, and without
            verdict = weighed(add(place, rejected=rejected))
            assert verdict.landmark not in rejected
            assert not rejected & {landmark for landmark, _ in verdict.ranked}


def test_what_a_person_rejected_is_not_brought_in() -> None:
    """Neither by the photo's own position nor by photos around that show it."""
    model = Suggestion(None, 0.3, (("bridge", 0.3),))
    around = (Neighbour(1, 60, "far", None, None),)
    given = Evidence(model, Position(48.8605, 2.2905), around)
    near = {"tower", "unlisted", "far"}
    assert near <= {landmark for landmark, _ in weighed(given).ranked}
    for landmark in near:
        refused = weighed(add(given, rejected=frozenset({landmark})))
        assert landmark not in {other for other, _ in refused.ranked}


def test_a_suggestion_that_few_would_follow_stands_until_it_is_less_likely() -> None:
    """With a low threshold: the model set it against the background, not against all else."""
    model = Suggestion("tower", 0.4, (("tower", 0.4), ("fountain", 0.1)))

    def suggested(*neighbours: Neighbour) -> str | None:
        evidence = Evidence(model, neighbours=neighbours)
        return weigh(evidence, TOWN, threshold=0.3, known=set(RANKED)).landmark

    assert suggested() == "tower"
    assert suggested(Neighbour(1, 5000, None, 48.86, 2.29)) == "tower"
    assert suggested(Neighbour(1, 5000, "far", None, None)) is None


@many
@given(evidence, positions, st.none() | st.sampled_from(RANKED))
def test_a_measured_position_is_never_replaced(
    given: Evidence, here: Position, accepted: str | None
) -> None:
    place = weighed(add(given, position=here, accepted=accepted)).place
    assert place is not None
    assert (place.position, place.provenance) == (here, Provenance.MEASURED)


@many
@given(evidence, neighbour(), st.sampled_from(["tower", "far", "garden"]))
def test_without_one_the_camera_was_where_a_person_said(
    given: Evidence, near: Neighbour, accepted: str
) -> None:
    around = (*given.neighbours, near._replace(seconds=0, same_camera=True))
    place = weighed(add(given, position=None, accepted=accepted, neighbours=around)).place
    assert place is not None
    assert (place.landmark, place.provenance) == (accepted, Provenance.PERSON)


@many
@given(st.data(), evidence)
def test_the_order_of_neighbours_does_not_matter(data: st.DataObject, given: Evidence) -> None:
    other = tuple(data.draw(st.permutations(given.neighbours)))
    assert weighed(add(given, neighbours=other)) == weighed(given)


@many
@given(evidence, st.floats(0, 100))
def test_only_neighbours_in_the_window_by_the_same_camera_count(
    given: Evidence, minutes: float
) -> None:
    counting = [n for n in given.neighbours if n.same_camera and abs(n.seconds) < 60 * minutes]
    assert weighed(given, minutes=minutes) == weighed(
        add(given, neighbours=tuple(counting)), minutes=minutes
    )


@many
@given(evidence)
def test_a_place_alone_makes_no_landmark(given: Evidence) -> None:
    model = given.model
    assert model is not None
    before = dict(model.alternatives)
    nothing = 1 - sum(before.values())
    assume(nothing > 0.01)
    for landmark, after in weighed(given).ranked:
        if landmark in before:
            most = before[landmark] / nothing / ELSEWHERE_TOO
            assert after <= most / (1 + most) + SLACK
