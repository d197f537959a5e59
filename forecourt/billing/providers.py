"""Who runs a subscription and collects its money: the port to it.

An action writes what the customer wants into our rows first; a provider that lives elsewhere is
then told by a job, which the action asks for here. Ours needs to be told nothing.
"""

from typing import Any, Protocol

from forecourt.billing import prices
from forecourt.billing.models import BillingAccount, Subscription
from forecourt.billing.models import Provider as Name
from forecourt.billing.stripe.port import ByStripe


class Provider(Protocol):
    """What the actions ask of one, in their transaction: rows and jobs, never the network."""

    #: Whether the invoices are ours: our clock, our numbers, our documents.
    issues_invoices: bool

    def preview(
        self, account: BillingAccount, subscription: Subscription, seats: int
    ) -> prices.Preview:
        """What so many seats would cost. A person waits for it; raises Refused."""

    def renews(self, actor: Any, subscription: Subscription, renews: bool) -> None:
        """The customer canceled (False) or resumed (True) it."""

    def seats_changed(self, actor: Any, subscription: Subscription, added: int) -> None:
        """The subscription has another number of seats: `added` more now, or (`next_seats`) fewer
        from the next period."""

    def ended(self, actor: Any, subscription: Subscription) -> None:
        """Staff ended it before its time."""


class ByInvoice:
    """The vendor's own: the clock renews, the customer transfers, staff mark the invoice paid."""

    issues_invoices = True

    def preview(
        self, account: BillingAccount, subscription: Subscription, seats: int
    ) -> prices.Preview:
        """As the invoice will be."""
        return prices.preview(account, subscription, seats)

    def renews(self, actor: Any, subscription: Subscription, renews: bool) -> None:
        """The clock looks by itself."""

    def seats_changed(self, actor: Any, subscription: Subscription, added: int) -> None:
        """The invoice is issued already."""

    def ended(self, actor: Any, subscription: Subscription) -> None:
        """The clock leaves it alone from now on."""


_PROVIDERS: dict[str, Provider] = {Name.INVOICE: ByInvoice(), Name.STRIPE: ByStripe()}


def of(subscription: Subscription) -> Provider:
    """The provider that runs this subscription."""
    return _PROVIDERS[subscription.provider]
