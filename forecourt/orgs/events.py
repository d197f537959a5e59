"""What can happen to organizations and staff, as the audit log names it."""

from enum import StrEnum


class Event(StrEnum):
    """The events of this floor."""

    ORGANIZATION_STARTED = "organization.started"
    SETTINGS_CHANGED = "organization.settings_changed"
    SIGN_IN_RULES_CHANGED = "organization.sign_in_rules_changed"
    CONTACT_CHANGED = "contact.changed"
    STAFF_ADDED = "staff.added"
