"""`signing-key rotate`: another key for license files."""

from __future__ import annotations

import os

from forecourt.config.commands.serve import require_migrated
from forecourt.demo import running


def rotate() -> int:
    """Have a new key sign license files from now on."""
    running.use(os.environ)
    require_migrated()
    from django.conf import settings

    from forecourt.core.actors import System
    from forecourt.products.actions import rotate_signing_key

    key = rotate_signing_key(System(label="forecourt signing-key rotate"))
    print(f"{key.kid} signs license files from now on.")
    print(f"{settings.PUBLIC_URL}/.well-known/forecourt-license-keys has it, and those before it.")
    return 0
