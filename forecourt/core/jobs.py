"""Jobs: what is done later, by the worker. A job's row commits with the data that caused it."""

import datetime as dt
from typing import Any

import procrastinate
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

LONGEST_TRY = dt.timedelta(days=3)
LONGEST_WAIT = 300


class Patient(procrastinate.BaseRetryStrategy):
    """Try again after 2, 4, 8 … seconds, at most 5 minutes apart, for about three days."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Job
    ) -> procrastinate.RetryDecision | None:
        wait = min(2 ** min(job.attempts + 1, 12), LONGEST_WAIT)
        if job.attempts * LONGEST_WAIT > LONGEST_TRY.total_seconds():
            return None
        return procrastinate.RetryDecision(retry_in={"seconds": wait})


def later(task: str, **values: Any) -> None:
    """Ask for the job `task` (its dotted name) with ids as arguments; never with a secret."""
    app.configure_task(task).defer(**values)
