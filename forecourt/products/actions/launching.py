"""Signing in to products: begun, and ended."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Forbidden
from forecourt.orgs.models import lock
from forecourt.orgs.permissions import Permission
from forecourt.products.events import Event
from forecourt.products.launching import marks, standing
from forecourt.products.models import Launch, ProductClient


@action(Permission.VIEW_PRODUCTS)
def start_launch(
    actor,
    *,
    client: ProductClient,
    session: str | None,
    proved_at: dt.datetime,
    scopes: Collection[str],
) -> Launch:
    """Sign a member in to a product, as long as their browser's `session` in the portal lasts
    (None: for a device, until somebody cuts it off). Raises Forbidden without license or seat."""
    if client.disabled_at is not None or not standing.of(actor, client).is_good:
        raise Forbidden("launch")
    launch = _open_one(actor, client, session) or _new_one(actor, client, session)
    is_new = launch.pk is None
    launch.proved_at, launch.role, launch.scopes = proved_at, actor.role, " ".join(scopes)
    launch.save()
    if is_new:
        audit.record(actor, Event.LAUNCHED, launch, after={"product": client.name})
    else:  # A product may ask every minute, silently, whether somebody is still there.
        audit.unchanged()
    return launch


def _open_one(actor, client: ProductClient, session: str | None) -> Launch | None:
    """The sign-in to this product that goes on already, in this organization and browser."""
    if session is None:
        return None
    mine = Launch.objects.filter(organization_id=actor.organization_id, member=actor)
    return mine.filter(client=client, session_id=session, ended_at=None).first()


def _new_one(actor, client: ProductClient, session: str | None) -> Launch:
    made = Launch(organization=actor.organization, user=actor.user, member=actor, client=client)
    made.session_id, made.is_device = session, session is None
    return made


@action("end_launches")
def end_launches(actor, *, why: str, **which: Any) -> list[Launch]:
    """End those sign-ins of the organization that go on (`which`: conditions of their rows), with
    all their tokens; the products are told after it."""
    lock(actor.organization_id)
    rows = Launch.objects.select_related("client__client", "user").order_by("pk")
    found = list(rows.filter(organization_id=actor.organization_id, ended_at=None, **which))
    for launch in found:
        launch.ended_at = timezone.now()
        launch.save(update_fields=["ended_at"])
        marks.forget([marks.mark(launch)])
        said = {"product": launch.client.name, "why": why}
        audit.record(actor, Event.LAUNCH_ENDED, launch, after=said)
        if launch.client.logout_url:
            ids = {"organization_id": actor.organization_id, "launch_id": launch.pk}
            later("products.send_logout", **ids)
    if not found:
        audit.unchanged()
    return found
