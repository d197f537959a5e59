"""Who an organization is on paper: changed by itself, and what becomes known of its tax id."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing import details, tax_ids
from forecourt.billing.accounts import account_of
from forecourt.billing.events import Event
from forecourt.billing.models import BillingAccount, BillingDetails
from forecourt.billing.stripe import port as stripe
from forecourt.core import audit, mail
from forecourt.core.actions import action
from forecourt.core.jobs import later
from forecourt.core.refusals import Refused, TooMany
from forecourt.orgs.models import Organization, lock
from forecourt.orgs.permissions import Permission

#: Versions in an hour: each can send a mail to an address that nobody has confirmed.
MOST_AN_HOUR = 20
UNKNOWN = BillingAccount.TaxIdState.UNKNOWN


@action(Permission.EDIT_BILLING)
def change_billing_details(actor, **given: str) -> BillingAccount:
    """Change what stands on invoices from now on (S45); what is not given stays. Invoices that were
    issued keep what they say (O19)."""
    organization = lock(actor.organization_id)
    account = account_of(organization)
    before = details.said(account.details)
    values, wrong = details.checked(before | given)
    if wrong:
        field, sentence = next(iter(wrong.items()))
        raise Refused(sentence, field=field)
    changed = [name for name in details.NAMES if values[name] != before[name]]
    if not changed:
        audit.unchanged()
        return account
    _not_too_often(actor, organization)
    account.details = BillingDetails.objects.create(organization=organization, **values)
    if {"tax_id", "country"} & {*changed}:
        account.tax_id_state, account.tax_id_checked_at = UNKNOWN, None
    account.save(update_fields=["details", "tax_id_state", "tax_id_checked_at"])
    old, new = ({name: of[name] for name in changed} for of in (before, values))
    audit.record(actor, Event.DETAILS_CHANGED, account, before=old, after=new)
    _follow(actor, organization, account, old)
    stripe.details_changed(actor.organization_id)
    return account


def _not_too_often(actor, organization: Organization) -> None:
    if actor.kind != "member":
        return
    hour = dt.timedelta(hours=1)
    rows = BillingDetails.objects.filter(
        organization=organization, created_at__gt=timezone.now() - hour
    )
    times = list(rows.order_by("-pk").values_list("created_at", flat=True)[:MOST_AN_HOUR])
    if len(times) == MOST_AN_HOUR:
        raise TooMany(
            _("The billing details were changed %(number)d times within an hour.")
            % {"number": MOST_AN_HOUR},
            again_at=times[-1] + hour,
        )


def _follow(
    actor, organization: Organization, account: BillingAccount, before: dict[str, str]
) -> None:
    """What a change causes: the register is asked, both mailboxes are told."""
    now = account.details
    if {"tax_id", "country"} & {*before} and tax_ids.is_asked(now.tax_id):
        later("billing.check_tax_id", organization_id=organization.pk)
    if "email" in before:
        for address in (before["email"], now.email):
            mail.queue(
                "billing.invoicing_changed",
                address,
                organization_id=organization.pk,
                organization_name=organization.name,
                now=now.email,
                is_new=address == now.email,
                by=actor.label,
            )


@action("note_tax_id")
def note_tax_id(actor, *, tax_id: str, is_valid: bool) -> BillingAccount:
    """Note what the register says of a tax id, unless it was changed meanwhile."""
    organization = lock(actor.organization_id)
    account = account_of(organization)
    states = BillingAccount.TaxIdState
    state = states.VALID if is_valid else states.INVALID
    if account.details.tax_id != tax_id or account.tax_id_state == state:
        audit.unchanged()
        return account
    before, account.tax_id_state = {"state": account.tax_id_state}, state
    account.tax_id_checked_at = timezone.now()
    account.save(update_fields=["tax_id_state", "tax_id_checked_at"])
    after = {"state": state.value, "tax_id": tax_id}
    event = audit.record(actor, Event.TAX_ID_CHECKED, account, before=before, after=after)
    if not is_valid:
        later("billing.tell_tax_id", organization_id=organization.pk, event_id=event.pk)
    return account


@action("change_terms")
def change_terms(actor, *, net_days: int) -> BillingAccount:
    """Give an organization other days to pay: 0 to 90, for invoices to come."""
    account = account_of(lock(actor.organization_id))
    if not 0 <= net_days <= 90:
        raise Refused(_("From 0 to 90 days."), field="net_days")
    if account.net_days == net_days:
        audit.unchanged()
        return account
    before, account.net_days = {"net_days": account.net_days}, net_days
    account.save(update_fields=["net_days"])
    audit.record(actor, Event.TERMS_CHANGED, account, before=before, after={"net_days": net_days})
    return account
