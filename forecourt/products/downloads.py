"""What an organization may download, and the signed links that hand it out.

A link names a member and an artifact and lives for a day. It proves nothing but that we made it:
whether that member may have that file is asked at every request anew.
"""

import datetime as dt
import secrets
from dataclasses import dataclass

from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from forecourt.core.refusals import Gone
from forecourt.orgs.models import Membership
from forecourt.products.models import Artifact, License

LIFE = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Link:
    """A link: whose, for which artifact, under which id the audit log knows it, and since when
    (seconds)."""

    organization_id: int
    member_id: int
    artifact_id: int
    id: str
    made_at: int

    @property
    def made(self) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.made_at, dt.UTC)

    @property
    def dies(self) -> dt.datetime:
        return self.made + LIFE

    def address(self, artifact: Artifact) -> str:
        """Its path and its file name, as curl writes it to the disk."""
        values = [getattr(self, name) for name in self.__dataclass_fields__]
        return reverse("download", args=[_signer().sign_object(values), artifact.file_name])


def link(member: Membership, artifact: Artifact) -> Link:
    """A new link of this member to this artifact."""
    now = int(timezone.now().timestamp())
    return Link(member.organization_id, member.pk, artifact.pk, secrets.token_urlsafe(9), now)


def read(token: str) -> Link:
    """The link that this token is; raises Gone for a forged and for a dead one."""
    try:
        found = Link(*_signer().unsign_object(token))
    except signing.BadSignature:
        raise Gone from None
    if found.dies <= timezone.now():
        raise Gone
    return found


def entitled(organization_id: int) -> QuerySet[Artifact]:
    """The artifacts that the organization may have now, with their release and product: what is
    published, not withdrawn, and covered by a license, as `License.covers` says it of one."""
    return Artifact.objects.select_related("release__product").filter(
        Exists(_covering(organization_id)),
        release__withdrawn_at=None,
        release__published_at__lte=Now(),
    )


def _covering(organization_id: int) -> QuerySet[License]:
    return License.objects.filter(
        Q(ends_at=None) | Q(ends_at__gte=OuterRef("release__published_at")),
        License.not_stopped(),
        organization_id=organization_id,
        product_id=OuterRef("release__product_id"),
        starts_at__lte=Now(),
    )


def _signer() -> signing.Signer:
    return signing.Signer(salt="forecourt.downloads")
