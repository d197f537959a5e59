"""What can happen to organizations and staff, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this floor."""

    ORGANIZATION_STARTED = "organization.started"
    RENAMED = "organization.renamed"
    SETTINGS_CHANGED = "organization.settings_changed"
    SIGN_IN_RULES_CHANGED = "organization.sign_in_rules_changed"
    ACTIVITY_EXPORTED = "organization.activity_exported"
    CONTACT_CHANGED = "contact.changed"
    STAFF_ADDED = "staff.added"


#: As people read them on the Activity page.
WORDS = {
    Event.ORGANIZATION_STARTED: _("Started the organization"),
    Event.RENAMED: _("Renamed the organization"),
    Event.SETTINGS_CHANGED: _("Changed what Members may do"),
    Event.SIGN_IN_RULES_CHANGED: _("Changed the sign-in rules"),
    Event.ACTIVITY_EXPORTED: _("Had the activity made a file"),
    Event.CONTACT_CHANGED: _("Changed a contact"),
    Event.STAFF_ADDED: _("Added a person to the vendor's staff"),
}
