"""Stand-ins for Google and Microsoft: small but real OpenID Connect providers on this machine."""
