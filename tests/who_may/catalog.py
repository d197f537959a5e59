"""The addresses of the catalog in the console."""

from forecourt.orgs.staff_permissions import StaffPermission
from tests.who_may.console import MONEY, VIEW, row

CATALOG = StaffPermission.MANAGE_CATALOG

CATALOG_ROWS = [
    row("GET", "console_catalog", VIEW),
    row("GET", "console_add_product", CATALOG),
    row("POST", "console_add_product", CATALOG),
    row("GET", "console_product", VIEW),
    row("GET", "console_change_product", CATALOG),
    row("POST", "console_change_product", CATALOG),
    row("POST", "console_move_product", CATALOG),
    row("GET", "console_publish", CATALOG),
    row("POST", "console_publish", CATALOG, gate_first=True),
    row("POST", "console_preview", CATALOG),
    row("POST", "console_name_files", CATALOG),
    row("GET", "console_withdraw_release", CATALOG),
    row("POST", "console_withdraw_release", CATALOG),
    row("GET", "console_add_plan", MONEY),
    row("POST", "console_add_plan", MONEY),
    row("GET", "console_withdraw_plan", MONEY),
    row("POST", "console_withdraw_plan", MONEY),
    row("GET", "console_clients", VIEW),
    row("GET", "console_client", VIEW),
    row("GET", "console_add_client", CATALOG),
    row("POST", "console_add_client", CATALOG),
    row("GET", "console_rotate_client", CATALOG),
    row("POST", "console_rotate_client", CATALOG),
    row("GET", "console_disable_client", CATALOG),
    row("POST", "console_disable_client", CATALOG),
]
_DEPLOY, _NOBODY = {"slug": "deploy"}, {"client_id": "none"}
#: What of the catalog an address names; of a customer it is none.
OF_THE_CATALOG = {
    **dict.fromkeys(["console_product", "console_change_product", "console_add_plan"], _DEPLOY),
    **dict.fromkeys(["console_publish", "console_preview", "console_name_files"], _DEPLOY),
    "console_move_product": {**_DEPLOY, "way": "up"},
    "console_withdraw_release": {**_DEPLOY, "version": "19.4.2"},
    "console_withdraw_plan": {**_DEPLOY, "plan": "none"},
    **dict.fromkeys(["console_client", "console_rotate_client"], _NOBODY),
    "console_disable_client": _NOBODY,
}
