"""The library file: made, upgraded, refused where it must be, whole after a failed write."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from landmark_desktop.errors import LibraryError
from landmark_desktop.library import database, suggestions
from landmark_desktop.library.database import Library

FIXTURES = Path(__file__).parent.parent / "fixtures"


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()


def test_a_new_library_has_the_latest_schema(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "library.sqlite"
    with Library(path) as library:
        assert library.read().execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    assert version(path) == max(database.migrations())


def released() -> list[int]:
    """Return the schemas that went out; the newest may be one that has not yet."""
    return sorted(int(file.stem.split("_")[1]) for file in FIXTURES.glob("schema_*.sqlite"))


def test_no_released_schema_is_forgotten() -> None:
    latest = max(database.migrations())
    assert released() in (list(range(1, latest)), list(range(1, latest + 1)))


@pytest.mark.parametrize("released", released())
def test_every_released_schema_opens(tmp_path: Path, released: int) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copy(FIXTURES / f"schema_{released}.sqlite", path)
    with Library(path) as library:
        rows = library.read().execute("SELECT path FROM photo ORDER BY id").fetchall()
        suggestions.speeds(library.read())
    assert [row["path"] for row in rows] == ["/photos/a.jpg", "/photos/b.jpg"]


def test_old_suggestions_learn_what_they_would_be_at_another_threshold(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copy(FIXTURES / "schema_3.sqlite", path)
    with Library(path) as library:
        rows = library.read().execute(
            "SELECT model_id, photo_id, landmark, best FROM suggestion ORDER BY 1, 2"
        )
        assert [tuple(row) for row in rows] == [
            (1, 1, "Eiffel_Tower", "Eiffel_Tower"),
            (1, 2, None, "Taj_Mahal"),  # likelier than one half
            (2, 1, None, None),  # the background may have been likelier
            (2, 2, "Taj_Mahal", "Taj_Mahal"),
        ]
        # The first decision with the threshold that was in use changes nothing.
        assert library.write(lambda c: suggestions.decide(c, 1, 0.8)) == []
        assert library.write(lambda c: suggestions.decide(c, 1, 0.6)) == [2]
        assert library.read().execute("SELECT count(*) FROM decision").fetchone()[0] == 1


def test_a_copy_is_kept_before_a_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copy(FIXTURES / "schema_1.sqlite", path)
    steps = {**database.migrations(), 9999: "CREATE TABLE later (x);"}
    monkeypatch.setattr(database, "migrations", lambda: steps)
    with Library(path):
        pass
    assert version(path) == 9999
    (copy,) = tmp_path.glob("library-schema1-*.sqlite")
    assert version(copy) == 1


def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "library.sqlite"
    shutil.copy(FIXTURES / "schema_1.sqlite", path)
    steps = {**database.migrations(), 9999: "CREATE TABLE half (x);\nSELECT nonsense;"}
    monkeypatch.setattr(database, "migrations", lambda: steps)
    latest = max(database.migrations().keys() - {9999})
    with pytest.raises(LibraryError):
        Library(path)
    assert version(path) == latest
    connection = sqlite3.connect(path)
    assert connection.execute(
        "SELECT count(*) FROM sqlite_master WHERE name = 'half'"
    ).fetchone() == (0,)
    connection.close()


def test_a_newer_library_is_refused_politely(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 12345")
    connection.close()
    with pytest.raises(LibraryError, match="newer version"):
        Library(path)


@pytest.mark.parametrize(
    "content",
    [b"no database at all, but long enough to be looked at", b"SQLite format 3\0" + b"\xff" * 4096],
)
def test_a_damaged_library_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "library.sqlite"
    path.write_bytes(content)
    with pytest.raises(LibraryError) as caught:
        Library(path)
    assert caught.value.remedy
    assert path.read_bytes() == content


def test_a_library_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(LibraryError):
        Library(tmp_path / "file" / "library.sqlite")


def test_a_failed_write_is_undone_and_raised(tmp_path: Path) -> None:
    def change(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO tag (name, key) VALUES ('half', 'half')")
        raise ZeroDivisionError

    with Library(tmp_path / "library.sqlite") as library:
        with pytest.raises(ZeroDivisionError):
            library.write(change)
        assert library.read().execute("SELECT count(*) FROM tag").fetchone()[0] == 0


def test_readers_cannot_write(tmp_path: Path) -> None:
    with Library(tmp_path / "library.sqlite") as library, pytest.raises(sqlite3.OperationalError):
        library.read().execute("INSERT INTO tag (name, key) VALUES ('x', 'x')")


def test_many_threads_write_one_after_the_other(tmp_path: Path) -> None:
    with Library(tmp_path / "library.sqlite") as library:

        def work(number: int) -> None:
            for i in range(20):
                name = f"{number} {i}"
                library.write(
                    lambda c, n=name: c.execute("INSERT INTO tag (name, key) VALUES (?, ?)", (n, n))
                )

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert library.read().execute("SELECT count(*) FROM tag").fetchone()[0] == 160
