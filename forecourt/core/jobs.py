"""Jobs: what is done later, by the worker. A job's row commits with the data that caused it."""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import procrastinate
from django.db import connection
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
        if is_last(job.attempts):
            return None
        return procrastinate.RetryDecision(retry_in={"seconds": wait})


def is_last(attempts: int) -> bool:
    """Whether a job that was tried so often before gets no further try after this one."""
    return attempts * LONGEST_WAIT >= LONGEST_TRY.total_seconds()


@dataclass(frozen=True)
class Waiting:
    """A job that waits for a worker."""

    id: int
    args: dict[str, Any]


def waiting(task: str, most: int) -> list[Waiting]:
    """The next jobs of this task that wait for their first try, locked until the transaction ends:
    no worker takes them meanwhile, and those that another took are left out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, args from procrastinate_jobs where status = 'todo' and task_name = %s"
            " and attempts = 0 and scheduled_at is null"
            " order by priority desc, id limit %s for update skip locked",
            [task, most],
        )
        return [
            Waiting(pk, json.loads(args) if isinstance(args, str) else args)
            for pk, args in cursor.fetchall()
        ]


def is_asked_for(task: str) -> bool:
    """Whether a job of this task waits, or is being done."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select exists (select from procrastinate_jobs"
            " where task_name = %s and status in ('todo', 'doing'))",
            [task],
        )
        return bool(cursor.fetchone()[0])


def finish(ids: list[int]) -> None:
    """Note that these jobs are done, as a worker would, with the transaction."""
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                "select procrastinate_finish_job_v1(id, 'succeeded', false)"
                " from unnest(%s::bigint[]) id",
                [ids],
            )


def hand_over(tasks: tuple[str, ...], *, of: int, into: int) -> None:
    """Have jobs of these tasks that wait look for their rows at another organization."""
    with connection.cursor() as cursor:
        cursor.execute(
            "update procrastinate_jobs set args = args || jsonb_build_object('organization_id', %s::bigint)"
            " where status = 'todo' and task_name = any(%s) and args->>'organization_id' = %s",
            [into, list(tasks), str(of)],
        )


def later(task: str, **values: Any) -> None:
    """Ask for the job `task` (its dotted name) with ids as arguments; never with a secret."""
    app.configure_task(task).defer(**values)


def later_in(seconds: int, task: str, **values: Any) -> None:
    """The same, not before so many seconds have passed."""
    app.configure_task(task, schedule_in={"seconds": seconds}).defer(**values)


def all_later(task: str, each: list[dict[str, Any]]) -> None:
    """Ask for the job `task` once for each of these arguments, in one statement."""
    if each:
        app.configure_task(task).batch_defer(*each)
