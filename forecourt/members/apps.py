"""members, as a Django app."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The Members room."""

    name = "forecourt.members"
    label = "members"
