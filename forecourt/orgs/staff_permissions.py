"""What the vendor's staff may do, by their duty: the other half of the one table. The words are those of
the actions; what no duty names, no staff can do."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from forecourt.orgs.models import Staff
from forecourt.orgs.permissions import Permission

Duty = Staff.Duty


class StaffPermission(StrEnum):
    """A part of the console."""

    VIEW_CONSOLE = "view_console"
    HELP_CUSTOMERS = "help_customers"
    MANAGE_MONEY = "manage_money"
    MANAGE_CATALOG = "manage_catalog"
    IMPORT_CUSTOMERS = "import_customers"
    MANAGE_STAFF = "manage_staff"


#: What each means, as people read it.
MEANINGS = {
    StaffPermission.VIEW_CONSOLE: _("See customers, find them, and what they did"),
    StaffPermission.HELP_CUSTOMERS: _(
        "Add and suspend organizations, see as they do; licenses; primary contacts; lost factors"
    ),
    StaffPermission.MANAGE_MONEY: _("Plans, subscriptions, invoices, payments"),
    StaffPermission.MANAGE_CATALOG: _("Products, releases, programs that sign people in"),
    StaffPermission.IMPORT_CUSTOMERS: _("Import customers, send their invitations, merge two"),
    StaffPermission.MANAGE_STAFF: _("Staff and settings"),
}

#: The actions, and what of an organization's own, that each opens.
ACTIONS: dict[StaffPermission, frozenset[str]] = {
    StaffPermission.VIEW_CONSOLE: frozenset({"export_list", "end_visit"}),
    StaffPermission.HELP_CUSTOMERS: frozenset(
        {
            *("start_organization", "reset_factor", "keep_factor", "add_note"),
            *("ask_primary_move", "close_primary_move"),
            *("suspend_organization", "reopen_organization", "start_visit"),
            *("grant_license", "extend_license", "end_license", "change_license_seats"),
            *("change_license",),
            *("suspend_license", "resume_license", "retry_job"),
        }
    ),
    StaffPermission.MANAGE_MONEY: frozenset(
        {
            *("add_plan", "withdraw_plan", "change_terms", "start_subscription"),
            *("end_subscription", "issue_invoice", "credit_invoice", "mark_paid", "refund_payment"),
            *("start_with_stripe", Permission.EDIT_BILLING, Permission.VIEW_BILLING),
        }
    ),
    StaffPermission.MANAGE_CATALOG: frozenset(
        {
            *("add_product", "change_product", "move_product", "rotate_signing_key"),
            *("publish_release", "withdraw_release"),
            *("add_client", "disable_client", "rotate_client_secret", "rotate_token_key"),
        }
    ),
    StaffPermission.IMPORT_CUSTOMERS: frozenset(
        {
            *("import_customer", "send_invitations", "start_import", "merge_customer"),
            # (Accounts, keys and activity are the server's alone to import.)
            *("import_release", "import_client"),
        }
    ),
    StaffPermission.MANAGE_STAFF: frozenset(
        {"add_staff", "change_duty", "remove_staff", "change_brand"}
    ),
}

GRANTS: dict[Duty, frozenset[StaffPermission]] = {
    Duty.SUPPORT: frozenset({StaffPermission.VIEW_CONSOLE, StaffPermission.HELP_CUSTOMERS}),
    Duty.FINANCE: frozenset({StaffPermission.VIEW_CONSOLE, StaffPermission.MANAGE_MONEY}),
    Duty.CATALOG: frozenset({StaffPermission.VIEW_CONSOLE, StaffPermission.MANAGE_CATALOG}),
    Duty.OWNER: frozenset(StaffPermission),
}


def may(duty: str, permission: str) -> bool:
    """Whether staff with this duty may: a part of the console, or one action."""
    granted = GRANTS[Duty(duty)]
    return permission in granted or any(permission in ACTIONS[part] for part in granted)
