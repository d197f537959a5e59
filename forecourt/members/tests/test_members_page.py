"""The Members page: S2, S11, S17, S29, O24; search, filters, paging, what it asks the database."""

import re

import pytest
from allauth.account.models import EmailAddress

from forecourt.demo.world import HASH
from forecourt.members.models import Invitation
from forecourt.members.tests.reading import HERE, invite, listed, page_words, row, row_markup
from forecourt.orgs.models import Membership
from forecourt.people.models import User
from tests.cast import membership, organization


def crowd(slug, number):
    """So many more members, named and addressed in order."""
    users = User.objects.bulk_create(
        User(email=f"p{n:03}@crowd.example", name=f"Person {n:03}", password=HASH)
        for n in range(number)
    )
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
    found = organization(slug)
    Membership.objects.bulk_create(
        Membership(organization=found, user=user, role="admin" if n % 20 == 0 else "member")
        for n, user in enumerate(users)
    )


def turn(response, way):
    """Where "Next" or "Previous" leads; None where there is none."""
    found = re.search(
        rf'href="([^"]*)"[^>]*>\s*(?:<svg.*?</svg>)?\s*{way}', response.content.decode()
    )
    return HERE + found[1].replace("&amp;", "&") if found else None


@pytest.mark.parametrize(
    "who", ["admin@acme.example", "member@acme.example", "primary@acme.example"]
)
def test_everybody_sees_who_is_here_with_role_and_since_when(world, browser, who):
    """S11: name, address, role, member since, last seen; oneself and the primary are marked."""
    page = browser(who).get(HERE)
    assert page.status_code == 200
    assert "Admin" in row(page, "admin@acme.example")
    assert "Member" in row(page, "member@acme.example")
    assert "Primary contact" in row(page, "primary@acme.example")
    assert " you" in row(page, who)
    joined = membership("acme", "member@acme.example").joined_at
    assert str(joined.year) in row(page, "member@acme.example")


def test_the_page_shows_nobody_of_another_organization(world, browser):
    """O14: neither people nor invitations."""
    text = browser("admin@globex.example").get("/o/globex/members/").content.decode()
    assert "both@example.com" in text
    assert "acme.example" not in text


def test_the_menu_of_an_admin_of_a_primary_and_of_a_member(world, browser):
    """S13, S29, S33: what the row of somebody else offers to whom."""
    other = membership("acme", "both@example.com").pk

    def menu(who):
        markup = row_markup(browser(who).get(HERE), "both@example.com")
        return [what for what in ("role", "removal") if f"{HERE}{other}/{what}/" in markup]

    assert menu("admin@acme.example") == ["role", "removal"]
    assert menu("primary@acme.example") == ["removal"]
    assert menu("member@acme.example") == []
    page = browser("admin@acme.example").get(HERE)
    assert "Edit User" in row(page, "both@example.com")
    assert "Remove User" in row(page, "both@example.com")


def test_ones_own_row_offers_leaving_and_not_removal(world, browser):
    """O10: the way out of one's own organization is called Leave."""
    for who in ("admin@acme.example", "member@acme.example", "primary@acme.example"):
        mine = row(browser(who).get(HERE), who)
        assert "Leave" in mine
        assert "Remove User" not in mine


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("moss", ["member@acme.example"]),
        ("MOSS calder", ["member@acme.example"]),
        ("  moss   calder ", ["member@acme.example"]),
        ("@example.com", ["both@example.com"]),
        ("hire", ["new.hire@acme.example"]),
        ("Da", ["admin@acme.example"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; drop table orgs_membership --", []),
        ("nobody@example.com", []),
        ("admin@globex", []),
        ("z" * 5_000, []),
    ],
)
def test_searching_by_name_and_address(world, browser, q, expected):
    """S11: parts of a name or an address, in any case, members and invitations; wildcards are
    letters; nobody of elsewhere is found."""
    page = browser("member@acme.example").get(HERE, {"q": q})
    assert page.status_code == 200
    assert listed(page) == expected
    assert "<script" not in page.content.decode().replace('<script src="/static/', "")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("admin", {"admin@acme.example"}),
        ("member", {"primary@acme.example", "member@acme.example", "both@example.com"}),
        ("pending", {"new.hire@acme.example", "late.reply@acme.example"}),
    ],
)
def test_filtering_by_role_and_by_pending(world, browser, role, expected):
    """S10, S17: the two roles, and who is not here yet."""
    assert set(listed(browser("member@acme.example").get(HERE, {"role": role}))) == expected


@pytest.mark.parametrize(
    "query",
    [
        "role=owner",
        "after=x",
        "after=-1",
        "before=0",
        "n=1e9",
        "after=99999999999999999999999",
        "before=9223372036854775807",
        "after=%D9%A3",
        "n=" + "9" * 5_000,
        "q[]=x&role[]=y",
        "q=%ff%fe",
    ],
)
def test_a_query_that_cannot_be_read_counts_as_not_asked(world, browser, query):
    """Bad input: no 500, and still a page."""
    assert browser("member@acme.example").get(f"{HERE}?{query}").status_code == 200


