"""Tax ids: their form, and what the European Union's register says of them. A177."""

import gzip
import time

import pytest

from forecourt.billing import actions, tax_ids
from forecourt.billing.models import BillingAccount
from forecourt.billing.tests import register as registers
from forecourt.billing.tests.books import staff
from forecourt.core.models import AuditEvent
from forecourt.core.refusals import Refused
from forecourt.orgs.permissions import Permission
from tests.cast import membership, organization, run_jobs, text_of

ADDRESS = {
    "company": "Acme Tools SARL",
    "country": "FR",
    "street": "1 quai du Port",
    "postal_code": "69001",
    "city": "Lyon",
}
KNOWN, ANOTHER = "FR40303265045", "FR23334175221"


@pytest.fixture
def register(settings):
    """A register that the portal asks."""
    with registers.running() as (found, address):
        settings.TAX_ID_CHECK = address
        yield found


def change(**values):
    """What Acme's Admin changes."""
    admin = membership("acme", "admin@acme.example")
    return actions.change_billing_details(admin, **ADDRESS, **values)


def account() -> BillingAccount:
    return BillingAccount.objects.select_related("details").get(pk=organization("acme").pk)


@pytest.mark.parametrize(
    ("country", "typed", "found"),
    [
        ("DE", "de 136 695 976", "DE136695976"),
        ("DE", "136695976", "DE136695976"),
        ("FR", "FR 40 303 265 045", "FR40303265045"),
        ("GR", "094259216", "EL094259216"),
        ("GR", "EL 094259216", "EL094259216"),
        ("AT", "ATU 13585627", "ATU13585627"),
        ("GB", "GB 980 7806 84", "GB980780684"),
        ("GB", "XI 980 7806 84", "XI980780684"),
        ("MC", "FR 53 0000 04605", "FR53000004605"),
        ("CH", "CHE-107.787.577 MWST", "CHE107787577MWST"),
        ("NO", "995 525 828 MVA", "NO995525828MVA"),
        ("AU", "83 914 571 673", "AU83914571673"),
        ("ZA", "4123 456 789", "ZA4123456789"),
        ("JP", "T7000012050002", "JPT7000012050002"),
        ("US", "12-3456789", ""),
        ("DE", "", ""),
    ],
)
def test_a_tax_id_gets_its_one_form_with_its_countrys_prefix(country, typed, found):
    assert tax_ids.checked(country, typed) == (found, "")
    assert tax_ids.checked(country, found) == (found, "")


@pytest.mark.parametrize(
    ("country", "typed"),
    [
        ("DE", "DE136695977"),
        ("DE", "FR40303265045"),
        ("FR", "1" * 30),
        ("AU", "12345678901"),
        ("GB", "<script>"),
        ("IT", "٣" * 11),
        ("ZA", "4" * 29),
    ],
)
def test_what_has_another_form_is_refused_with_what_was_typed(country, typed):
    said, wrong = tax_ids.checked(country, typed)
    assert said == typed and wrong


def test_the_register_is_asked_later_and_its_yes_is_noted(world, register):
    change(tax_id="FR 40 303 265 045")
    assert account().tax_id_standing == "checking" and register.asked == []
    run_jobs()
    assert register.asked == ["/rest-api/ms/FR/vat/40303265045"]
    assert account().tax_id_standing == "valid" and account().tax_id_checked_at
    event = AuditEvent.objects.get(event="billing.tax_id_checked")
    assert (event.before, event.after["state"]) == ({"state": "unknown"}, "valid")
    assert event.actor_kind == "system"


def test_a_no_is_told_to_the_invoicing_address_and_the_primary_contact(world, register, mailbox):
    register.answer = registers.no
    change(tax_id=KNOWN, email="invoices@acme.example")
    mailbox.deliver()
    assert account().tax_id_standing == "invalid"
    told = [mail for mail in mailbox.messages if "is not known" in mail["Subject"]]
    assert {mail["To"] for mail in told} == {"invoices@acme.example", "primary@acme.example"}
    text = text_of(told[0])
    assert KNOWN in text and "Invoices bear tax" in text and "/o/acme/billing/" in text


