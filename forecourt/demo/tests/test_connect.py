"""The sample world's product Connect: registered at each start, wherever it listens."""

import socket

from forecourt.demo import connect
from forecourt.products.models import Product, ProductClient
from tests.cast import organization

FIRST, SECOND = "http://localhost:8100", "http://localhost:8101"


def test_connect_is_registered_anew_at_each_start(world):
    before = connect.register(FIRST)
    ProductClient.objects.get()
    after = connect.register(SECOND)
    made = ProductClient.objects.select_related("client", "product").get()
    assert made.client.get_redirect_uris() == [f"{SECOND}/callback"]
    assert made.launch_url == f"{SECOND}/sign-in" and made.product.slug == "connect"
    assert Product.objects.get(slug="connect").url == f"{SECOND}/"
    secret = after["CONNECT_CLIENT_SECRET"]
    assert secret == before["CONNECT_CLIENT_SECRET"] and made.knows(secret)


def test_three_of_acme_may_open_it_and_one_of_them_for_globex_too(world):
    connect.licenses()
    acme, both = (
        ["admin@acme.example", "both@example.com", "member@acme.example"],
        "both@example.com",
    )
    for slug, expected in (("acme", acme), ("globex", ["admin@globex.example", both])):
        held = organization(slug).licenses.get(product__slug="connect")
        assert sorted(held.seats_taken.values_list("member__user__email", flat=True)) == expected


def test_it_listens_a_hundred_ports_further_or_where_there_is_room():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = connect.free_address(port - connect.APART)
    assert found.startswith("http://localhost:") and found != f"http://localhost:{port}"
    assert int(connect.free_address(65_530).rpartition(":")[2]) < 65_536
