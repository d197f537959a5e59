"""What is exported: rows, and by which names they point to each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from forecourt.console.models import Imported
from forecourt.orgs.models import Organization

Row = dict[str, Any]
#: What begins the name of something that was never imported.
OURS = "portal:"
#: Before the id of something in the portal that it came from: here another thing can have the same.
FORMER = "~"


def ref_of(pk: int) -> str:
    """What an organization is called in the files; "" where it is gone. In its scope."""
    made = Imported.objects.filter(kind="organizations", organization_id=pk, object_id=pk)
    if (ref := made.values_list("ref", flat=True).first()) is not None:
        return str(ref)
    slug = Organization.objects.filter(pk=pk).values_list("slug", flat=True).first()
    return f"{OURS}{slug}" if slug else ""


def is_handle(text: str) -> bool:
    """Whether this names something in every portal."""
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


class Refs:
    """What things of an organization were called in the files that they came from."""

    def __init__(self, organization_id: int) -> None:
        rows = Imported.objects.filter(organization_id=organization_id, object_id__isnull=False)
        self.known = {(row.kind, row.object_id or 0): row.ref for row in rows}

    def of(self, table: str, pk: int, otherwise: str = "") -> str:
        """The name of one."""
        return self.known.get((table, pk), otherwise or f"{OURS}{pk}")
