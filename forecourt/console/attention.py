"""What needs somebody's attention now, over all customers: numbers that are counted no further than a
thousand, each with the page where it is seen to."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import periods
from forecourt.billing.models import Invoice, ProviderCall, StripeEvent
from forecourt.core import scope
from forecourt.core.lists import counted, said
from forecourt.core.models import Mail
from forecourt.orgs.models import Contact
from forecourt.products.models import License

SOON = dt.timedelta(days=30)
#: After so long a webhook should have been applied; so long a refusal is news.
LATE, RECENTLY = dt.timedelta(hours=1), dt.timedelta(days=7)
#: Examples that are named with each number.
SHOWN = 5


@dataclass(frozen=True)
class Need:
    """So many of something, and the first few: (the organization's name and slug, what)."""

    title: str
    number: str
    examples: list[tuple[str, str, str]]
    href: str = ""

    @property
    def is_quiet(self) -> bool:
        return self.number == "0"


def read() -> list[Need]:
    """Everything on the page."""
    with scope.across_organizations("what needs attention"):
        needs = list(_of_customers())
    jobs = Need(_("Jobs that failed for good"), said(_failed_jobs()), [], reverse("console_jobs"))
    return [*needs, *_of_providers(), jobs]


def _of_customers() -> Iterator[Need]:
    today, now = periods.today(), timezone.now()
    invoices = Invoice.objects.filter(status=Invoice.Status.OPEN, due_on__lt=today)
    there = _list("invoices", "overdue")
    yield _need(_("Overdue invoices"), invoices.order_by("due_on", "pk"), "number", there)
    ending = License.objects.filter(ends_at__gt=now, ends_at__lt=now + SOON, renews=False)
    ending = ending.filter(License.not_stopped())
    there = _list("licenses", "ending")
    yield _need(
        _("Licenses that end within 30 days"), ending.order_by("ends_at", "pk"), "plan", there
    )
    failed = Mail.objects.filter(status=Mail.Status.FAILED, organization_id__isnull=False)
    there = reverse("console_mails") + "?fate=failed"
    yield Need(_("Mails that could not be delivered"), said(counted(failed)), [], there)
    bounced = Contact.objects.filter(bounced_at__isnull=False).order_by("-bounced_at", "pk")
    yield _need(_("Contacts whose mail comes back"), bounced, "email", _list("contacts", "bounced"))


def _of_providers() -> Iterator[Need]:
    """What Stripe told that could not be applied for an hour, and what it was asked and refused: in a
    portal that has it."""
    if not settings.STRIPE_SECRET_KEY:
        return
    now = timezone.now()
    late = StripeEvent.objects.filter(status=StripeEvent.Status.WAITING, received_at__lt=now - LATE)
    yield Need(_("Webhooks of Stripe that wait for an hour"), said(counted(late)), [])
    with scope.across_organizations("what Stripe refused"):
        refused = ProviderCall.objects.filter(
            status=ProviderCall.Status.REFUSED, settled_at__gt=now - RECENTLY
        )
        need = _need(
            _("What Stripe refused within a week"), refused.order_by("-settled_at"), "sentence", ""
        )
    yield need


def _list(name: str, state: str) -> str:
    return f"{reverse('console_list', args=[name])}?state={state}"


def _need(title: str, rows: QuerySet[Any], field: str, href: str) -> Need:
    first = rows.values_list("organization__name", "organization__slug", field)[:SHOWN]
    return Need(title, said(counted(rows)), list(first), href)


def _failed_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from (select from procrastinate_jobs where status = 'failed' limit 1001)"
        )
        return cursor.fetchone()[0]