def test_paging_forwards_and_backwards_shows_everybody_once(world, browser):
    """S11: 64 members: 25, 25, 14; and back again the same pages."""
    crowd("acme", 60)
    admin = browser("admin@acme.example")
    first = admin.get(HERE)
    second = admin.get(turn(first, "Next"))
    third = admin.get(turn(second, "Next"))
    pages = [
        [x for x in listed(page) if "hire" not in x and "late" not in x]
        for page in (first, second, third)
    ]
    assert [len(page) for page in pages] == [25, 25, 14]
    assert len({email for page in pages for email in page}) == 64
    assert [turn(first, "Previous"), turn(third, "Next")] == [None, None]
    for page, text in ((first, "1–25 of 64"), (second, "26–50 of 64"), (third, "51–64 of 64")):
        assert text in page_words(page)
    back = admin.get(turn(third, "Previous"))
    again = admin.get(turn(back, "Previous"))
    assert listed(back) == pages[1]
    assert [x for x in listed(again) if "@crowd" in x or x in pages[0]][-25:] == pages[0]
    assert "26–50 of 64" in page_words(back)
    assert "1–25 of 64" in page_words(again)
    assert turn(again, "Previous") is None


def test_paging_keeps_search_and_filter(world, browser):
    """S11: the next page of what was searched for."""
    crowd("acme", 60)
    admin = browser("admin@acme.example")
    first = admin.get(HERE, {"q": "person", "role": "member"})
    second = admin.get(turn(first, "Next"))
    third = admin.get(turn(second, "Next"))
    found = [*listed(first), *listed(second), *listed(third)]
    assert len(found) == len(set(found)) == 57
    assert all(email.endswith("@crowd.example") for email in found)


def test_somebody_who_goes_between_two_pages_hides_nobody(world, browser):
    """S11: paging by key: a removal on the first page does not shift the second."""
    crowd("acme", 60)
    admin = browser("admin@acme.example")
    first = admin.get(HERE)
    expected = listed(admin.get(turn(first, "Next")))
    organization("acme").memberships.filter(user__email="p000@crowd.example").delete()
    assert listed(admin.get(turn(first, "Next"))) == expected


def test_the_page_asks_the_same_six_queries_for_ten_and_for_sixty(
    world, browser, django_assert_num_queries
):
    """No query a row: session, membership, invitations, their mails, members, how many."""
    admin = browser("admin@acme.example")
    admin.get(HERE)
    # One more than the page asks: the end of a request empties the scope, as the pool does.
    with django_assert_num_queries(5 + 1):
        admin.get(HERE)
    crowd("acme", 60)
    for number in range(20):
        invite(browser, f"i{number}@crowd.example")
    with django_assert_num_queries(6 + 1):
        page = admin.get(HERE)
    with django_assert_num_queries(4 + 1):
        admin.get(turn(page, "Next"))
    with django_assert_num_queries(6 + 1):
        admin.get(HERE, {"q": "crowd"}, headers={"HX-Request": "true"})


def test_more_invitations_than_fit_are_behind_a_link(world, browser):
    """S17: 25 on the page, the rest in the filter "Pending"."""
    inviter = membership("acme", "admin@acme.example")
    found = organization("acme")
    for number in range(30):
        one = Invitation(
            organization=found,
            email=f"i{number}@crowd.example",
            invited_by=inviter.user,
            inviter_label="Dana Avery",
        )
        one.renew(7)
        one.save()
    admin = browser("admin@acme.example")
    page = admin.get(HERE)
    assert len([x for x in listed(page) if x.startswith("i")]) == 25
    assert "?role=pending" in page.content.decode()
    assert len(listed(admin.get(HERE, {"role": "pending"}))) == 32


def test_the_table_of_roles_is_the_permission_table(world, browser):
    """S10, O24: what each role may do, with the policy said as such."""
    page = browser("member@acme.example").get(HERE)
    assert re.search(r"Invite people\W+If the organization allows it\W+Yes\W+If", page_words(page))
    assert re.search(r"Remove people\W+No\W+Yes\W+Yes", page_words(page))
    assert re.search(r"See who is here\W+Yes\W+Yes\W+Yes", page_words(page))
    assert re.search(r"Change roles[^?]*?\W+No\W+Yes\W+No", page_words(page))


def test_htmx_gets_the_list_alone_behind_the_same_gate(world, browser):
    """D5, D12: the fragment is no way around: a stranger gets the same 404."""
    fragment = browser("member@acme.example").get(HERE, headers={"HX-Request": "true"})
    assert 'id="list"' in fragment.content.decode()
    assert "<html" not in fragment.content.decode()
    assert "HX-Request" in fragment["Vary"]
    stranger = browser("admin@globex.example")
    assert stranger.get(HERE, headers={"HX-Request": "true"}).status_code == 404


def test_names_are_shown_as_text(world, browser):
    """Bad input: markup in a name stays a name."""
    User.objects.filter(email="member@acme.example").update(name="<img src=x onerror=alert(1)>")
    markup = browser("admin@acme.example").get(HERE).content.decode()
    assert "<img" not in markup
    assert "&lt;img src=x" in markup
