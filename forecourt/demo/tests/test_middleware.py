"""The demo is at one address."""

import pytest


@pytest.fixture(autouse=True)
def at_localhost(db, settings):
    settings.PUBLIC_URL, settings.ALLOWED_HOSTS = "http://localhost:8000", ["localhost"]


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "127.0.0.1", "[::1]:8000", "0.0.0.0:8000"])
def test_whoever_types_the_number_is_sent_to_the_name(client, host):
    answer = client.get("/accounts/login/?next=/o/acme/", headers={"host": host})
    assert answer.status_code == 302
    assert answer["Location"] == "http://localhost:8000/accounts/login/?next=/o/acme/"


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "[::1", "192.0.2.1"])
def test_nobody_else_is(client, host):
    assert client.get("/accounts/login/", headers={"host": host}).status_code == 400


def test_a_form_for_another_name_is_refused(client):
    assert client.post("/accounts/login/", headers={"host": "127.0.0.1:8000"}).status_code == 400


def test_a_portal_with_another_name_sends_nobody(client, settings):
    settings.PUBLIC_URL = "http://testserver"
    answer = client.get("/accounts/login/", headers={"host": "127.0.0.1"})
    assert answer.status_code == 400
