"""Jobs and mails, as the vendor's staff see them (`retry_job`)."""

from django.db import connection

from forecourt.console.tests.test_console import at_work
from forecourt.core import mail, scope
from forecourt.core.jobs import later
from forecourt.core.models import Mail
from tests.cast import organization


def given_up() -> int:
    """A job that was."""
    later("products.check_launches", organization_id=1)
    with connection.cursor() as cursor:
        cursor.execute("update procrastinate_jobs set status = 'failed' returning id")
        return cursor.fetchone()[0]


def state(job_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select status from procrastinate_jobs where id = %s", [job_id])
        return cursor.fetchone()[0]


def test_a_job_that_was_given_up_is_seen_and_tried_again(world):
    job_id, client = given_up(), at_work("support")
    page = client.get("/console/jobs/").content.decode()
    assert "products.check_launches" in page and "organization_id 1" in page
    assert client.post(f"/console/jobs/{job_id}/retry/").status_code == 303
    assert state(job_id) == "todo"
    assert client.post(f"/console/jobs/{job_id}/retry/").status_code == 404


def test_who_is_there_for_something_else_sees_jobs_and_tries_none_again(world):
    """A191."""
    job_id, client = given_up(), at_work("catalog")
    assert "/retry/" not in client.get("/console/jobs/").content.decode()
    assert client.post(f"/console/jobs/{job_id}/retry/").status_code == 403
    assert state(job_id) == "failed"


def test_every_customers_mails_are_seen_with_their_fate(world):
    for slug in ("acme", "globex"):
        house = organization(slug)
        mail.queue("members.left_admins", f"a@{slug}.example", organization_id=house.pk)
    Mail.objects.update(status="failed", error="550 no such mailbox")
    scope.clear()
    client = at_work("support")
    page = client.get("/console/mail/").content.decode()
    assert "a@acme.example" in page and "a@globex.example" in page and "Globex" in page
    page = client.get("/console/mail/", {"fate": "failed"}).content.decode()
    assert "550 no such mailbox" in page and "a@acme.example" not in page
    page = client.get("/console/mail/", {"to": "A@acme.example"}).content.decode()
    assert "a@acme.example" in page and "a@globex.example" not in page


def test_mails_are_read_a_page_at_a_time(world):
    house = organization("acme")
    for each in range(30):
        mail.queue("members.left_admins", f"{each}@acme.example", organization_id=house.pk)
    scope.clear()
    client = at_work()
    page = client.get("/console/mail/").content.decode()
    older = page.partition('href="?before=')[2].partition('"')[0]
    assert "29@acme.example" in page and older
    assert "0@acme.example" in client.get("/console/mail/", {"before": older}).content.decode()
