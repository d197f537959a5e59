"""Staff import customers in the browser: checked first, written when they say so, invited after that.

The actions behind it: upload_import, start_import, discard_import, import_customer, send_prepared."""

import io
import zipfile

import pytest
from django.test import Client

from forecourt.console.models import Import, ImportLine
from forecourt.console.tests.importing import FILES, MONEY, money
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.orgs.models import Organization, Staff
from tests.cast import organization, run_jobs
from tests.invariants import verify

HERE = "/console/imports/"


def csv(name: str, text: str) -> io.BytesIO:
    made = io.BytesIO("\n".join(line.strip() for line in text.splitlines()).encode())
    made.name = f"{name}.csv"
    return made


def upload(client: Client, **changed: str) -> str:
    """Upload the files; the address of the import, once it is checked."""
    files = [csv(name, text) for name, text in {**FILES, **changed}.items()]
    answer = client.post(HERE, {"customers": files})
    assert answer.status_code == 303, answer.content.decode()
    assert "The files are being checked" in client.get(answer["Location"]).content.decode()
    run_jobs()
    scope.clear()
    return answer["Location"]


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_files_are_checked_written_and_people_invited(world, mailbox):
    client = at_work()
    here = upload(client)
    assert "Nothing is written yet, and nothing is wrong" in text(client, here)
    with scope.across_organizations("a test looks"):
        assert Organization.objects.count() == 3
    assert client.post(f"{here}start/").status_code == 303
    assert "0 of 9 lines" in text(client, here)
    run_jobs()
    scope.clear()
    assert "It is done." in text(client, here) and "New: 9" in text(client, here)
    assert Import.objects.get().content is None
    assert organization("hooli").licenses.get().keys.get().key == "OLD-HOOLI-0001"
    who = AuditEvent.objects.values_list("actor_kind", "actor_label").distinct()
    assert list(who) == [("staff", STAFF)]
    scope.clear()
    assert client.post(f"{HERE}sending/", {"per_minute": "60"}).status_code == 303
    assert len(mailbox.to("gavin@hooli.example")) == 1
    verify()


def test_a_warning_stands_before_what_is_simply_new(world):
    client = at_work()
    here = upload(client, **money())
    page = text(client, here)
    assert "Nothing is written yet, and nothing is wrong" not in page and "1 warning" in page
    first = page.partition("<tbody>")[2].partition("</tr>")[0]
    assert "subscriptions.csv" in first and "within ten minutes" in first and "Wrong" not in first
    wrong = {"payments": MONEY["payments"].replace("RE/2024/18,22.00", "RE/2024/18,22.001")}
    page = text(client, upload(client, **money(**wrong)))
    assert "1 wrong" in page and "within ten minutes" in page


def test_money_comes_by_the_page_as_well(world, mailbox):
    client = at_work()
    wrong = {"payments": MONEY["payments"].replace("RE/2024/18,22.00", "RE/2024/18,22.001")}
    here = upload(client, **money(**wrong))
    page = text(client, here)
    assert "1 wrong" in page and "c-1, RE/2024/18" in page and "That is no amount of EUR" in page
    client.post(f"{here}start/")
    run_jobs()
    scope.clear()
    assert "New: 23" in text(client, here) and mailbox.messages == []
    assert organization("hooli").invoices.count() == 3
    who = AuditEvent.objects.filter(event="billing.imported").values_list("actor_label", "after")
    assert [(label, after["invoices"], after["payments"]) for label, after in who] == [
        (STAFF, 3, 2)
    ]
    verify()


