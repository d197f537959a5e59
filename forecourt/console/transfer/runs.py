"""The jobs behind an import on the console's pages. Cut off and run again, each begins anew: what is
written already is known then, and says so as "Unchanged"."""

from __future__ import annotations

import datetime as dt
import io
import time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.console.actors import AtWork
from forecourt.console.models import Import, ImportLine
from forecourt.console.transfer import files, importing, plans
from forecourt.console.transfer.plans import Plan
from forecourt.core.refusals import Forbidden, Refused

Status = Import.Status
KEPT = dt.timedelta(days=7)
#: Seconds between two words on how far it is.
OFTEN = 1.0


def check(import_id: int) -> None:
    """Look through the files, and say of each line what would become of it."""
    found = Import.objects.filter(pk=import_id, status=Status.CHECKING).first()
    if found is None:
        return
    try:
        plan = _plan(found)
    except Refused as refusal:
        Import.objects.filter(pk=import_id).update(
            status=Status.FAILED, problem=str(refusal)[:300], content=None
        )
        return
    _keep(found, plan, status=Status.CHECKED)


def run(import_id: int) -> None:
    """Write what the files say."""
    rows = Import.objects.select_related("staff__user")
    found = rows.filter(pk=import_id, status=Status.RUNNING).first()
    if found is None:
        return
    plan = _plan(found)
    try:
        if found.staff is None:
            raise Forbidden("staff")
        _write(AtWork(found.staff), plan, import_id)
    except Forbidden:
        said = _("Whoever started it may not import any more. What was written stays.")
        Import.objects.filter(pk=import_id).update(status=Status.FAILED, problem=said)
        return
    _keep(found, plan, status=Status.DONE, content=None)


def sweep() -> None:
    """Forget what was uploaded a week ago."""
    old = Import.objects.filter(created_at__lt=timezone.now() - KEPT)
    old.exclude(status=Status.RUNNING).delete()


def _plan(found: Import) -> Plan:
    return plans.made(files.lines_of(io.BytesIO(bytes(found.content or b""))))


def _write(actor: AtWork, plan: Plan, import_id: int) -> None:
    told = time.monotonic()
    for done in importing.run(actor, plan):
        if time.monotonic() - told > OFTEN:
            told = time.monotonic()
            Import.objects.filter(pk=import_id).update(done=done)


def _keep(found: Import, plan: Plan, **values: object) -> None:
    """Keep the report, what is wrong first, then what one should know."""
    lines = sorted(plan.lines, key=lambda line: (not line.problem, not line.warning))
    total = len(lines)
    with transaction.atomic():
        found.lines.all().delete()
        ImportLine.objects.bulk_create(
            (
                ImportLine(
                    of=found,
                    table=line.table,
                    number=line.number,
                    ref=line.label,
                    problem=line.problem[:300],
                    outcome="" if line.problem else line.outcome[:60],
                    warning="" if line.problem else line.warning[:300],
                )
                for line in lines
            ),
            batch_size=2_000,
        )
        Import.objects.filter(pk=found.pk).update(
            done=total, total=total, wrong=len(plan.problems), counts=plan.counted(), **values
        )
