"""The vendor's staff let programs sign people in, in the console."""

import re

import pytest

from forecourt.console.tests.test_catalog import HERE, events, noted
from forecourt.console.tests.test_console import STAFF, at_work
from forecourt.products.models import ProductClient
from tests.cast import prove, run_jobs, signed_in

NEW = f"{HERE}clients/new/"
BACK = "https://connect.example/done"
CLIENT = {"name": "Connect", "product": "connect", "redirect_uris": f"{BACK}\r\n{BACK}2\r\n\r\n"}
SECRET = re.compile(r'id="client-secret">([^<]+)<')


def test_a_secret_is_shown_once_on_a_page_that_nobody_keeps(world):
    """A118, A197."""
    client = at_work("catalog")
    answer = client.post(NEW, {**CLIENT, "launch_url": "https://connect.example/in"})
    assert answer.status_code == 200 and "no-store" in answer["Cache-Control"]
    secret = SECRET.search(answer.content.decode())[1]
    made = ProductClient.objects.get()
    assert made.knows(secret) and made.client.get_redirect_uris() == [BACK, BACK + "2"]
    assert made.is_own and made.product.slug == "connect"
    for address in ("clients/", f"clients/{made.client_id}/", "connect/"):
        page = client.get(HERE + address).content.decode()
        assert secret not in page and made.client_id in page
    assert secret not in str([row.after for row in noted()])
    assert events() == ["client.token_key_made", "client.added"]


def test_a_public_client_has_no_secret(world):
    form = {"name": "CLI", "is_public": "on", "is_device": "on", "asks": "on"}
    made_at = at_work().post(NEW, form)["Location"]
    made = ProductClient.objects.get()
    assert made_at == f"{HERE}clients/{made.client_id}/" and not made.is_own
    page = at_work().get(made_at).content.decode()
    assert "It can keep none" in page and "Replace the secret" not in page
    page = at_work().post(f"{made_at}secret/", {"overlap_hours": "1"})
    assert page.status_code == 422 and "no secret" in page.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "required"),
        ({"product": "none"}, "valid choice"),
        ({"redirect_uris": ""}, "needs an address"),
        ({"redirect_uris": "http://connect.example/"}, "whole address"),
        ({"redirect_uris": f"{BACK}\njavascript:alert(1)"}, "whole address"),
        ({"logout_uris": "https://*.example/"}, "whole address"),
        ({"launch_url": "https://me@x.example/"}, "whole address"),
        ({"logout_url": "ftp://x.example/"}, "whole address"),
        ({"is_device": "on"}, "it is public"),
    ],
)
def test_a_client_that_could_lead_elsewhere_is_refused_at_its_field(world, change, said):
    """A109."""
    page = at_work().post(NEW, {**CLIENT, **change})
    assert page.status_code == 422 and said in page.content.decode()
    assert BACK in page.content.decode() or "redirect_uris" in change
    assert not ProductClient.objects.exists() and events() == []


def test_a_secret_is_replaced_while_both_work(world):
    client = at_work("catalog")
    former = SECRET.search(client.post(NEW, CLIENT).content.decode())[1]
    made = ProductClient.objects.get()
    there = f"{HERE}clients/{made.client_id}/secret/"
    assert client.post(there, {"overlap_hours": "721"}).status_code == 422
    assert client.post(there, {"overlap_hours": ""}).status_code == 422
    answer = client.post(there, {"overlap_hours": "48"})
    assert "no-store" in answer["Cache-Control"]
    secret, made = SECRET.search(answer.content.decode())[1], ProductClient.objects.get()
    assert secret != former and made.knows(secret) and made.knows(former)
    assert "Two work until" in client.get(f"{HERE}clients/{made.client_id}/").content.decode()


def test_a_client_is_disabled_once_it_was_confirmed(world):
    client = at_work("catalog")
    client.post(NEW, CLIENT)
    made = ProductClient.objects.get()
    there = f"{HERE}clients/{made.client_id}/disabling/"
    assert "cannot be undone" in client.get(there).content.decode()
    assert ProductClient.objects.get().disabled_at is None
    assert client.post(there).status_code == 303 and client.post(there).status_code == 303
    run_jobs()
    assert ProductClient.objects.get().disabled_at and events().count("client.disabled") == 1
    page = client.get(f"{HERE}clients/{made.client_id}/").content.decode()
    assert "Disabled" in page and "Replace the secret" not in page


def test_secrets_want_a_fresh_proof(world):
    """O26."""
    at_work().post(NEW, CLIENT)
    made = ProductClient.objects.get()
    client = signed_in(STAFF)
    prove(client, "password", "mfa", minutes_ago=20)
    for address in (NEW, f"{HERE}clients/{made.client_id}/secret/"):
        for answer in (client.get(address), client.post(address, {**CLIENT, "name": "Other"})):
            assert "reauthenticate" in answer["Location"]
    assert ProductClient.objects.count() == 1


@pytest.mark.parametrize("duty", ["support", "finance"])
def test_who_is_not_there_for_the_catalog_only_looks(world, duty):
    """A191."""
    at_work().post(NEW, CLIENT)
    made, client = ProductClient.objects.get(), at_work(duty)
    page = client.get(f"{HERE}clients/{made.client_id}/").content.decode()
    assert BACK in page and "Replace the secret" not in page and "Disable<" not in page
    for address in (
        NEW,
        *(f"{HERE}clients/{made.client_id}/{end}/" for end in ("secret", "disabling")),
    ):
        assert client.post(address, CLIENT).status_code == 403
    assert ProductClient.objects.get().disabled_at is None


def test_the_list_of_clients_takes_as_many_queries_for_many(world, django_assert_max_num_queries):
    client = at_work()
    for number in range(8):
        client.post(NEW, {**CLIENT, "name": f"Program {number}"})
    with django_assert_max_num_queries(10):
        assert "Program 7" in client.get(f"{HERE}clients/").content.decode()
