"""What we write, read by the real exiftool and exiv2; what exiftool wrote, left as it was."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from samples import draw

from landmark_desktop.metadata.described import METHOD_GUESS, Described, Place, Position
from landmark_desktop.metadata.read import read_facts
from landmark_desktop.metadata.reading import read_described
from landmark_desktop.metadata.want import Want
from landmark_desktop.metadata.write import apply, plan, restore

needs_exiftool = pytest.mark.skipif(
    shutil.which("exiftool") is None, reason="exiftool is not here (libimage-exiftool-perl)"
)
needs_exiv2 = pytest.mark.skipif(shutil.which("exiv2") is None, reason="exiv2 is not here (exiv2)")

ODD = ("a|b", "AC/DC <&>\"'", "  שלום 👨‍👩‍👧 \x07é ")
SAID = Described(
    (("Places", "France", "Paris", "Eiffel Tower"), ODD, ("tower",)),
    Place("Eiffel Tower", "Champ de Mars", "Paris", "Île-de-France", "France", "FRA", "Europe",
          ("http://www.wikidata.org/entity/Q243",), True),
    Place(city="Paris", country="France"),
    Position(48.8584, -2.2945, METHOD_GUESS),
)  # fmt: skip
WANT = Want(SAID)
FLAT = ["France", "Paris", "Eiffel Tower", "AC/DC <&>\"'", "שלום 👨‍👩‍👧 é", "tower"]
XMP = {
    "XMP-dc:Subject": FLAT,
    "XMP-lr:HierarchicalSubject": [
        "Places|France|Paris|Eiffel Tower", "a∣b|AC/DC <&>\"'|שלום 👨‍👩‍👧 é", "tower",
    ],
    "XMP-digiKam:TagsList": [
        "Places/France/Paris/Eiffel Tower", "a|b/AC∕DC <&>\"'/שלום 👨‍👩‍👧 é", "tower",
    ],
    "XMP-microsoft:LastKeywordXMP": [
        "Places/France/Paris/Eiffel Tower", "a|b/AC∕DC <&>\"'/שלום 👨‍👩‍👧 é", "tower",
    ],
    "XMP-iptcExt:LocationShown": [{
        "City": "Paris", "CountryCode": "FRA", "CountryName": "France",
        "LocationId": ["http://www.wikidata.org/entity/Q243"], "LocationName": "Eiffel Tower",
        "ProvinceState": "Île-de-France", "Sublocation": "Champ de Mars", "WorldRegion": "Europe",
    }],
    "XMP-iptcExt:LocationCreated": [{"City": "Paris", "CountryName": "France"}],
    "XMP-iptcCore:Location": "Champ de Mars",
    "XMP-photoshop:City": "Paris",
    "XMP-photoshop:State": "Île-de-France",
    "XMP-photoshop:Country": "France",
    "XMP-iptcCore:CountryCode": "FRA",
}  # fmt: skip
IIM = {
    "IPTC:Keywords": ["Old", *FLAT],
    "IPTC:Sub-location": "Champ de Mars",
    "IPTC:City": "Paris",
    "IPTC:Province-State": "Île-de-France",
    "IPTC:Country-PrimaryLocationName": "France",
    "IPTC:Country-PrimaryLocationCode": "FRA",
}


def run(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def seen(path: Path) -> dict[str, object]:
    found = json.loads(run("exiftool", "-j", "-G1", "-struct", "-n", "-a", path))[0]
    return {
        key: value
        for key, value in found.items()
        if not key.startswith(("System:", "ExifTool:", "SourceFile", "Composite:"))
    }


@needs_exiftool
@pytest.mark.parametrize("name", ["a.jpg.xmp", "a.xmp"])
def test_exiftool_reads_every_field_of_a_sidecar(tmp_path: Path, name: str) -> None:
    photo = draw(tmp_path / "a.jpg")
    apply(plan(photo, photo.with_name(name), WANT))
    found = seen(photo.with_name(name))
    assert {key: found.get(key) for key in XMP} == XMP
    assert found["XMP-exif:GPSLatitude"] == pytest.approx(48.8584)
    assert found["XMP-exif:GPSLongitude"] == pytest.approx(-2.2945)
    assert found["XMP-exif:GPSProcessingMethod"] == METHOD_GUESS


@needs_exiftool
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
def test_exiftool_reads_every_field_of_a_photo(tmp_path: Path, ending: str) -> None:
    photo = draw(tmp_path / f"a.{ending}")
    iptc = ending in ("jpg", "tif")
    if iptc:
        run("exiftool", "-q", "-IPTC:Keywords=Old", "-CodedCharacterSet=UTF8", "-m", photo)
    apply(plan(photo, photo, WANT))
    found = seen(photo)
    expected = XMP | (IIM if iptc else {})
    if iptc:  # XMP begun beside it hides none of it
        expected["XMP-dc:Subject"] = [*FLAT, "Old"]
        for key in list(expected):
            if key.endswith(("HierarchicalSubject", "TagsList", "LastKeywordXMP")):
                expected[key] = [*expected[key], "Old"]  # type: ignore[misc]
    assert {key: found.get(key) for key in expected} == expected
    assert found["GPS:GPSLatitude"] == pytest.approx(48.8584)
    assert found["GPS:GPSLongitudeRef"] == "W"
    assert found["GPS:GPSProcessingMethod"] == METHOD_GUESS
    warnings = run("exiftool", "-a", "-warning", "-error", photo)
    assert "XMP" not in warnings.replace("xmlns:MicrosoftPhoto", "")


@needs_exiv2
def test_exiv2_reads_sidecar_and_photo(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    for target in (photo.with_name("a.jpg.xmp"), photo):
        apply(plan(photo, target, WANT))
        found = run("exiv2", "-PXkt", target)
        assert "Xmp.lr.hierarchicalSubject" in found
        assert "a∣b|AC/DC <&>\"'|שלום 👨‍👩‍👧 é" in found
        assert "Xmp.iptcExt.LocationShown[1]/Iptc4xmpExt:City" in found
    assert "48/1 51/1 302400/10000" in run("exiv2", "-PEkv", photo)


FOREIGN = [
    "-Make=Canon", "-Model=Canon EOS R5", "-LensModel=RF 50", "-UserComment=Grüße",
    "-XMP-xmp:Rating=4", "-XMP-dc:Title=Title", "-XMP-dc:Title-fr=Titre", "-XMP-dc:Subject=dog",
    "-XMP-lr:HierarchicalSubject=Animals|dog", "-XMP-crs:Exposure2012=+0.50",
    "-XMP-crs:HasSettings=True", "-XMP-xmpMM:DocumentID=xmp.did:1",
    "-RegionInfo={AppliedToDimensions={W=320,H=240,Unit=pixel},RegionList=[{Name=Anna,Type=Face,"
    "Area={X=0.5,Y=0.5,W=0.1,H=0.1,Unit=normalized}}]}",
    "-XMP-xmpMM:History=[{action=saved,instanceID=1},{action=edited,instanceID=2}]",
    "-XMP-iptcExt:LocationShown=[{City=Lyon,CountryName=France}]",
]  # fmt: skip
OURS = ("XMP-lr", "XMP-digiKam", "XMP-microsoft", "XMP-photoshop", "XMP-iptc", "XMP-dc:Subject",
        "XMP-landmark", "GPS", "IPTC", "File:CurrentIPTCDigest", "Photoshop:IPTCDigest",
        "File:ExifByteOrder", "IFD0:StripOffsets")  # fmt: skip


def canon(path: Path) -> None:
    """Draw a photo with a maker's notes as a Canon has them, a profile and a thumbnail."""
    exif = Image.Exif()
    exif.endian = "<"  # as the notes within
    exif[0x010F], exif[0x0110] = "Canon", "Canon EOS R5"
    entry = (0x0010).to_bytes(2, "little") + (4).to_bytes(2, "little") + (1).to_bytes(4, "little")
    notes = (1).to_bytes(2, "little") + entry + (0x80000421).to_bytes(4, "little") + bytes(4)
    exif.get_ifd(0x8769)[0x927C] = notes
    exif.get_ifd(0x8769)[0x9003] = "2024:05:06 07:08:09"
    from PIL import ImageCms

    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = Image.effect_noise((320, 240), 60).convert("RGB")
    picture.save(path, exif=exif, icc_profile=profile, comment=b"a comment")


