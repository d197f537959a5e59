"""A logo is taken in by what it shows; whatever else a file may hold stays outside."""

import io
import re
import struct
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image, PngImagePlugin

from forecourt.console.tests.test_brand import HERE, changes, save, text_of
from forecourt.console.tests.test_console import at_work
from forecourt.core import logos
from forecourt.core.assets import MARK
from forecourt.core.brand import brand
from forecourt.core.models import Brand

__all__ = ["save"]  # the fixture


def file(content: bytes, name: str = "logo.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "image/png")


def picture(kind: str = "PNG", size: tuple[int, int] = (900, 220), mode: str = "RGB", **more):
    made = io.BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P") else "#c2410c").save(made, kind, **more)
    return made.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + check


def claiming(width: int, height: int, *more: bytes) -> bytes:
    """A PNG of a few bytes that says it is that large."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + rows + chunk(b"IEND", b"")


def moving(kind: str) -> bytes:
    one, other = (Image.new("RGB", (40, 40), color) for color in ("red", "blue"))
    made = io.BytesIO()
    one.save(made, kind, save_all=True, append_images=[other])
    return made.getvalue()


BOMB = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 300_000_000, 9))
HOSTILE = {
    "nothing": (b"", "empty"),
    "words": (b"just words", "no picture"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", "no SVG"),
    "html": (b"\x89PNG\r\n\x1a\n<html><script>x()</script>", "no picture"),
    "gif": (moving("GIF"), "no picture"),
    "bmp": (picture("BMP"), "no picture"),
    "cut off": (picture(size=(300, 200))[:-40], "no picture"),
    "cut off jpeg": (picture("JPEG", size=(900, 900))[:-300], "no picture"),
    "too wide": (picture(size=(4_001, 2)), "4,000 pixels"),
    "too high": (picture(size=(2, 4_001)), "4,000 pixels"),
    "too many": (picture(size=(2_049, 2_048)), "4 million pixels"),
    "huge": (claiming(30_000, 30_000), "4,000 pixels"),
    "immense": (claiming(2_000_000_000, 2_000_000_000), "4,000 pixels"),
    "a bomb of words": (claiming(40, 40, BOMB), "no picture"),
    "moves": (moving("PNG"), "moves"),
    "moves as webp": (moving("WEBP"), "moves"),
    "too much": (picture(size=(10, 10)) + b"\0" * logos.MOST_BYTES, "larger than 1 MB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_and_changes_nothing(save, name):
    """A150."""
    content, said = HOSTILE[name]
    begun = time.process_time()
    page = save(logo=file(content), name="Kept words")
    text = page.content.decode()
    assert page.status_code == 422 and said in text and 'id="id_logo_error"' in text
    assert 'value="Kept words"' in text
    assert "has to be chosen again" in text
    assert not Brand.objects.exists() and brand().logo is None and changes() == []
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (picture(), (512, 125)),
        (picture("JPEG"), (512, 125)),
        (picture("WEBP"), (512, 125)),
        (picture(size=(30, 20)), (30, 20)),
        (picture(size=(100, 1_000)), (13, 128)),
        (picture(size=(2_048, 2_048)), (128, 128)),
        (picture(size=(4_000, 1)), (512, 1)),
        (picture(size=(4_000, 1_000)), (512, 128)),
        (picture(mode="P"), (512, 125)),
        (picture(mode="L"), (512, 125)),
        (picture(mode="LA"), (512, 125)),
        (picture("JPEG", mode="CMYK"), (512, 125)),
    ],
)
def test_what_is_taken_becomes_a_small_png(save, content, size):
    assert save(logo=file(content)).status_code == 303
    kept = bytes(Brand.objects.get().logo)
    assert logos.size(kept) == size and Image.open(io.BytesIO(kept)).format == "PNG"


def test_the_same_logo_chosen_again_changes_nothing(save):
    client = at_work()
    for said in ("The brand is changed.", "Nothing was changed."):
        save(client, logo=file(picture()))
        assert said in text_of(client, HERE)
    assert len(changes()) == 1


def test_nothing_of_the_file_stays_but_what_is_seen(save):
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "SECRET")
    exif = Image.Exif()
    exif[0x010E], exif[0x0112] = "SECRET", 6
    for content in (
        picture(pnginfo=info, exif=exif, icc_profile=b"SECRET") + b"<script>SECRET</script>",
        picture("JPEG", exif=exif, icc_profile=b"SECRET", comment=b"SECRET") + b"PK\3\4 SECRET",
        picture("WEBP", exif=exif, icc_profile=b"SECRET", xmp=b"SECRET"),
    ):
        save(logo=file(content))
        kept = bytes(Brand.objects.get().logo)
        assert b"SECRET" not in kept and re.findall(rb"IHDR|iCCP|eXIf|tEXt|iTXt", kept) == [b"IHDR"]
        assert logos.size(kept) == (31, 128)  # held upright


def test_the_logo_stands_at_the_head_of_every_page_and_is_kept_for_ever(save):
    save(logo=file(picture()), dark_logo=file(picture("JPEG", size=(60, 60))))
    for client, address in ((Client(), "/accounts/login/"), (at_work(), "/console/")):
        page = text_of(client, address)
        light, dark = brand().logo.address, brand().dark_logo.address
        assert f'<img class="brand__logo" src="{light}"' in page and 'alt="Lumen Tools"' in page
        assert f'media="(prefers-color-scheme: dark)" srcset="{dark}" width="60"' in page
        assert MARK not in page
    answer = Client().get(light)
    assert answer.content == bytes(Brand.objects.get().logo)
    assert answer["Content-Type"] == "image/png" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    chosen = Client()
    chosen.cookies["theme"] = "dark"
    page = text_of(chosen, "/accounts/login/")
    assert f'src="{dark}"' in page and light not in page


def test_a_logo_is_removed_and_the_log_never_holds_its_bytes(save):
    save(logo=file(picture()))
    former = brand().logo.address
    assert "The logo as it is now" in text_of(at_work(), HERE)
    save(remove_logo="on")
    assert brand().logo is None and MARK in text_of(Client(), "/accounts/login/")
    first, second = changes()
    assert first.after == second.before and first.after["logo"].startswith("PNG 512 × 125 ")
    assert second.after == {"logo": ""}
    # A page that was loaded before still finds it.
    assert Client().get(former).status_code == 200
    assert Client().get("/static/logo.0123456789ab.png").status_code == 404


def test_a_logo_that_was_chosen_is_previewed_and_kept_nowhere(save):
    client, held = at_work(), Image.Exif()
    held[0x0112] = 6
    sent = {"name": "", "logo": file(picture("JPEG", exif=held))}
    answer = client.post(f"{HERE}preview/light/", sent)
    page = answer.content.decode()
    assert 'width="31" height="128"' in page
    assert 'src="data:image/png;base64,' in page and "data:" in answer["Content-Security-Policy"]
    assert not Brand.objects.exists() and brand().logo is None
    save(logo=file(picture(size=(8, 8))))
    page = client.post(f"{HERE}preview/dark/", {"remove_logo": "on"}).content.decode()
    assert "brand__logo" not in page and MARK in page and brand().logo
