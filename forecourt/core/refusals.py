"""What the house says when a rule forbids something: a sentence, and where it belongs."""

from datetime import datetime

from django.utils import timezone


class Refused(Exception):
    """A broken rule of business (422): `sentence` for the person, `field` it belongs to or None."""

    def __init__(self, sentence: str, *, field: str | None = None):
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class TooMany(Refused):
    """A limit was reached (429); `again_at` says when it is worth another try."""

    def __init__(self, sentence: str, *, again_at: datetime):
        super().__init__(sentence)
        self.again_at = again_at

    @property
    def seconds(self) -> int:
        """Until then, for Retry-After: whole seconds, at least 1."""
        return max(1, int((self.again_at - timezone.now()).total_seconds()) + 1)


class Forbidden(Exception):
    """The actor belongs here and lacks the permission (403)."""


class Suspended(Forbidden):
    """What it belongs to is kept shut by the vendor (403)."""


class Gone(Exception):
    """The thing is not there (any more) for this actor (404)."""
