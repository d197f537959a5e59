"""What only staff do, and no room of the customers knows."""

from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from forecourt.console.events import Event
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Gone


@action("retry_job")
def retry_job(actor, *, job_id: int) -> None:
    """Have a job that was given up tried again at once; raises Gone where it was not."""
    job = ProcrastinateJob.objects.filter(pk=job_id, status="failed").first()
    if job is None:
        raise Gone
    with connection.cursor() as cursor:
        cursor.execute("select procrastinate_retry_job_v2(%s, now(), null, null, null)", [job_id])
    audit.record(actor, Event.JOB_RETRIED, job, after={"task": job.task_name})
