"""What the commands of the vendor's staff share: the start, the actor, days, and one line for what
is refused."""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from forecourt.config.commands.serve import require_migrated
from forecourt.demo import running

if TYPE_CHECKING:
    from forecourt.core.actors import System

Command = Callable[[argparse.Namespace], None]


class BadWord(Exception):
    """Something that was typed makes no sense; the sentence says what."""


def as_staff(command: Command) -> Callable[[argparse.Namespace], int]:
    """Make a function a command: what it raises for people to read is one line and exit code 1."""

    @functools.wraps(command)
    def run(asked: argparse.Namespace) -> int:
        running.use(os.environ)
        require_migrated()
        from forecourt.core.refusals import Gone, Refused

        try:
            command(asked)
        except (BadWord, Refused) as refusal:
            return _refused(str(refusal))
        except Gone:
            return _refused("That is not there any more.")
        except OSError as problem:
            return _refused(f"{problem.filename or 'A file'}: {problem.strerror or problem}")
        return 0

    return run


def staff(organization_id: int | None = None) -> System:
    """Whoever types: the vendor, at work for an organization or for none."""
    from forecourt.core.actors import System
    from forecourt.core.brand import brand

    return System(organization_id, label=brand().name)


def moment(text: str, *, at_end: bool = False) -> dt.datetime:
    """A moment that was typed, or a day: its beginning, or its last second, in the portal's time
    zone."""
    from django.utils import timezone

    try:
        if len(text) > len("2027-03-31"):
            found = dt.datetime.fromisoformat(text)
        else:
            time = dt.time(23, 59, 59) if at_end else dt.time()
            found = dt.datetime.combine(dt.date.fromisoformat(text), time)
        return found if found.tzinfo else timezone.make_aware(found)
    except (ValueError, OverflowError):
        raise BadWord(f"“{text}” is no day, as 2027-03-31 is one.") from None


def say(text: str) -> None:
    """Tell what was done."""
    print(text)


def _refused(sentence: str) -> int:
    print(f"forecourt: {sentence}", file=sys.stderr)
    return 1
