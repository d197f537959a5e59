"""Customers come from files: whole, once, and with nobody told."""

import datetime as dt

import pytest

from forecourt.console.models import Imported
from forecourt.console.tests.importing import FILES, folder, forecourt
from forecourt.core import scope
from forecourt.core.models import AuditEvent, Mail
from forecourt.members.models import Invitation
from forecourt.orgs.models import Organization
from tests.cast import organization, run_jobs
from tests.invariants import verify


def number_of(model) -> int:
    with scope.across_organizations("a test counts"):
        return model.objects.count()


def test_customers_are_there_as_the_files_say(world, tmp_path):
    assert forecourt("import", folder(tmp_path)) == 0
    hooli = organization("hooli")
    assert hooli.keys_hidden and hooli.primary_contact.email == "billing@hooli.example"
    accounts, tech = hooli.contacts.order_by("email")
    assert (accounts.name, accounts.phone) == ("Accounts", "+1 555 0100")
    assert accounts.kinds == ["invoices", "renewals"] and accounts.confirmed_at
    assert tech.name == "=cmd|'/c calc'!A1" and tech.confirmed_at is None
    granted = hooli.licenses.get()
    assert granted.keys.get().key == "OLD-HOOLI-0001"
    assert (granted.seats, granted.renews, granted.ends_at.date()) == (
        25,
        True,
        dt.date(2031, 12, 31),
    )
    assert organization("pied-piper-inc").licenses.get().keys.get().key.startswith("CNCT-")
    verify()


def test_nobody_is_told_and_everything_is_in_the_log(world, tmp_path):
    forecourt("import", folder(tmp_path))
    run_jobs()
    assert number_of(Mail) == 0
    organization("hooli")
    rows = AuditEvent.objects.filter(actor_kind="system", actor_label="Lumen Tools")
    events = sorted(rows.values_list("event", flat=True))
    assert events == [
        *("contact.added", "invitation.prepared", "invitation.prepared"),
        *("license.granted", "organization.started"),
    ]
    verify()


def test_people_wait_to_be_invited_and_cannot_answer_yet(world, tmp_path):
    forecourt("import", folder(tmp_path))
    gavin = organization("hooli").invitations.get(email="gavin@hooli.example")
    assert (gavin.role, gavin.by_vendor, gavin.name) == ("admin", True, "Gavin")
    assert gavin.is_unsent and not gavin.is_open


def test_a_dry_run_says_every_line_and_writes_nothing(world, tmp_path, capsys):
    before = number_of(Organization)
    assert forecourt("import", folder(tmp_path), "--dry-run") == 0
    said = capsys.readouterr().out
    assert "organizations.csv, line 3: New." in said and "licenses.csv, line 2: New." in said
    assert "New: 9 lines." in said
    assert number_of(Organization) == before and number_of(Imported) == 0


def test_a_second_run_does_nothing(world, tmp_path, capsys):
    forecourt("import", folder(tmp_path))
    before = [number_of(model) for model in (Organization, Imported, AuditEvent, Invitation)]
    capsys.readouterr()
    assert forecourt("import", folder(tmp_path)) == 0
    assert capsys.readouterr().out == "Unchanged: 9 lines.\n"
    assert [number_of(m) for m in (Organization, Imported, AuditEvent, Invitation)] == before


def test_what_says_another_thing_is_changed_and_the_rest_is_left_as_it_became(world, tmp_path):
    forecourt("import", folder(tmp_path))
    hooli = organization("hooli")
    hooli.contacts.filter(email="tech@hooli.example").update(phone="by hand")
    changed = {
        "organizations": FILES["organizations"].replace("Hooli", "Hooli XYZ"),
        "licenses": FILES["licenses"].replace("Team,25", "Team,40"),
        "members": FILES["members"].replace(
            "big.head@hooli.example,,member", "big.head@hooli.example,,admin"
        ),
    }
    assert forecourt("import", folder(tmp_path, **changed)) == 0
    hooli = organization("hooli")
    assert (hooli.name, hooli.licenses.get().seats) == ("Hooli XYZ", 40)
    assert hooli.contacts.get(email="tech@hooli.example").phone == "by hand"
    assert set(hooli.invitations.values_list("role", flat=True)) == {"admin"}
    verify()


