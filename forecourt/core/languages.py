"""The language in which the portal speaks at the moment."""

from django.conf import settings
from django.utils.translation import get_language


def only_one() -> bool:
    """Whether the portal speaks but one language, so that what it says is the same for everybody."""
    return len(settings.LANGUAGES) == 1


def language() -> str:
    """The reader's language. With only one there is nothing to look up, which counts: a page asks a
    hundred times."""
    return settings.LANGUAGE_CODE if only_one() else get_language() or settings.LANGUAGE_CODE
