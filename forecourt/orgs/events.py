"""What can happen to organizations and staff, as the audit log names it."""

from enum import StrEnum


class Event(StrEnum):
    """The events of this floor."""

    ORGANIZATION_STARTED = "organization.started"
    SETTINGS_CHANGED = "organization.settings_changed"
    STAFF_ADDED = "staff.added"
