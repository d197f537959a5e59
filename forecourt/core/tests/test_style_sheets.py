"""Pages outside of the rooms have a style sheet of their own, without what only rooms need."""

import re

import pytest
from django.test import Client

from forecourt.core import assets
from tests.cast import link_of


def heads(text: str) -> set[str]:
    """The classes that rules begin with: those that they are about."""
    return set(re.findall(r"[{},]\.([a-z][a-z0-9_-]*)", text))


GATE, ROOMS = heads(assets.styles(assets.INSIDE)), heads(assets.styles(assets.OUTSIDE))
OUTSIDE = ["login", "signup", "password/reset", "login/code", "signup/passkey"]


@pytest.mark.parametrize("page", [*OUTSIDE, "nothing", "invitation", "mailbox"])
def test_a_page_outside_of_the_rooms_has_every_rule_that_it_uses(world, browser, page):
    there = {"invitation": "", "mailbox": "/demo/mail/"}.get(page, f"/accounts/{page}/")
    html = browser().get(there or link_of("acme", "new.hire@acme.example")).content.decode()
    used = {name for each in re.findall(r'class="([^"]*)"', html) for name in each.split()}
    assert assets.asset("gate.css") in html
    assert used & (ROOMS - GATE) == set()


def test_the_sign_in_page_has_its_icons_in_itself(world):
    """So that a first visit waits for one file less."""
    html = Client().get("/accounts/login/").content.decode()
    assert "/static/icons." not in html and html.count('<svg class="icon"') >= 3


def test_a_page_of_a_room_has_the_other_one(world, browser):
    html = browser("admin@acme.example").get("/o/acme/members/").content.decode()
    used = {name for each in re.findall(r'class="([^"]*)"', html) for name in each.split()}
    assert assets.asset("forecourt.css") in html and "gate.css" not in html
    assert used & (GATE - ROOMS) == set()
