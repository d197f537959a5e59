"""account, as a Django app."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    name = "forecourt.account"
    label = "account_room"
