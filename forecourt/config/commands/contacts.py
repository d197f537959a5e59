"""`primary`: the primary billing contact of an organization, moved where nobody there can."""

from __future__ import annotations

import argparse

from forecourt.config.commands.staff import as_staff, say, staff


@as_staff
def primary(asked: argparse.Namespace) -> None:
    """Move it to a person, with a reason (O12)."""
    from forecourt.account.actions import change_primary
    from forecourt.account.contact_list import written_of
    from forecourt.products.staff_finding import organization_called

    organization = organization_called(asked.organization)
    typed = {"name": asked.name, "phone": asked.phone}
    data = written_of(organization, asked.email)
    data |= {field: text for field, text in typed.items() if text is not None}
    contact = change_primary(
        staff(organization.pk),
        email=asked.email,
        reason=asked.reason,
        remove_former=asked.remove_former,
        **data,
    )
    say(f"{contact.email} is the primary billing contact of {organization.name}.")
    if contact.pk != organization.primary_contact_id:
        say("Both addresses and the organization's Admins are told by e-mail.")
