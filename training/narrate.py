"""A run's events as lines for a terminal."""

from __future__ import annotations

from training import events


def duration(seconds: float) -> str:
    """Return a time span the way people say it: ``40 s``, ``3 min``, ``2 h 5 min``."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def in_words(event: events.Event) -> str:
    """Return what to print: text that begins with a carriage return replaces its line."""
    match event:
        case events.Preparing():
            share = f"{event.done / event.total:.0%}" if event.total > 1 else ""
            return f"\r\033[K{event.what} {share}" + ("\n" if event.done == event.total else "")
        case events.Started():
            begun = f", going on in epoch {event.first_epoch + 1}" if event.first_epoch else ""
            left_out = [f"left out: {line}\n" for line in event.unreadable[:10]]
            if len(event.unreadable) > 10:
                left_out.append(f"and {len(event.unreadable) - 10} more\n")
            return (
                f"\r\033[K{event.training_photos:,} training and {event.validation_photos:,} "
                f"validation photos of {event.classes} classes, {event.epochs} epochs on "
                f"{event.device}{begun}\n" + "".join(left_out)
            )
        case events.BatchDone():
            return (
                f"\r\033[Kepoch {event.epoch + 1}, batch {event.batch}/{event.batches}: loss "
                f"{event.loss:.3f}, {event.photos_per_second:,.0f} photos/s, "
                f"{duration(event.seconds_left)} left "
            )
        case events.EpochDone():
            figures = {"training loss": event.training_loss}
            if event.validation_loss is not None:
                figures["validation loss"] = event.validation_loss
            figures |= {name.replace("_", " "): value for name, value in event.metrics.items()}
            words = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
            best = " *" if event.best else ""
            return f"\r\033[Kepoch {event.epoch + 1}: {words}, {event.seconds:.1f} s{best}\n"
        case events.Notice():
            return f"\r\033[K{event.message}\n"
        case events.Paused():
            return "\r\033[Kpaused\n"
        case events.Continued():
            return "going on\n"
        case events.Stopped():
            return "\r\033[KStopped. The same command with --resume goes on from here.\n"
        case events.Finished():
            words = ", ".join(
                f"{name.replace('_', ' ')} {value:.3g}" for name, value in event.metrics.items()
            )
            return f"\r\033[Kwrote {event.bundle} ({words}, on validation photos)\n"
        case events.Failed():
            return f"\r\033[K{event.reason}\n"
        case _:
            return ""
