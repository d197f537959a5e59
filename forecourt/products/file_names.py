"""What the name of a release's file tells: for which platform it is, and to which package a
signature or SBOM belongs."""

import re

from forecourt.products.models import Artifact

Kind, Platform, Architecture = Artifact.Kind, Artifact.Platform, Artifact.Architecture
LONGEST = 120
_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]*")
#: What follows the package's whole name.
COMPANIONS = {
    ".sig": Kind.SIGNATURE,
    ".asc": Kind.SIGNATURE,
    ".minisig": Kind.SIGNATURE,
    ".sbom.json": Kind.SBOM,
    ".spdx.json": Kind.SBOM,
    ".cdx.json": Kind.SBOM,
}
#: Words between other signs than letters and digits, then endings.
_PLATFORMS = (
    (Platform.WINDOWS, "windows|win|win32|win64", "exe|msi|msix|appx"),
    (Platform.MACOS, "macos|mac|osx|darwin", "dmg|pkg"),
    (Platform.LINUX, "linux", "deb|rpm|appimage|snap|flatpak"),
)
_ARCHITECTURES = (
    (Architecture.X86_64, "x86[-_]64|amd64|x64|win64"),
    (Architecture.ARM64, "arm64|aarch64"),
)


def is_plain(name: str) -> bool:
    """Whether any system can write a file of this name, and no address or shell trips over it."""
    return len(name) <= LONGEST and _PLAIN.fullmatch(name) is not None


def companion(name: str) -> tuple[str, str] | None:
    """What a file is beside a package, and the name of that package; None for a package itself."""
    for ending, kind in COMPANIONS.items():
        if name.endswith(ending) and name != ending:
            return kind, name.removesuffix(ending)
    return None


def platform_of(name: str) -> str:
    """The platform that a package's name tells; any where it tells none."""
    for platform, words, endings in _PLATFORMS:
        if _has_word(name, words) or re.search(rf"\.(?:{endings})$", name.lower()):
            return platform
    return Platform.ANY


def architecture_of(name: str) -> str:
    """The architecture that a package's name tells; any where it tells none, or several."""
    told = [known for known, words in _ARCHITECTURES if _has_word(name, words)]
    return told[0] if len(told) == 1 else Architecture.ANY


def _has_word(name: str, words: str) -> bool:
    return re.search(rf"(?<![a-z0-9])(?:{words})(?![a-z0-9])", name.lower()) is not None
