"""The vendor's color as pages and mails can bear it: a tone for light grounds and one for dark ones,
each as near to what was chosen as can be read (WCAG 2.2 AA: 4.5 to 1)."""

import functools
import math
import re
from dataclasses import dataclass

Triple = tuple[float, float, float]

READABLE = 4.5
SHAPE = re.compile(r"#[0-9a-f]{6}", re.ASCII)
STEP = 0.005
#: How much of the accent a badge mixes into the ground that it stands on.
TINT = 0.09
#: How opaque the second line on a button is.
FAINT = 0.85
# As in tokens.css, which a test compares: what stands on a button, and the ground that is worst to
# read on, --sunken of light pages and --card of dark ones.
ON_LIGHT, SUNKEN = (1.0, 0.0, 0.0), (0.966, 0.005, 240.0)
ON_DARK, CARD = (0.18, 0.03, 250.0), (0.225, 0.013, 250.0)


@dataclass(frozen=True)
class Tones:
    """A color for light pages and one for dark ones, as "#rrggbb"."""

    light: str
    dark: str


#: The tones of tokens.css.
OURS = Tones("#00676a", "#5cc4c4")


@functools.lru_cache(maxsize=64)
def tones(color: str) -> Tones:
    """What becomes of a color: darker until it is read on light grounds and white on it, lighter
    until it is read on dark ones."""
    return Tones(_readable(color, -STEP, ON_LIGHT, SUNKEN), _readable(color, STEP, ON_DARK, CARD))


def rule(color: str) -> str:
    """What says so at the end of a style sheet, over what tokens.css has."""
    made = tones(color)
    return f"@layer base{{:root{{--accent:light-dark({made.light},{made.dark})}}}}"


def _readable(color: str, step: float, on: Triple, ground: Triple) -> str:
    """The color itself, or the first tone on its way to black or to white that can be read."""
    light, chroma, hue = _oklch(_rgb(color))
    while not _is_readable(color, on, ground):
        light += step
        color = _hex(_in_gamut(light, chroma, hue))
    return color


def _is_readable(color: str, on: Triple, ground: Triple) -> bool:
    """Whether words on it and words of it can be read, on the ground and on a badge there."""
    rgb, below, words = _rgb(color), _in_gamut(*ground), _in_gamut(*on)
    red, green, blue = (
        FAINT * one + (1 - FAINT) * other for one, other in zip(words, rgb, strict=True)
    )
    others = ((red, green, blue), below, _mixed(rgb, below))
    return all(_contrast(rgb, other) >= READABLE for other in others)


def _contrast(one: Triple, other: Triple) -> float:
    """Between 1 and 21, as WCAG has it."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(rgb: Triple) -> float:
    red, green, blue = map(_linear, rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> Triple:
    """From 0 to 1 each."""
    red, green, blue = (int(color[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Triple) -> str:
    return "#" + "".join(f"{round(min(1.0, max(0.0, part)) * 255):02x}" for part in rgb)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _curved(part: float) -> float:
    if part <= 0.0031308:
        return part * 12.92
    return 1.055 * part ** (1 / 2.4) - 0.055


def _oklab(rgb: Triple) -> Triple:
    """As Björn Ottosson defines it, and CSS Color 4 after him."""
    red, green, blue = map(_linear, rgb)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    return (
        0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short,
    )


def _back(lab: Triple) -> Triple:
    """The same from OKLab to sRGB; parts may lie outside of 0 to 1."""
    light, a, b = lab
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        _curved(4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short),
        _curved(-1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short),
        _curved(-0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short),
    )


def _oklch(rgb: Triple) -> Triple:
    light, a, b = _oklab(rgb)
    return light, math.hypot(a, b), math.degrees(math.atan2(b, a))


def _in_gamut(light: float, chroma: float, hue: float) -> Triple:
    """The color with as much of its chroma as a screen can show."""
    angle = math.radians(hue)
    while True:
        rgb = _back((light, chroma * math.cos(angle), chroma * math.sin(angle)))
        if chroma < 0.001 or all(-0.0005 <= part <= 1.0005 for part in rgb):
            return rgb
        chroma *= 0.97


def _mixed(rgb: Triple, ground: Triple) -> Triple:
    """What color-mix(in oklab) makes of a little of it on the ground."""
    pairs = zip(_oklab(rgb), _oklab(ground), strict=True)
    light, a, b = (TINT * one + (1 - TINT) * other for one, other in pairs)
    return _back((light, a, b))
