"""account, as a Django app."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """The Account room."""

    name = "forecourt.account"
    label = "account_room"

    def ready(self) -> None:
        """Listen to what mail providers tell."""
        from forecourt.account import receivers  # noqa: F401
