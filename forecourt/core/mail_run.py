"""A run of mails: whoever has the mail server's ear takes along what waits behind.

A job a mail is right for a single one. Where a hundred wait, getting each from the queue and noting
its end costs more than sending it. So a job that has sent its mail takes the next ones with their
jobs, a few in one transaction: both rows stay locked meanwhile, so no second worker takes them, and
a worker that dies leaves all of them waiting. At the first trouble it stops; the mail that made it
stays with its own job, which knows what to do.
"""

import itertools
import logging
import time

from django.db import transaction
from django.utils import timezone

from forecourt.core import jobs, mail, scope
from forecourt.core.mail_problems import PROBLEMS
from forecourt.core.models import Mail

log = logging.getLogger(__name__)

#: Mails in one transaction: as many may be sent once more (under the same Message-ID) after a crash.
AT_ONCE = 10
#: Seconds after which a run gives way, so that a worker that is told to end does not wait long.
LONGEST = 10.0


def deliver_waiting() -> None:
    """Send what waits in the queue of mails until nothing does, something fails, or time is up."""
    end = time.monotonic() + LONGEST
    while time.monotonic() < end and _deliver_some():
        pass


def _deliver_some() -> bool:
    """The next mails, as far as they are one organization's; False when there is no more to do."""
    with transaction.atomic():
        mail.wait_for_the_mail_server()
        waiting = jobs.waiting("core.send_mail", AT_ONCE)
        if not waiting:
            return False
        organization_id = waiting[0].args["organization_id"]
        together = itertools.takewhile(
            lambda job: job.args["organization_id"] == organization_id, waiting
        )
        job_of = {job.args["mail_id"]: job.id for job in together}
        with scope.organization(organization_id):
            rows = Mail.objects.select_for_update(no_key=True, skip_locked=True)
            done = _send_all(list(rows.filter(pk__in=job_of).order_by("pk")))
        jobs.finish([job_of[row.pk] for row in done])
    return len(done) == len(job_of)


def _send_all(rows: list[Mail]) -> list[Mail]:
    """Send the queued ones of these rows; answers those that need no job any more. All is written
    before the first is sent: what the database has to say against it comes in time."""
    letters = []
    for row in rows:
        if row.status == Mail.Status.QUEUED:
            try:
                letters.append((row, mail.write(row)))
            except Exception:
                log.exception("mail %s could not be written", row.pk)
    unfinished = {row.pk for row in rows if row.status == Mail.Status.QUEUED}
    try:
        in_use = False
        for row, message in letters:
            if message is not None:
                mail.send(message, in_use=in_use)
                in_use = True
            row.status = Mail.Status.SENT if message is not None else Mail.Status.DROPPED
            unfinished.discard(row.pk)
    except PROBLEMS as problem:
        log.info("a run of mails stopped: %s", type(problem).__name__)
    done = [row for row in rows if row.pk not in unfinished]
    for status, at in ((Mail.Status.SENT, timezone.now()), (Mail.Status.DROPPED, None)):
        changed = [row.pk for row, _message in letters if row.status == status]
        if changed:
            Mail.objects.filter(pk__in=changed).update(status=status, sent_at=at, sealed=None)
    return done
