"""`client`: which programs sign people in by the portal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from forecourt.config.commands.staff import as_staff, say, staff

if TYPE_CHECKING:
    from forecourt.products.actions.clients import NewSecret


@as_staff
def client(asked: argparse.Namespace) -> None:
    """Add, list or change."""
    match asked.verb:
        case "add":
            _add(asked)
        case "list":
            _list()
        case "rotate":
            _rotate(asked)
        case "disable":
            _disable(asked.client_id)
        case _:
            _rotate_key(at_once=asked.at_once)


def _add(asked: argparse.Namespace) -> None:
    from forecourt.products.actions import add_client

    made = add_client(
        staff(),
        name=asked.name,
        product=asked.product,
        redirect_uris=asked.redirect,
        logout_uris=asked.after_logout,
        launch_url=asked.launch,
        logout_url=asked.logout,
        is_public=asked.public,
        is_device=asked.device,
        is_own=not asked.ask_consent,
    )
    say(f"{made.client.name} can sign people in.")
    _say_secret(made)


def _say_secret(made: NewSecret) -> None:
    say(f"client_id      {made.client.client_id}")
    if made.secret:
        say(f"client_secret  {made.secret}")
        say("Keep the secret now: nobody can read it again.")


def _list() -> None:
    from forecourt.products.models import ProductClient

    rows = ProductClient.objects.select_related("client", "product").order_by("client__name")
    for found in rows:
        product = found.product.slug if found.product else "-"
        state = "disabled" if found.disabled_at else found.client.type
        say(f"{found.client_id}  {found.name}  {product}  {state}")


def _rotate(asked: argparse.Namespace) -> None:
    from forecourt.products.actions import rotate_client_secret

    made = rotate_client_secret(staff(), client_id=asked.client_id, overlap_hours=asked.overlap)
    say(f"{made.client.name} has another secret; the one before works for {asked.overlap} h more.")
    _say_secret(made)


def _disable(client_id: str) -> None:
    from forecourt.products.actions import disable_client

    found = disable_client(staff(), client_id=client_id)
    say(f"{found.name} signs in nobody any more.")


def _rotate_key(*, at_once: bool) -> None:
    from django.utils.timezone import localtime

    from forecourt.products.actions import rotate_token_key

    key = rotate_token_key(staff(), at_once=at_once)
    say(f"{key.kid} signs tokens from {localtime(key.signs_from):%Y-%m-%d %H:%M} on.")
