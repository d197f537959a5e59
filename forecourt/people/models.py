"""Who: a person with one account for the portal and every product, and their sessions."""

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import CASCADE, ForeignKey, Q
from django.db.models.functions import Collate, Now, Upper
from django.utils import timezone


class UserManager(BaseUserManager["User"]):
    """Makes accounts; the address's row (allauth's EmailAddress) is made by `people.accounts`."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this handle."""
        return self.get(handle=username or "")


class User(AbstractBaseUser):
    """A person. `handle` is the opaque name by which products know them; `email` is the primary
    address, lower case. It is not unique here: an account whose address was never verified does
    not count, so only verified addresses are unique (allauth's EmailAddress)."""

    handle = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())
    # When they last entered a code that was mailed to them. Null: they have only ever held a
    # link, which proves less, since a link can be passed on.
    mailbox_proved_at = models.DateTimeField(null=True)
    # Empty: the portal's own.
    language = models.CharField(max_length=10, blank=True)
    time_zone = models.CharField(max_length=60, blank=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "handle"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [
            models.Index(fields=["email"], name="user_by_email"),
            # By how a name or an address begins, and by what is in it: the staff's search.
            models.Index(Collate(Upper("name"), "C"), name="users_by_name"),
            models.Index(Collate(Upper("email"), "C"), name="users_by_address"),
            GinIndex(OpClass(Upper("name"), "gin_trgm_ops"), name="user_name_trigrams"),
            GinIndex(OpClass(Upper("email"), "gin_trgm_ops"), name="user_email_trigrams"),
        ]

    def __str__(self) -> str:
        return self.email

    def label(self) -> str:
        """The name people read: theirs, or the address where they gave none."""
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.label()

    def get_short_name(self) -> str:
        return self.label()


class Session(AbstractBaseSession):
    """A signed-in browser (or an anonymous one that is in the middle of something)."""

    user = ForeignKey(User, CASCADE, null=True, related_name="sessions")
    seen_at = models.DateTimeField(default=timezone.now)
    # What its person sees in the list of their sessions: where and how it began.
    signed_in_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=20, blank=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=300, blank=True)

    @classmethod
    def get_session_store_class(cls):
        from forecourt.people.sessions import SessionStore

        return SessionStore

    class Meta(AbstractBaseSession.Meta):
        db_table = "people_session"


class FactorReset(models.Model):
    """A second factor that was lost, and shall be taken off an account: its person is told at
    once and has until `due_at` (72 hours) to object."""

    user = ForeignKey(User, CASCADE, related_name="factor_resets")
    # By value: who asked, and the organization whose Admin that was (null: the vendor's staff). The
    # row is the person's, not the organization's.
    asked_by = models.CharField(max_length=320)
    asked_in = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    canceled_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                name="factor_reset_once",
                condition=Q(canceled_at=None, done_at=None),
            ),
            models.CheckConstraint(
                name="factor_reset_ends_once", condition=Q(canceled_at=None) | Q(done_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"second factor of {self.user.email}"
