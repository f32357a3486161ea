"""Errors that a person can do something about. Everything else is a bug.

A ``UserError`` is shown as it is, in the window and on the command line. Any other
exception is logged with its traceback and shown once as a bug.
"""

from __future__ import annotations


class UserError(Exception):
    """What happened, why, and what to do about it, each a sentence in the person's words."""

    def __init__(self, what: str, why: str = "", remedy: str = "") -> None:
        super().__init__(" ".join(part for part in (what, why, remedy) if part))
        self.what = what
        self.why = why
        self.remedy = remedy


class LibraryError(UserError):
    """The library cannot be opened or written."""


class ModelError(UserError):
    """A model cannot be loaded or run."""
