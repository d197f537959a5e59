"""orgs, as a Django app."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    name = "forecourt.orgs"
    label = "orgs"
