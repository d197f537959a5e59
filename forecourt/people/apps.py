"""People, as a Django app."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "forecourt.people"
    label = "people"

    def ready(self) -> None:
        from forecourt.people import receivers  # noqa: F401
