"""That a customer was merged into another comes along in the files. The action behind it: import_merged."""

from pathlib import Path

import pytest

from forecourt.billing import periods
from forecourt.console import figures
from forecourt.console.merging import merge_customer
from forecourt.console.models import Figure, Merged
from forecourt.console.tests.copying import everything
from forecourt.console.tests.importing import folder, forecourt
from forecourt.console.tests.test_console import at_work
from forecourt.console.tests.test_hostile_accounts import table
from forecourt.console.tests.test_import_pages import csv, text
from forecourt.console.tests.test_merging import merge
from forecourt.console.transfer import files as csv_files
from forecourt.console.transfer import importing, plans
from forecourt.core import scope
from forecourt.core.actors import System
from forecourt.core.models import AuditEvent
from forecourt.products.models import License, Product
from tests.cast import organization, run_jobs
from tests.invariants import picture, verify

pytestmark = pytest.mark.usefixtures("world")
#: What is left of three customers; c-1 has something of its own.
LEFT = """\
    ref,name,slug,primary_email
    c-1,Hooli,hooli,billing@hooli.example
    m-1,Nucleus,merged-71,ap@nucleus.example
    m-2,Endframe,merged-72,ap@endframe.example
    m-3,Aviato,merged-73,ap@aviato.example"""
NUCLEUS = {"organization": "m-1", "into": "c-1", "slug": "nucleus", "at": "2026-02-03T04:05:06Z"}
ENDFRAME = {"organization": "m-2", "into": "m-1", "slug": "endframe", "at": "2025-02-03"}


def files(where: Path, *lines: dict[str, str], **changed: str) -> Path:
    few = {"contacts": "", "members": "", "licenses": "", "organizations": LEFT, **changed}
    made = folder(where, **few)
    if lines:
        table(made, "merged", *lines)
    for name in [name for name, content in few.items() if not content]:
        (made / f"{name}.csv").unlink()
    return made


def merged() -> dict[str, str]:
    with scope.across_organizations("who was merged"):
        rows = Merged.objects.order_by("pk").select_related("organization", "into")
        found = {row.organization.name: row.into.name for row in rows}
    scope.clear()
    return found


def test_their_former_addresses_lead_to_where_the_chain_ends(tmp_path, capsys):
    where = files(tmp_path / "in", ENDFRAME, NUCLEUS)
    assert forecourt("import", where) == 0, capsys.readouterr()
    assert merged() == {"Nucleus": "Hooli", "Endframe": "Nucleus"}
    house = organization("hooli")
    assert set(house.former_slugs.values_list("slug", flat=True)) == {"nucleus", "endframe"}
    gone = organization("merged-71")
    said = AuditEvent.objects.get(organization_id=gone.pk, event="organization.merged_into")
    assert said.after == {"name": "Hooli", "slug": "hooli", "number": house.pk}
    assert Merged.objects.get(pk=gone.pk).at.isoformat() == "2026-02-03T04:05:06+00:00"
    verify()


def test_staff_see_where_they_went_and_can_merge_them_no_more(tmp_path):
    forecourt("import", files(tmp_path / "in", NUCLEUS))
    page = at_work().get("/console/organizations/merged-71/").content.decode()
    assert "/console/organizations/hooli/" in page and "There twice?" not in page
    there = "/console/organizations/merged-71/merge/"
    form = {"into": "acme", "reason": "Again", "confirmed": "1"}
    assert "merged into another customer before" in at_work().post(there, form).content.decode()
    assert "nucleus" not in at_work().get("/console/lists/contacts/").content.decode()


def test_they_are_counted_until_they_were_merged_and_no_more(tmp_path):
    """(Three of the sample world; of the four in the files one was merged before today.)"""
    forecourt("import", files(tmp_path / "in", NUCLEUS))
    figures.count(periods.today())
    assert Figure.objects.get(name="organizations").value == 3 + 4 - 1


def test_a_second_run_says_nothing_new(tmp_path, capsys):
    where = files(tmp_path / "in", NUCLEUS, ENDFRAME)
    assert forecourt("import", where) == 0
    before = picture()
    capsys.readouterr()
    assert forecourt("import", where) == 0
    assert capsys.readouterr().out == "Unchanged: 6 lines.\n"
    assert picture() == before


def test_what_was_cut_off_before_it_goes_on(tmp_path):
    where = files(tmp_path / "in", NUCLEUS, ENDFRAME)
    (where / "merged.csv").rename(where / "later")
    assert forecourt("import", where) == 0 and not merged()
    (where / "later").rename(where / "merged.csv")
    assert forecourt("import", where) == 0 and len(merged()) == 2


def test_a_portals_own_export_says_nothing_new_to_it(tmp_path, capsys):
    assert merge().status_code == 303
    everything(tmp_path / "out")
    before = picture()
    assert forecourt("import", tmp_path / "out") == 0
    after = picture() | {"console_imported": before["console_imported"]}
    assert after == before and "left out" not in capsys.readouterr().out


