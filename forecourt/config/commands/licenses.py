"""`license`: what organizations may use, until there are pages and subscriptions for it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from forecourt.config.commands.staff import BadWord, as_staff, moment, say, staff

if TYPE_CHECKING:
    from forecourt.products.models import License


@as_staff
def license(asked: argparse.Namespace) -> None:
    """Grant, list or change."""
    if asked.verb == "grant":
        _grant(asked)
    elif asked.verb == "list":
        _list(asked.organization)
    else:
        _change(asked)


def _grant(asked: argparse.Namespace) -> None:
    from forecourt.products.actions import grant_license
    from forecourt.products.staff_finding import organization_called

    organization = organization_called(asked.organization)
    granted = grant_license(
        staff(organization.pk),
        product=asked.product,
        plan=asked.plan,
        seats=asked.seats,
        key=asked.key,
        starts_at=moment(asked.starts) if asked.starts else None,
        ends_at=moment(asked.ends, at_end=True) if asked.ends else None,
        renews=asked.renews,
    )
    say(f"{organization.name} has {granted}.")
    say(_line(granted))


def _list(slug: str) -> None:
    from forecourt.products.staff_finding import licenses_of, organization_called

    for found in licenses_of(organization_called(slug)):
        say(_line(found))


def _change(asked: argparse.Namespace) -> None:
    from forecourt.billing.finding import check_free
    from forecourt.products import actions
    from forecourt.products.staff_finding import license_called

    found = license_called(asked.handle)
    if asked.verb in ("extend", "end"):
        check_free(found)
    actor, name = staff(found.organization_id), {"handle": found.handle}
    match asked.verb:
        case "extend":
            ends_at = None if asked.ends == "never" else moment(asked.ends, at_end=True)
            now = actions.extend_license(actor, **name, ends_at=ends_at, renews=asked.renews)
        case "end":
            at = moment(asked.at, at_end=True) if asked.at else None
            now = actions.end_license(actor, **name, at=at)
        case "seats":
            now = actions.change_license_seats(actor, **name, seats=_number(asked.number))
        case "suspend":
            now = actions.suspend_license(actor, **name)
        case _:
            now = actions.resume_license(actor, **name)
    say(_line(now))


def _number(text: str) -> int | None:
    if text == "any":
        return None
    if not text.isdecimal():
        raise BadWord(f"“{text}” is no number of seats; `any` is any number.")
    return int(text)


def _line(granted: License) -> str:
    """A license on one line; never its key."""
    from django.utils import timezone

    def day(at):
        return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"

    end = (
        f"{'renews' if granted.renews else 'ends'} {day(granted.ends_at)}"
        if granted.ends_at
        else ""
    )
    seats = "any number of seats" if granted.seats is None else f"{granted.seats} seats"
    state = "suspended" if granted.is_suspended else "ended" if granted.has_ended else ""
    said = [
        granted.product.slug,
        granted.plan,
        seats,
        f"starts {day(granted.starts_at)}",
        end,
        state,
    ]
    return f"{granted.handle}  {', '.join(filter(None, said))}"
