"""A logo, from whatever a person sends to a small picture that cannot harm: it is known by its content,
decoded within limits, and drawn anew, so that nothing of the file stays but what is seen."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from forecourt.core.refusals import Refused

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

MOST_BYTES = 1_000_000
#: Of what is sent, each side and all of it in pixels; looked at before it is decoded, which takes
#: four to sixteen bytes for each of them.
MOST_SIDE, MOST_PIXELS = 4_000, 2_048**2
#: Of what is kept.
WIDTH, HEIGHT = 512, 128
KINDS = ("PNG", "JPEG", "WEBP")
#: EXIF's tag of how a camera was held; from 5 on the sides are exchanged.
ORIENTATION, ON_ITS_SIDE = 0x0112, 5


def drawn(content: bytes, *, field: str) -> bytes:
    """The picture as a PNG of at most 512 × 128 pixels; raises Refused, naming the form's field."""
    if len(content) > MOST_BYTES:
        raise Refused(too_large(), field=field)
    # Only here: a process that takes in no logo has no use for it.
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=KINDS) as picture:
            problem = _problem(picture)
            if not problem:
                return _png(picture)
    except Image.DecompressionBombError:
        problem = _too_many_pixels()
    except Exception:  # A decoder raises whatever it likes of what is broken, or made to break it.
        problem = _("This is no picture that can be read. Send a PNG, JPEG or WebP; no SVG.")
    raise Refused(problem, field=field)


def too_large() -> str:
    """What is said of more than MOST_BYTES."""
    return _("The file is larger than 1 MB.")


def size(png: bytes) -> tuple[int, int]:
    """Width and height of what `drawn` made."""
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def _problem(picture: Picture) -> str:
    width, height = picture.size
    if max(width, height) > MOST_SIDE or width * height > MOST_PIXELS:
        return _too_many_pixels()
    if getattr(picture, "n_frames", 1) > 1:
        return _("The picture moves, or the file holds several. Send one that stands still.")
    return ""


def _too_many_pixels() -> str:
    return _(
        "The picture has more than 4 million pixels (2,048 × 2,048), or more than 4,000 pixels on a side."
    )


def _png(picture: Picture) -> bytes:
    from PIL import Image, ImageOps

    on_its_side = picture.getexif().get(ORIENTATION, 1) >= ON_ITS_SIDE
    box = (HEIGHT, WIDTH) if on_its_side else (WIDTH, HEIGHT)
    if picture.mode not in ("L", "LA", "RGB", "RGBA"):
        picture = ImageOps.exif_transpose(picture).convert("RGBA")
        box = (WIDTH, HEIGHT)
    picture.thumbnail(box, reducing_gap=3.0)
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    made = io.BytesIO()
    clean = Image.new("RGBA", picture.size)
    clean.paste(picture)
    clean.save(made, "PNG", optimize=True)
    return made.getvalue()
