"""The programs that sign people in: the vendor's staff let them, and take it back."""

import datetime as dt
import secrets
from dataclasses import dataclass
from typing import Any

from allauth.idp.oidc.models import Client
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused
from forecourt.core.resealing import Tally, reseal_rows
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
    is_public: bool = False,
    is_device: bool = False,
    is_own: bool = True,
    **addresses: Any,
) -> NewSecret:
    """Let a program sign people in: to a product (its slug; "": whatever they have licensed).
    `is_public`: it can keep no secret (RFC 6749, 2.1); `addresses`: see `Addresses`. Raises
    Refused."""
    given = rules.Addresses(**addresses)
    rules.check(given, name=name, is_public=is_public, is_device=is_device)
    found = publishing.product_called(product) if product else None
    client, secret = rules.made(name, given, is_public, is_device, is_own)
    client.save(force_insert=True)
    urls = {"launch_url": given.launch_url, "logout_url": given.logout_url}
    made = ProductClient.objects.create(client=client, product=found, **urls)
    token_keys.signer()
    said = {"client_id": client.id, "redirect_uris": [*given.redirect_uris], "own": is_own}
    audit.record(actor, Event.CLIENT_ADDED, made, after=said)
    return NewSecret(made, secret)


@action("rotate_client_secret")
def rotate_client_secret(actor, *, client_id: str, overlap_hours: int = 24) -> NewSecret:
    """Give a program another secret; the one before works on for 0 to 720 hours."""
    found = rules.find(client_id)
    if found.client.type == Client.Type.PUBLIC:
        raise Refused(_("A public client has no secret."))
    if not 0 <= overlap_hours <= rules.LONGEST_OVERLAP:
        raise Refused(_("From 0 to 720 hours."), field="overlap_hours")
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


@action("reseal")
def reseal_token_keys(actor, *, after: int) -> Tally:
    """Bring the private halves under the present SECRET_KEY."""
    rows = list(TokenKey.objects.select_for_update(no_key=True).filter(pk__gt=after))
    thing = TokenKey(kid="all")
    return reseal_rows(actor, rows, thing=thing, read=_read, write=_write)


def _read(key: TokenKey) -> bytes:
    return bytes(key.private)


def _write(key: TokenKey, sealed: bytes) -> None:
    key.private = sealed
    key.save(update_fields=["private"])


@action("rotate_token_key")
def rotate_token_key(actor, *, at_once: bool = False) -> TokenKey:
    """Have a new key sign tokens from tomorrow on, when every product knows it (`at_once`: from
    now on, where the former one was stolen)."""
    return token_keys.replace(at_once=at_once, by=actor)
