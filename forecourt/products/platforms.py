"""Which of a release's packages somebody wants, guessed from their browser."""

from collections.abc import Sequence

from django.http import HttpRequest

from forecourt.products.models import Artifact

Platform, Architecture = Artifact.Platform, Artifact.Architecture
#: A sign in the User-Agent, and what it says. Telephones run none of it.
SIGNS = (
    ("Android", None),
    ("iPhone", None),
    ("iPad", None),
    ("Windows", Platform.WINDOWS),
    ("Macintosh", Platform.MACOS),
    ("Linux", Platform.LINUX),
)


def of_browser(request: HttpRequest) -> tuple[str, str]:
    """Platform and architecture that the request comes from; "" where nobody can tell. Browsers on
    a Mac say Intel whatever it is."""
    agent = request.headers.get("User-Agent", "")
    platform = next((known for sign, known in SIGNS if sign in agent), None)
    if platform is None or platform == Platform.MACOS:
        return platform or "", ""
    is_arm = any(sign in agent for sign in ("aarch64", "arm64", "ARM64"))
    return platform, Architecture.ARM64 if is_arm else Architecture.X86_64


def best(packages: Sequence[Artifact], platform: str, architecture: str) -> Artifact | None:
    """The package for this platform: the one for its architecture, else one for any; None where
    there is none for it, or nobody can tell which."""
    fits = [each for each in packages if each.platform in (platform, Platform.ANY)]
    exact = [each for each in fits if each.architecture in (architecture, Architecture.ANY)]
    if exact:
        return max(exact, key=lambda each: (each.platform != Platform.ANY, each.architecture))
    # On a Mac it may be either; without a better guess the one choice is the answer.
    return fits[0] if len(fits) == 1 else None


def label(artifact: Artifact) -> str:
    """ "Linux, ARM64", as people read it."""
    platform = Platform(artifact.platform).label
    architecture = Architecture(artifact.architecture).label
    return f"{platform}, {architecture}" if architecture else str(platform)
