"""What people typed, as documents can hold it."""

import re

#: What XML 1.0 cannot hold, what steers the direction of the text around it, and half characters.
UNFIT = re.compile(
    "[^\t\n\u0020-\u007e\u00a0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
)


#: As much of a word as always fits.
TOO_LONG = re.compile(r"(\S{28})(?=\S)")


def plain(text: str) -> str:
    """The text without control characters and without those that turn what stands beside them."""
    return UNFIT.sub("", text)


def breakable(text: str) -> str:
    """The plain text with places where a word that is too long for a column may break."""
    return TOO_LONG.sub("\\1\u200b", plain(text))
