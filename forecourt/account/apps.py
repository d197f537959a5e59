"""account, as a Django app."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """The Account room."""

    name = "forecourt.account"
    label = "account_room"
