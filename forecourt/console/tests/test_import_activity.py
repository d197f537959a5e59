"""Activity is added as it was, once, to whom it was about, and to nobody else."""

import pytest

from forecourt.console.tests.copying import WITH_SECRETS
from forecourt.console.tests.importing import folder, forecourt, hooli
from forecourt.console.tests.test_hostile_accounts import table
from forecourt.core.models import AuditEvent
from forecourt.people.models import User
from tests.cast import organization, signed_in

__all__ = ["hooli"]  # the fixture
MOSS = "member@acme.example"
#: Something that somebody did there who is nobody here.
SOMETHING = {
    "organization": "c-1",
    "at": "2020-02-03T04:05:06.000007Z",
    "actor_kind": "member",
    "actor": "3",
    "actor_label": "=gavin@hooli.example",
    "event": "member.removed",
    "object_kind": "membership",
    "object": "7",
    "object_label": "'big.head@hooli.example ",
    "before": '{"role": "member"}',
    "address": "2001:db8::1",
}


def happened(slug: str = "hooli") -> list[AuditEvent]:
    house = organization(slug)
    rows = AuditEvent.objects.filter(organization_id=house.pk, event="member.removed")
    return list(rows.order_by("pk"))


def test_it_is_there_as_it_was_and_nobody_here_is_who_did_it(hooli, tmp_path, capsys):
    where = table(folder(tmp_path / "again"), "activity", SOMETHING, SOMETHING)
    assert forecourt("import", where, WITH_SECRETS) == 0
    first, second = happened()
    assert (first.actor_id, first.object_id, first.person_id) == ("~3", "~7", None)
    assert first.actor_label == "=gavin@hooli.example" and first.before == {"role": "member"}
    assert first.object_label == "'big.head@hooli.example " and second.at == first.at
    told = AuditEvent.objects.get(event="staff.activity_imported")
    assert (told.actor_label, told.after) == ("Lumen Tools", {"lines": 2})
    assert forecourt("import", where, WITH_SECRETS) == 0 and len(happened()) == 2


def test_what_a_person_of_here_did_is_theirs_by_their_handle_alone(hooli, tmp_path):
    moss = User.objects.get(email=MOSS)
    named = {**SOMETHING, "actor": str(moss.handle), "person": str(moss.handle)}
    by_number = {**SOMETHING, "actor": str(moss.pk), "at": "2021-01-01", "object_kind": "user"}
    where = table(folder(tmp_path / "again"), "activity", named, {**by_number, "object": "1"})
    assert forecourt("import", where, WITH_SECRETS) == 0
    first, second = happened()
    assert (first.actor_id, first.person_id) == (str(moss.pk), moss.pk)
    assert (second.actor_id, second.person_id, second.object_id) == (f"~{moss.pk}", None, "~1")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"organization": "c-9"}, "The organization “c-9” is left out, and so is its activity."),
        ({"organization": "x" * 201}, "At most 200 letters"),
        ({"at": "soon"}, "It is no day"),
        ({"at": ""}, "must not be empty"),
        ({"before": "[1]"}, "no object in JSON"),
        ({"after": '{"a": "\\u0000"}'}, "no JSON"),
        ({"address": "here"}, "no address of a network"),
        ({"person": "7"}, "no name of an account"),
        ({"actor_label": "x" * 321}, "At most 320"),
    ],
)
def test_a_line_that_is_wrong_is_left_out(hooli, tmp_path, capsys, said, words):
    where = table(folder(tmp_path / "again"), "activity", {**SOMETHING, **said}, SOMETHING)
    for asked in (("--dry-run",), ()):
        assert forecourt("import", where, WITH_SECRETS, *asked) == 1
        assert words in capsys.readouterr().out
    assert len(happened()) == 1


def test_its_organization_reads_it_and_nobody_else(hooli, tmp_path):
    where = table(
        folder(tmp_path / "again"), "activity", SOMETHING, {**SOMETHING, "organization": ""}
    )
    assert forecourt("import", where, WITH_SECRETS) == 0
    assert len(happened()) == 1 and happened("acme") == []
    page = signed_in("admin@acme.example").get("/o/acme/account/activity/").content.decode()
    assert "hooli" not in page
