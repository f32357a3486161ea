"""The SQLite file: opened, brought to the present schema, read anywhere, written on one thread.

Readers have a connection each (WAL: they never wait for the writer). All writes run one
after the other on the writer's thread, each in a ``BEGIN IMMEDIATE`` transaction of its own,
so that a killed process leaves each of them whole or undone. Another process may write the
same library: SQLite's busy timeout makes the two wait for each other.
"""

from __future__ import annotations

import contextlib
import datetime
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import TypeVar

from landmark_desktop.errors import LibraryError
from landmark_desktop.library.words import caseless

R = TypeVar("R")

_BUSY_SECONDS = 30.0


def migrations() -> dict[int, str]:
    """Return the schema steps: version reached -> SQL text."""
    folder = resources.files(__package__) / "migrations"
    steps = {}
    for file in folder.iterdir():
        if match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name):
            steps[int(match[1])] = file.read_text(encoding="utf-8")
    return dict(sorted(steps.items()))


def is_older(path: Path) -> bool:
    """Return whether the library is of an earlier version: opening it will bring it up to date."""
    if not path.exists():
        return False
    with contextlib.closing(sqlite3.connect(path, timeout=0)) as connection:
        try:
            return 0 < _version(connection) < max(migrations())
        except sqlite3.Error:
            return False  # opening it will say what is wrong


class Library:
    """An open library. ``close`` it, or use it as a context manager."""

    def __init__(self, path: Path) -> None:
        """Open the library at ``path``, making or upgrading it as needed.

        Raises ``LibraryError`` where it cannot be opened, is damaged, or was written by a
        newer version of the program.
        """
        self.path = path
        self._own = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="library-writer")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._writing = self._writer.submit(self._open_writer).result()
        except BaseException as error:
            self._writer.shutdown()
            if isinstance(error, OSError | sqlite3.Error):
                raise _explain(path, error) from error
            raise

    def read(self) -> sqlite3.Connection:
        """Return the calling thread's own connection, for reading only."""
        connection: sqlite3.Connection | None = getattr(self._own, "connection", None)
        if connection is None:
            connection = _connect(self.path)
            connection.execute("PRAGMA query_only = ON")
            self._own.connection = connection
            with self._lock:
                self._readers.append(connection)
        return connection

    def write(self, change: Callable[[sqlite3.Connection], R]) -> R:
        """Run ``change`` on the writer's thread in one transaction; return its result.

        Whatever ``change`` raises undoes the transaction and is raised here. A full disk, a
        read-only place and a library that another process keeps busy become ``LibraryError``.
        """
        try:
            return self._writer.submit(self._transact, change).result()
        except sqlite3.OperationalError as error:
            raise _explain(self.path, error) from error

    def close(self) -> None:
        """Finish pending writes and close every connection. May be called twice."""
        self._writer.shutdown(wait=True)
        with self._lock:
            for connection in self._readers:
                connection.close()
            self._readers.clear()
        self._writing.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_writer(self) -> sqlite3.Connection:
        connection = _connect(self.path)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            connection.execute("PRAGMA temp_store = MEMORY")  # what an action changed; see deltas
            _migrate(connection, self.path)
        except BaseException:
            connection.close()
            raise
        return connection

    def _transact(self, change: Callable[[sqlite3.Connection], R]) -> R:
        with transaction(self._writing):
            return change(self._writing)


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Commit at the end, roll back on any exception."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


@contextlib.contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Have all that a reader reads in the block be of one moment; writers go on meanwhile."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")


def now() -> str:
    """Return the present moment as the library stores it (UTC, ISO 8601, seconds)."""
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")


def _connect(path: Path) -> sqlite3.Connection:
    # close() runs on another thread than the one that made the connection.
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA foreign_keys = ON")
    connection.create_function("caseless", 1, caseless, deterministic=True)
    return connection


def _migrate(connection: sqlite3.Connection, path: Path) -> None:
    steps = migrations()
    latest = max(steps)
    version = _version(connection)
    if version > latest:
        raise LibraryError(
            f"The library {path} was made by a newer version of Landmark Desktop.",
            f"It has schema {version}; this version knows schemas up to {latest}.",
            "Update the program, or open another library with --library.",
        )
    if 0 < version < latest:
        stamp = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
        copy = path.with_name(f"{path.stem}-schema{version}-{stamp}.sqlite")
        connection.execute("VACUUM INTO ?", (str(copy),))
    for target, sql in steps.items():
        with transaction(connection):
            # Read inside the transaction: another process may have migrated meanwhile.
            if _version(connection) < target:
                for statement in _statements(sql):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {target}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(sql: str) -> Iterator[str]:
    """Split a script; ``executescript`` would commit the transaction behind our back."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


# What SQLite's and the system's own words mean, with what a person can do about it.
_EXPLANATIONS = (
    (
        ("not a database", "malformed"),
        "The file is damaged or is no library.",
        "Restore a copy of it, or move it away to start a new one.",
    ),
    (("full",), "The disk is full.", "Free some space and try again; nothing was lost."),
    (
        ("locked", "busy"),
        "Another program keeps it busy.",
        "Close other windows of this library and try again.",
    ),
    (
        ("readonly", "read-only", "unable to open", "permission", "not a directory"),
        "This account may not write there.",
        "Choose another place with --library, or change the folder's permissions.",
    ),
)


def _explain(path: Path, error: Exception) -> LibraryError:
    text = str(error).lower()
    what = f"The library {path} cannot be used."
    for signs, why, remedy in _EXPLANATIONS:
        if any(sign in text for sign in signs):
            return LibraryError(what, why, remedy)
    return LibraryError(what, f"The system says: {error}.", "Choose another place with --library.")
