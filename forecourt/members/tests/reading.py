"""Reading the room's pages as a person does: a row of a table, the words of a page."""

import html
import re

from django.http import HttpResponse

from tests.cast import link_of

HERE = "/o/acme/members/"
#: Where one arrives.
FIRST = "/o/acme/products/"


def words(markup: str) -> str:
    """The text of some HTML on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def page_words(response: HttpResponse) -> str:
    """The text of an answer on one line."""
    return words(response.content.decode())


def row_markup(response: HttpResponse, text: str) -> str:
    """The table row in which `text` stands, as HTML; "" where there is none."""
    rows = re.findall(r"<tr>.*?</tr>", response.content.decode(), re.S)
    return next((row for row in rows if text in html.unescape(row)), "")


def row(response: HttpResponse, text: str) -> str:
    """The table row in which `text` stands, as words; "" where there is none."""
    return words(row_markup(response, text))


def listed(response: HttpResponse) -> list[str]:
    """The addresses in the rows of the page's tables, in order."""
    rows = re.findall(r"<tr>.*?</tr>", response.content.decode(), re.S)
    found = [re.search(r"[\w.+-]+@[\w.-]+\w", words(row)) for row in rows]
    return [match[0] for match in found if match]


def invite(browser, email: str, **fields: str) -> str:
    """Acme's Admin invites; the path of the link."""
    answer = browser("admin@acme.example").post(HERE + "invitations/", {"email": email, **fields})
    assert answer.status_code == 303, answer.content.decode()[:500]
    return link_of("acme", email)