def test_what_is_wrong_comes_first_and_is_left_out(world):
    client = at_work()
    lines = "".join(f"\nc-1,{number},x" for number in range(60))
    here = upload(client, members=f"{FILES['members']}{lines}")
    page = text(client, here)
    assert (
        "60 wrong" in page and "Enter an e-mail address" in page and "organizations.csv" not in page
    )
    assert "c-1, 24" in page and "c-1, 25" not in page and "after=" in page
    every = text(client, f"{here}?show=all")
    assert "organizations.csv" not in every and "after=" in every
    wrong = ImportLine.objects.exclude(problem="").count()
    last = f"{here}?show=all&after={ImportLine.objects.order_by('pk')[wrong - 1].pk}"
    assert "organizations.csv" in text(client, last)
    client.post(f"{here}start/")
    run_jobs()
    scope.clear()
    assert "What was left out is below" in text(client, here)
    assert organization("hooli").invitations.count() == 2


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("customers.csv", b"a,b\n", "is none of the files"),
        ("<b>.csv", b"a,b\n", "is none of the files"),
        ("organizations.csv", b"", "empty"),
    ],
)
def test_what_cannot_be_files_of_an_import_is_said_at_the_field(world, name, content, said):
    file = io.BytesIO(content)
    file.name = name
    answer = at_work().post(HERE, {"customers": [file]})
    assert answer.status_code == 422 and said in answer.content.decode()
    assert at_work().post(HERE, {}).status_code == 422
    assert not Import.objects.exists()


def zip_of(name: str, content: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK nothing", "neither a folder nor a ZIP"),
        (zip_of("organizations.csv", b"\0" * 200_000_001), "200 MB"),
        (zip_of("organizations.csv", b"\xff\xfe\0\0,\0\n" * 1000), "missing"),
    ],
)
def test_a_hostile_zip_is_a_sentence_on_the_page(world, content, said):
    client, file = at_work(), io.BytesIO(content)
    file.name = "x.ZIP"
    here = client.post(HERE, {"customers": [file]})["Location"]
    run_jobs()
    assert said in text(client, here)
    assert client.post(f"{here}discarding/").status_code == 303
    assert client.get(here).status_code == 404


def test_no_key_is_read_in_report_or_log(world):
    former = "organization,license,key,works_until\nc-1,L7,SECRET-FORMER-1,2031-01-01"
    client = at_work()
    here = upload(client, former_keys=former)
    client.post(f"{here}start/")
    run_jobs()
    scope.clear()
    page = text(client, f"{here}?show=all")
    assert "former_keys.csv" in page and page.count("c-1, L7") == 2
    assert "SECRET" not in page and "OLD-HOOLI" not in page
    granted = organization("hooli").licenses.get()
    assert granted.keys.filter(key="SECRET-FORMER-1", works_until__isnull=False).count() == 1
    said = [f"{row.before}{row.after}{row.object_label}" for row in AuditEvent.objects.all()]
    assert "FORMER-1" not in "".join(said) and "0001" not in "".join(said)


def test_it_is_started_once_and_one_at_a_time(world):
    client = at_work()
    first, second = upload(client), upload(client)
    for address in (first, first, second):
        assert client.post(f"{address}start/").status_code == 303
    with scope.across_organizations("a test counts"):
        assert AuditEvent.objects.filter(event="staff.import_started").count() == 1
    client.post(f"{first}discarding/")
    assert Import.objects.count() == 2
    run_jobs()
    scope.clear()
    client.post(f"{first}start/")
    assert Import.objects.order_by("pk").first().status == "done"
    client.post(f"{second}start/")
    run_jobs()
    assert "Unchanged: 9" in text(client, second)


def test_who_lost_the_duty_meanwhile_imports_nothing(world):
    client = at_work()
    here = upload(client)
    client.post(f"{here}start/")
    Staff.objects.update(duty="support")
    run_jobs()
    scope.clear()
    assert Import.objects.get().status == "failed"
    with scope.across_organizations("a test looks"):
        assert Organization.objects.count() == 3


@pytest.mark.parametrize("duty", ["support", "finance", "catalog"])
def test_only_owners_import(world, duty):
    client = at_work(duty)
    assert "Import" not in text(client, "/console/")
    assert client.get(HERE).status_code == client.post(HERE).status_code == 403
    assert client.post(f"{HERE}sending/", {"per_minute": "1"}).status_code == 403
    assert client.post(f"{HERE}1/start/").status_code == 403


def test_the_pages_ask_few_questions(world, django_assert_max_num_queries):
    client = at_work()
    here = upload(client)
    for address in (HERE, here, f"{here}?show=all&after=1"):
        with django_assert_max_num_queries(16):
            client.get(address)
