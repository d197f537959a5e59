"""`organization add`, `staff add`, `factor` and `world`: filling a portal, and what fills the demo."""

from __future__ import annotations

import json
import os
import sys

from forecourt.config.commands.serve import require_migrated, start_django
from forecourt.demo import running


def organization_add(name: str, admin: str) -> int:
    """Make an organization and offer its first Admin a place."""
    running.use(os.environ)
    require_migrated()
    from django.conf import settings

    from forecourt.core.brand import brand
    from forecourt.core.refusals import Refused
    from forecourt.members.actions import start_organization

    try:
        organization = start_organization(name, admin, by=brand().name)
    except Refused as refusal:
        return _refused(refusal)
    print(f"{organization.name} is there: {settings.PUBLIC_URL}/o/{organization.slug}/members/")
    print(f"{admin} gets an invitation by e-mail.")
    return 0


def staff_add(email: str) -> int:
    """Make a person one of the vendor's staff."""
    running.use(os.environ)
    require_migrated()
    from forecourt.core.actors import System
    from forecourt.core.refusals import Refused
    from forecourt.orgs.staff import add_staff

    try:
        add_staff(System(label="forecourt staff add"), email=email)
    except Refused as refusal:
        return _refused(refusal)
    print(f"{email} is one of the vendor's staff, and is told by e-mail how to get in.")
    return 0


def factor(email: str, reason: str | None) -> int:
    """Have a person's lost second factor taken off after 72 hours' notice; without a reason, take
    that back."""
    running.use(os.environ)
    require_migrated()
    from forecourt.core.actors import System
    from forecourt.core.brand import brand
    from forecourt.core.refusals import Refused
    from forecourt.orgs.staff import keep_factor, reset_factor

    staff = System(label=brand().name)
    try:
        if reason is None:
            keep_factor(staff, email=email)
            print(f"The second factor of {email} stays.")
        else:
            reset = reset_factor(staff, email=email, reason=reason)
            print(f"{email} is told. It happens after {reset.due_at:%Y-%m-%d %H:%M} UTC at the")
            print("earliest, unless they stop it.")
    except Refused as refusal:
        return _refused(refusal)
    return 0


def world(*, as_json: bool) -> int:
    """Tell who and what the sample world is made of."""
    from forecourt.config.commands.addresses import without_database

    if not running.use(os.environ):
        os.environ["FORECOURT_DEMO"] = "1"
        without_database()
    start_django()
    from forecourt.demo import world as sample

    if as_json:
        print(json.dumps(sample.describe(), indent=2, default=str))
    else:
        print("\n".join(sample.sign_ins()))
    return 0


def _refused(refusal: Exception) -> int:
    print(f"forecourt: {refusal}", file=sys.stderr)
    return 1