def test_another_primary_contact_takes_the_place_of_the_one_before(world, tmp_path):
    forecourt("import", folder(tmp_path))
    moved = FILES["organizations"].replace("billing@hooli", "tech@hooli")
    assert forecourt("import", folder(tmp_path, organizations=moved)) == 0
    hooli = organization("hooli")
    assert hooli.primary_contact.email == "tech@hooli.example" and hooli.contacts.count() == 2
    verify()


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("contacts", "tech@hooli.example", "tech@", "email: Enter an e-mail address"),
        ("contacts", "tech@hooli.example", "", "email: It must not be empty"),
        ("contacts", "releases", "gossip", "is none of these"),
        ("contacts", "c-1,tech", "c-9,tech", "There is no organization “c-9”"),
        ("contacts", "tech@hooli.example", "billing@hooli.example", "The same stands in line 2"),
        (
            "members",
            "big.head@hooli.example,,member",
            "big.head@hooli.example,,boss",
            "role: “boss”",
        ),
        ("members", "Gavin", "Ga\x00vin", "Null characters"),
        ("licenses", "L7,deploy", "L7,abacus", "There is no product “abacus”"),
        ("licenses", "Team,25", "Team,0", "A whole number from 1"),
        ("licenses", "2031-12-31", "2001-12-31", "cannot end before it starts"),
        ("licenses", "2031-12-31", "soon", "It is no day"),
        ("licenses", "2024-02-03,,,", "2024-02-03,,,OLD-HOOLI-0001", "in use already"),
        ("licenses", "2024-02-03,,,", "2024-02-03,,yes,", "What renews has an end"),
        ("organizations", "c-1,Hooli", f"c-1,{'x' * 121}", "these are 121"),
        ("organizations", "billing@hooli.example", "", "A new organization needs one"),
        ("organizations", "c-2,", "c-1,", "The same stands in line 2"),
        ("organizations", "keys_hidden", "keys_hiden", "There is no column “keys_hiden”"),
        ("organizations", "primary_email", "e-mail", "A new organization needs one"),
        ("licenses", "product", "what", "so the whole file is left out"),
    ],
)
def test_a_line_that_is_wrong_is_left_out_with_a_sentence(
    world, tmp_path, capsys, file, old, new, said
):
    assert old in FILES[file]
    wrong = folder(tmp_path, **{file: FILES[file].replace(old, new, 1)})
    assert forecourt("import", wrong, "--dry-run") == 1
    foretold = [line for line in capsys.readouterr().out.splitlines() if line.startswith(file)]
    assert any(said in line for line in foretold)
    assert forecourt("import", wrong) == 1
    assert said in capsys.readouterr().out
    verify()
    assert forecourt("import", folder(tmp_path)) == 0  # mended, it is completed
    assert organization("hooli").contacts.count() == 2
    assert organization("hooli").licenses.count() == 1


@pytest.mark.parametrize("words", [(), ("--dry-run",)])
def test_what_another_organization_has_is_refused(world, tmp_path, capsys, words):
    granted = organization("acme").licenses.order_by("pk").first()
    key, handle = granted.keys.first().key, granted.handle
    taken = {
        "organizations": FILES["organizations"].replace(",keys_hidden", ",slug")[:-1] + ",acme",
        "licenses": FILES["licenses"].replace("OLD-HOOLI-0001", key)
        + f"\nc-1,L9,deploy,T,,,,,{key}",
    }
    taken["organizations"] = (
        taken["organizations"].replace("example,yes", "example,").replace(",,acme", ",acme")
    )
    assert forecourt("import", folder(tmp_path, **taken), *words) == 1
    said = capsys.readouterr().out
    assert "organizations.csv, line 3: slug: Another organization has it, or had it." in said
    assert "licenses.csv, line 2: key: This license key is in use already." in said
    named = FILES["licenses"].replace(",key", ",handle").replace("OLD-HOOLI-0001", str(handle))
    assert forecourt("import", folder(tmp_path, licenses=named), *words) == 1
    assert "licenses.csv, line 2: handle: Another license has it." in capsys.readouterr().out
