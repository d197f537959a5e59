"""Whose: organizations, the people in them, their contacts, and the vendor's staff."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.functions import Collate, Now, Upper
from django.utils.functional import cached_property

from forecourt.core.prepared import Prepared
from forecourt.core.refusals import Gone
from forecourt.orgs.mail_kinds import OPTIONAL, MailKind, in_order
from forecourt.orgs.permissions import WHILE_VACANT, Permission, Role, granted, role_label
from forecourt.orgs.visits import Visit  # noqa: F401 - a table of this floor


class Organization(models.Model):
    """A customer organization. Exactly one of its contacts is the primary billing contact: it is
    the one this row points to."""

    class WhoMayInvite(models.TextChoices):
        EVERYONE = "everyone"
        ADMINS = "admins"

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    primary_contact = models.OneToOneField(
        "orgs.Contact", on_delete=models.PROTECT, related_name="primary_of"
    )
    who_may_invite = models.CharField(
        max_length=10, choices=WhoMayInvite, default=WhoMayInvite.EVERYONE
    )
    invitation_days = models.PositiveSmallIntegerField(
        default=7, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    # From this day on (UTC) the organization's pages open only to a session with a second factor.
    second_factor_from = models.DateField(null=True)
    # Hours after which a member proves again who they are; null: the vendor's session length.
    session_hours = models.PositiveSmallIntegerField(null=True)
    # Whether license keys are the Admins' alone to see (O16).
    keys_hidden = models.BooleanField(default=False)
    # Since when the vendor keeps it shut, and why: its rows stay as they are meanwhile.
    suspended_at = models.DateTimeField(null=True)
    suspended_reason = models.CharField(max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="invitation_days_1_to_30", condition=Q(invitation_days__range=(1, 30))
            ),
            models.CheckConstraint(
                name="who_may_invite_is_known",
                condition=Q(who_may_invite__in=["everyone", "admins"]),
            ),
            models.CheckConstraint(
                name="session_hours_1_to_720",
                condition=Q(session_hours=None) | Q(session_hours__range=(1, 720)),
            ),
        ]
        indexes: ClassVar = [
            # By how a name begins, in its order, and by what is in it: the staff's search.
            models.Index(Collate(Upper("name"), "C"), name="organizations_by_name"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="organization_trigrams"),
            models.Index(
                fields=["id"],
                name="organizations_suspended",
                condition=Q(suspended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None

    @property
    def withheld(self) -> frozenset[Permission]:
        """What the organization's settings keep from its Members."""
        kept = {
            Permission.INVITE_MEMBERS: self.who_may_invite != self.WhoMayInvite.EVERYONE,
            Permission.SEE_KEYS: self.keys_hidden,
        }
        return frozenset(permission for permission, is_kept in kept.items() if is_kept)


