"""What can happen to a person's own account, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this floor."""

    SIGNED_UP = "person.signed_up"
    SIGNED_IN = "person.signed_in"
    SIGNED_OUT = "person.signed_out"
    ADDRESS_VERIFIED = "person.address_verified"
    PASSWORD_CHANGED = "person.password_changed"
    PASSWORD_RESET = "person.password_reset"
    PASSWORD_SET = "person.password_set"
    IDENTITY_LINKED = "person.identity_linked"
    IDENTITY_UNLINKED = "person.identity_unlinked"
    PROFILE_CHANGED = "person.profile_changed"
    ADDRESS_ADDED = "person.address_added"
    ADDRESS_REMOVED = "person.address_removed"
    PRIMARY_ADDRESS_CHANGED = "person.primary_address_changed"
    PRIMARY_ADDRESS_RESTORED = "person.primary_address_restored"
    FACTOR_ADDED = "person.factor_added"
    FACTOR_REMOVED = "person.factor_removed"
    FACTOR_RENAMED = "person.factor_renamed"
    FACTOR_FAILED = "person.factor_failed"
    RECOVERY_CODES_MADE = "person.recovery_codes_made"
    RECOVERY_CODE_USED = "person.recovery_code_used"
    RECOVERY_CODES_SHOWN = "person.recovery_codes_shown"
    FACTOR_RESET_ASKED = "person.factor_reset_asked"
    FACTOR_RESET_CANCELED = "person.factor_reset_canceled"
    FACTOR_RESET_DONE = "person.factor_reset_done"
    CONFIRMED = "person.confirmed"
    SESSION_ENDED = "person.session_ended"
    OTHER_SESSIONS_ENDED = "person.other_sessions_ended"
    EXPORTED = "person.exported"
    DELETED = "person.deleted"


#: As people read them on the Activity page.
WORDS = {
    Event.SIGNED_UP: _("Signed up"),
    Event.SIGNED_IN: _("Signed in"),
    Event.SIGNED_OUT: _("Signed out"),
    Event.ADDRESS_VERIFIED: _("Confirmed an address"),
    Event.PASSWORD_CHANGED: _("Changed the password"),
    Event.PASSWORD_RESET: _("Reset the password"),
    Event.PASSWORD_SET: _("Set a password"),
    Event.IDENTITY_LINKED: _("Linked an account of a provider"),
    Event.IDENTITY_UNLINKED: _("Unlinked an account of a provider"),
    Event.PROFILE_CHANGED: _("Changed their profile"),
    Event.ADDRESS_ADDED: _("Added an address"),
    Event.ADDRESS_REMOVED: _("Removed an address"),
    Event.PRIMARY_ADDRESS_CHANGED: _("Changed their primary address"),
    Event.PRIMARY_ADDRESS_RESTORED: _("Restored their primary address"),
    Event.FACTOR_ADDED: _("Added a second factor"),
    Event.FACTOR_REMOVED: _("Removed a second factor"),
    Event.FACTOR_RENAMED: _("Renamed a second factor"),
    Event.FACTOR_FAILED: _("Failed at the second factor"),
    Event.RECOVERY_CODES_MADE: _("Made recovery codes"),
    Event.RECOVERY_CODE_USED: _("Used a recovery code"),
    Event.RECOVERY_CODES_SHOWN: _("Looked at recovery codes"),
    Event.FACTOR_RESET_ASKED: _("Asked to have a lost second factor taken off"),
    Event.FACTOR_RESET_CANCELED: _("Stopped taking off a second factor"),
    Event.FACTOR_RESET_DONE: _("Took off a lost second factor"),
    Event.CONFIRMED: _("Confirmed that it is them"),
    Event.SESSION_ENDED: _("Ended a session"),
    Event.OTHER_SESSIONS_ENDED: _("Ended all other sessions"),
    Event.EXPORTED: _("Downloaded their data"),
    Event.DELETED: _("Deleted their account"),
}
