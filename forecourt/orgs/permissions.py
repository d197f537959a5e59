"""Who may do what: the one table. Gates, actions, the help on the Members page, the documents and
the tests read it; nothing else decides."""

import functools
from collections.abc import Set
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

from forecourt.core.languages import language


class Role(models.TextChoices):
    """The two roles of a member (S10); a new member starts as Member."""

    MEMBER = "member", _("Member")
    ADMIN = "admin", _("Admin")


def role_label(role: str) -> str:
    """A role as people read it."""
    return _role_labels(language())[role]


@functools.cache
def _role_labels(_language: str) -> dict[str, str]:
    return {role.value: str(role.label) for role in Role}


class Permission(StrEnum):
    """Something that a person can be allowed to do in an organization."""

    VIEW_MEMBERS = "view_members"
    INVITE_MEMBERS = "invite_members"
    LEAVE = "leave"
    EDIT_MEMBERS = "edit_members"
    REMOVE_MEMBERS = "remove_members"
    RESET_FACTORS = "reset_factors"
    MANAGE_INVITATIONS = "manage_invitations"
    VIEW_PRODUCTS = "view_products"
    SEE_KEYS = "see_keys"
    ROTATE_KEYS = "rotate_keys"
    ASSIGN_SEATS = "assign_seats"
    VIEW_BILLING = "view_billing"
    EDIT_BILLING = "edit_billing"
    VIEW_ACCOUNT = "view_account"
    EDIT_CONTACTS = "edit_contacts"
    EDIT_PRIMARY = "edit_primary"
    EDIT_SETTINGS = "edit_settings"
    VIEW_ACTIVITY = "view_activity"
    VIEW_MAIL = "view_mail"


#: What each permission means, as people read it.
MEANINGS = {
    Permission.VIEW_MEMBERS: _("See who is here"),
    Permission.INVITE_MEMBERS: _("Invite people"),
    Permission.LEAVE: _("Leave the organization"),
    Permission.EDIT_MEMBERS: _("Change roles, and choose the role when inviting"),
    Permission.REMOVE_MEMBERS: _("Remove people"),
    Permission.RESET_FACTORS: _("Have a lost second factor taken off"),
    Permission.MANAGE_INVITATIONS: _("Resend and revoke everybody's invitations"),
    Permission.VIEW_PRODUCTS: _("See products, and download them"),
    Permission.SEE_KEYS: _("See license keys, and download license files"),
    Permission.ROTATE_KEYS: _("Replace license keys by new ones"),
    Permission.ASSIGN_SEATS: _("Decide who has a seat"),
    Permission.VIEW_BILLING: _("See subscriptions and invoices"),
    Permission.EDIT_BILLING: _("Change billing details and seats, cancel subscriptions, pay"),
    Permission.VIEW_ACCOUNT: _("See the organization's account"),
    Permission.EDIT_CONTACTS: _("Add, change and delete contacts"),
    Permission.EDIT_PRIMARY: _("Change the primary billing contact"),
    Permission.EDIT_SETTINGS: _("Change the organization's settings"),
    Permission.VIEW_ACTIVITY: _("See who did what"),
    Permission.VIEW_MAIL: _("See what became of each mail"),
}

_EVERYBODY = frozenset(
    {
        Permission.VIEW_MEMBERS,
        Permission.INVITE_MEMBERS,
        Permission.LEAVE,
        Permission.VIEW_PRODUCTS,
        Permission.SEE_KEYS,
        Permission.VIEW_ACCOUNT,
    }
)

#: What nobody but the primary billing contact may do, while a member is it (S39); else Admins (D3).
WHILE_VACANT = frozenset({Permission.EDIT_PRIMARY})

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: _EVERYBODY,
    Role.ADMIN: frozenset(Permission) - WHILE_VACANT,
}

#: What the primary billing contact may do whatever their role (S33, S39, S43, S49).
PRIMARY_GRANTS = frozenset(
    {
        Permission.REMOVE_MEMBERS,
        Permission.VIEW_BILLING,
        Permission.EDIT_BILLING,
        Permission.EDIT_CONTACTS,
        Permission.EDIT_PRIMARY,
    }
)

#: What Members may do only where their organization lets everybody do it (O16, O24).
WHERE_ALLOWED = frozenset({Permission.INVITE_MEMBERS, Permission.SEE_KEYS})

#: The dangerous ones: whoever uses them proved within the last minutes who they are (O26).
FRESH = frozenset(
    {
        Permission.EDIT_MEMBERS,
        Permission.REMOVE_MEMBERS,
        Permission.RESET_FACTORS,
        Permission.ROTATE_KEYS,
        Permission.EDIT_PRIMARY,
        Permission.EDIT_SETTINGS,
    }
)


#: What stays open to its members while the vendor keeps an organization shut: to pay, and to leave.
WHILE_SUSPENDED = frozenset({Permission.LEAVE, Permission.VIEW_BILLING, Permission.EDIT_BILLING})


def granted(
    role: str,
    *,
    is_primary: bool,
    withheld: Set[Permission],
    is_vacant: bool = False,
    is_suspended: bool = False,
) -> Set[Permission]:
    """What a member with this role may do in an organization that withholds these of
    WHERE_ALLOWED from its Members; `is_vacant`: none of its members is the primary billing
    contact; `is_suspended`: the vendor keeps it shut."""
    grants = GRANTS[Role(role)]
    if role != Role.ADMIN:
        grants = grants - (withheld & WHERE_ALLOWED)
    elif is_vacant:
        grants = grants | WHILE_VACANT
    grants = grants | PRIMARY_GRANTS if is_primary else grants
    return grants & WHILE_SUSPENDED if is_suspended else grants


def table() -> list[tuple[str, str, str, str]]:
    """(what, Member, Admin, primary billing contact) for the help on the Members page: "yes",
    "no", "policy" where it is the organization's choice, or "vacant" where it is so only while no
    member is the primary billing contact."""
    rows = []
    for permission, meaning in MEANINGS.items():
        member = "yes" if permission in GRANTS[Role.MEMBER] else "no"
        if permission in WHERE_ALLOWED:
            member = "policy"
        admin = "yes" if permission in GRANTS[Role.ADMIN] else "no"
        admin = "vacant" if permission in WHILE_VACANT else admin
        primary = "yes" if permission in PRIMARY_GRANTS else member
        rows.append((str(meaning), member, admin, primary))
    return rows


class InviteePermission(StrEnum):
    """What whoever holds an invitation may do with it, and with nothing else."""

    ANSWER_INVITATION = "answer_invitation"


class ContactPermission(StrEnum):
    """What whoever reads a contact's mail may do by the links in it, and nothing else."""

    CHOOSE_MAIL = "choose_mail"
    UNDO_CHANGE = "undo_change"
