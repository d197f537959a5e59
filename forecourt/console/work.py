"""The work that goes on behind the pages: jobs that wait or have failed, and every mail with its fate."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection

from forecourt.account.mail_list import FATES, Asked, Entry
from forecourt.core import scope
from forecourt.core.lists import PER_PAGE, number
from forecourt.core.models import Mail
from forecourt.orgs.models import Organization

SHOWN = 50


@dataclass(frozen=True)
class Failed:
    """A job that was given up; its arguments are ids, never secrets."""

    id: int
    task: str
    arguments: str
    attempts: int
    at: dt.datetime | None


@dataclass(frozen=True)
class Work:
    """What the page shows. `waiting`: (task, how many), the most first."""

    waiting: list[tuple[str, str]]
    failed: list[Failed]


WAITING = """
    select task_name, count(*) from (
        select task_name from procrastinate_jobs where status = 'todo' limit 100000) waiting
    group by task_name order by count(*) desc, task_name limit %s"""
FAILED = """
    select j.id, j.task_name, j.args, j.attempts,
        (select max(e.at) from procrastinate_events e where e.job_id = j.id)
    from procrastinate_jobs j where j.status = 'failed' order by j.id desc limit %s"""


def jobs() -> Work:
    """Two queries."""
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [SHOWN])
        waiting = [(task, f"{count:,}") for task, count in cursor.fetchall()]
        cursor.execute(FAILED, [SHOWN])
        failed = [
            Failed(pk, task, _plain(args), *rest) for pk, task, args, *rest in cursor.fetchall()
        ]
    return Work(waiting, failed)


def _plain(arguments: Any) -> str:
    values = json.loads(arguments) if isinstance(arguments, str) else arguments
    return ", ".join(f"{name} {value}" for name, value in values.items())[:200]


@dataclass
class Mails:
    """A page of mails of all customers, the newest first."""

    asked: Asked
    rows: list[tuple[Entry, Organization | None]]
    older: str | None

    @property
    def fates(self) -> list[tuple[str, str]]:
        """What can be asked for."""
        return [(name, str(words)) for name, (words, *_look) in FATES.items()]


def mails(query: Any) -> Mails:
    """Those to an address (wholly), or with a fate, older than `before`; each with its customer. What
    a mail said is not kept."""
    asked, before = Asked.from_query(query), number(query.get("before"))
    with scope.across_organizations("every mail and its fate"):
        rows = Mail.objects.order_by("-pk")
        rows = rows.filter(to=asked.to.lower()) if asked.to else rows
        rows = rows.filter(status=asked.fate) if asked.fate else rows
        rows = rows.filter(pk__lt=before) if before else rows
        found = list(rows[: PER_PAGE + 1])
        owners = Organization.objects.in_bulk({mail.organization_id for mail in found} - {None})
    shown = [(Entry(mail), owners.get(mail.organization_id or 0)) for mail in found[:PER_PAGE]]
    more = {**asked.query, "before": found[PER_PAGE - 1].pk} if len(found) > PER_PAGE else None
    return Mails(asked, shown, "?" + urlencode(more) if more else None)