class Contact(models.Model):
    """A person or mailbox that the vendor writes to for the organization; needs no account."""

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="contacts"
    )
    name = models.CharField(max_length=120, blank=True)
    email = models.EmailField(max_length=254)
    phone = models.CharField(max_length=40, blank=True)
    #: The language to write in; empty: the portal's.
    language = models.CharField(max_length=10, blank=True, default="", db_default="")
    #: The kinds of mail that the organization chose for them, and which of those they have left.
    kinds = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    declined = ArrayField(models.CharField(max_length=20), default=list, db_default=[])
    #: When it was shown that they read mail at this address, and want it.
    confirmed_at = models.DateTimeField(null=True)
    #: Since when mail to them comes back, and what the mail server said.
    bounced_at = models.DateTimeField(null=True)
    bounce = models.CharField(max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="contact_kinds_are_known",
                condition=Q(kinds__contained_by=in_order(MailKind)),
            ),
            models.CheckConstraint(
                name="contact_leaves_what_is_optional",
                condition=Q(declined__contained_by=in_order(OPTIONAL)),
            ),
            models.UniqueConstraint(fields=["organization", "email"], name="contact_once"),
            # What a membership's composite key points to (see the migration).
            models.UniqueConstraint(fields=["organization", "id"], name="contact_in_organization"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["email"], name="contacts_by_email"),
            models.Index(
                fields=["bounced_at"],
                name="contacts_bounced",
                condition=Q(bounced_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.email


class Membership(models.Model):
    """A person's place in an organization; as an actor, that person in that organization.

    `contact` is set where this person is also one of the organization's contacts with a verified
    address; the primary contact's rights hang on it (D3).
    """

    kind: ClassVar[str] = "member"

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(max_length=10, choices=Role, default=Role.MEMBER)
    contact = models.OneToOneField(
        Contact, on_delete=models.SET_NULL, null=True, related_name="membership"
    )
    joined_at = models.DateTimeField(db_default=Now())
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organization", "user"], name="member_once"),
            # What a seat's composite key points to.
            models.UniqueConstraint(fields=["organization", "id"], name="member_in_organization"),
            models.CheckConstraint(name="role_is_known", condition=Q(role__in=["member", "admin"])),
        ]
        indexes: ClassVar = [
            models.Index(fields=["organization", "id"], name="members_in_order"),
            models.Index(
                fields=["organization", "id"], name="admins_in_order", condition=Q(role="admin")
            ),
        ]

    def __str__(self) -> str:
        return self.user.email

    @property
    def actor_id(self) -> int:
        return self.user_id

    @property
    def label(self) -> str:
        return self.user.email

    @property
    def role_label(self) -> str:
        return role_label(self.role)

    @property
    def is_primary(self) -> bool:
        """Whether this person is the primary billing contact."""
        return (
            self.contact_id is not None and self.contact_id == self.organization.primary_contact_id
        )

    @property
    def is_shut_out(self) -> bool:
        """Whether the vendor keeps the organization shut."""
        return self.organization.is_suspended

    @cached_property
    def _granted(self) -> frozenset[Permission]:
        return self._grants(is_vacant=False)

    def _grants(self, *, is_vacant: bool) -> frozenset[Permission]:
        return frozenset(
            granted(
                self.role,
                is_primary=self.is_primary,
                withheld=self.organization.withheld,
                is_vacant=is_vacant,
                is_suspended=self.organization.is_suspended,
            )
        )

    def may(self, permission: Permission | str) -> bool:
        """Whether this member may, as the row says it."""
        if permission in self._granted or permission not in WHILE_VACANT:
            return permission in self._granted
        return permission in self._grants(is_vacant=self._is_vacant())

    def _is_vacant(self) -> bool:
        """Whether no member of the organization is its primary billing contact."""
        members = Membership.objects.filter(organization_id=self.organization_id)
        return not members.filter(contact_id=self.organization.primary_contact_id).exists()

    def afresh(self) -> Self:
        """Read again behind the lock on the organization, so that two actions in one organization
        have an order and the second sees what the first did."""
        lock(self.organization_id)
        member = (
            type(self)
            .objects.select_related("organization", "user")
            .filter(pk=self.pk, user__is_active=True)
            .first()
        )
        if member is None:
            raise Gone
        return member


def lock(organization_id: int) -> Organization:
    """The organization's row, locked until the transaction ends; raises Gone when there is none.
    Everything that changes people or roles holds it, so that races have an order."""
    found = _locked(pk=organization_id)
    if not found:
        raise Gone
    return found[0]


def _look_up(pk: int) -> QuerySet[Organization]:
    return Organization.objects.select_for_update(no_key=True).filter(pk=pk)


_locked = Prepared(_look_up, pk=-1)


class Staff(models.Model):
    """Somebody who works for the vendor."""

    class Duty(models.TextChoices):
        SUPPORT = "support"
        FINANCE = "finance"
        CATALOG = "catalog"
        OWNER = "owner"

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="staff"
    )
    duty = models.CharField(max_length=10, choices=Duty, default=Duty.SUPPORT)
    created_at: dt.datetime | models.DateTimeField = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "staff"

    def __str__(self) -> str:
        return self.user.email


class FormerSlug(models.Model):
    """A slug that an organization had: it leads its members on to the present one, and is never
    another organization's."""

    slug = models.SlugField(max_length=60, primary_key=True)
    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="former_slugs"
    )
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.slug
