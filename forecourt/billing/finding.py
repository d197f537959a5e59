"""Finding what an actor speaks of, in their organization alone."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from forecourt.billing.models import Invoice, Plan, Subscription
from forecourt.core import scope
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.models import Organization
from forecourt.products.models import License


def subscription_of(actor: Any, subscription_id: int, *, locked: bool = True) -> Subscription:
    """A subscription of the actor's organization with its plan, product and license; raises Gone."""
    rows = Subscription.objects.select_related("plan__product", "license__product")
    if locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found = rows.filter(organization_id=actor.organization_id, pk=subscription_id).first()
    if found is None:
        raise Gone
    return found


def invoice_of(actor: Any, invoice_id: int, *, locked: bool = True) -> Invoice:
    """An invoice of the actor's organization with buyer and seller; raises Gone."""
    rows = Invoice.objects.select_related("buyer", "seller")
    if locked:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found = rows.filter(organization_id=actor.organization_id, pk=invoice_id).first()
    if found is None:
        raise Gone
    return found


def invoice_called(number: str) -> Invoice:
    """An invoice by its number, whosever it is; raises Refused."""
    with scope.across_organizations("an invoice by its number"):
        found = Invoice.objects.filter(number=number).first()
    if found is None:
        raise Refused(_("There is no invoice “%s”.") % number[:40])
    return found


def subscription_called(number: int) -> Subscription:
    """A subscription by its number, whosever it is; raises Refused."""
    with scope.across_organizations("a subscription by its number"):
        found = Subscription.objects.filter(pk=number).first()
    if found is None:
        raise Refused(_("There is no subscription %s.") % number)
    return found


def check_free(license: License) -> None:
    """Raise Refused where a subscription decides on this license: the next renewal would undo what
    staff do to it alone."""
    with scope.across_organizations("the subscription of a license"):
        found = Subscription.objects.filter(license_id=license.pk).exclude(status="ended").first()
    if found is not None:
        raise Refused(
            _("Subscription %s decides on this license: change that.") % found.pk, field="handle"
        )


def plan_called(slug: str) -> Plan:
    """A plan by its slug; raises Refused."""
    found = Plan.objects.select_related("product").filter(slug=slug).first()
    if found is None:
        raise Refused(_("There is no plan “%s”.") % slug[:60])
    return found


def plans() -> list[Plan]:
    """Every plan, by product."""
    return list(Plan.objects.select_related("product").order_by("product__position", "pk"))


def subscriptions_of(organization: Organization) -> list[Subscription]:
    """Every subscription of an organization, the newest first."""
    with transaction.atomic(), scope.organization(organization.pk, to_the_end=True):
        return list(Subscription.objects.select_related("plan").order_by("-pk"))


def invoices_of(organization: Organization) -> list[Invoice]:
    """Every invoice of an organization, the newest first."""
    with transaction.atomic(), scope.organization(organization.pk, to_the_end=True):
        return list(Invoice.objects.order_by("-pk"))
