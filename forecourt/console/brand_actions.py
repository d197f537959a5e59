"""Changing what the vendor looks like, in the console."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from forecourt.console.events import Event
from forecourt.core import audit, brand, brand_rules, logos
from forecourt.core.actions import action
from forecourt.core.models import Brand
from forecourt.core.refusals import Refused
from forecourt.core.turns import take_turn


@action("change_brand")
def change_brand(actor, *, saw: Mapping[str, str] | None = None, **given: Any) -> list[str]:
    """Change the brand everywhere from now on; what is not given stays, and what is given as empty is
    as the settings of the server say. `saw` has the `mark` of each value that the person saw: if
    one that is given is another by now, they are told instead of overruling it unseen. Answers the
    names of what is another now."""
    take_turn("brand")
    row = Brand.objects.first() or Brand()
    before, after = brand.values(row), brand_rules.checked(given)
    changed = [name for name, value in after.items() if value != before[name]]
    _refuse_unseen(saw or {}, before, changed)
    if not changed:
        audit.unchanged()
        return []
    for name in changed:
        setattr(row, name, after[name])
    row.version += 1
    row.save()
    old, new = ({name: _said(of[name]) for name in changed} for of in (before, after))
    audit.record(actor, Event.BRAND_CHANGED, row, before=old, after=new)
    transaction.on_commit(brand.look_again)
    return changed


def mark(value: str | bytes) -> str:
    """Tells a value from every other one, in a form that does not repeat it."""
    return hashlib.sha256(value.encode() if isinstance(value, str) else value).hexdigest()[:16]


def _refuse_unseen(saw: Mapping[str, str], before: Mapping[str, Any], changed: list[str]) -> None:
    for name in changed:
        if name in saw and saw[name] != mark(before[name]):
            sentence = _(
                "Somebody changed this meanwhile, to “%(value)s”. Save again to replace it."
            )
            raise Refused(sentence % {"value": _said(before[name])[:100]}, field=name)


def _said(value: str | bytes) -> str:
    """For the log: of a logo its size, and what tells it from others."""
    if isinstance(value, str):
        return value
    if not value:
        return ""
    width, height = logos.size(value)
    return f"PNG {width} × {height} {mark(value)}"
