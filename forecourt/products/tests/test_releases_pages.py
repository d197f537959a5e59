"""A product's versions, and a release with its notes and files."""

import datetime as dt
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from forecourt.core import markdown
from forecourt.products.models import Product, Release

HERE = "/o/acme/products/deploy/versions/"


def page(client, path=HERE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def member(world, browser):
    return browser("member@acme.example")


def test_versions_stand_newest_first_and_betas_where_they_are_asked_for(member):
    stable, all_of_them = page(member), page(member, HERE + "?channel=beta")
    order = [stable.index(f">{v}<") for v in ("19.4.2", "19.4.1", "19.4.0", "19.3.5", "19.3.0")]
    assert order == sorted(order) and "20.0.0-beta.1" not in stable
    assert all_of_them.index("20.0.0-beta.1") < all_of_them.index("19.4.2")


def test_a_withdrawn_version_says_why_and_cannot_be_had(member):
    assert "can lose schedules" in page(member)
    shown = page(member, HERE + "19.4.1/")
    assert "was withdrawn" in shown and "/products/files/" not in shown


def test_what_came_after_the_end_is_shown_but_cannot_be_had(world, browser):
    globex = browser("admin@globex.example")
    there = "/o/globex/products/deploy/versions/"
    assert "Not in your license" in page(globex, there)
    assert "/products/files/" not in page(globex, there + "19.4.2/")
    assert "/products/files/" in page(globex, there + "19.4.0/")


def test_a_release_shows_its_notes_its_files_and_their_checksums(member):
    shown = page(member, HERE + "19.4.2/")
    assert "<strong>no longer skipped</strong>" in shown and "<h3>Fixed</h3>" in shown
    for artifact in Release.objects.get(version="19.4.2", product__slug="deploy").artifacts.all():
        assert artifact.file_name in shown and artifact.sha256 in shown


@pytest.mark.parametrize("version", ["0.0.1", "x", "19.4.2'", "%00", "v19.4.2", "9" * 300])
def test_a_version_that_is_none_is_not_found(member, version):
    assert member.get(f"{HERE}{version}/").status_code in (400, 404)


def test_hundreds_of_versions_are_read_a_page_at_a_time(member):
    product, when = Product.objects.get(slug="deploy"), timezone.now() - dt.timedelta(days=400)
    for number in range(60):
        Release.objects.create(product=product, version=f"18.{number}.0", published_at=when)
    seen, path = [], HERE
    for _page in range(3):
        shown = page(member, path)
        seen += [f"18.{n}.0" for n in range(60) if f">18.{n}.0<" in shown]
        path = HERE + "?before=" + shown.rpartition('href="?before=')[2].partition('"')[0]
    assert len(seen) == len({*seen}) == 60
    assert ">Next</a>" not in shown and "?after=" in shown
    assert ">18.59.0<" in page(member, HERE + "?after=18.58.0")
    for odd in ("?before=nonsense", "?after=1.x", "?before=&after=", "?channel=evil"):
        page(member, HERE + odd)


def attributes(made) -> set[str]:
    """The names of every attribute that a browser would see."""
    found, parser = set(), HTMLParser()
    parser.handle_starttag = lambda _tag, attrs: found.update(name for name, _value in attrs)
    parser.feed(str(made))
    return found


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://evil.example/pixel.png)",
        '<https://evil.example/"onmouseover=alert(1)>',
        "# <iframe src=//evil.example>",
        "`<style>*{display:none}</style>`",
        '[x](//evil.example "a\\" onclick=alert(1)")',
    ],
)
def test_what_the_vendor_writes_harms_nobody(text):
    made = markdown.html(text).lower()
    for danger in ("<script", "<img", "<iframe", "<style", "<h1", 'href="javascript', 'href="data'):
        assert danger not in made
    assert attributes(made) <= {"href", "title", "rel"}


def test_headings_of_notes_follow_those_of_the_page():
    for top in ("#", "##", "####"):
        assert markdown.html(f"{top} New\n\n{top}# More") == "<h3>New</h3>\n<h4>More</h4>\n"
