"""console, as a Django app."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    """The vendor's people run it."""

    name = "forecourt.console"
    label = "console"
