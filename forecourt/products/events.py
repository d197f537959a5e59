"""What can happen to products and licenses, as the audit log names it."""

from enum import StrEnum


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
