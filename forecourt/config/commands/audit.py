"""`audit verify`: whether anybody meddled with the audit log."""

from __future__ import annotations

import os
import sys

from forecourt.config.commands.serve import require_migrated
from forecourt.demo import running


def verify(kept: str) -> int:
    """Look at every row that a checkpoint stands for; 1 where one is not as it was, the first named."""
    running.use(os.environ)
    require_migrated()
    from forecourt.core import checkpoints

    found = checkpoints.verify(kept)
    if found.problem:
        print(f"forecourt: {found.problem} {found.rows:,} rows are as they were.", file=sys.stderr)
        return 1
    print(f"{found.rows:,} rows are as they were; {found.waiting:,} wait for a checkpoint.")
    print(f"Keep this elsewhere, and ask for it the next time with --kept: {found.head}")
    return 0
