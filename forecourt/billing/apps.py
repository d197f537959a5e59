"""billing, as a Django app."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """The Billing room."""

    name = "forecourt.billing"
    label = "billing"
