"""People, as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """The people."""

    name = "forecourt.people"
    label = "people"

    def ready(self) -> None:
        """Listen to allauth."""
        from forecourt.people import receivers  # noqa: F401
