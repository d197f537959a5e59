"""The one search box: organizations, people, license keys, invoice numbers and tax ids, the ten most
likely as one types. Every look-up goes through an index, and none counts."""

from collections.abc import Iterator
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db.models import Q
from django.db.models.functions import Collate, Upper
from django.utils.translation import gettext as _

from forecourt.billing.models import BillingDetails, Invoice
from forecourt.core import scope
from forecourt.core.lists import words
from forecourt.orgs.models import Contact, Membership, Organization
from forecourt.people.models import User
from forecourt.products import keys
from forecourt.products.models import LicenseKey

MOST = 10
SHORTEST = 2


@dataclass(frozen=True)
class Hit:
    """Something that was found, always in an organization: `what` it is, and how it reads."""

    organization: Organization
    what: str
    label: str


def find(text: str) -> list[Hit]:
    """At most ten, the most certain first: what fits wholly, then what begins so, then what has it
    inside."""
    q = words(text)
    if len(q) < SHORTEST:
        return []
    found: dict[tuple[int, str], Hit] = {}
    people = _people(q)
    with scope.across_organizations("staff search"):
        for hit in _all(q, people):
            found.setdefault((hit.organization.pk, hit.label), hit)
            if len(found) == MOST:
                break
    return list(found.values())


def _all(q: str, people: list[User]) -> Iterator[Hit]:
    yield from _wholly(q)
    yield from _organizations(q)
    yield from _members(people)
    yield from _contacts(q)


def _wholly(q: str) -> Iterator[Hit]:
    """What is one thing's own name: a license key, an invoice's number, a tax id, a customer number."""
    for key in LicenseKey.objects.filter(key=keys.normalize(q))[:1]:
        yield Hit(_one(key.organization_id), _("License key"), key.masked)
    for invoice in Invoice.objects.filter(number=q.upper())[:1]:
        yield Hit(_one(invoice.organization_id), _("Invoice"), invoice.number)
    compact = "".join(q.split()).upper()
    for details in BillingDetails.objects.filter(tax_id=compact)[:MOST]:
        yield Hit(_one(details.organization_id), _("Tax id"), details.tax_id)
    if q.isascii() and q.isdigit() and len(q) < 12:
        for one in Organization.objects.filter(pk=int(q)):
            yield Hit(one, _("Customer number"), one.name)


def _one(pk: int) -> Organization:
    return Organization.objects.get(pk=pk)


def _organizations(q: str) -> Iterator[Hit]:
    """By slug, by how the name begins, and by what is in it."""
    named = Organization.objects.annotate(sorted=Collate(Upper("name"), "C"))
    begins = named.filter(sorted__startswith=q.upper()).order_by("sorted")
    inside = Organization.objects.filter(name__icontains=q) if len(q) > SHORTEST else begins
    for rows in (Organization.objects.filter(slug=q.lower()), begins, inside):
        for one in rows[:MOST]:
            yield Hit(one, _("Organization"), one.name)


def _people(q: str) -> list[User]:
    """By an address of theirs, wholly or as it begins, or by what is in their name."""
    by_address = EmailAddress.objects.filter(email=q.lower()).values("user")
    match = Q(pk__in=by_address)
    how = "icontains" if len(q) > SHORTEST else "istartswith"
    match |= Q(**{f"email__{how}": q}) | Q(**{f"name__{how}": q})
    return list(User.objects.filter(match)[:MOST])


def _members(people: list[User]) -> Iterator[Hit]:
    by_id = {person.pk: person for person in people}
    rows = Membership.objects.select_related("organization").filter(user__in=by_id)
    for member in rows[:MOST]:
        person = by_id[member.user_id]
        yield Hit(member.organization, _("Member"), person.email)


def _contacts(q: str) -> Iterator[Hit]:
    rows = Contact.objects.select_related("organization").filter(email=q.lower())
    for contact in rows[:MOST]:
        yield Hit(contact.organization, _("Contact"), contact.email)
