"""What a person is told when they teach a landmark: of their photos, and of how it went. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landmark_desktop.actions.teaching import Taught

FEWEST, MOST = 3, 200
"""Photos that one landmark is taught from; more are better trained on the Training page."""
GOOD = (5, 20)
"""How many photos work best for the effort."""
LOSS_ALLOWED = 0.01
"""Share of photos of known landmarks that may be lost without a warning."""


def obstacle(readable: int) -> str:
    """Return why so many readable photos cannot be learned from; nothing where they can."""
    if readable < FEWEST:
        return (
            f"{readable} of these photos can be read, and at least {FEWEST} are needed. Choose "
            "more photos in the library."
        )
    if readable > MOST:
        return (
            f"These are {readable:,} photos, and {MOST} are the most that are taught here. Choose "
            "the clearest, or train with all of them on the Training page."
        )
    return ""


def advice(readable: int, chosen: int) -> str:
    """Return how many photos there are to learn from, and how many would be good."""
    low, high = GOOD
    text = f"{readable:,} photo{'' if readable == 1 else 's'} to learn from."
    if left := chosen - readable:
        text += f" {left:,} cannot be read and {'is' if left == 1 else 'are'} left out."
    if readable < low:
        return f"{text} With so few it may not work; {low} to {high} from various sides are best."
    return f"{text} {low} to {high} from various sides, in various light, are best."


def how_well(taught: Taught) -> tuple[str, str]:
    """Return in plain words how well the landmark is recognised: a headline and the figures."""
    share = taught.recognised / taught.photos if taught.photos else 0.0
    if share >= 0.8:
        head = f"{taught.name} is learned"
    elif share >= 0.5:
        head = f"{taught.name} is recognised, but not always"
    else:
        head = f"{taught.name} is not learned well enough"
    low, high = (round(100 * end) for end in taught.interval)
    text = (
        f"{_of(taught.recognised, taught.photos, 'photos')} recognised when left out of learning. "
        f"Of 100 other photos of the place, expect between {low} and {high} to be recognised "
        "(95 % interval)."
    )
    if share < 0.8:
        text += " More photos, from other sides and in other light, help most."
    return head, text


def what_is_lost(taught: Taught) -> tuple[str, bool]:
    """Return in plain words what is lost on known landmarks, and whether that is too much."""
    number, low = round(taught.lost * taught.known_photos), taught.lost_interval[0]
    high = taught.lost_interval[1]
    if not taught.known_photos:
        return "There were no photos of known landmarks to check this with.", True
    if not number:
        return (
            f"Nothing is lost: all of {taught.known_photos:,} remembered photos of known "
            f"landmarks are still recognised (95 % interval of the loss: up to {high:.1%}).",
            False,
        )
    much = taught.lost > LOSS_ALLOWED
    begin = "Too much is lost" if much else "Little is lost"
    are = "is" if number == 1 else "are"
    return (
        f"{begin}: {number:,} of {taught.known_photos:,} remembered photos of known landmarks "
        f"({taught.lost:.1%}) {are} no longer recognised (95 % interval: {low:.1%} to {high:.1%}).",
        much,
    )


def _of(number: int, total: int, what: str) -> str:
    if number == total:
        return f"All {total:,} {what} were"
    if not number:
        return f"None of the {total:,} {what} was"
    return f"{number:,} of the {total:,} {what} {'was' if number == 1 else 'were'}"
