"""E-mail addresses: one written form for one address."""

import email_validator
from django.utils.translation import gettext as _

LONGEST = 254


class BadAddress(ValueError):
    """Not an address that mail can reach; the sentence says why."""


def normalize(text: str) -> str:
    """The one form in which an address is compared and kept: lower case, no spaces around it, the
    domain in its ASCII form (IDNA 2008), so that a look-alike domain shows as xn--….

    Only ASCII is taken before the @ (RFC 5321; addresses of RFC 6531 reach few mailboxes, and
    their look-alikes are indistinguishable). Plus and dot variants are different addresses.
    Raises BadAddress with a sentence.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise BadAddress(_("An e-mail address can have 254 characters at most."))
    try:
        found = email_validator.validate_email(
            text, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False
        )
    except email_validator.EmailSyntaxError as problem:
        if any(ord(letter) > 127 for letter in text.rpartition("@")[0]):
            raise BadAddress(
                _("Before the @ only the letters a–z, digits and simple signs can stand.")
            ) from problem
        raise BadAddress(_("Enter an e-mail address such as name@example.com.")) from problem
    except email_validator.EmailNotValidError as problem:
        raise BadAddress(_("No mail can reach this address.")) from problem
    return f"{found.local_part.lower()}@{found.ascii_domain.lower()}"
