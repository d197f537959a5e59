"""Two customers that are one: what is of the one becomes the other's, in one transaction.

The rows stay as they are but for whose they are, so that numbers, keys, papers and links in mails go on.
What says the past stays: the activity, the exports, the sign-ins to products, which end.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from forecourt.billing.models import (
    BillingAccount,
    Invoice,
    ProviderCall,
    StripeCustomer,
    Subscription,
)
from forecourt.console import reasons
from forecourt.console.events import Event
from forecourt.console.models import Merged, PrimaryMove
from forecourt.core import audit, jobs, mail, scope
from forecourt.core.actions import action
from forecourt.core.refusals import Refused
from forecourt.members.models import Invitation
from forecourt.orgs import slugs
from forecourt.orgs.mail_kinds import in_order
from forecourt.orgs.models import Contact, FormerSlug, Membership, Organization, lock
from forecourt.orgs.recipients import admins
from forecourt.products.launching import standing
from forecourt.products.models import Launch, License, Seat

#: The tables whose rows go along: the whole of what a customer is.
MOVED = (
    *("orgs_contact", "orgs_membership", "orgs_formerslug", "members_invitation"),
    *("products_license", "products_licensekey", "products_licensenotice", "products_seat"),
    *("billing_billingdetails", "billing_subscription", "billing_invoice", "billing_invoiceline"),
    *("billing_invoicerevision", "billing_payment", "billing_providercall"),
    *("billing_billingaccount", "billing_stripecustomer", "billing_stripeinvoice"),
    *("console_note", "core_mail"),
)
#: What was to be done about these rows.
JOBS = (
    *("core.send_mail", "account.note_refusal", "members.tell_joined"),
    *("products.tell_granted", "products.tell_key_rotated"),
    *("billing.tell_invoice", "billing.tell_paid"),
)


@dataclass(frozen=True)
class Counts:
    """What of a customer would go along."""

    members: int
    contacts: int
    licenses: int
    subscriptions: int
    invoices: int


def counts(organization: Organization) -> Counts:
    """What there is, in the scope of the organization."""
    tables: tuple[Any, ...] = (Membership, Contact, License, Subscription, Invoice)
    return Counts(*(table.objects.filter(organization=organization).count() for table in tables))


@action("merge_customer")
def merge_customer(actor, *, merged_id: int, reason: str) -> Organization:
    """Make what is of the customer `merged_id` the actor's organization's; raises Refused where it
    cannot be. People who are in both keep the role that they have here."""
    kept_id = actor.organization_id
    reason = reasons.checked(reason)
    if merged_id == kept_id:
        raise Refused(_("That is the same customer."), field="into")
    for pk in sorted((kept_id, merged_id)):
        with scope.organization(pk):
            lock(pk)
    _look_whether(kept_id, merged_id)
    with scope.organization(merged_id):
        merged = Organization.objects.select_related("primary_contact").get(pk=merged_id)
        said = counts(merged)
    is_shared = _meet(kept_id, merged)
    _move(merged, kept_id, but_contact=merged.primary_contact_id if is_shared else 0)
    jobs.hand_over(JOBS, of=merged_id, into=kept_id)
    slug = _leave_behind(merged, kept_id, with_contact=not is_shared)
    return _say(actor, merged, slug, said, reason)


def _look_whether(kept_id: int, merged_id: int) -> None:
    """Refuse what cannot be: behind both locks."""
    both = [kept_id, merged_id]
    with scope.across_organizations("whether two customers can be merged"):
        if Merged.objects.filter(organization__in=both).exists():
            raise Refused(_("One of them was merged into another customer before."))
        if Organization.objects.filter(pk__in=both).exclude(suspended_at=None).exists():
            raise Refused(_("One of them is suspended. Reopen it first."))
        if StripeCustomer.objects.filter(organization__in=both).count() > 1:
            raise Refused(_("Both pay by Stripe. End the subscriptions of one of them first."))
        waiting = ProviderCall.objects.filter(organization__in=both, status="open")
        if waiting.exists():
            raise Refused(_("Something is being done at Stripe. Try again in a minute."))


def _meet(kept_id: int, merged: Organization) -> bool:
    """Let those who are in both be once: in the customer that is kept. Whether it has a contact with the
    address of the other's primary one."""
    twice = _people_twice(kept_id, merged)
    same = _contacts_twice(kept_id, merged)
    with scope.organization(merged.pk):
        for theirs, ours in twice.items():
            Seat.objects.filter(member=theirs).update(member=ours)
        Launch.objects.filter(organization=merged).update(member=None)
        Membership.objects.filter(pk__in=twice).delete()
        for theirs, entry in same.items():
            Membership.objects.filter(contact=theirs).update(contact=entry)
        spare = Contact.objects.filter(pk__in=same).exclude(pk=merged.primary_contact_id)
        spare.delete()
        PrimaryMove.objects.filter(organization=merged, closed_at=None).update(
            closed_at=timezone.now()
        )
    _account_once(kept_id, merged)
    _invited_twice(kept_id, merged)
    return merged.primary_contact_id in same