@needs_exiftool
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "xmp"])
def test_what_exiftool_wrote_stays(tmp_path: Path, ending: str) -> None:
    photo = tmp_path / "a.jpg"
    canon(photo)
    target = photo.with_name(f"a.{ending}") if ending != "xmp" else photo.with_name("a.jpg.xmp")
    if ending in ("png", "tif", "webp"):
        with Image.open(photo) as picture:
            picture.save(target, icc_profile=picture.info["icc_profile"])
    foreign = [
        a for a in FOREIGN if ending != "xmp" or not a.startswith(("-Ma", "-Mo", "-L", "-U"))
    ]
    run("exiftool", "-q", "-m", "-overwrite_original", *foreign, target)
    if ending in ("jpg", "tif"):
        run("exiftool", "-q", "-m", "-overwrite_original", "-IPTC:Keywords=dog",
            "-CodedCharacterSet=UTF8", "-IPTC:Headline=Überschrift", "-IPTCDigest=new",
            target)  # fmt: skip
    before, original = seen(target), target.read_bytes()
    written = apply(plan(photo if ending == "xmp" else target, target, WANT))
    after = seen(target)
    changed = {key for key in before | after if before.get(key) != after.get(key)}
    free = (*OURS, "XMP-exif:GPS") if ending == "xmp" else OURS
    assert [key for key in changed if not key.startswith(free)] == []
    assert "dog" in after["XMP-dc:Subject"]  # type: ignore[operator]
    assert after["XMP-lr:HierarchicalSubject"][0] == "Animals|dog"  # type: ignore[index]
    assert after["XMP-iptcExt:LocationShown"][0] == {"City": "Lyon", "CountryName": "France"}  # type: ignore[index]
    if ending == "jpg":
        assert before["Canon:CanonModelID"] == after["Canon:CanonModelID"] == 0x80000421
        assert after["Photoshop:IPTCDigest"] == after["File:CurrentIPTCDigest"]
        assert after["IPTC:Headline"] == "Überschrift"
    assert written.snapshot
    dropped = apply(plan(photo if ending == "xmp" else target, target, Want(), written.record))
    gone = {k: v for k, v in seen(target).items() if before.get(k) != v}
    # libexiv2 keeps IPTC in Photoshop's resources of a TIFF too, where it has such.
    technical = ("GPS:GPSVersionID", "IPTC2", *OURS[-4:])
    assert [key for key in gone if not key.startswith(technical)] == []
    assert dropped.snapshot
    restore(target, dropped.snapshot)
    restore(target, written.snapshot)
    assert target.read_bytes() == original


