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
    SUSPENDED = "organization.suspended"
    REOPENED = "organization.reopened"
    CONTACT_ADDED = "contact.added"
    CONTACT_CHANGED = "contact.changed"
    CONTACT_MET = "contact.met"
    CONTACT_CONFIRMED = "contact.confirmed"
    CONTACT_REMOVED = "contact.removed"
    CONTACT_CHOSE_MAIL = "contact.chose_mail"
    CONTACT_BOUNCED = "contact.bounced"
    CONTACT_COMPLAINED = "contact.complained"
    CONTACT_WORKS_AGAIN = "contact.works_again"
    MAIL_BOUNCED = "mail.bounced"
    MAIL_COMPLAINED = "mail.complained"
    MAIL_GIVEN_UP = "mail.given_up"
    PRIMARY_CHANGED = "organization.primary_contact_changed"
    PRIMARY_RESTORED = "organization.primary_contact_restored"
    STAFF_ADDED = "staff.added"
    STAFF_DUTY_CHANGED = "staff.duty_changed"
    STAFF_REMOVED = "staff.removed"
    VISIT_STARTED = "staff.visit_started"
    VISIT_ENDED = "staff.visit_ended"


#: As people read them on the Activity page.
WORDS = {
    Event.ORGANIZATION_STARTED: _("Started the organization"),
    Event.RENAMED: _("Renamed the organization"),
    Event.SETTINGS_CHANGED: _("Changed what Members may do"),
    Event.SIGN_IN_RULES_CHANGED: _("Changed the sign-in rules"),
    Event.ACTIVITY_EXPORTED: _("Had the activity made a file"),
    Event.SUSPENDED: _("Suspended the organization"),
    Event.REOPENED: _("Reopened the organization"),
    Event.CONTACT_ADDED: _("Added a contact"),
    Event.CONTACT_CHANGED: _("Changed a contact"),
    Event.CONTACT_MET: _("Became the person of a contact"),
    Event.CONTACT_CONFIRMED: _("Confirmed a contact's address"),
    Event.CONTACT_REMOVED: _("Deleted a contact"),
    Event.CONTACT_CHOSE_MAIL: _("Chose which mail they get"),
    Event.CONTACT_BOUNCED: _("Noted that mail to a contact comes back"),
    Event.CONTACT_COMPLAINED: _("Unsubscribed a contact who marked mail as spam"),
    Event.CONTACT_WORKS_AGAIN: _("Noted that mail reaches a contact again"),
    Event.MAIL_BOUNCED: _("A mail came back"),
    Event.MAIL_COMPLAINED: _("A mail was marked as spam"),
    Event.MAIL_GIVEN_UP: _("A mail was given up"),
    Event.PRIMARY_CHANGED: _("Changed the primary billing contact"),
    Event.PRIMARY_RESTORED: _("Undid a change of the primary billing contact"),
    Event.STAFF_ADDED: _("Added a person to the vendor's staff"),
    Event.STAFF_DUTY_CHANGED: _("Changed what one of the vendor's staff may do"),
    Event.STAFF_REMOVED: _("Removed a person from the vendor's staff"),
    Event.VISIT_STARTED: _("Looked at the portal as you see it"),
    Event.VISIT_ENDED: _("Ended looking at the portal as you see it"),
}
