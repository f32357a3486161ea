"""What embedding must not touch: makers' notes, pictures behind the first, the bytes at hand."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from samples import draw

from landmark_desktop.metadata import delta, embedded, exif_append
from landmark_desktop.metadata.described import Described, Position
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.metadata.troubles import MetadataError, Trouble
from landmark_desktop.metadata.want import Reason, Want
from landmark_desktop.metadata.write import apply, plan, restore

HERE = Want(Described((("tower",),), position=Position(-48.8584, 2.2945, "MANUAL")))
SECRET = b"NOBODY KNOWS \x00\x01\xff" * 9


def with_notes(path: Path, order: str, gps: dict[int, object] | None = None) -> None:
    """Draw a JPEG whose maker is unknown, its Exif in byte order ``order``."""
    exif = Image.Exif()
    exif.endian = order
    exif[0x010F] = "Nobody"
    exif.get_ifd(0x8769)[0x927C] = SECRET
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    if gps:
        exif.get_ifd(0x8825).update(gps)
    draw(path, exif=exif)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("gps", [None, {29: "2024:05:06", 18: "WGS-84"}])
def test_a_position_moves_nothing(
    tmp_path: Path, order: str, gps: dict[int, object] | None
) -> None:
    photo = tmp_path / "a.jpg"
    with_notes(photo, order, gps)
    original = photo.read_bytes()
    old = exif_append.exif_of(original)
    written = apply(plan(photo, photo, HERE))
    new = exif_append.exif_of(photo.read_bytes())
    assert old is not None
    assert new is not None
    changed = [at for at, byte in enumerate(old) if new[at] != byte]
    assert len(changed) <= 4  # one pointer
    assert new.index(SECRET) == old.index(SECRET)
    said = read_described(photo).position
    assert said is not None
    assert (said.latitude, said.longitude) == (pytest.approx(-48.8584), pytest.approx(2.2945))
    with Image.open(photo) as picture:
        read = picture.getexif().get_ifd(0x8825)
    assert {tag: read.get(tag) for tag in gps or {}} == (gps or {})
    gone = apply(plan(photo, photo, Want(), written.record))
    assert read_described(photo).position is None
    assert gone.snapshot
    assert written.snapshot
    restore(photo, gone.snapshot)
    restore(photo, written.snapshot)
    assert photo.read_bytes() == original


def test_a_measured_position_stays(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    with_notes(photo, "<", {1: "N", 2: (45.0, 46.0, 0.0), 3: "E", 4: (4.0, 50.0, 0.0)})
    for target in (photo, photo.with_name("a.jpg.xmp")):
        written = apply(plan(photo, target, HERE))
        assert {conflict.reason for conflict in written.conflicts} == {Reason.OTHER_VALUE}
        assert not [change for change in written.changes if "GPS" in change.field]
    said = read_described(photo, [photo.with_name("a.jpg.xmp")]).position
    assert said is not None
    assert said.latitude == pytest.approx(45.766666)


def test_damaged_camera_data_are_refused(tmp_path: Path) -> None:
    photo = tmp_path / "a.jpg"
    with_notes(photo, "<")
    content = bytearray(photo.read_bytes())
    at = content.index(b"Exif\0\0") + 6
    content[at + 4 : at + 8] = struct.pack("<I", 0xFFFFFF)
    photo.write_bytes(content)
    with pytest.raises(MetadataError) as caught:
        apply(plan(photo, photo, HERE))
    assert caught.value.trouble in (Trouble.DAMAGED, Trouble.NOT_FAITHFUL)
    assert photo.read_bytes() == content
    assert apply(plan(photo, photo.with_name("a.jpg.xmp"), HERE)).changes


@pytest.mark.parametrize("name", ["a.mpo", "a.png", "a.webp", "a.tif"])
def test_files_of_several_pictures(tmp_path: Path, name: str) -> None:
    photo = tmp_path / name
    frames = [Image.effect_noise((120, 90), 30 + 20 * n).convert("RGB") for n in range(3)]
    frames[0].save(photo, save_all=True, append_images=frames[1:])
    with Image.open(photo) as picture:
        before = [(picture.seek(n), picture.tobytes())[1] for n in range(3)]  # type: ignore[func-returns-value]
    apply(plan(photo, photo, HERE))
    with Image.open(photo) as picture:
        after = [(picture.seek(n), picture.tobytes())[1] for n in range(3)]  # type: ignore[func-returns-value]
    assert after == before
    assert read_described(photo).tags == (("tower",),)


def test_what_follows_a_jpeg_stays(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    photo.write_bytes(photo.read_bytes() + b"a film" * 100)
    apply(plan(photo, photo, HERE))
    assert photo.read_bytes().endswith(b"a film" * 100)


def test_xmp_in_several_segments_is_refused(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    content = photo.read_bytes()
    body = b"http://ns.adobe.com/xmp/extension/\0" + b"0" * 40 + b"<x/>"
    segment = b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body
    photo.write_bytes(content[:20] + segment + content[20:])
    with pytest.raises(MetadataError) as caught:
        apply(plan(photo, photo, HERE))
    assert caught.value.trouble is Trouble.UNSUPPORTED


def test_libexiv2_never_changes_the_bytes_it_was_given() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(stream, "TIFF")
    data = stream.getvalue()
    for text in ("one", "two"):  # the second fits in place of the first
        blocks, old = embedded.read(data, Path("a.tif"))
        copy = bytes(bytearray(data))
        new = embedded.rewritten(data, blocks, old, {"dc:subject": (text,)}, Path("a.tif"))
        assert data == copy
        data = new


def test_iptc_of_an_unknown_encoding_is_left_alone(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    caption = b"Gr\xfc\xdfe"  # Latin-1, and nothing says so
    dataset = b"\x1c\x02\x78" + len(caption).to_bytes(2, "big") + caption
    resource = b"8BIM\x04\x04\0\0" + len(dataset).to_bytes(4, "big") + dataset
    body = b"Photoshop 3.0\0" + resource
    segment = b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body
    content = photo.read_bytes()
    photo.write_bytes(content[:20] + segment + content[20:])
    before, _ = embedded.read(photo, photo)
    apply(plan(photo, photo, Want(Described((("Élan",),)))))
    after, found = embedded.read(photo, photo)
    assert after.iim == before.iim
    assert before.iim == (("Iptc.Application2.Caption", caption),)
    assert found["dc:subject"] == ("Élan",)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.binary(max_size=200), max_size=6),
    st.randoms(use_true_random=False),
    st.integers(0, 3),
)
def test_kept_states_come_back(parts: list[bytes], chance: object, times: int) -> None:
    old = b"".join(part * (1 + 40 * times) for part in parts)
    shuffled = list(parts)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    new = b"new" + b"-".join(part * (1 + 40 * times) for part in shuffled)
    assert delta.apply(new, delta.make(old, new)) == old
