"""What can happen in the console alone, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this room."""

    JOB_RETRIED = "job.retried"
    LIST_EXPORTED = "staff.list_exported"
    NOTED = "staff.noted"
    MOVE_ASKED = "staff.primary_move_asked"
    MOVE_CLOSED = "staff.primary_move_closed"
    MERGED = "organization.merged"
    MERGED_INTO = "organization.merged_into"
    IMPORT_UPLOADED = "staff.import_uploaded"
    IMPORT_STARTED = "staff.import_started"
    IMPORT_DISCARDED = "staff.import_discarded"
    BRAND_CHANGED = "staff.brand_changed"
    ACCOUNT_IMPORTED = "staff.account_imported"
    MEMBER_IMPORTED = "staff.member_imported"
    INVITATION_IMPORTED = "staff.invitation_imported"
    ACTIVITY_IMPORTED = "staff.activity_imported"
    MAILS_IMPORTED = "staff.mails_imported"
    FIGURES_IMPORTED = "staff.figures_imported"


#: As people read them.
WORDS = {
    Event.JOB_RETRIED: _("Had a job tried again"),
    Event.LIST_EXPORTED: _("Exported a list of customers"),
    Event.NOTED: _("Wrote a note"),
    Event.MOVE_ASKED: _("Asked to move the primary billing contact"),
    Event.MOVE_CLOSED: _("Closed what was asked about the primary billing contact"),
    Event.MERGED: _("Merged another customer into this one"),
    Event.MERGED_INTO: _("Merged this customer into another"),
    Event.IMPORT_UPLOADED: _("Uploaded files to import"),
    Event.IMPORT_STARTED: _("Started an import"),
    Event.IMPORT_DISCARDED: _("Discarded an import"),
    Event.BRAND_CHANGED: _("Changed the brand"),
    Event.ACCOUNT_IMPORTED: _("Brought an account over from another portal"),
    Event.MEMBER_IMPORTED: _("Brought a member over from another portal"),
    Event.INVITATION_IMPORTED: _("Brought an invitation over from another portal"),
    Event.ACTIVITY_IMPORTED: _("Brought activity over from another portal"),
    Event.MAILS_IMPORTED: _("Brought mails over from another portal"),
    Event.FIGURES_IMPORTED: _("Brought figures over from another portal"),
}
