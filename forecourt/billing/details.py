"""Billing details as they may be: each field looked at, and brought into its one form."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from forecourt.billing import addresses, tax_ids
from forecourt.billing.models import BillingAccount, BillingDetails
from forecourt.orgs.models import Organization
from forecourt.people.addresses import BadAddress, normalize

#: What can be changed, in the order of the form.
NAMES = (
    "company",
    "country",
    *addresses.FIELDS,
    "tax_id",
    "email",
    "po_number",
    "buyer_reference",
    "language",
)
#: Lines of a street: an invoice's data has three places.
MOST_LINES = 3


def present(organization: Organization) -> tuple[BillingAccount | None, dict[str, str]]:
    """The billing account, None where nothing was ever billed, and what its details say now, or
    would say at first."""
    account = BillingAccount.objects.select_related("details").filter(pk=organization.pk).first()
    if account is not None:
        return account, said(account.details)
    email = organization.primary_contact.email
    first = BillingDetails(company=organization.name, email=email)
    return None, said(first)


def said(details: BillingDetails) -> dict[str, str]:
    """Billing details as plain values."""
    return {name: getattr(details, name) for name in NAMES}


def checked(given: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The values in their one form, and what is wrong with them: a sentence by field."""
    values = {name: _tidy(name, given.get(name) or "") for name in NAMES}
    for name in not_asked(values["country"]):
        values[name] = ""
    wrong = {name: problem for name in NAMES if (problem := _unfit(name, values[name]))}
    address = {name: values[name] for name in addresses.FIELDS}
    found, problems = addresses.checked(values["country"], address)
    values |= found
    if "country" not in problems:
        values["tax_id"], problem = tax_ids.checked(values["country"], values["tax_id"])
        problems |= {"tax_id": problem} if problem else {}
    try:
        values["email"] = normalize(values["email"])
    except BadAddress as problem:
        problems["email"] = str(problem)
    if not values["company"]:
        problems["company"] = _("Company is missing.")
    if values["language"] not in dict(settings.LANGUAGES):
        problems["language"] = _("Choose a language.")
    return values, {name: (problems | wrong)[name] for name in NAMES if name in problems | wrong}


def legible(given: dict[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The same for details that are not judged by their country: what stood on paper once, or says
    nothing of a place yet."""
    values = {name: _tidy(name, given.get(name) or "") for name in NAMES}
    wrong = {name: problem for name in NAMES if (problem := _unfit(name, values[name]))}
    if values["country"] and values["country"] not in addresses.codes():
        wrong["country"] = _("Choose a country.")
    if not values["company"]:
        wrong["company"] = _("Company is missing.")
    return values, wrong


def not_asked(country: str) -> list[str]:
    """What a country does not ask for, of address and tax id."""
    asked = {part.name for part in addresses.parts(country)}
    more = ["tax_id"] if country in tax_ids.NOT_ASKED else []
    return [*(name for name in addresses.FIELDS if name not in asked), *more]


def _tidy(name: str, text: str) -> str:
    """Without spaces at the ends and more than one between words; a street keeps its lines."""
    rows = [" ".join(row.split()) for row in text.splitlines()]
    return ("\n" if name == "street" else " ").join(row for row in rows if row)


def _unfit(name: str, text: str) -> str:
    """What is wrong with a text whatever it says."""
    field: Any = BillingDetails._meta.get_field(name)
    most = field.max_length
    if len(text) > most:
        return _("At most %(most)d letters; these are %(many)d.") % {
            "most": most,
            "many": len(text),
        }
    if not text.replace("\n", "").isprintable():
        # A NUL, say, or what turns the direction of the words around it.
        return _("There is a letter in it that cannot be seen. Type it anew.")
    if text.count("\n") >= MOST_LINES:
        return _("A street has three lines at most.")
    return ""
