"""The application as a WSGI server loads it."""

import os
from collections.abc import Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.config.settings")
_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Django's; from the first request on the process follows the brand."""
    from forecourt.core import brand

    brand.watch()
    return _django(environ, start_response)
