"""The Mail page: what became of each mail of an organization, for Admins alone. A201, F25."""

import re

import pytest
from django.db import connection

from forecourt.account import mail_list
from forecourt.account.tests.contacts import ADMIN, MEMBER, PRIMARY, words
from forecourt.account.tests.mails import sent
from forecourt.core.models import Mail
from tests.cast import organization

HERE = "/o/acme/account/mail/"


def page(client, query: str = "") -> str:
    answer = client.get(HERE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def rows(markup: str) -> list[str]:
    """The rows of the list as text."""
    body = markup.partition("<tbody>")[2].partition("</tbody>")[0]
    found = re.findall(r"<tr>.*?</tr>", body, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


def test_an_admin_reads_what_was_mailed_to_whom_and_what_became_of_it(world, browser):
    sent("one@acme.example", minutes=3)
    sent(
        "two@acme.example", status="bounced", error="5.1.1 No such mailbox", kind="members.welcome"
    )
    second, first = rows(page(browser(ADMIN)))
    assert first.startswith("Invoice or credit note one@acme.example Sent ")
    assert second.startswith("Welcome two@acme.example Bounced 5.1.1 No such mailbox")


@pytest.mark.parametrize("who", [MEMBER, PRIMARY])
def test_nobody_but_admins_reads_it(world, browser, who):
    client = browser(who)
    assert client.get(HERE).status_code == 403
    assert HERE not in client.get("/o/acme/account/").content.decode()
    assert HERE in browser(ADMIN).get("/o/acme/account/").content.decode()


def test_anothers_mails_and_those_to_persons_are_not_there(world, browser):
    sent("theirs@globex.example", slug="globex")
    browser().post("/accounts/password/reset/", {"email": ADMIN})
    assert "There is no e-mail yet." in page(browser(ADMIN))


def test_what_a_mail_says_is_never_there(world, browser):
    """Neither its values nor a link, whatever became of it."""
    browser(MEMBER).post("/o/acme/members/invitations/", {"email": "kim@example.com"})
    secret = organization("acme").invitations.get(email="kim@example.com").token()
    sent("kim@example.com", values={"name": "only the mail knows"}, about="secret:1")
    markup = page(browser(ADMIN))
    assert len(rows(markup)) == 2
    assert secret not in markup and "only the mail" not in markup and "secret:1" not in markup


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "{{ 7*7 }}", "one\ntwo\x1b[31m\u2028\u202ethree", "x" * 300],
)
def test_what_a_mail_server_said_is_text_in_one_line(world, browser, text):
    sent("one@acme.example", status="failed", error=text)
    (row,) = rows(markup := page(browser(ADMIN)))
    assert "<script>alert" not in markup and "49" not in row
    assert not {"\x1b", "\u202e", "\u2028"} & {*markup} and len(row) < 500


def test_every_fate_is_a_word_and_an_icon(world, browser):
    for fate in Mail.Status.values:
        sent(f"{fate}@acme.example", status=fate)
    markup = page(browser(ADMIN))
    for words_of, _tone, icon in mail_list.FATES.values():
        assert re.search(rf'#{icon}"/></svg>{words_of}</span>', markup)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?to=ONE", ["one"]),
        ("?to=%40acme", ["two", "one"]),
        ("?to=%25", []),
        ("?to=_", []),
        ("?fate=bounced", ["two"]),
        ("?fate=bounced&to=one", []),
        ("?fate=nonsense", ["two", "one"]),
        ("?before=x&after=-1", ["two", "one"]),
        ("?before=99999999999999999999", ["two", "one"]),
    ],
)
def test_filters_live_in_the_address(world, browser, query, found):
    sent("one@acme.example")
    sent("two@acme.example", status="bounced")
    shown = rows(page(browser(ADMIN), query))
    assert [re.search(r"(\w+)@", row)[1] for row in shown] == found


def walk(client, query: str = "") -> list[list[str]]:
    """The rows of every page from the newest on."""
    pages, link = [], query
    while link is not None:
        markup = page(client, link)
        pages.append(rows(markup))
        found = re.search(r'href="(\?[^"]*)">Next', markup)
        link = found[1].replace("&amp;", "&") if found else None
        assert len(pages) < 20
    return pages


@pytest.mark.parametrize("query", ["", "?to=n", "?fate=sent"])
def test_next_and_previous_lead_through_all_of_it(world, browser, query):
    for number in range(60):
        sent(f"n{number}@acme.example")
    client = browser(ADMIN)
    there = walk(client, query)
    assert [len(each) for each in there] == [25, 25, 10]
    assert len({row for each in there for row in each}) == 60
    organization("acme")
    middle = Mail.objects.order_by("pk")[35].pk
    more = query.replace("?", "&")
    previous = re.search(r'href="(\?[^"]*)">Previous', page(client, f"?before={middle}{more}"))[1]
    assert rows(page(client, previous.replace("&amp;", "&"))) == there[0]


def test_a_page_looks_so_far_and_says_so(world, browser, monkeypatch):
    monkeypatch.setattr(mail_list, "LOOKED", 10)
    for number in range(25):
        sent("old@acme.example" if number == 0 else "new@acme.example")
    client = browser(ADMIN)
    assert "It looked back to" in words(client.get(f"{HERE}?to=old"))
    assert [len(each) for each in walk(client, "?to=old")] == [0, 0, 1]


def test_it_asks_the_database_as_often_however_much_there_is(
    world, browser, django_assert_num_queries
):
    client = browser(ADMIN)
    page(client)
    for _number in range(40):
        last = sent("one@acme.example")
    # A setting, and a transaction around it; to look through a part of it: where that ends.
    for query, more in (("", 0), ("?fate=sent", 0), (f"?before={last.pk}&to=one", 1)):
        with django_assert_num_queries(3 + 1 + 3 + more):
            page(client, query)


MANY = """
    insert into core_mail (organization_id, "to", kind, about, values, message_id, status, error, sent_at)
    select %s, 'a' || n || '@acme.example', 'billing.invoice', '', '{}', gen_random_uuid()::text,
           case when n %% 100 = 0 then 'bounced' else 'sent' end, '', now()
    from generate_series(1, %s) n"""


def plans(asked: mail_list.Asked, before: int) -> list[str]:
    """How the database finds a page of Acme's mails."""
    asked_for = []

    def note(run, sql, given, many, context):
        asked_for.append((sql, given))
        return run(sql, given, many, context)

    with connection.execute_wrapper(note):
        mail_list.read(organization("acme").pk, asked, before=str(before), after=None)
    found = []
    with connection.cursor() as cursor:
        for sql, given in asked_for:
            if "core_mail" in sql:
                cursor.execute(f"explain {sql}", given)
                found.append("\n".join(line for (line,) in cursor.fetchall()))
    return found


@pytest.mark.parametrize("query", ["", "?fate=bounced", "?fate=queued", "?to=one"])
def test_an_index_finds_a_page_among_many(world, query):
    with connection.cursor() as cursor:
        for slug, number in (("globex", 20_000), ("acme", 1_000), ("globex", 20_000)):
            cursor.execute(MANY, [organization(slug).pk, number])
        cursor.execute("analyze core_mail")
    organization("acme")
    last = Mail.objects.order_by("-pk")[500].pk
    found = plans(mail_list.Asked(**dict([query[1:].split("=")] if query else [])), last)
    assert found
    assert [plan for plan in found if "using mail_" not in plan or "Sort" in plan] == []