@needs_exiftool
@pytest.mark.parametrize("target", ["a.jpg", "a.jpg.xmp"])
def test_letters_that_other_formats_split_at_stay_in_their_level(
    tmp_path: Path, target: str
) -> None:
    photo = draw(tmp_path / "a.jpg")
    run("exiftool", "-q", "-m", "-overwrite_original", "-IPTC:Keywords=x",
        "-CodedCharacterSet=UTF8", photo)  # fmt: skip
    said = (("Trips", 'Rome, 2024; "best of"', "it's | 1/2"), ("#1 <b> & {x}", "\\n %20"))
    apply(plan(photo, photo.with_name(target), Want(Described(said))))
    found = seen(photo.with_name(target))
    assert found["XMP-lr:HierarchicalSubject"][:2] == [  # type: ignore[index]
        "Trips|Rome, 2024; \"best of\"|it's ∣ 1/2", "#1 <b> & {x}|\\n %20",
    ]  # fmt: skip
    assert found["XMP-digiKam:TagsList"][:2] == [  # type: ignore[index]
        "Trips/Rome, 2024; \"best of\"/it's | 1∕2", "#1 <b> & {x}/\\n %20",
    ]  # fmt: skip
    words = ['Rome, 2024; "best of"', "it's | 1/2", "\\n %20"]
    assert found["XMP-dc:Subject"] == [*words, "x"]
    if target == "a.jpg":
        assert found["IPTC:Keywords"] == ["x", *words]
    assert read_described(photo, [photo.with_name("a.jpg.xmp")][: target != "a.jpg"]).tags == (
        *said, ("x",),
    )  # fmt: skip


