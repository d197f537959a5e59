"""products, as a Django app."""

import functools

from django.apps import AppConfig


class ProductsConfig(AppConfig):
    """What organizations may use."""

    name = "forecourt.products"
    label = "products"

    def ready(self) -> None:
        """allauth has no setting for whom oauthlib asks before it gives out a token, so ours takes
        the place of its own (docs/decisions/0031). And it reads the key that signs at each token,
        which takes 36 ms, for the key is checked: the last few are kept."""
        from allauth.core.internal import jwkkit
        from allauth.idp.oidc.internal.oauthlib import server

        from forecourt.products.launching.validator import Validator

        server.OAuthLibRequestValidator = Validator
        jwkkit.load_pem = functools.lru_cache(maxsize=8)(jwkkit.load_pem)
