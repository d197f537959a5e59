"""What can happen to products and licenses, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this floor."""

    PRODUCT_ADDED = "product.added"
    RELEASE_PUBLISHED = "release.published"
    RELEASE_WITHDRAWN = "release.withdrawn"
    LICENSE_GRANTED = "license.granted"
    LICENSE_EXTENDED = "license.extended"
    LICENSE_ENDED = "license.ended"
    LICENSE_SUSPENDED = "license.suspended"
    LICENSE_RESUMED = "license.resumed"
    SEATS_CHANGED = "license.seats_changed"
    KEY_REVEALED = "license.key_revealed"
    KEY_ROTATED = "license.key_rotated"
    FILE_ISSUED = "license.file_issued"
    SIGNING_KEY_MADE = "license.signing_key_made"
    SEAT_ASSIGNED = "seat.assigned"
    SEAT_FREED = "seat.freed"
    DOWNLOADED = "release.downloaded"


#: As people read them on the Activity page.
WORDS = {
    Event.PRODUCT_ADDED: _("Added a product"),
    Event.RELEASE_PUBLISHED: _("Published a release"),
    Event.RELEASE_WITHDRAWN: _("Withdrew a release"),
    Event.LICENSE_GRANTED: _("Granted a license"),
    Event.LICENSE_EXTENDED: _("Extended a license"),
    Event.LICENSE_ENDED: _("Ended a license"),
    Event.LICENSE_SUSPENDED: _("Suspended a license"),
    Event.LICENSE_RESUMED: _("Resumed a license"),
    Event.SEATS_CHANGED: _("Changed a license's seats"),
    Event.KEY_REVEALED: _("Revealed a license key"),
    Event.KEY_ROTATED: _("Replaced a license key"),
    Event.FILE_ISSUED: _("Downloaded a license file"),
    Event.SIGNING_KEY_MADE: _("Made a signing key"),
    Event.SEAT_ASSIGNED: _("Gave a person a seat"),
    Event.SEAT_FREED: _("Freed a seat"),
    Event.DOWNLOADED: _("Downloaded a file"),
}
