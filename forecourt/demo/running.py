"""How a command finds the demo that runs in this folder: a note that the demo leaves there."""

from __future__ import annotations

import json
import os
from collections.abc import MutableMapping
from pathlib import Path

NAMES = (
    "DATABASE_URL",
    "EMAIL_URL",
    "OPENID_PROVIDERS",
    "SECRET_KEY",
    "PUBLIC_URL",
    "VENDOR_NAME",
    "SUPPORT_EMAIL",
    "SELLER",
    "TAX_RATES",
    "INVOICE_PREFIX",
    "TAX_ID_CHECK",
)


def write(folder: Path, environ: MutableMapping[str, str]) -> None:
    """Note the running demo's settings; for its user's eyes alone."""
    kept = {name: environ[name] for name in NAMES if environ.get(name)}
    note = _note(folder)
    note.unlink(missing_ok=True)
    with open(os.open(note, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600), "w") as file:
        json.dump({**kept, "FORECOURT_DEMO": "1", "FORECOURT_DATA": str(folder)}, file)


def remove(folder: Path) -> None:
    """The demo ends."""
    _note(folder).unlink(missing_ok=True)


def use(environ: MutableMapping[str, str]) -> bool:
    """Take the running demo's settings where DATABASE_URL names no database; False without one."""
    if environ.get("DATABASE_URL"):
        return False
    try:
        kept = json.loads(_note(Path(environ.get("FORECOURT_DATA") or "var")).read_text())
    except (OSError, ValueError):
        return False
    environ.update(kept)
    return True


def _note(folder: Path) -> Path:
    return folder / "running.json"
