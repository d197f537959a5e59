"""How passwords are kept."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 1_000


class Argon2(Argon2PasswordHasher):
    """Argon2id with the first parameters that OWASP's Password Storage Cheat Sheet names
    (19 MiB of memory, 2 passes, 1 lane): about 25 ms, so that a rush of sign-ins does not stop
    the portal."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class MaximumLength:
    """Passwords may be whole sentences, but not a megabyte, and hold no NUL."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > LONGEST:
            raise ValidationError(
                _("A password can have %(most)d characters at most."),
                code="password_too_long",
                params={"most": LONGEST},
            )
        if "\x00" in password:
            raise ValidationError(_("A password cannot hold a null character."), code="null")

    def get_help_text(self) -> str:
        return ""
