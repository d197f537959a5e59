"""members, as a Django app."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "forecourt.members"
    label = "members"
