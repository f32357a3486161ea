"""Evidence from a real library: verdicts, what a person is told of them, and events."""

from __future__ import annotations

import datetime
from pathlib import Path

from landmark_desktop.actions import events, evidence, review, weighing
from landmark_desktop.actions.evidence import in_words
from landmark_desktop.actions.evidence_words import far
from landmark_desktop.actions.workspace import Workspace
from landmark_desktop.geo.cities import Cities
from landmark_desktop.geo.distance import Position
from landmark_desktop.geo.verdict import (
    Conflict,
    ModelSays,
    NeighboursNear,
    NeighboursShow,
    PersonSays,
    Place,
    PositionSays,
    Provenance,
    Source,
    Verdict,
)
from landmark_desktop.library import photos, suggestions
from landmark_desktop.library.records import Facts, Found, Suggestion
from landmark_desktop.tasks import Cancel, finish

NOON = datetime.datetime(2019, 6, 12, 12, 0)
TROCADERO, LYON = (48.8616, 2.2893), (45.76, 4.84)


def shoot(
    workspace: Workspace, minute: float | None, chance: float | None = None,
    position: tuple[float | None, float | None] = (None, None), *, sure: bool = True,
) -> int:  # fmt: skip
    """Add a photo that the model takes for the Eiffel Tower with this probability."""
    taken = None if minute is None else NOON + datetime.timedelta(minutes=minute)
    name = f"{len(photos.below(workspace.library.read(), '/album')):03}"
    facts = Facts("JPEG", 4, 3, 1, taken and taken.isoformat(), "Canon EOS R6", *position)
    new = Found(Path("/album") / name, name, 1, 1, facts)

    def change(connection: object) -> int:
        (id_,) = photos.store(connection, [new], lambda _: True)  # type: ignore[arg-type]
        if chance is not None:
            ranked = (("Eiffel_Tower", chance), ("Galata_Tower", 0.01))
            best = "Eiffel_Tower" if sure else None
            said = Suggestion(best, chance, ranked, best)
            suggestions.store(connection, workspace.model_id, [(id_, said)])  # type: ignore[arg-type]
        return id_

    return workspace.library.write(change)


def told(workspace: Workspace, id_: int) -> tuple[Verdict, tuple[str, ...]]:
    verdict = evidence.verdicts(workspace, [id_])[id_]
    return verdict, in_words(verdict, workspace.gazetteer)


def test_the_camera_says_lyon(library: Workspace) -> None:
    verdict, words = told(library, shoot(library, 0, 0.9, LYON))
    assert verdict.landmark is None
    assert words == (
        "The model says Eiffel Tower, 90%.",
        "The camera says Lyon, France, 394 km from Eiffel Tower.",
    )
    assert verdict.place == Place(Position(*LYON), 100.0, Provenance.MEASURED)


def test_neighbours_raise_a_doubtful_photo(library: Workspace) -> None:
    photo = shoot(library, 0, 0.5, sure=False)
    before, _ = told(library, photo)
    assert (before.landmark, before.confidence) == (None, 0.5)
    near = [shoot(library, -12, 0.95), shoot(library, 3, 0.95), shoot(library, 5, 0.95)]
    review.accept(library, near)
    verdict, words = told(library, photo)
    assert verdict.landmark == "Eiffel_Tower"
    assert words == (
        "The model says Eiffel Tower, 50%.",
        "3 photos within 12 minutes show Eiffel Tower.",
        "Where it was taken is a guess.",
    )
    review.reject(library, [photo], "Eiffel_Tower")
    refused, words = told(library, photo)
    assert refused.landmark is None
    assert "You said that it does not show Eiffel Tower." in words
    library.change_settings(neighbour_minutes=0)
    assert told(library, photo)[0].place is None


def test_what_evidence_suggests_reaches_the_models_threshold(library: Workspace) -> None:
    photo = shoot(library, 0, 0.5, sure=False)
    review.accept(library, [shoot(library, 75, 0.95)])
    verdict, _ = told(library, photo)
    assert 1 - verdict.confidence < verdict.confidence < library.threshold
    assert verdict.landmark is None


