"""Lists of photos (csv): any label survives, parts and odd rows are understood or said."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from training.layout import DataError, Sample, read


def files(root: Path, names: Iterable[str]) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


def shown(samples: Iterable[Sample]) -> list[tuple[str, str | None]]:
    return [(sample.path.name, sample.label) for sample in samples]


LABELS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(LABELS, min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
@example(["a/b", "👨‍👩‍👧", 'say "hi", you', "two\nlines", "..", "=1+1", "\x00"])
def test_any_label_survives_a_list(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    place = files(tmp_path_factory.mktemp("list"), [f"{i}.jpg" for i in range(len(texts) + 1)])
    with (place / "list.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["path", "label"])
        rows.writerows([f"{i}.jpg", text] for i, text in enumerate([*texts, "last"]))
    data = read(place / "list.csv", place)
    found = {int(sample.path.stem): sample.label for sample in data.training}
    kept = [unicodedata.normalize("NFC", text.strip()) or None for text in texts]
    assert found == dict(enumerate([*kept, "last"]))
    assert data.classes == tuple(sorted({k for k in kept if k} | {"last"}))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_list_with_parts(tmp_path: Path, separator: str) -> None:
    files(tmp_path, [f"p/{name}.jpg" for name in "abcde"] + ["text.txt"])
    rows = [" Path ,LABEL,Split", "p/a.jpg,Rome,train", "p\\b.jpg,Rome,Test"]
    rows += [f"{tmp_path}/p/c.jpg,,", "p/d.jpg,Oslo,validation", "p/e.jpg,Oslo"]
    odd = ["p/e.jpg,Oslo,", "gone.jpg,Oslo,", "text.txt,Oslo,", "", ",Oslo,"]
    text = "\n".join(rows + odd).replace(",", separator)
    (tmp_path / "list.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    data = read(tmp_path / "list.csv", tmp_path)
    assert data.classes == ("Oslo", "Rome")
    assert shown(data.training) == [("e.jpg", "Oslo"), ("a.jpg", "Rome"), ("c.jpg", None)]
    assert shown(data.validation) == [("d.jpg", "Oslo")]
    assert shown(data.test) == [("b.jpg", "Rome")]
    assert all(sample.path.is_file() for sample in data.training + data.test)
    assert data.notices == (
        "1 file that is no photo was left out (.txt).",
        "1 photo of the list does not exist: gone.jpg.",
        "1 row repeats an earlier one.",
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "it lacks path and label"),
        (b"path,name\na.jpg,A\n", "it lacks label"),
        (b"path,label,split\na.jpg,A,dev\n", "Row 2 of list.csv has the split dev"),
        ("path,label\na.jpg,Café\n".encode("latin-1"), "not written in UTF-8"),
        (b"path,label\na.jpg,\n", "no photo that is labelled"),
        (b"path,label\n" + b"x" * 200_000 + b",A\n", "cannot be read as a list"),
    ],
)
def test_no_list(tmp_path: Path, content: bytes, says: str) -> None:
    files(tmp_path, ["a.jpg"])
    (tmp_path / "list.csv").write_bytes(content)
    with pytest.raises(DataError, match=says):
        read(tmp_path / "list.csv", tmp_path)
