"""Invitations: places that were offered and not yet taken."""

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from forecourt.core import sealing
from forecourt.orgs.permissions import Role, role_label

ADMIN_LIFE = dt.timedelta(hours=72)


class Invitation(models.Model):
    """A place in an organization, offered to one address.

    Its link holds a token that is derived from `handle` and `generation`; the row keeps the
    token's hash alone. Resending raises the generation: the link before is dead. One that was
    prepared and never sent has generation 0, and its term is over from the beginning.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        REVOKED = "revoked"

    organization = models.ForeignKey(
        "orgs.Organization", on_delete=models.CASCADE, related_name="invitations"
    )
    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    # What the person is called, where whoever prepared it knows.
    name = models.CharField(max_length=120, blank=True, default="", db_default="")
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    # The licenses of which they get a seat when they join, as far as one is left then.
    licenses = ArrayField(models.BigIntegerField(), default=list, db_default=[])
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    # The vendor's word: the role stands whatever becomes of a person who invited.
    by_vendor = models.BooleanField(default=False)
    inviter_label = models.CharField(max_length=254)
    generation = models.PositiveIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                name="one_pending_invitation",
                condition=Q(status="pending"),
            ),
            models.CheckConstraint(
                name="invited_role_is_known", condition=Q(role__in=["member", "admin"])
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["organization", "-id"],
                name="pending_in_order",
                condition=Q(status="pending"),
            ),
            models.Index(
                fields=["email"], name="pending_by_address", condition=Q(status="pending")
            ),
            models.Index(
                fields=["id"],
                name="prepared_in_order",
                condition=Q(status="pending", generation=0),
            ),
        ]

    #: Said by the list, for its reader: whether they may resend and revoke it, and whether its
    #: mail was refused for good.
    may_manage = False
    undeliverable = False

    def __str__(self) -> str:
        return self.email

    def renew(self, days: int) -> None:
        """Give it a new link and a new term: `days`, and 72 hours at most where it makes an Admin."""
        now = timezone.now()
        life = dt.timedelta(days=days)
        if self.role == Role.ADMIN:
            life = min(life, ADMIN_LIFE)
        self.sent_at, self.expires_at = now, now + life
        self.token_hash = sealing.fingerprint(next(self._tokens()))

    def token(self) -> str | None:
        """The present link's token; None when the key it was made with is no longer known."""
        for token in self._tokens():
            if sealing.fingerprint(token) == self.token_hash:
                return token
        return None

    def _tokens(self):
        return sealing.derive_tokens("invitation", self.handle, self.generation)

    @property
    def is_unsent(self) -> bool:
        """Whether it was prepared, and nobody has sent it yet."""
        return self.generation == 0

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        """Whether it can be answered now. Its organization has to be read with it."""
        is_shut = self.is_expired or self.organization.is_suspended
        return self.status == self.Status.PENDING and not is_shut

    @property
    def role_label(self) -> str:
        return role_label(self.role)

    @property
    def about(self) -> str:
        """What its present mail is about, in the list of mails."""
        return f"invitation:{self.pk}:{self.generation}"
