"""products, as a Django app."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """What organizations may use."""

    name = "forecourt.products"
    label = "products"
