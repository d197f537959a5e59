"""How cells are read that only a portal writes: hashes, lists, texts as they are."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_ipv46_address
from django.utils.translation import gettext as _

from forecourt.console.transfer.cells import BadCell, address

#: The largest number that the database keeps.
MOST = 2**63 - 1


def words(cell: str) -> list[str]:
    """Some, with blanks between, in their order."""
    if not cell.isprintable():
        raise BadCell(_("There is a letter in it that cannot be seen."))
    return cell.split()


def addresses(cell: str) -> list[str]:
    """E-mail addresses with blanks between, in their order."""
    return [address(word) for word in cell.split()]


def digest(cell: str) -> str:
    """A SHA-256; "" where there is none."""
    if cell and not re.fullmatch(r"[0-9a-f]{64}", cell):
        raise BadCell(_("It is no SHA-256 of 64 digits."))
    return cell


def size(cell: str) -> int | None:
    """How many there are: of bytes, too."""
    if cell and not (re.fullmatch(r"[0-9]{1,19}", cell) and int(cell) <= MOST):
        raise BadCell(_("It is no number."))
    return int(cell) if cell else None


def handle(cell: str) -> UUID | None:
    """What names an account in every portal."""
    try:
        return UUID(cell) if cell else None
    except ValueError:
        raise BadCell(_("It is no name of an account.")) from None


def message(cell: str) -> str:
    """By what a mail is known, as its header says it."""
    if not re.fullmatch(r"<[0-9a-f]{32}@[^\s<>@]{1,160}>", cell):
        raise BadCell(_("It is no name of a mail."))
    return cell


def network(cell: str) -> str | None:
    """An address (IP)."""
    try:
        if cell:
            validate_ipv46_address(cell)
    except ValidationError:
        raise BadCell(_("It is no address of a network.")) from None
    return cell or None


def objects(cell: str) -> list[dict[str, Any]]:
    """A list of objects, as JSON has it; empty where there is none."""
    found = _json(cell, [])
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadCell(_("It is no list in JSON."))
    return found


def mapping(cell: str) -> dict[str, Any]:
    """An object, as JSON has it; empty where there is none."""
    found = _json(cell, {})
    if not isinstance(found, dict):
        raise BadCell(_("It is no object in JSON."))
    return found


def _json(cell: str, nothing: Any) -> Any:
    try:
        found = json.loads(cell) if cell else nothing
        if "\\u0000" in json.dumps(found):
            raise ValueError
    except (ValueError, RecursionError):
        raise BadCell(_("It is no JSON.")) from None
    return found


def as_json(value: Any) -> str:
    """The same always for the same; "" for nothing."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False) if value else ""
