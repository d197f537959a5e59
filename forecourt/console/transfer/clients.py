"""Programs that sign people in by the portal. Of their secrets only hashes are known, by which they go
on working."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.models import Client
from django.utils.translation import gettext as _

from forecourt.console.transfer.lines import Line
from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.products import publishing
from forecourt.products.events import Event
from forecourt.products.launching import client_rules as rules
from forecourt.products.launching import token_keys
from forecourt.products.models import ProductClient

#: What stands in the place of the secret of one that keeps none.
NONE = "!"


def rows() -> list[dict[str, Any]]:
    """All of them, in the order in which they came."""
    found = ProductClient.objects.select_related("client", "product").order_by("pk")
    return [
        {
            "client": each.client.id,
            "name": each.client.name,
            "product": each.product.slug if each.product else "",
            "public": each.client.type == Client.Type.PUBLIC,
            "device": Client.GrantType.DEVICE_CODE in each.client.get_grant_types(),
            "own": each.is_own,
            "scopes": each.client.get_scopes(),
            "redirects": each.client.get_redirect_uris(),
            "after_logout": each.client.get_post_logout_redirect_uris(),
            "launch": each.launch_url,
            "logout": each.logout_url,
            "secret": "" if each.client.secret == NONE else each.client.secret,
            "former_secret": each.former_secret,
            "former_until": each.former_until,
            "disabled": each.disabled_at,
            "created": each.created_at,
        }
        for each in found
    ]


def check(lines: list[Line], products: set[str]) -> None:
    """Say what would become of each, and which are wrong. One that is there is left alone."""
    there = set(ProductClient.objects.values_list("client_id", flat=True))
    for line in lines:
        line.outcome = _("Unchanged") if line.values.get("client") in there else _("New")
        product = line.values.get("product")
        if not line.problem and product and product not in products:
            line.problem = _("product: There is no product “%s”.") % product


@action("import_client")
def import_client(actor, *, said: dict[str, Any]) -> ProductClient:
    """Let a program sign people in that did so elsewhere, by the secret that it has. Raises Refused."""
    product = publishing.product_called(said["product"]) if said.get("product") else None
    client = _client(said)
    client.save(force_insert=True)
    made = ProductClient.objects.create(
        client=client,
        product=product,
        launch_url=said.get("launch", ""),
        logout_url=said.get("logout", ""),
        former_secret=said.get("former_secret", ""),
        former_until=said.get("former_until"),
        disabled_at=said.get("disabled"),
        **({"created_at": said["created"]} if said.get("created") else {}),
    )
    token_keys.signer()
    after = {"client_id": client.id, "redirect_uris": client.get_redirect_uris()}
    audit.record(actor, Event.CLIENT_ADDED, made, after={**after, "own": client.skip_consent})
    return made


def _client(said: dict[str, Any]) -> Client:
    """allauth's row, not saved yet; raises Refused."""
    is_public, is_device = said.get("public", False), said.get("device", False)
    given = rules.Addresses(
        redirect_uris=said.get("redirects", []),
        logout_uris=said.get("after_logout", []),
        launch_url=said.get("launch", ""),
        logout_url=said.get("logout", ""),
    )
    rules.check(given, name=said["name"], is_public=is_public, is_device=is_device)
    secret, former = said.get("secret", ""), said.get("former_secret", "")
    if is_public == bool(secret):
        raise Refused(_("A public client has no secret, and every other one has."), field="secret")
    if bool(former) != bool(said.get("former_until")):
        raise Refused(_("A former secret works until a day."), field="former_until")
    scopes = said.get("scopes") or rules.SCOPES
    if not {*scopes} <= {*rules.SCOPES}:
        raise Refused(_("Scopes are openid, profile and email."), field="scopes")
    client, _unused = rules.made(said["name"], given, is_public, is_device, said.get("own", False))
    client.id, client.secret = said["client"], secret or NONE
    client.set_scopes(scopes)
    return client
