"""`mail bounce`: a mail that came back, handed over by a mail server's pipe."""

from __future__ import annotations

import os
import sys

from forecourt.config.commands.serve import require_migrated
from forecourt.config.environment import BadSetting
from forecourt.demo import running

#: What mail servers understand as "try again later".
LATER = 75


def bounce() -> int:
    """Take in the mail on the standard input. What tells nothing is no error: the mail server would
    send it back."""
    from django.db import DatabaseError

    running.use(os.environ)
    try:
        require_migrated()
        return _take()
    except (BadSetting, DatabaseError) as problem:
        print(f"forecourt: {str(problem).splitlines()[0]}", file=sys.stderr)
        return LATER


def _take() -> int:
    from forecourt.account import fates
    from forecourt.core.bounces import LONGEST

    raw = sys.stdin.buffer.read(LONGEST)
    while sys.stdin.buffer.read(LONGEST):
        pass  # Who writes to us would fail where we end before it has.
    print("Noted." if fates.take(raw) else "It tells nothing of a mail that was sent.")
    return 0
