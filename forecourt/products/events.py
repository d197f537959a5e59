"""What can happen to products and licenses, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this floor."""

    PRODUCT_ADDED = "product.added"
    PRODUCT_CHANGED = "product.changed"
    RELEASE_PUBLISHED = "release.published"
    RELEASE_WITHDRAWN = "release.withdrawn"
    LICENSE_GRANTED = "license.granted"
    LICENSE_EXTENDED = "license.extended"
    LICENSE_CHANGED = "license.changed"
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
    LAUNCHED = "launch.started"
    LAUNCH_ENDED = "launch.ended"
    CLIENT_ADDED = "client.added"
    CLIENT_CHANGED = "client.changed"
    CLIENT_SECRET_ROTATED = "client.secret_rotated"
    CLIENT_DISABLED = "client.disabled"
    TOKEN_KEY_MADE = "client.token_key_made"


#: As people read them on the Activity page.
WORDS = {
    Event.PRODUCT_ADDED: _("Added a product"),
    Event.PRODUCT_CHANGED: _("Changed a product"),
    Event.RELEASE_PUBLISHED: _("Published a release"),
    Event.RELEASE_WITHDRAWN: _("Withdrew a release"),
    Event.LICENSE_GRANTED: _("Granted a license"),
    Event.LICENSE_EXTENDED: _("Extended a license"),
    Event.LICENSE_CHANGED: _("Changed a license"),
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
    Event.LAUNCHED: _("Signed in to a product"),
    Event.LAUNCH_ENDED: _("Was signed out of a product"),
    Event.CLIENT_ADDED: _("Let a program sign people in"),
    Event.CLIENT_CHANGED: _("Changed a program that signs people in"),
    Event.CLIENT_SECRET_ROTATED: _("Replaced a program's secret"),
    Event.CLIENT_DISABLED: _("Let a program sign in nobody any more"),
    Event.TOKEN_KEY_MADE: _("Made a key for tokens"),
}
