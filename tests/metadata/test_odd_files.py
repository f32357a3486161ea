"""Photos and sidecars that are rare, large or hostile: nothing of others is lost, nobody waits."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

import pytest
from PIL import Image, TiffImagePlugin
from samples import draw

from landmark_desktop.metadata import embedded
from landmark_desktop.metadata.described import Described, Place, Position
from landmark_desktop.metadata.read import read_facts
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.metadata.troubles import MetadataError, Trouble
from landmark_desktop.metadata.want import Want
from landmark_desktop.metadata.write import apply, plan

TOWER = Want(Described((("tower",),)))
PARIS = Want(Described((("tower",),), Place(city="Paris", country="France")))
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


def xmp(inner: str, attributes: str = "") -> bytes:
    """Return a sidecar with one Description that holds ``inner``."""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF {RDF}><rdf:Description rdf:about="" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" '
        'xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        f"{attributes}>{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def beside(photo: Path, content: bytes) -> Path:
    sidecar = photo.with_name(f"{photo.name}.xmp")
    sidecar.write_bytes(content)
    return sidecar


def resource(number: int, content: bytes) -> bytes:
    """Return one of Photoshop's resources."""
    padding = b"\0" * (len(content) % 2)
    return b"8BIM%b\0\0%b" % (number.to_bytes(2, "big"), len(content).to_bytes(4, "big")) + (
        content + padding
    )


def dataset(number: int, text: bytes) -> bytes:
    """Return one of IPTC's."""
    return b"\x1c\x02%c%b" % (number, len(text).to_bytes(2, "big")) + text


def png_with_profile(path: Path, kind: str, content: bytes) -> Path:
    """Draw a PNG with a block as ImageMagick keeps foreign ones."""
    head = f"\n{kind}\n{len(content):8d}\n{content.hex()}\n".encode()
    body = b"Raw profile type %b\0\0%b" % (kind.encode(), zlib.compress(head))
    chunk = b"zTXt" + body
    data = draw(path).read_bytes()
    chunk = len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    path.write_bytes(data[:33] + chunk + data[33:])
    return path


@pytest.mark.parametrize("kind", ["iptc", "8bim", "APP1"])
def test_a_png_never_loses_what_others_keep_in_profiles(tmp_path: Path, kind: str) -> None:
    secret = b"a clipping path"
    content = resource(0x0404, dataset(25, b"dog")) + resource(0x07D0, secret)
    if kind == "APP1":
        content = b"http://ns.adobe.com/xap/1.0/\0" + xmp(
            f"<photoshop:Source>{secret.decode()}</photoshop:Source>"
        )
    photo = png_with_profile(tmp_path / "a.png", kind, content)
    original = photo.read_bytes()
    if kind == "8bim":  # libexiv2 leaves it as it is
        apply(plan(photo, photo, TOWER))
        with Image.open(photo) as picture:
            assert content.hex() in picture.text[f"Raw profile type {kind}"]  # type: ignore[attr-defined]
        return
    with pytest.raises(MetadataError) as caught:
        apply(plan(photo, photo, TOWER))
    assert caught.value.trouble is Trouble.NOT_FAITHFUL
    assert photo.read_bytes() == original


def test_a_png_with_iptc_alone_is_written(tmp_path: Path) -> None:
    photo = png_with_profile(tmp_path / "a.png", "iptc", resource(0x0404, dataset(25, b"dog")))
    apply(plan(photo, photo, TOWER))
    assert read_described(photo).tags == (("tower",), ("dog",))


def test_large_blocks_are_compared_not_spelt_out(tmp_path: Path) -> None:
    """Photoshop keeps the layers of a TIFF, often hundreds of megabytes, in one tag."""
    photo = tmp_path / "a.tif"
    layers = TiffImagePlugin.ImageFileDirectory_v2()
    layers.tagtype[37724] = 7
    layers[37724] = os.urandom(300_000)
    Image.new("RGB", (64, 48), "teal").save(photo, tiffinfo=layers)
    before, _ = embedded.read(photo, photo)
    assert max(len(text) for _, text in before.exif) < 10_000
    apply(plan(photo, photo, TOWER))
    after, _ = embedded.read(photo, photo)
    name = "Exif.Image.0x935c"
    assert dict(after.exif)[name] == dict(before.exif)[name]
    with Image.open(photo) as picture:
        assert picture.tag_v2[37724] == layers[37724]  # type: ignore[attr-defined]
    assert read_facts(photo).width == 64
    layers[37724] = layers[37724][:-1] + b"!"
    Image.new("RGB", (64, 48), "teal").save(photo, tiffinfo=layers)
    other, _ = embedded.read(photo, photo)
    assert dict(other.exif)[name] != dict(before.exif)[name]


