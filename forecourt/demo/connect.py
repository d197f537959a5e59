"""The sample world's product Connect: `examples/connect`, registered with the portal and started
beside it, so that its customers have something to open."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import logging
import os
import socket
import sys
from pathlib import Path

#: In a clone; a portal that was installed as a package has no examples, and so no Connect.
PROGRAM = Path(__file__).resolve().parent.parent.parent / "examples" / "connect" / "connect.py"
CLIENT_ID = "sample-connect"
#: From the portal's port on: near it, and the same one at every start.
APART, TRIED = 100, 20
#: Who can open it, besides the Admin of Globex: one of them in two organizations.
SEATS = {
    "acme": ["admin@acme.example", "member@acme.example", "both@example.com"],
    "globex": ["both@example.com"],
}


def free_address(portal_port: int) -> str:
    """Where Connect can listen on this machine."""
    first = portal_port + APART
    for port in (*range(first, first + TRIED), 0):
        with socket.socket() as probe, contextlib.suppress(OSError, OverflowError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return f"http://localhost:{probe.getsockname()[1]}"
    raise OSError("no port of this machine is free")


def register(address: str) -> dict[str, str]:
    """Let Connect sign people in, from this address; returns what it has to know, as its
    environment. The same again at each start: its port may be another."""
    from allauth.idp.oidc.models import Client
    from django.conf import settings
    from django.db import transaction

    from forecourt.core.sealing import derive_tokens, fingerprint
    from forecourt.products.launching import client_rules
    from forecourt.products.models import Product, ProductClient

    secret = next(derive_tokens("sample-client", CLIENT_ID))
    places = client_rules.Addresses(
        redirect_uris=[f"{address}/callback"],
        logout_uris=[f"{address}/"],
        launch_url=f"{address}/sign-in",
        logout_url=f"{address}/back-channel-logout",
    )
    client, _other_secret = client_rules.made("Connect", places, False, False, True)
    client.id, client.secret = CLIENT_ID, fingerprint(secret)
    with transaction.atomic():
        product = Product.objects.get(slug="connect")
        Product.objects.filter(pk=product.pk).update(url=f"{address}/")
        client.save(force_update=Client.objects.filter(pk=CLIENT_ID).exists())
        ProductClient.objects.update_or_create(
            client=client,
            defaults={
                "product": product,
                "launch_url": places.launch_url,
                "logout_url": places.logout_url,
                "disabled_at": None,
            },
        )
    return {
        "PORTAL_URL": settings.PUBLIC_URL,
        "CONNECT_URL": address,
        "CONNECT_CLIENT_ID": CLIENT_ID,
        "CONNECT_CLIENT_SECRET": secret,
    }


def licenses() -> None:
    """Acme's license of Connect, and the seats: in the demo alone, not in the tests' world."""
    from django.utils import timezone

    from forecourt.core import scope
    from forecourt.demo.catalog import key_of
    from forecourt.orgs.models import Membership, Organization
    from forecourt.products.models import License, LicenseKey, Product, Seat

    product, now = Product.objects.get(slug="connect"), timezone.now()
    for number, slug in enumerate(SEATS, start=1):
        with scope.organization(number):
            house = Organization.objects.get(pk=number, slug=slug)
            granted, is_new = License.objects.get_or_create(
                organization=house,
                product=product,
                defaults={
                    "plan": "Team",
                    "seats": 5,
                    "starts_at": now - dt.timedelta(days=80),
                    "ends_at": now + dt.timedelta(days=285),
                },
            )
            if is_new:
                key = key_of(granted)
                LicenseKey.objects.create(organization=house, license=granted, key=key)
            members = Membership.objects.filter(organization=house, user__email__in=SEATS[slug])
            for member in members:
                Seat.objects.create(organization=house, license=granted, member=member)


def serve() -> None:
    """Answer for Connect, without a line for each request: there would be codes in them."""
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    sys.path.insert(0, str(PROGRAM.parent))
    app = importlib.import_module("connect").app
    port = int(os.environ["CONNECT_URL"].rpartition(":")[2])
    make_server("127.0.0.1", port, app, threaded=True).serve_forever()


if __name__ == "__main__":
    serve()
