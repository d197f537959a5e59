"""Handing out files."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db.models import Exists, QuerySet
from django.db.models.fields.json import KT

from forecourt.core import audit
from forecourt.core.actions import action
from forecourt.core.models import AuditEvent
from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Gone
from forecourt.orgs.permissions import Permission
from forecourt.products.downloads import entitled
from forecourt.products.events import Event
from forecourt.products.models import Artifact

#: What is needed of it at every range; a release's notes are long.
FACTS = ("file_name", "size", "sha256", "created_at", "release__version", "release__product__name")


@action(Permission.VIEW_PRODUCTS)
def download(actor, *, file_name: str, sends: Callable[[Artifact], bool]) -> Artifact:
    """Let a link's holder have its file, if the organization may have it now. It is noted once a
    link, when it first `sends` bytes: the ranges of one download are one download."""
    link = actor.link
    found = _find(
        organization_id=link.organization_id,
        pk=link.artifact_id,
        file_name=file_name,
        link=link.id,
        since=link.made,
    )
    if not found:
        raise Gone
    artifact: Any = found[0]
    if artifact.is_noted or not sends(artifact):
        audit.unchanged()
    else:
        after = {"link": link.id, "release": str(artifact.release)}
        audit.record(actor, Event.DOWNLOADED, artifact, after=after)
    return artifact


def _look_up(
    organization_id: int, pk: int, file_name: str, link: str, since: dt.datetime
) -> QuerySet[Artifact]:
    """The artifact, and whether this link was noted since it was made."""
    noted = AuditEvent.objects.alias(link=KT("after__link")).filter(
        organization_id=organization_id, event=Event.DOWNLOADED, at__gte=since, link=link
    )
    return (
        entitled(organization_id)
        .only(*FACTS)
        .filter(pk=pk, file_name=file_name)
        .annotate(is_noted=Exists(noted))
    )


_find = Prepared(
    _look_up,
    organization_id=-1,
    pk=-2,
    file_name="the file's name",
    link="the link's id",
    since=dt.datetime(1900, 1, 1, tzinfo=dt.UTC),
)
