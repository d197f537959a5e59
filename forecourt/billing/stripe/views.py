"""The doors: one for Stripe, and those that lead people to Stripe's pages."""

import logging

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from forecourt.billing.finding import invoice_of
from forecourt.billing.stripe import client, inbox, port, visits
from forecourt.core.pages import operation, see_other
from forecourt.core.refusals import Gone, Refused
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission

log = logging.getLogger(__name__)
#: Bytes of an event at most.
LONGEST = 256 * 1024


@csrf_exempt  # What Stripe signs, no browser can forge.
@operation("POST", who="anyone")
def stripe_events(request: HttpRequest) -> HttpResponse:
    """What Stripe tells."""
    if not client.is_on() or not client.secrets():
        raise Gone
    if len(request.body) > LONGEST:
        return HttpResponse(status=413)
    event = client.signed(request.body, request.headers.get("Stripe-Signature", ""))
    if event is None:
        log.warning("somebody sent an event that Stripe did not sign now")
        return HttpResponse(status=400)
    if event.get("livemode") is not client.is_live():
        log.error("an event of Stripe is of the other mode than STRIPE_SECRET_KEY")
        return HttpResponse(status=400)
    inbox.take(event)
    return HttpResponse(status=200)


@page(Permission.EDIT_BILLING, "POST")
def set_up_method(request: MemberRequest) -> HttpResponse:
    """To Stripe's page where a payment method is entered."""
    if not client.is_on():
        raise Gone
    try:
        return see_other(request, visits.method_page(request.member))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return see_other(request, "billing", slug=request.member.organization.slug)


@page(Permission.EDIT_BILLING)
def method_set_up(request: MemberRequest) -> HttpResponse:
    """Back from there. Nothing is believed of it: Stripe tells by itself."""
    messages.success(request, _("Thank you. The payment method appears here in a moment."))
    return see_other(request, "billing", slug=request.member.organization.slug)


@page(Permission.EDIT_BILLING)
def pay_invoice(request: MemberRequest, invoice_id: int) -> HttpResponse:
    """To Stripe's page where this invoice is paid."""
    found = invoice_of(request.member, invoice_id, locked=False)
    if not client.is_on() or found.provider != "stripe":
        raise Gone
    try:
        return HttpResponseRedirect(port.payment_page(found))
    except Refused as refusal:
        messages.error(request, refusal.sentence)
        return see_other(
            request, "invoice", slug=request.member.organization.slug, invoice_id=found.pk
        )
