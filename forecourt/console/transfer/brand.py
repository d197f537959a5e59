"""The vendor's brand, a value a line; its logos are files beside those of releases. A portal that has a
brand keeps its own."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from forecourt.console.brand_actions import change_brand
from forecourt.console.transfer.lines import Line
from forecourt.console.transfer.releases import FOLDER
from forecourt.core import brand, brand_rules
from forecourt.core.models import Brand
from forecourt.core.refusals import Refused

#: The most that a logo here can be; what is longer is no logo of ours.
LARGEST = 1_000_000


def rows() -> list[dict[str, Any]]:
    """What was chosen; of logos the hash."""
    return [
        {"setting": name, "value": _digest(value) if name in brand.LOGOS else value}
        for name, value in brand.values(Brand.objects.first()).items()
        if value
    ]


def pictures() -> dict[str, bytes]:
    """The logos by their hashes."""
    chosen = brand.values(Brand.objects.first())
    return {_digest(chosen[name]): chosen[name] for name in brand.LOGOS if chosen[name]}


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def check(lines: list[Line], folder: Path | None) -> None:
    """Say what would become of each, and which are wrong."""
    has_brand = Brand.objects.exists()
    for line in lines:
        line.outcome = _("Unchanged") if has_brand else _("New")
        if line.problem or has_brand:
            continue
        try:
            brand_rules.checked(_value(line, folder))
        except Refused as refusal:
            line.problem = f"value: {refusal}"


def write(actor: Any, lines: list[Line], folder: Path | None) -> None:
    """All that is right at once, where there is no brand yet."""
    right = [line for line in lines if not line.problem and line.outcome != _("Unchanged")]
    chosen: dict[str, Any] = {}
    for line in right:
        chosen |= _value(line, folder)
    if chosen and not Brand.objects.exists():
        change_brand(actor, **chosen)


def _value(line: Line, folder: Path | None) -> dict[str, Any]:
    """What a line sets; raises Refused where a logo is not there as it was."""
    name, value = line.values["setting"], line.values.get("value", "")
    if name not in brand.LOGOS:
        return {name: value}
    path = folder / FOLDER / value if folder and value.isalnum() else None
    if path is None or not path.is_file() or path.stat().st_size > LARGEST:
        raise Refused(_("The logo is not in the folder of the files."))
    content = path.read_bytes()
    if _digest(content) != value:
        raise Refused(_("The file is another one than it was."))
    return {name: content}
