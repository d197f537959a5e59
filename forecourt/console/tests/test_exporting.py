"""The whole portal as files, and from these a portal again: nothing is lost on the way."""

import csv

from django.db import transaction

from forecourt.console.merging import merge_customer
from forecourt.console.models import Note
from forecourt.console.tests.copying import empty_the_portal, everything
from forecourt.console.tests.importing import folder, forecourt
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.demo.world import contacts
from forecourt.orgs.models import FormerSlug
from tests.cast import organization
from tests.invariants import verify


def hostile() -> None:
    """Names that try to be something else, and things that few organizations have."""
    acme = organization("acme")
    FormerSlug.objects.create(slug="acme-before", organization=acme)
    acme.name, acme.invitation_days, acme.session_hours = '\'=Acme; “Ö” "x", 1', 3, 8
    acme.save()
    acme.contacts.filter(pk=acme.primary_contact_id).update(name="@SUM(1+1)", phone="+49 1")
    granted = acme.licenses.order_by("pk").first()
    key = granted.keys.get()
    key.works_until = granted.created_at
    key.save()
    Note.objects.create(organization=acme, author="a@lumen.example", text="=Two\nlines, “;”")
    member = acme.memberships.order_by("pk").first()
    granted.seats_taken.get_or_create(organization=acme, member=member)
    granted.keys.create(organization=acme, key="'another key/1")
    globex, initech = organization("globex"), organization("initech")
    merge_customer(System(globex.pk), merged_id=initech.pk, reason="Bought")
    gone = organization(f"merged-{initech.pk}")
    Note.objects.create(organization=gone, author="a@lumen.example", text="They were here")


def test_what_is_exported_makes_the_same_portal(committed_world, tmp_path):
    with transaction.atomic():
        contacts()
    hostile()
    before = everything(tmp_path / "before")
    empty_the_portal()
    assert forecourt("import", tmp_path / "before") == 0
    assert everything(tmp_path / "after") == before
    verify()
    acme = organization("acme")
    assert acme.former_slugs.get().slug == "acme-before" and acme.session_hours == 8
    assert acme.licenses.order_by("pk").first().keys.count() == 2
    assert acme.invitations.exclude(licenses=[]).exists()
    assert organization("merged-3").merged.into_id == organization("globex").pk
    acme = organization("acme")
    assert Note.objects.get(organization=acme).text == "=Two\nlines, “;”"


def test_what_was_imported_is_exported_under_its_own_names(world, tmp_path):
    forecourt("import", folder(tmp_path / "files"))
    everything(tmp_path / "out")
    with (tmp_path / "out" / "licenses.csv").open(newline="") as file:
        refs = {row["ref"]: row["organization"] for row in csv.DictReader(file)}
    assert refs["L7"] == "c-1" and refs["L8"] == "c-2"


def test_an_export_says_nothing_new_to_its_own_portal(world, tmp_path, capsys):
    contacts()
    everything(tmp_path / "out")
    organization("acme")
    before = AuditEvent.objects.count()
    assert forecourt("import", tmp_path / "out") == 0
    organization("acme")
    assert AuditEvent.objects.count() == before
    verify()


def test_no_cell_is_a_formula(world, tmp_path):
    hostile()
    for name, content in everything(tmp_path / "out").items():
        if not name.endswith(".csv"):
            continue
        for row in csv.reader(content.decode().splitlines()):
            assert not [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_a_folder_that_is_in_use_is_left_alone(world, tmp_path, capsys):
    (tmp_path / "organizations.csv").write_text("mine")
    assert forecourt("export", tmp_path) == 1
    assert (tmp_path / "organizations.csv").read_text() == "mine"