CONTACTS = "organization,email\nm-1,ap@nucleus.example\nm-1,b@nucleus.example"


@pytest.mark.parametrize(
    ("lines", "changed", "words"),
    [
        ([{**NUCLEUS, "into": "c-9"}], {}, "into: There is no organization “c-9”."),
        ([{**NUCLEUS, "into": "m-1"}], {}, "into: That is the same customer."),
        ([{**NUCLEUS, "into": ""}], {}, "into: It must not be empty."),
        ([{**NUCLEUS, "organization": "c-9"}], {}, "There is no organization “c-9”."),
        ([{**NUCLEUS, "slug": "acme"}], {}, "slug: Another organization has it, or had it."),
        ([{**NUCLEUS, "slug": "merged-73"}], {}, "slug: Another organization has it, or had it."),
        ([{**NUCLEUS, "slug": "a/b"}], {}, "slug: 2 to 60 small letters"),
        ([{**NUCLEUS, "at": "soon"}], {}, "at: It is no day"),
        ([NUCLEUS, NUCLEUS], {}, "The same stands in line 2."),
        ([NUCLEUS], {"contacts": CONTACTS}, "Who was merged has no people, licenses"),
        (
            [NUCLEUS],
            {"licenses": "organization,ref,product,plan\nm-1,L1,deploy,Team"},
            "Who was merged has no people, licenses",
        ),
        (
            [NUCLEUS],
            {"members": "organization,email\nm-1,a@nucleus.example"},
            "Who was merged has no people, licenses",
        ),
    ],
)
def test_a_line_that_is_wrong_is_left_out(tmp_path, capsys, lines, changed, words):
    where = files(tmp_path / "in", *lines, **changed)
    for asked in (("--dry-run",), ()):
        assert forecourt("import", where, *asked) == 1
        told = [line for line in capsys.readouterr().out.splitlines() if ", line " in line]
        assert words in next(line for line in told if line.startswith("merged.csv"))
    assert len(merged()) == len(lines) - 1
    assert organization("merged-71").name == "Nucleus"
    verify()


def test_nobody_is_merged_in_a_circle(tmp_path, capsys):
    aviato = {"organization": "m-3", "into": "m-1", "slug": "aviato"}
    round_ = {**NUCLEUS, "into": "m-3"}
    assert forecourt("import", files(tmp_path / "in", round_, ENDFRAME, aviato)) == 1
    assert capsys.readouterr().out.count("would be merged in a circle") == 3
    assert forecourt("import", files(tmp_path / "in", aviato)) == 0
    assert forecourt("import", files(tmp_path / "in", round_)) == 1
    assert merged() == {"Aviato": "Nucleus"}


PIECES = {
    "licenses": "organization,ref,product,plan\nm-1,L1,deploy,Team",
    "members": "organization,email\nm-2,a@endframe.example",
}


def test_a_customer_who_has_something_here_stays_a_customer(tmp_path, capsys):
    where = files(tmp_path / "first", **PIECES)
    assert forecourt("import", where) == 0
    before = picture()
    for asked in (("--dry-run",), ()):
        assert forecourt("import", files(tmp_path / "in", NUCLEUS, ENDFRAME), *asked) == 1
        assert capsys.readouterr().out.count("Who was merged has no people") == 2
    assert picture() == before and not merged()


def test_staff_bring_it_by_the_page_as_well():
    client, where = at_work(), "/console/imports/"
    wrong = "organization,into,slug\nm-1,c-1,nucleus\nm-2,m-1,endframe\nm-3,c-9,aviato"
    sent = [csv("organizations", LEFT), csv("merged", wrong)]
    here = client.post(where, {"customers": sent})["Location"]
    run_jobs()
    assert "There is no organization “c-9”." in text(client, here)
    client.post(f"{here}start/")
    run_jobs()
    assert "New: 6" in text(client, here)
    assert merged() == {"Nucleus": "Hooli", "Endframe": "Nucleus"}


def looked_through(tmp_path):
    """What would become of it, where Nucleus is here already."""
    assert forecourt("import", files(tmp_path / "first")) == 0
    return plans.made(csv_files.lines_of(files(tmp_path / "in", NUCLEUS)))


def test_who_was_merged_meanwhile_stays_where_they_are(tmp_path):
    plan = looked_through(tmp_path)
    here, acme = organization("merged-71"), organization("acme")
    merge_customer(System(acme.pk), merged_id=here.pk, reason="Bought")
    scope.clear()
    assert list(importing.run(System(), plan))
    assert "merged into another customer before" in plan.problems[0].problem
    assert merged() == {"Nucleus": "Acme"}


def test_who_was_given_something_meanwhile_stays_a_customer(tmp_path):
    plan = looked_through(tmp_path)
    deploy = Product.objects.get(slug="deploy")
    License.objects.create(organization=organization("merged-71"), product=deploy, plan="Team")
    scope.clear()
    assert list(importing.run(System(), plan))
    assert "Who was merged has no people, licenses" in plan.problems[0].problem
    assert not merged()
