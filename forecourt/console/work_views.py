"""The door for staff to jobs and mails."""

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _

from forecourt.console import work
from forecourt.console.actions import retry_job
from forecourt.console.gate import StaffRequest, page
from forecourt.console.shell import render
from forecourt.core.pages import see_other
from forecourt.orgs.staff_permissions import StaffPermission


@page(StaffPermission.VIEW_CONSOLE)
def jobs(request: StaffRequest) -> HttpResponse:
    """What waits, and what was given up."""
    may_retry = request.at_work.may(StaffPermission.HELP_CUSTOMERS)
    return render(request, "console/jobs.html", {"work": work.jobs(), "may_retry": may_retry})


@page(StaffPermission.HELP_CUSTOMERS, "POST")
def retry(request: StaffRequest, job_id: int) -> HttpResponse:
    """Have a job that was given up tried again, from the beginning."""
    retry_job(request.at_work, job_id=job_id)
    messages.success(request, _("The job is tried again."))
    return see_other(request, "console_jobs")


@page(StaffPermission.VIEW_CONSOLE)
def mails(request: StaffRequest) -> HttpResponse:
    """Every mail and its fate."""
    return render(request, "console/mails.html", {"page": work.mails(request.GET)})
