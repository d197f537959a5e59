"""The programs that sign people in: the vendor's staff let them, and take it back."""

import datetime as dt
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from allauth.idp.oidc.models import Client
from django.utils import timezone

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.core.sealing import fingerprint
from forecourt.products import publishing
from forecourt.products.events import Event
from forecourt.products.launching import client_rules as rules
from forecourt.products.launching import token_keys
from forecourt.products.models import ProductClient, TokenKey


@dataclass(frozen=True)
class NewSecret:
    """A client and its secret, which nobody can read again; "" for one that keeps none."""

    client: ProductClient
    secret: str


@action("add_client")
def add_client(
    actor,
    *,
    name: str,
    product: str = "",
    redirect_uris: Collection[str] = (),
    logout_uris: Collection[str] = (),
    launch_url: str = "",
    logout_url: str = "",
    is_public: bool = False,
    is_device: bool = False,
    is_own: bool = True,
) -> NewSecret:
    """Let a program sign people in: to a product (its slug; "": whatever they have licensed).
    `redirect_uris`: where it gets its codes; `logout_uris`: where people are sent after signing
    out; `is_public`: it can keep no secret (RFC 6749, 2.1). Raises Refused."""
    given = rules.Addresses(redirect_uris, logout_uris, launch_url, logout_url)
    rules.check(given, name=name, is_public=is_public, is_device=is_device)
    client, secret = rules.made(name, given, is_public, is_device, is_own)
    client.save(force_insert=True)
    made = ProductClient.objects.create(
        client=client,
        product=publishing.product_called(product) if product else None,
        launch_url=launch_url,
        logout_url=logout_url,
    )
    token_keys.signer()
    said = {"client_id": client.id, "redirect_uris": list(redirect_uris), "own": is_own}
    audit.record(actor, Event.CLIENT_ADDED, made, after=said)
    return NewSecret(made, secret)


@action("rotate_client_secret")
def rotate_client_secret(actor, *, client_id: str, overlap_hours: int = 24) -> NewSecret:
    """Give a program another secret; the one before works on for 0 to 720 hours."""
    found = rules.find(client_id)
    if found.client.type == Client.Type.PUBLIC:
        raise Refused("A public client has no secret.")
    if not 0 <= overlap_hours <= rules.LONGEST_OVERLAP:
        raise Refused("From 0 to 720 hours.", field="overlap_hours")
    until = timezone.now() + dt.timedelta(hours=overlap_hours)
    found.former_secret, found.former_until = found.client.secret, until
    secret = secrets.token_urlsafe(32)
    found.client.secret = fingerprint(secret)
    found.client.save(update_fields=["secret"])
    found.save(update_fields=["former_secret", "former_until"])
    said = {"both_work_until": until.isoformat("T", "minutes")}
    audit.record(actor, Event.CLIENT_SECRET_ROTATED, found, after=said)
    return NewSecret(found, secret)


@action("disable_client")
def disable_client(actor, *, client_id: str) -> ProductClient:
    """Let a program sign in nobody any more, and end what it has."""
    found = rules.find(client_id)
    if found.disabled_at is None:
        found.disabled_at = timezone.now()
        found.save(update_fields=["disabled_at"])
        audit.record(actor, Event.CLIENT_DISABLED, found)
        later("products.end_launches_of_client", client_id=found.pk)
    else:
        audit.unchanged()
    return found


@action("rotate_token_key")
def rotate_token_key(actor, *, at_once: bool = False) -> TokenKey:
    """Have a new key sign tokens from tomorrow on, when every product knows it (`at_once`: from
    now on, where the former one was stolen)."""
    return token_keys.replace(at_once=at_once, by=actor)
