"""The addresses of the console. Here everybody asks without a second factor: staff are sent to get one,
and for everybody else there is nothing. What each duty may, `console/tests` asks."""

from typing import Any

from forecourt.orgs.staff_permissions import StaffPermission
from tests.who_may.rows import REST, STAFF, Row

VIEW, HELP = StaffPermission.VIEW_CONSOLE, StaffPermission.HELP_CUSTOMERS
MONEY, MANAGE = StaffPermission.MANAGE_MONEY, StaffPermission.MANAGE_STAFF
IMPORT = StaffPermission.IMPORT_CUSTOMERS
#: By kind of person; the only one of the vendor's staff is nobody's member.
DOOR = {"anonymous": 302, "staff": 303, REST: 404}
INSIDE = {"anonymous": 302, "staff": 200, REST: 404}


def row(method: str, name: str, duty: StaffPermission, **more) -> Row:
    return Row(method, name, STAFF, more.pop("ok", DOOR), duty=duty, **more)


CONSOLE = [
    row("GET", "console", VIEW),
    row("GET", "console_second_factor", VIEW, ok=INSIDE),
    row("GET", "console_search", VIEW),
    row("GET", "console_organizations", VIEW),
    row("GET", "add_organization", HELP),
    row("POST", "add_organization", HELP),
    row("GET", "console_organization", VIEW),
    row("GET", "console_grant_license", HELP),
    row("POST", "console_grant_license", HELP),
    row("GET", "console_change_license", HELP),
    row("POST", "console_change_license", HELP),
    row("GET", "console_start_subscription", MONEY),
    row("POST", "console_start_subscription", MONEY),
    row("GET", "console_change_subscription", MONEY),
    row("POST", "console_change_subscription", MONEY),
    row("GET", "console_issue_invoice", MONEY),
    row("POST", "console_issue_invoice", MONEY),
    row("GET", "console_mark_paid", MONEY),
    row("POST", "console_mark_paid", MONEY),
    row("GET", "console_credit_invoice", MONEY),
    row("POST", "console_credit_invoice", MONEY),
    row("GET", "console_ask_move", HELP),
    row("POST", "console_ask_move", HELP),
    row("POST", "console_decide_move", HELP),
    row("POST", "console_add_note", HELP),
    row("GET", "console_merge", IMPORT),
    row("POST", "console_merge", IMPORT),
    row("GET", "console_list", VIEW),
    row("POST", "console_export_list", VIEW),
    row("GET", "console_suspend", HELP),
    row("POST", "console_suspend", HELP),
    row("GET", "console_start_visit", HELP),
    row("POST", "console_start_visit", HELP),
    row("POST", "console_end_visit", VIEW, ok={**DOOR, "staff": 303}),
    row("GET", "console_reopen", HELP),
    row("POST", "console_reopen", HELP),
    row("GET", "console_jobs", VIEW),
    row("POST", "console_retry_job", HELP),
    row("GET", "console_mails", VIEW),
    row("GET", "console_staff", MANAGE),
    row("POST", "console_staff", MANAGE),
    row("GET", "console_change_staff", MANAGE),
    row("POST", "console_change_staff", MANAGE),
    row("GET", "console_brand", MANAGE),
    row("POST", "console_brand", MANAGE),
    row("GET", "console_brand_preview", MANAGE),
    row("POST", "console_brand_preview", MANAGE),
    row("GET", "console_imports", IMPORT),
    row("POST", "console_imports", IMPORT, gate_first=True),
    row("POST", "console_send_invitations", IMPORT),
    row("GET", "console_import", IMPORT),
    row("POST", "console_start_import", IMPORT),
    row("POST", "console_discard_import", IMPORT),
]

#: Of an organization alone.
OF_AN_ORGANIZATION = ("console_suspend", "console_reopen")
OF_AN_ORGANIZATION += ("console_start_visit", "console_end_visit")
#: What an address of money is about.
THINGS_OF_STAFF = {
    "console_change_subscription": "subscription",
    "console_mark_paid": "invoice",
    "console_credit_invoice": "invoice",
}

#: What staff with a second factor do, which nobody here has.
STAFF_THEMSELVES = {"change_duty", "remove_staff", "retry_job", "change_brand"}
STAFF_THEMSELVES |= {
    "export_list",
    "merge_customer",
    "suspend_organization",
    "reopen_organization",
    "start_visit",
    "end_visit",
    "add_note",
    "ask_primary_move",
    "close_primary_move",
}


def addresses_of(place: Any) -> dict[str, dict[str, Any]]:
    """What stands in the addresses of the console, by their names."""
    mine = {"slug": place.slug}
    found: dict[str, dict[str, Any]] = {"console_organization": mine}
    for name in ("console_grant_license", "console_start_subscription", "console_ask_move"):
        found[name] = mine
    for name in ("console_add_note", "console_issue_invoice", "console_merge", *OF_AN_ORGANIZATION):
        found[name] = mine
    for name in ("console_list", "console_export_list"):
        found[name] = {"name": "licenses"}
    found["console_decide_move"] = {**mine, "move_id": 987_654_321}
    found["console_change_license"] = {**mine, "license_id": place.license}
    for name, thing in THINGS_OF_STAFF.items():
        found[name] = {**mine, f"{thing}_id": getattr(place, thing)}
    found["console_change_staff"] = {"staff_id": 1}
    found["console_retry_job"] = {"job_id": 987_654_321}
    for name in ("console_import", "console_start_import", "console_discard_import"):
        found[name] = {"import_id": 1}
    return found