def test_what_a_rule_accepted_is_nobodys_word(library: Workspace) -> None:
    doubtful, in_lyon = shoot(library, 0, 0.5, sure=False), shoot(library, 2000, 0.9, LYON)
    before = told(library, doubtful), told(library, in_lyon)
    by_rule = [shoot(library, minute, 0.95) for minute in (-12, 3, 5)]
    finish(review.accepting(library, [*by_rule, in_lyon], Cancel(), rule=0.8))
    # It was the model that said so, and the model is not a witness of its own.
    assert (told(library, doubtful), told(library, in_lyon)) == before
    verdict, words = told(library, by_rule[0])
    assert verdict.provenance is Provenance.GUESS
    assert verdict.place is not None
    assert verdict.place.provenance is Provenance.GUESS
    assert words == ("The model says Eiffel Tower, 95%.", "Where it was taken is a guess.")
    review.accept(library, by_rule, "Eiffel_Tower")
    assert "You said that it shows Eiffel Tower." in told(library, by_rule[0])[1]
    assert "3 photos within 12 minutes show Eiffel Tower." in told(library, doubtful)[1]


def test_which_suggestions_place_and_time_speak_against(library: Workspace) -> None:
    alone, there = shoot(library, 0, 0.9), shoot(library, 500, 0.9, TROCADERO)
    in_lyon, beside_lyon = shoot(library, 2000, 0.9, LYON), shoot(library, 2035, 0.9)
    unseen, nothing = shoot(library, 9000), shoot(library, 9000, 0.9, LYON, sure=False)
    everything = [alone, there, in_lyon, beside_lyon, unseen, nothing]

    def doubted(at_least: float) -> list[int]:
        return finish(weighing.doubted(library, everything, at_least, Cancel()))

    assert doubted(0.8) == [in_lyon, beside_lyon]
    assert doubted(0.95) == [in_lyon, beside_lyon]  # the others were never so sure
    assert doubted(0.2) == [in_lyon]
    assert doubted(0.0) == []
    library.change_settings(neighbour_minutes=0)
    assert doubted(0.8) == [in_lyon]


def test_a_persons_word_stands_against_the_camera(library: Workspace) -> None:
    photo = shoot(library, 0, 0.9, LYON)
    review.accept(library, [photo])
    verdict, words = told(library, photo)
    assert (verdict.landmark, verdict.provenance) == ("Eiffel_Tower", Provenance.PERSON)
    assert words[0] == "You said that it shows Eiffel Tower."
    assert words[-1] == "The camera says Lyon, France, 394 km from Eiffel Tower."


def test_many_photos_in_any_state(library: Workspace) -> None:
    dated = shoot(library, 0, 0.9, TROCADERO)
    undated, unseen = shoot(library, None, 0.9), shoot(library, 2)
    found = evidence.verdicts(library, [dated, undated, unseen, 999])
    assert found.keys() == {dated, undated, unseen}
    assert found[dated].confidence > 0.9
    assert found[undated].confidence == 0.9
    assert found[undated].place == Place(
        Position(48.85837, 2.29448), 5000.0, Provenance.GUESS, "Eiffel_Tower"
    )
    near = found[unseen].place
    assert near is not None
    assert (near.position, near.provenance) == (TROCADERO, Provenance.GUESS)


def test_a_place_has_a_city_as_far_as_it_is_known(library: Workspace) -> None:
    gazetteer = library.gazetteer

    def city(place: Place) -> tuple[str | None, str | None]:
        found = evidence.where(gazetteer, Cities.load, place)
        return found.city, found.country

    lyon = Position(*LYON)
    assert city(Place(lyon, 100, Provenance.MEASURED)) == ("Lyon", "France")
    assert city(Place(lyon, 60_000, Provenance.GUESS)) == (None, "France")
    there = Position(48.85837, 2.29448)
    assert city(Place(there, 5000, Provenance.PERSON, "Eiffel_Tower")) == ("Paris", "France")
    assert city(Place(there, 80_000, Provenance.GUESS, "Eiffel_Tower")) == (None, "France")
    assert city(Place(Position(0, -30), 100, Provenance.MEASURED)) == (None, None)


