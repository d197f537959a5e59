"""One person, several organizations, each by its address: S2, S12, S24, O14, O15, D5, D6."""

import re

import pytest

from forecourt.orgs.models import Organization
from forecourt.orgs.permissions import GRANTS, PRIMARY_GRANTS, Permission, Role, granted, table
from forecourt.orgs.slugs import slug_for
from tests.cast import PASSWORD, membership, organization

ACME, GLOBEX = "/o/acme/members/", "/o/globex/members/"


def rooms(response):
    """The names in the rail."""
    rail = re.search(r'<nav class="nav".*?</nav>', response.content.decode(), re.S)
    return re.findall(r"</svg>([^<]+)</a>", rail[0]) if rail else []


@pytest.mark.parametrize(
    "who", ["admin@acme.example", "member@acme.example", "primary@acme.example"]
)
def test_the_rail_shows_the_rooms_that_there_are(world, browser, who):
    """S2, S12: no Billing for a Member, unless they are the primary contact."""
    page = browser(who).get(ACME)
    billing = [] if who.startswith("member") else ["Billing"]
    assert rooms(page) == ["Products", "Members", *billing, "Account"]
    assert 'aria-current="page"' in page.content.decode()
    assert browser(who).get("/o/acme/billing/").status_code == (200 if billing else 403)


def test_two_tabs_show_two_organizations(world, browser):
    """D6, O14: the address says which; one login, a role in each."""
    both = browser("both@example.com")
    for _turn in range(2):
        acme, globex = both.get(ACME), both.get(GLOBEX)
        assert "Dana Avery" in acme.content.decode()
        assert "Dana Avery" not in globex.content.decode()
        assert "Rhea Solano" in globex.content.decode()
    assert "Edit User" not in acme.content.decode()
    assert "Edit User" in globex.content.decode()


def test_the_switcher_lists_ones_own_with_the_role_in_each(world, browser):
    """O14: visible on every page; as a fragment for the popover, as a page without script."""
    both = browser("both@example.com")
    assert 'href="/organizations/"' in both.get(ACME).content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        markup = both.get("/organizations/", headers=headers).content.decode()
        assert re.search(r'href="/o/acme/products/".*?Acme.*?Member', markup, re.S)
        assert re.search(r'href="/o/globex/products/".*?Globex.*?Admin', markup, re.S)
        assert "Initech" not in markup
        assert ("<html" in markup) == (not headers)


def test_the_front_page_leads_to_the_one_organization_or_to_the_list(world, browser):
    """O14: one: its members; several or none: the list."""
    assert browser("member@acme.example").get("/")["Location"] == ACME.replace(
        "members", "products"
    )
    assert browser("both@example.com").get("/")["Location"] == "/organizations/"
    assert browser("nobody@example.com").get("/")["Location"] == "/organizations/"
    assert browser("member@acme.example").get("/o/acme/")["Location"] == ACME.replace(
        "members", "products"
    )


def test_an_invitation_leads_to_its_own_organization(world, browser):
    """D6: the organization comes from the row, whatever the address or the session says."""
    link = f"/invitations/{organization('acme').invitations.get(email='new.hire@acme.example').token()}/"
    visitor = browser()
    for query in ("?org=globex", "?organization=2&slug=globex"):
        assert "Acme" in visitor.get(link + query).content.decode()
    visitor.post(link + "account/", {"password": "a long sentence of mine", "slug": "globex"})
    assert visitor.get(ACME).status_code == 200
    assert visitor.get(GLOBEX).status_code == 404


def test_ending_in_one_organization_leaves_the_other(world, browser):
    """O15: the person's session and other organizations go on."""
    both = browser("both@example.com")
    browser("admin@acme.example").post(
        f"{ACME}{membership('acme', 'both@example.com').pk}/removal/"
    )
    assert both.get(ACME).status_code == 404
    assert both.get(GLOBEX).status_code == 200
    assert (
        browser()
        .post("/accounts/login/", {"login": "both@example.com", "password": PASSWORD})
        .status_code
        == 302
    )


def test_a_policy_counts_at_the_next_request(world, browser):
    """D5, O24: nothing remembers a right between two requests."""
    member = browser("member@acme.example")
    assert member.get(ACME + "invitations/").status_code == 200
    organization("acme")
    Organization.objects.filter(slug="acme").update(who_may_invite="admins")
    assert member.get(ACME + "invitations/").status_code == 403


def test_the_table_of_permissions():
    """S10, S12, S13, S14, S33, S43: what the roles and the primary contact may do."""
    assert set(GRANTS) == {Role.MEMBER, Role.ADMIN}
    assert GRANTS[Role.ADMIN] == set(Permission) - {Permission.EDIT_PRIMARY}
    for permission in (
        Permission.EDIT_MEMBERS,
        Permission.REMOVE_MEMBERS,
        Permission.EDIT_SETTINGS,
        Permission.VIEW_BILLING,
        Permission.EDIT_BILLING,
    ):
        assert permission not in GRANTS[Role.MEMBER]
    assert set(PRIMARY_GRANTS) == {
        Permission.REMOVE_MEMBERS,
        Permission.VIEW_BILLING,
        Permission.EDIT_BILLING,
        Permission.EDIT_CONTACTS,
        Permission.EDIT_PRIMARY,
    }
    everybody = granted(Role.MEMBER, is_primary=True, withheld=frozenset())
    assert everybody == GRANTS[Role.MEMBER] | PRIMARY_GRANTS
    assert Permission.INVITE_MEMBERS not in granted(
        Role.MEMBER, is_primary=True, withheld={Permission.INVITE_MEMBERS}
    )
    assert Permission.INVITE_MEMBERS in granted(
        Role.ADMIN, is_primary=False, withheld={Permission.INVITE_MEMBERS}
    )
    nobody_is_it = {"is_primary": False, "withheld": frozenset(), "is_vacant": True}
    assert granted(Role.ADMIN, **nobody_is_it) == set(Permission)
    assert Permission.EDIT_PRIMARY not in granted(Role.MEMBER, **nobody_is_it)
    assert len(table()) == len(Permission)


def test_the_rights_of_the_primary_hang_on_the_row(world, browser):
    """D3: not on the address: a contact of the same address that is not linked gives none."""
    primary = browser("primary@acme.example")
    assert primary.get(ACME).content.decode().count("badge--accent") == 1
    organization("acme").memberships.filter(user__email="primary@acme.example").update(contact=None)
    assert (
        primary.get(f"{ACME}{membership('acme', 'member@acme.example').pk}/removal/").status_code
        == 403
    )
    assert primary.get(ACME).content.decode().count("badge--accent") == 0


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Acme", "acme"),
        ("Käse & Söhne", "kase-sohne"),
        ("members", "org-members"),
        ("42", "org-42"),
        ("株式会社", "org"),
        ("a", "org-a"),
        ("x" * 120, "x" * 50),
        ("--", "org"),
        ("../etc", "etc"),
    ],
)
def test_a_name_in_addresses(name, slug):
    """D6: short, readable, never a word of ours or a number; a second of the name is another."""
    assert slug_for(name, lambda _slug: False) == slug
    assert slug_for(name, lambda taken: taken == slug) == f"{slug}-2"
