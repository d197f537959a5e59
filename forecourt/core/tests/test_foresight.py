"""What a template says the same each time is made once, when it is compiled."""

import pytest
from django.template import engines
from django.urls import NoReverseMatch


@pytest.fixture
def pages():
    return engines["jinja2"].env


def made(pages, source: str) -> bool:
    """Whether the template is nothing but text once it is compiled."""
    code = pages.compile(source, raw=True)
    return "resolve(" not in code and "context.call(" not in code


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ('<b title="{{ _("Members") }}">', '<b title="Members">'),
        ("{% trans %}Invite people{% endtrans %}", "Invite people"),
        ('{{ url("account_login") }}', "/accounts/login/"),
        ('{{ asset("forecourt.css") }}', "/static/forecourt."),
        ('{% from "ui/icon.html" import icon %}{{ icon("check", "small") }}', "#check"),
    ],
)
def test_a_call_with_constants_becomes_text(pages, source, says):
    assert says in pages.from_string(source).render()
    assert made(pages, source) or "import" in source


@pytest.mark.parametrize(
    "source", ['{{ _("Join %(name)s", name=name) }}', '{{ url("members", name) }}']
)
def test_a_call_with_a_value_waits_for_it_and_escapes_it(pages, source):
    assert not made(pages, source)
    rendered = pages.from_string(source).render(name="acme")
    assert "acme" in rendered
    if "Join" in source:
        assert "&lt;b&gt;" in pages.from_string(source).render(name="<b>")


def test_an_address_that_is_not_there_is_missed_only_where_it_is_asked_for(pages):
    template = pages.from_string('{% if demo_only %}{{ url("no_such_page") }}{% endif %}')
    assert template.render() == ""
    with pytest.raises(NoReverseMatch):
        template.render(demo_only=True)


def test_with_two_languages_sentences_are_translated_when_they_are_said(pages, settings):
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch")]
    assert not made(pages, '{{ _("Members") }}')
