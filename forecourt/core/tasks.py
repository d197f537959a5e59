"""The cellar's jobs: sending mail, and getting back to work what a dead worker left."""

import logging

from django.core.cache import caches
from procrastinate.contrib.django import app

from forecourt.core import checkpoints, exports, jobs, mail, mail_run

log = logging.getLogger(__name__)
STALLED_AFTER = 30


@app.task(name="core.send_mail", queue="mail", retry=jobs.Patient(), pass_context=True)
def send_mail(context, mail_id: int, organization_id: int | None) -> None:
    """Send one mail, unless it was sent already or has lost its reason."""
    attempts = context.job.attempts if context.job else 0
    mail.deliver(mail_id, organization_id, last_try=jobs.is_last(attempts))
    try:
        mail_run.deliver_waiting()
    except Exception:  # This job's own mail is sent; the others still have their jobs.
        log.exception("a run of mails was given up")


@app.periodic(cron="* * * * * */15")
@app.task(name="core.retry_stalled", queueing_lock="core.retry_stalled", pass_context=True)
async def retry_stalled(context, timestamp: int) -> None:
    """Put back into the queue what a worker that died was doing (it leaves jobs `doing`)."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
        log.warning("job %s (%s) had stalled and is tried again", job.id, job.task_name)
        await manager.retry_job(job)


@app.periodic(cron="17 3 * * *")
@app.task(name="core.sweep", queueing_lock="core.sweep", pass_context=True)
async def sweep(context, timestamp: int) -> None:
    """Remove finished jobs after a week; failed ones stay a month, to be looked at."""
    manager = context.app.job_manager
    await manager.delete_old_jobs(nb_hours=7 * 24, include_failed=False)
    await manager.delete_old_jobs(nb_hours=30 * 24, include_failed=True)


@app.periodic(cron="*/10 * * * *")
@app.task(name="core.checkpoint_audit", queueing_lock="core.checkpoint_audit")
def checkpoint_audit(timestamp: int) -> None:
    """Make the audit log's checkpoints."""
    checkpoints.extend()


@app.periodic(cron="27 3 * * *")
@app.task(name="core.sweep_mail", queueing_lock="core.sweep_mail")
def sweep_mail(timestamp: int) -> None:
    """Forget mails three months after they were queued, an organization at a time."""
    mail.forget_old()


@app.periodic(cron="*/10 * * * *")
@app.task(name="core.sweep_cache", queueing_lock="core.sweep_cache")
def sweep_cache(timestamp: int) -> None:
    """Remove what has expired from the cache: the tries of sign-in that no longer count."""
    caches["default"].sweep()  # type: ignore[attr-defined]


@app.periodic(cron="47 3 * * *")
@app.task(name="core.sweep_exports", queueing_lock="core.sweep_exports")
def sweep_exports(timestamp: int) -> None:
    """Forget old files."""
    exports.sweep()
