"""The cellar: what every room stands on."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The cellar."""

    name = "forecourt.core"
    label = "core"
