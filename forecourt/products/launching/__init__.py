"""Signing in to the vendor's products through the portal: OpenID Connect, by allauth and oauthlib."""