@needs_exiftool
def test_a_heic_keeps_all_it_has_and_its_sidecar_hides_none_of_it(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.heic")
    run("exiftool", "-q", "-m", "-overwrite_original", "-Make=Apple", "-XMP-dc:Subject=dog",
        "-XMP-xmp:Rating=4", "-EXIF:GPSLatitude=45.5", "-EXIF:GPSLatitudeRef=N",
        "-EXIF:GPSLongitude=4.5", "-EXIF:GPSLongitudeRef=E", photo)  # fmt: skip
    original = photo.read_bytes()
    sidecar = photo.with_name("a.heic.xmp")
    written = apply(plan(photo, sidecar, WANT))
    assert photo.read_bytes() == original
    found = seen(sidecar)
    assert found["XMP-dc:Subject"] == [*FLAT, "dog"]
    assert not [name for name in found if "GPS" in name]
    assert {conflict.field for conflict in written.conflicts} >= {"exif:GPSLatitude"}
    both = read_described(photo, [sidecar])
    assert both.position is not None
    assert both.position.latitude == pytest.approx(45.5)
    facts = read_facts(photo)
    assert (facts.camera, facts.latitude) == ("Apple", pytest.approx(45.5))


@needs_exiv2
@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp", "jpg.xmp"])
def test_what_exiv2_wrote_stays(tmp_path: Path, ending: str) -> None:
    photo = draw(tmp_path / "a.jpg")
    target = tmp_path / f"a.{ending}"
    xmp = ["Xmp.xmp.Rating 4", "Xmp.dc.title lang=fr-FR Été", "Xmp.dc.subject dog",
           "Xmp.xmpMM.History XmpText type=\"Seq\"", "Xmp.xmpMM.History[1]/stEvt:action saved",
           "Xmp.crs.Exposure2012 +0.50"]  # fmt: skip
    exif = ["Exif.Photo.UserComment charset=Unicode Grüße", "Exif.Photo.MakerNote 1 2 3 4 5"]
    if ending == "jpg.xmp":
        run("exiftool", "-q", "-XMP-xmp:Label=Red", "-o", target, photo)
    elif ending != "jpg":
        draw(target)
    changes = [f"set {each}" for each in (xmp if ending == "jpg.xmp" else xmp + exif)]
    run("exiv2", *(part for each in changes for part in ("-M", each)), target)
    before = set(run("exiv2", "-PEXIkyct", target).splitlines())
    apply(plan(photo if ending == "jpg.xmp" else target, target, WANT))
    after = set(run("exiv2", "-PEXIkyct", target).splitlines())
    moved = ("Exif.Image.GPSTag", "Exif.Image.XMLPacket", "Exif.Image.ExifTag", "Offsets")
    lost = [line for line in before - after if not any(name in line for name in moved)]
    # The plain array is printed as one line, which is longer now.
    assert [line.split()[0] for line in lost] == ["Xmp.dc.subject"]


@needs_exiftool
def test_what_others_wrote_is_read(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    sidecar = tmp_path / "a.jpg.xmp"
    run("exiftool", "-q", "-m", "-overwrite_original", "-IPTC:Keywords=Grüße", "-IPTC:City=Köln",
        "-XMP-digiKam:TagsList=Places/Germany/Köln", "-GPSLatitude=50.94", "-GPSLatitudeRef=N",
        "-GPSLongitude=6.96", "-GPSLongitudeRef=E", photo)  # fmt: skip
    said = read_described(photo)
    assert said.tags == (("Places", "Germany", "Köln"), ("Grüße",))
    assert said.shown == Place(city="Köln")
    assert said.position is not None
    assert said.position.latitude == pytest.approx(50.94)
    run("exiftool", "-q", "-m", "-XMP-lr:HierarchicalSubject=Places|Italy|Rome",
        "-XMP-dc:Subject=Rome",
        "-XMP-photoshop:City=Rome", "-o", sidecar)  # fmt: skip
    both = read_described(photo, [sidecar])
    assert both.tags == (("Places", "Italy", "Rome"),)
    assert both.shown == Place(city="Rome")
    assert both.position == said.position


@needs_exiftool
def test_a_removal_reaches_every_field(tmp_path: Path) -> None:
    photo = draw(tmp_path / "a.jpg")
    run("exiftool", "-q", "-m", "-overwrite_original", "-IPTC:Keywords=Rome",
        "-XMP-dc:Subject=Rome",
        "-XMP-digiKam:TagsList=Places/Rome", "-XMP-lr:HierarchicalSubject=Places|Rome",
        "-XMP-microsoft:LastKeywordXMP=Places/Rome", "-XMP-mediapro:CatalogSets=Places|Rome",
        photo)  # fmt: skip
    apply(plan(photo, photo, Want(removed=(("Places", "Rome"),))))
    assert "Rome" not in run(
        "exiftool", "-a", "-G1", "-All", "-x", "FileName", "-x", "Directory", photo
    )
