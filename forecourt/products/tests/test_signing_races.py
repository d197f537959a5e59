"""Several at once need the first signing key, or replace it: one makes it, all go on with it."""

import pytest

from forecourt.core.actors import System
from forecourt.products import actions
from forecourt.products.models import License, SigningKey
from forecourt.products.tests.test_license_files import license_of, said
from forecourt.products.tests.test_signing_keys import events
from tests.test_races import at_once

HOUSE = System(label="a test")


def issue(held: License) -> str:
    """The key that the file was signed with."""
    asked = System(held.organization_id)
    return said(actions.issue_license_file(asked, license_id=held.pk).text)["kid"]


@pytest.fixture
def licenses(committed_world) -> list[License]:
    """Of organizations that wait for no lock of each other."""
    return [license_of("acme", "deploy"), license_of("globex", "connect")]


def test_two_first_files_at_once_have_one_key(licenses):
    kids = at_once(*[lambda held=held: issue(held) for held in licenses])
    assert kids == [SigningKey.objects.get().kid] * 2
    assert len(events()) == 1


def test_two_who_rotate_at_once_leave_one_key_that_signs(licenses):
    former = actions.rotate_signing_key(HOUSE)
    keys = at_once(*[lambda: actions.rotate_signing_key(HOUSE)] * 2)
    signs = SigningKey.objects.get(retired_at=None)
    assert signs in keys and former not in keys
    assert SigningKey.objects.count() == len(events()) <= 3


def test_files_that_are_signed_while_the_key_is_replaced_have_one_of_the_two(licenses):
    former = actions.rotate_signing_key(HOUSE)
    asked = [lambda held=held: issue(held) for held in licenses]
    *kids, new = at_once(*asked, lambda: actions.rotate_signing_key(HOUSE))
    assert {*kids} <= {former.kid, new.kid}


def test_two_who_find_the_key_lost_make_one_new_one(licenses, settings):
    former = actions.rotate_signing_key(HOUSE)
    settings.SECRET_KEY = "another one, and the former is nowhere to be found"
    kids = at_once(*[lambda held=held: issue(held) for held in licenses])
    assert kids == [SigningKey.objects.get(retired_at=None).kid] * 2
    assert former.kid not in kids and SigningKey.objects.count() == 2
