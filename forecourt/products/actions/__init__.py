"""Everything that can happen in the Products room."""

from forecourt.products.actions.catalog import (
    add_product,
    change_product,
    move_product,
    publish_release,
    withdraw_release,
)
from forecourt.products.actions.clients import (
    add_client,
    disable_client,
    reseal_token_keys,
    rotate_client_secret,
    rotate_token_key,
)
from forecourt.products.actions.downloads import download
from forecourt.products.actions.keys import reveal_key, rotate_key
from forecourt.products.actions.launching import end_launches, start_launch
from forecourt.products.actions.seats import assign_seats, free_seat
from forecourt.products.actions.signing import (
    issue_license_file,
    reseal_signing_keys,
    rotate_signing_key,
)
from forecourt.products.actions.staff_licenses import (
    change_license,
    change_license_seats,
    end_license,
    extend_license,
    grant_license,
    resume_license,
    suspend_license,
)

__all__ = [
    "add_client",
    "add_product",
    "assign_seats",
    "change_license",
    "change_license_seats",
    "change_product",
    "disable_client",
    "download",
    "end_launches",
    "end_license",
    "extend_license",
    "free_seat",
    "grant_license",
    "issue_license_file",
    "move_product",
    "publish_release",
    "reseal_signing_keys",
    "reseal_token_keys",
    "resume_license",
    "reveal_key",
    "rotate_client_secret",
    "rotate_key",
    "rotate_signing_key",
    "rotate_token_key",
    "start_launch",
    "suspend_license",
    "withdraw_release",
]