def test_a_guessed_place_is_named_and_a_known_one_is_not(library: Workspace) -> None:
    alone, in_lyon = shoot(library, 0, 0.9), shoot(library, 3000, 0.9, LYON)
    near_lyon, near_nothing = shoot(library, 3005, 0.9), shoot(library, 6000, 0.9)
    shoot(library, 6001, position=(0.1, -30.0))
    told = evidence.told(library, [alone, in_lyon, near_lyon, near_nothing])
    assert told[alone].sentences[-1] == "Where it was taken is a guess: Paris, France."
    assert told[near_lyon].sentences[-1] == "Where it was taken is a guess: Lyon, France."
    assert told[near_nothing].sentences[-1] == "Where it was taken is a guess."
    assert "guess" not in " ".join(told[in_lyon].sentences)


def test_all_that_can_be_said(library: Workspace) -> None:
    reasons = (
        PersonSays("Petra"),
        ModelSays("Petra", 0.999),
        ModelSays("Petra", 0.001),
        PositionSays("Petra", 240, 20.0),
        NeighboursShow("Petra", 1, 30),
        NeighboursShow("Petra", 3, 720),
        NeighboursNear("Petra", 1, 61, 1234),
        NeighboursNear("Petra", 2, 8000, 80),
    )
    conflicts = tuple(
        Conflict("Petra", *rest)
        for rest in (
            (Source.POSITION, Position(45.76, 4.84), 2_900_000, ""),
            (Source.NEIGHBOURS, Position(45.76, 4.84), 2_900_000, "Lyon, France", -720),
            (Source.NEIGHBOURS, Position(27.2, 78.0), 4_200_000, "Agra, India", 10, "Taj_Mahal"),
        )
    )
    verdict = Verdict("Petra", 0.9, (("Petra", 0.9),), reasons=reasons, conflicts=conflicts)
    assert in_words(verdict, library.gazetteer) == (
        "You said that it shows Petra.",
        "The model says Petra, over 99%.",
        "The model says Petra, under 1%.",
        "The camera was 240 m from Petra.",
        "A photo taken within a minute shows Petra.",
        "3 photos within 12 minutes show Petra.",
        "A photo within 2 minutes was taken 1.2 km from Petra.",
        "2 photos within 3 hours were taken near Petra, the one nearest in time 80 m from it.",
        "The camera says another place, 2,900 km from Petra.",
        "A photo taken 12 minutes before says Lyon, France, 2,900 km from Petra.",
        "A photo taken a minute later shows Taj Mahal, 4,200 km from Petra.",
    )
    assert evidence.badge(verdict, "Petra", library.gazetteer) == "The camera says another place"
    assert evidence.badge(verdict, "Taj_Mahal", library.gazetteer) == ""
    assert [far(x) for x in (4, 994, 995, 9949, 9950)] == [
        "0 m",
        "990 m",
        "1.0 km",
        "9.9 km",
        "10 km",
    ]


def test_events_have_names(library: Workspace) -> None:
    lyon = [shoot(library, minute, None, LYON) for minute in (0, 5, 30)]
    paris = [shoot(library, 60 * 24 * 9 + minute, 0.9) for minute in (0, 5)]
    undated = shoot(library, None)
    review.accept(library, paris)
    assert events.named_events(library, [undated, *paris, *lyon]) == [
        events.NamedEvent("21 June 2019, Paris", tuple(paris)),
        events.NamedEvent("12 June 2019, Lyon", tuple(lyon)),
        events.NamedEvent(events.UNDATED, (undated,)),
    ]
    assert events.named_events(library, []) == []
