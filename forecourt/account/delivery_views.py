"""The doors: for people, what became of each mail; for the vendor's mail provider, to tell it."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from forecourt.account import actions, mail_list
from forecourt.account.mail_list import Asked
from forecourt.core.pages import operation, render, see_other
from forecourt.core.refusals import Gone
from forecourt.orgs.gate import MemberRequest, page
from forecourt.orgs.permissions import Permission

#: What django-anymail calls the door of each provider.
DOORS = {
    "brevo": "Brevo",
    "mailgun": "Mailgun",
    "mailjet": "Mailjet",
    "postmark": "Postmark",
    "sparkpost": "SparkPost",
}


@page(Permission.VIEW_MAIL)
def mail_page(request: MemberRequest) -> HttpResponse:
    """The organization's mails, as they are asked for."""
    found = mail_list.read(
        request.member.organization_id,
        Asked.from_query(request.GET),
        before=request.GET.get("before"),
        after=request.GET.get("after"),
    )
    return render(request, "account/mail.html", {"page": found})


@page(Permission.EDIT_CONTACTS, "POST")
def clear_bounce(request: MemberRequest, contact_id: int) -> HttpResponse:
    """Take the word back that mail to a contact comes back."""
    contact = actions.clear_bounce(request.member, contact_id=contact_id)
    messages.success(request, _("%s is no longer marked.") % contact.email)
    return see_other(request, "account", slug=request.member.organization.slug)


@csrf_exempt  # What a provider signs, no browser can forge.
@operation("POST", who="anyone")
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    """What the provider tells of mails; not there unless it has a secret to name itself by."""
    if provider != settings.MAIL_PROVIDER or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Gone
    door = import_string(f"anymail.webhooks.{provider}.{DOORS[provider]}TrackingWebhookView")
    return door.as_view()(request)
