"""Versions by Semantic Versioning 2.0.0 (semver.org)."""

from django.utils.translation import gettext as _
from semver import Version

from forecourt.core.refusals import Refused

LONGEST = 60


def parse(text: str) -> Version:
    """The version that was written; raises Refused. A "v" before it is no part of it."""
    try:
        if len(text) > LONGEST:
            raise ValueError(text)
        return Version.parse(text.removeprefix("v"))
    except (TypeError, ValueError):
        raise Refused(
            _("“%(text)s” is no version by semver.org, as 1.4.2 or 2.0.0-beta.1 are.")
            % {"text": text[:LONGEST]},
            field="version",
        ) from None


def order_of(text: str) -> str:
    """The precedence of a version (semver.org, 11) as text: compared byte by byte, versions sort
    as they precede each other. Build metadata has no part in it."""
    version = parse(text)
    numbers = ".".join(map(_number, (version.major, version.minor, version.patch)))
    if version.prerelease is None:
        return f"{numbers}~"  # after every pre-release of the same numbers
    return f"{numbers}-{' '.join(map(_identifier, version.prerelease.split('.')))}"


def _identifier(text: str) -> str:
    """Numbers come before words; a blank, which joins identifiers, before everything."""
    return f"0{_number(int(text))}" if text.isdigit() else f"1{text}"


def _number(number: int) -> str:
    """Its digits behind how many there are, so that 9 sorts before 10."""
    return f"{len(str(number)):02d}{number}"