@pytest.mark.parametrize("kind", [1, 2, 7])  # bytes, text, undefined
def test_a_tiffs_xmp_is_kept_whatever_its_type(tmp_path: Path, kind: int) -> None:
    photo = tmp_path / "a.tif"
    content = xmp("<photoshop:Source>theirs</photoshop:Source>")
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags.tagtype[700] = kind
    tags[700] = content.decode() if kind == 2 else content
    Image.new("RGB", (64, 48), "teal").save(photo, tiffinfo=tags)
    original = photo.read_bytes()
    blocks, _ = embedded.read(photo, photo)
    assert blocks.packet == content
    if kind == 2:  # Pillow cannot decode such a file, to see whether it is still the same
        with pytest.raises(MetadataError):
            apply(plan(photo, photo, TOWER))
        assert photo.read_bytes() == original
        return
    apply(plan(photo, photo, TOWER))
    blocks, found = embedded.read(photo, photo)
    assert b"<photoshop:Source>theirs<" in blocks.packet
    assert found["dc:subject"] == ("tower",)


@pytest.mark.parametrize(
    "content",
    [
        xmp("<dc:subject/><photoshop:City/><exif:GPSLatitude/>"),
        xmp("<dc:subject><rdf:Bag/></dc:subject>", 'photoshop:City="" photoshop:Country=" "'),
        xmp("<dc:subject><rdf:Bag><rdf:li/></rdf:Bag></dc:subject>", 'exif:GPSLongitude=""'),
        xmp("<Iptc4xmpExt:LocationCreated><rdf:Bag><rdf:li rdf:parseType='Resource'/></rdf:Bag>"
            "</Iptc4xmpExt:LocationCreated>"),
    ],
)  # fmt: skip
def test_an_empty_field_is_no_value_of_another_program(tmp_path: Path, content: bytes) -> None:
    photo = draw(tmp_path / "a.jpg")
    sidecar = beside(photo, content)
    here = Position(48.8584, 2.2945, "MANUAL")
    place = Place(city="Paris", country="France")
    written = apply(plan(photo, sidecar, Want(Described((("tower",),), place, place, here))))
    assert written.conflicts == ()
    said = read_described(photo, [sidecar])
    assert (said.tags, said.shown, said.created) == ((("tower",),), place, place)
    assert said.position is not None
    again = apply(plan(photo, sidecar, Want(), written.record))
    assert again.conflicts == ()
    assert read_described(photo, [sidecar]) == Described()


def test_an_empty_iptc_city_is_no_other_value(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    block = b"\x1c\x01\x5a\0\x03\x1b%G" + dataset(25, b"dog") + dataset(90, b"")
    body = b"Photoshop 3.0\0" + resource(0x0404, block)
    segment = b"\xff\xed" + (len(body) + 2).to_bytes(2, "big") + body
    data = photo.read_bytes()
    photo.write_bytes(data[:20] + segment + data[20:])
    assert apply(plan(photo, photo, PARIS)).conflicts == ()
    _, found = embedded.read(photo, photo)
    assert found["Iptc.Application2.City"] == ("Paris",)


@pytest.mark.parametrize("content", [b"\n \r\n", b"\xef\xbb\xbf", b"\0\0\0", b"\xff\xfe"])
def test_a_blank_sidecar_says_nothing(tmp_path: Path, content: bytes) -> None:
    photo = draw(tmp_path / "a.jpg")
    sidecar = beside(photo, content)
    assert read_described(photo, [sidecar]) == Described()
    apply(plan(photo, sidecar, TOWER))
    assert read_described(photo, [sidecar]).tags == (("tower",),)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<rdf:Bag><rdf:li>", "</rdf:li></rdf:Bag>"),
        ("<rdf:Description><Iptc4xmpExt:City>", "</Iptc4xmpExt:City></rdf:Description>"),
    ],
)
def test_a_bottomless_sidecar_is_refused(tmp_path: Path, opening: str, closing: str) -> None:
    name = "Iptc4xmpExt:LocationShown"
    photo = draw(tmp_path / "a.jpg")
    content = xmp(f"<{name}>{opening * 5000}x{closing * 5000}</{name}>")
    with pytest.raises(MetadataError) as caught:
        read_described(photo, [beside(photo, content)])
    assert caught.value.trouble is Trouble.DAMAGED


def test_a_sidecar_with_entities_is_refused(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    sidecar = beside(photo, bomb + xmp("<photoshop:City>&b;</photoshop:City>"))
    with pytest.raises(MetadataError, match="document type"):
        read_described(photo, [sidecar])


def test_what_has_no_room_is_not_called_damaged(tmp_path: Path) -> None:
    full = Image.Exif()
    full[0x010F] = "Nobody"
    full.get_ifd(0x8769)[0x927C] = os.urandom(65_300)
    for name, exif, want in (
        ("exif.jpg", full, Want(Described(position=Position(1.0, 2.0, "MANUAL")))),
        ("xmp.jpg", None, Want(Described(tuple((f"{n}" * 200,) for n in range(200))))),
    ):
        photo = draw(tmp_path / name, exif=exif)
        with pytest.raises(MetadataError, match="no room") as caught:
            apply(plan(photo, photo, want))
        assert caught.value.trouble is Trouble.TOO_LARGE


def test_a_heic_of_an_unknown_kind_is_written_beside(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.heic")
    photo.write_bytes(photo.read_bytes().replace(b"hvcC", b"none"))  # no decoder knows it
    assert read_described(photo) == Described()
    sidecar = photo.with_name("a.heic.xmp")
    apply(plan(photo, sidecar, TOWER))
    assert read_described(photo, [sidecar]).tags == (("tower",),)
