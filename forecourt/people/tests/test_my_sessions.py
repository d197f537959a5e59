"""Where one is signed in, and how one signed in: on the page, and out of anybody else's reach.
A064, A065, A070."""

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

from forecourt.core import scope
from forecourt.core.models import AuditEvent
from forecourt.people import places
from forecourt.people.actions.profile import mark_of
from forecourt.people.models import FactorReset, Session, User
from tests.cast import PASSWORD, organization

MOSS, ADMIN, HERE = "member@acme.example", "admin@acme.example", "/profile/"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1"
)


def words(answer) -> str:
    return answer.content.decode()


def test_each_session_says_device_place_and_when(world, browser):
    browser(MOSS, headers={"User-Agent": PHONE})
    page = words(browser(MOSS).get(HERE))
    assert "Safari on iPhone" in page and "this network · 127.0.0.1" in page
    assert page.count("This one") == 1 and page.count("last seen") == 2


def test_the_page_holds_no_key_of_a_session(world, browser):
    here, there = browser(MOSS), browser(MOSS)
    page = words(here.get(HERE))
    for client in (here, there):
        assert client.session.session_key not in page
    assert mark_of(there.session.session_key) in page


def test_a_session_that_ran_out_is_not_shown(world, browser):
    here, there = browser(MOSS), browser(MOSS)
    there_row = Session.objects.filter(session_key=there.session.session_key)
    there_row.update(expire_date=timezone.now())
    assert mark_of(there.session.session_key) not in words(here.get(HERE))


def test_sign_ins_are_shown_to_their_person_alone(world, browser):
    browser(ADMIN, headers={"User-Agent": PHONE})
    browser(MOSS)
    page = words(browser(MOSS).get(HERE))
    assert page.count("with the password") == 2 and "iPhone" not in page


def test_a_second_factor_that_did_not_fit_is_among_them(world, browser):
    user, client = User.objects.get(email=MOSS), browser(MOSS)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "broken"})
    stranger = browser()
    stranger.post("/accounts/login/", {"login": MOSS, "password": PASSWORD})
    stranger.post("/accounts/second-factor/", {"code": "123456"})
    assert "did not fit" in words(client.get(HERE))


@pytest.mark.parametrize("organizations", [0, 3])
def test_the_page_costs_the_same_whatever_one_belongs_to(
    world, browser, django_assert_num_queries, organizations
):
    user = User.objects.get(email=MOSS)
    client = browser(MOSS)
    for slug in ("globex", "initech")[:organizations]:
        organization(slug).memberships.create(user=user)
    for _more in range(organizations):
        browser(MOSS)
    client.get(HERE)
    with django_assert_num_queries(8):  # and the cast's clearing is one of them
        client.get(HERE)


def test_whoever_lost_no_factor_stops_its_reset(world, browser):
    """cancel_factor_reset."""
    user, due = User.objects.get(email=MOSS), timezone.now() + timezone.timedelta(hours=72)
    row = FactorReset.objects.create(user=user, asked_by="somebody", reason="lost", due_at=due)
    client = browser(MOSS)
    assert "Stop it" in words(client.get(HERE)) and "Stop it" not in words(browser(ADMIN).get(HERE))
    assert browser(ADMIN).post(f"{HERE}factor-reset/ending/").status_code == 404
    assert client.post(f"{HERE}factor-reset/ending/").status_code == 303
    row.refresh_from_db()
    assert row.canceled_at and "Stop it" not in words(client.get(HERE))
    assert client.post(f"{HERE}factor-reset/ending/").status_code == 404


#: Numbers of the file's own description that are longer than two bytes: how each begins.
LONG = {"node_count": bytes([6 << 5 | 4]), "build_epoch": bytes([8, 2])}


def packed(value, name: str = "") -> bytes:
    """A value as a MaxMind DB file holds it (its format, version 2.0)."""
    if isinstance(value, dict):
        pairs = (packed(key) + packed(each, key) for key, each in value.items())
        return bytes([7 << 5 | len(value)]) + b"".join(pairs)
    if isinstance(value, list):
        return bytes([len(value), 4]) + b"".join(map(packed, value))
    if isinstance(value, int):
        begin = LONG.get(name, bytes([5 << 5 | 2]))
        return begin + value.to_bytes(begin[0] & 31, "big")
    return bytes([2 << 5 | len(value)]) + value.encode()


@pytest.fixture
def everywhere_is_berlin(tmp_path, settings):
    """A database of places with one place."""
    found = {"city": {"names": {"en": "Berlin"}}, "country": {"names": {"en": "Germany"}}}
    about = {"node_count": 1, "record_size": 24, "ip_version": 4, "database_type": "Test"}
    about |= {"binary_format_major_version": 2, "binary_format_minor_version": 0}
    about |= {"build_epoch": 1_700_000_000, "languages": ["en"], "description": {"en": "A test"}}
    to_place = (1 + 16).to_bytes(3, "big")
    made = to_place * 2 + bytes(16) + packed(found) + b"\xab\xcd\xefMaxMind.com" + packed(about)
    (tmp_path / "places.mmdb").write_bytes(made)
    settings.GEOIP_DATABASE = str(tmp_path / "places.mmdb")


def test_a_place_is_told_by_the_vendors_own_file(world, browser, everywhere_is_berlin):
    client = browser(MOSS)
    Session.objects.filter(user__email=MOSS).update(address="81.2.69.142")
    assert "Berlin, Germany · 81.2.69.142" in words(client.get(HERE))
    assert places.place_of("2001:4860:4860::8888") == ""


@pytest.mark.parametrize("content", [None, b"", b"no database"])
def test_without_a_file_that_can_be_read_there_is_the_address(tmp_path, settings, content):
    settings.GEOIP_DATABASE = str(tmp_path / "places.mmdb")
    if content is not None:
        (tmp_path / "places.mmdb").write_bytes(content)
    assert places.place_of("81.2.69.142") == ""
    assert places.place_of("10.0.0.7") == "this network" and places.place_of(None) == ""


def test_what_is_done_to_a_session_is_in_the_log(world, browser):
    here, there = browser(MOSS), browser(MOSS)
    here.post(f"{HERE}sessions/{mark_of(there.session.session_key)}/ending/")
    with scope.across_organizations("a test looks"):
        noted = AuditEvent.objects.get(event="person.session_ended")
    assert noted.person_id == User.objects.get(email=MOSS).pk and noted.actor_label == MOSS
