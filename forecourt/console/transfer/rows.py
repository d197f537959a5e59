"""What is exported: rows, and by which names they point to each other."""

from __future__ import annotations

from typing import Any

from forecourt.console.models import Imported

Row = dict[str, Any]
#: What begins the name of something that was never imported.
OURS = "portal:"


class Refs:
    """What things of an organization were called in the files that they came from."""

    def __init__(self, organization_id: int) -> None:
        rows = Imported.objects.filter(organization_id=organization_id, object_id__isnull=False)
        self.known = {(row.kind, row.object_id or 0): row.ref for row in rows}

    def of(self, table: str, pk: int, otherwise: str = "") -> str:
        """The name of one."""
        return self.known.get((table, pk), otherwise or f"{OURS}{pk}")