def _people_twice(kept_id: int, merged: Organization) -> dict[int, int]:
    """Memberships of people who are in both: theirs, and the one that is kept."""
    with scope.across_organizations("who is in both customers"):
        ours = dict(Membership.objects.filter(organization=kept_id).values_list("user", "pk"))
        theirs = Membership.objects.filter(organization=merged, user__in=ours)
        return {pk: ours[user] for pk, user in theirs.values_list("pk", "user")}


def _contacts_twice(kept_id: int, merged: Organization) -> dict[int, int | None]:
    """Contacts with the same address: theirs, and ours, which gets the mail of both; None where a member
    is tied to ours already."""
    with scope.across_organizations("who is a contact of both customers"):
        ours = {each.email: each for each in Contact.objects.filter(organization=kept_id)}
        theirs = Contact.objects.filter(organization=merged, email__in=ours)
        same = [(each, ours[each.email]) for each in theirs]
        members = Membership.objects.filter(organization=kept_id, contact__isnull=False)
        taken = set(members.values_list("contact", flat=True))
    with scope.organization(kept_id):
        for each, kept in same:
            kinds = in_order({*kept.kinds, *each.kinds})
            declined = in_order({*kept.declined, *each.declined})
            Contact.objects.filter(pk=kept.pk).update(kinds=kinds, declined=declined)
    return {each.pk: None if kept.pk in taken else kept.pk for each, kept in same}


def _account_once(kept_id: int, merged: Organization) -> None:
    """Who is billed already goes on to be billed so; else the other's details are theirs."""
    with scope.organization(kept_id):
        has_one = BillingAccount.objects.filter(pk=kept_id).exists()
    if has_one:
        with scope.organization(merged.pk):
            BillingAccount.objects.filter(pk=merged.pk).delete()


def _invited_twice(kept_id: int, merged: Organization) -> None:
    """One invitation is enough."""
    pending = Invitation.Status.PENDING
    with scope.across_organizations("who is invited by both customers"):
        ours = Invitation.objects.filter(organization=kept_id, status=pending)
        addresses = list(ours.values_list("email", flat=True))
    with scope.organization(merged.pk):
        theirs: QuerySet[Invitation] = Invitation.objects.filter(organization=merged)
        theirs.filter(status=pending, email__in=addresses).update(status=Invitation.Status.REVOKED)


def _move(merged: Organization, kept_id: int, *, but_contact: int) -> None:
    """Change whose the rows are, as the one role that may, from the one to the other alone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select set_config('forecourt.from', %s, true), set_config('forecourt.into', %s, true)",
            [str(merged.pk), str(kept_id)],
        )
        cursor.execute(scope.ACROSS)
        for table in MOVED:
            besides = " and id <> %s" if table == "orgs_contact" else ""
            cursor.execute(
                f"update {table} set organization_id = %s where organization_id = %s{besides}",  # noqa: S608
                [kept_id, merged.pk, *([but_contact] if besides else [])],
            )
        cursor.execute(scope.BACK)
        cursor.execute(
            "select set_config('forecourt.from', '', true), set_config('forecourt.into', '', true)"
        )


def _leave_behind(merged: Organization, kept_id: int, *, with_contact: bool) -> str:
    """What is left of the one: a row that says where it went, whose former slug leads there as well."""
    slug, contact = merged.slug, merged.primary_contact
    slugs.wait_for_turn()
    with scope.organization(merged.pk):
        if with_contact:  # an organization has a primary contact, also one that is past
            contact.pk, contact.kinds, contact._state.adding = None, [], True
            contact.save(force_insert=True)
            merged.primary_contact = contact
        merged.slug = slugs.slug_for(f"merged-{merged.pk}", slugs.taken)
        merged.save(update_fields=["slug", "primary_contact"])
        Merged.objects.create(organization=merged, into_id=kept_id, slug=slug)
    with scope.organization(kept_id):
        FormerSlug.objects.create(slug=slug, organization_id=kept_id)
    return slug


def _say(actor: Any, merged: Organization, slug: str, said: Counts, reason: str) -> Organization:
    """To the log of both, to everybody who runs the customer now, and to the products."""
    kept = Organization.objects.select_related("primary_contact").get(pk=actor.organization_id)
    what = {"name": merged.name, "slug": slug, "number": merged.pk, "reason": reason}
    audit.record(actor, Event.MERGED, kept, after={**what, "members": said.members})
    with scope.organization(merged.pk):
        there = {"name": kept.name, "slug": kept.slug, "number": kept.pk, "reason": reason}
        theirs = replace(actor, organization_id=merged.pk)
        audit.record(theirs, Event.MERGED_INTO, merged, after=there)
    mail.queue_all(
        "console.merged",
        list(dict.fromkeys([kept.primary_contact.email, *admins(kept.pk)])),
        organization_id=kept.pk,
        organization_name=kept.name,
        merged_name=merged.name,
        slug=kept.slug,
    )
    for pk in (kept.pk, merged.pk):
        standing.changed(pk)
    return kept
