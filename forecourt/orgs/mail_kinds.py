"""The kinds of mail that an organization gets, and which of them can be left."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class MailKind(StrEnum):
    """What a mail is about (O20): each contact has chosen which of these they get."""

    INVOICES = "invoices"
    PAYMENT_PROBLEMS = "payment_problems"
    RENEWALS = "renewals"
    LICENSE_KEYS = "license_keys"
    RELEASES = "releases"
    SECURITY = "security"
    MEMBER_CHANGES = "member_changes"


LABELS = {
    MailKind.INVOICES: _("Invoices and receipts"),
    MailKind.PAYMENT_PROBLEMS: _("Payment problems"),
    MailKind.RENEWALS: _("Renewal and expiry"),
    MailKind.LICENSE_KEYS: _("License keys"),
    MailKind.RELEASES: _("Releases"),
    MailKind.SECURITY: _("Security advisories"),
    MailKind.MEMBER_CHANGES: _("Member changes"),
}

#: What the primary billing contact gets whatever they chose: these must reach somebody (O21).
FLOOR = frozenset({MailKind.INVOICES, MailKind.SECURITY})

#: What the contract needs: a contact gets it also before they have confirmed their address.
CONTRACT = frozenset({MailKind.INVOICES, MailKind.PAYMENT_PROBLEMS, MailKind.RENEWALS})

#: What whoever reads the mail can leave by themselves (O22).
OPTIONAL = frozenset(
    {MailKind.RENEWALS, MailKind.LICENSE_KEYS, MailKind.RELEASES, MailKind.MEMBER_CHANGES}
)

#: What is about using products: of no use while an organization is suspended.
OF_USE = frozenset({MailKind.RENEWALS, MailKind.LICENSE_KEYS, MailKind.RELEASES})

#: What Admins get because they are Admins.
OF_ADMINS = frozenset(MailKind) - {MailKind.INVOICES}


def in_order(kinds: Iterable[str]) -> list[str]:
    """Those of `kinds` that there are, each once, in the order of the page."""
    wanted = set(kinds)
    return [kind.value for kind in MailKind if kind in wanted]
