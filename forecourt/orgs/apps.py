"""orgs, as a Django app."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """The organizations."""

    name = "forecourt.orgs"
    label = "orgs"
