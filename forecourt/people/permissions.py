"""What a person may do with their own account; everything here is theirs alone."""

from enum import StrEnum


class OwnPermission(StrEnum):
    """What concerns one account and no organization."""

    MANAGE_OWN_ACCOUNT = "manage_own_account"