@pytest.mark.parametrize(
    ("status", "headers", "answer"),
    [
        (200, {}, {"isValid": False, "userError": "MS_UNAVAILABLE"}),
        (200, {}, {"isValid": False, "userError": "GLOBAL_MAX_CONCURRENT_REQ"}),
        (200, {}, {"isValid": False}),
        (200, {}, {"isValid": "true"}),
        (200, {}, {"isValid": 1}),
        (200, {}, [True]),
        (200, {}, b"null"),
        (200, {}, b""),
        (200, {}, b"<html>Down</html>"),
        (200, {}, b"\xff\xfe"),
        (200, {}, b"[" * 40_000),
        (200, {}, b" " * 60_000 + b'{"isValid": true}'),
        (200, {"Content-Encoding": "gzip"}, gzip.compress(b'{"isValid": true}')),
        (200, {"Content-Length": "9000"}, b'{"isValid": true}'),
        (200, {}, None),
        (302, {"Location": "/yes"}, b""),
        (500, {}, {"isValid": True}),
    ],
    ids=range(17),
)
def test_what_is_neither_yes_nor_no_is_no_answer(settings, register, status, headers, answer):
    register.answer, register.status, register.headers = lambda _path: answer, status, headers
    with pytest.raises(tax_ids.NoAnswer):
        tax_ids.is_known(KNOWN)
    assert len(register.asked) == 1


def test_a_register_that_cannot_be_reached_leaves_everything_as_it_was(world, settings):
    settings.TAX_ID_CHECK = "http://127.0.0.1:1"
    change(tax_id=KNOWN)
    with pytest.raises(tax_ids.NoAnswer):
        run_jobs()
    assert account().tax_id_standing == "checking"


@pytest.mark.parametrize("is_silent", [True, False])
def test_a_register_that_is_slow_or_drips_is_not_waited_for(register, monkeypatch, is_silent):
    def drips():
        for _each in range(10):
            time.sleep(0.1)
            yield b" "

    monkeypatch.setattr(tax_ids, "PATIENCE", 0.3)
    register.answer = lambda _path: time.sleep(1) if is_silent else drips()
    began = time.monotonic()
    with pytest.raises(tax_ids.NoAnswer):
        tax_ids.is_known(KNOWN)
    assert time.monotonic() - began < 0.8


def test_the_answer_for_a_tax_id_that_was_changed_meanwhile_is_ignored(world, register):
    change(tax_id=KNOWN)
    change(tax_id=ANOTHER)
    actions.note_tax_id(staff(), tax_id=KNOWN, is_valid=False)
    assert account().tax_id_state == "unknown"
    run_jobs()
    assert {path.rpartition("/")[2] for path in register.asked} == {ANOTHER[2:]}
    assert account().tax_id_state == "valid"


def test_another_tax_id_or_country_is_unknown_again_and_the_same_stays_known(world, register):
    change(tax_id=KNOWN)
    run_jobs()
    change(tax_id=KNOWN, po_number="PO 7")
    assert account().tax_id_state == "valid"
    change(tax_id=ANOTHER)
    assert account().tax_id_state == "unknown" and account().tax_id_checked_at is None


def test_only_what_the_register_knows_is_asked_and_nothing_where_it_is_off(
    world, register, settings
):
    swiss = {
        "country": "CH",
        "postal_code": "8001",
        "city": "Zürich",
        "tax_id": "CHE107787577MWST",
    }
    admin = membership("acme", "admin@acme.example")
    actions.change_billing_details(admin, **ADDRESS | swiss)
    assert run_jobs() == 0 and register.asked == []
    settings.TAX_ID_CHECK = ""
    change(tax_id=KNOWN)
    run_jobs()
    assert register.asked == [] and account().tax_id_standing == ""
    assert tax_ids.is_asked("EL094259216") is False


def test_an_invalid_tax_id_that_was_corrected_before_the_mail_left_is_not_told(
    world, register, mailbox
):
    register.answer = registers.no
    change(tax_id=KNOWN)
    actions.note_tax_id(staff(), tax_id=KNOWN, is_valid=False)
    change(tax_id="")
    assert not [mail for mail in mailbox.deliver() if "is not known" in mail["Subject"]]


def test_staff_give_an_organization_other_days_to_pay(world):
    actions.change_terms(staff(), net_days=30)
    assert account().net_days == 30
    event = AuditEvent.objects.get(event="billing.terms_changed")
    assert (event.before, event.after) == ({"net_days": 14}, {"net_days": 30})
    actions.change_terms(staff(), net_days=30)
    assert AuditEvent.objects.filter(event="billing.terms_changed").count() == 1
    for days in (-1, 91):
        with pytest.raises(Refused):
            actions.change_terms(staff(), net_days=days)
    assert actions.change_terms.permission not in set(Permission)
