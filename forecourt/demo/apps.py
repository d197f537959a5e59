"""The demo as a Django app; the settings install it only when FORECOURT_DEMO is on."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The mailbox pages of the demo."""

    name = "forecourt.demo"
    label = "demo"
    verbose_name = "Demo"
