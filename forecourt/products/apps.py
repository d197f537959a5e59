"""products, as a Django app."""

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """What organizations may use."""

    name = "forecourt.products"
    label = "products"

    def ready(self) -> None:
        """allauth has no setting for whom oauthlib asks before it gives out a token, so ours takes
        the place of its own (docs/decisions/0031)."""
        from allauth.idp.oidc.internal.oauthlib import server

        from forecourt.products.launching.validator import Validator

        server.OAuthLibRequestValidator = Validator
