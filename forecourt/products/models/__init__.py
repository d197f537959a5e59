"""What the vendor offers (the catalog, which is nobody's), and what organizations may use of it."""

from forecourt.products.models.catalog import Artifact, Product, Release
from forecourt.products.models.launching import Launch, ProductClient, TokenKey
from forecourt.products.models.licenses import License, LicenseKey, Seat
from forecourt.products.models.notices import LicenseNotice
from forecourt.products.models.signing import SigningKey

__all__ = [
    "Artifact",
    "Launch",
    "License",
    "LicenseKey",
    "LicenseNotice",
    "Product",
    "ProductClient",
    "Release",
    "Seat",
    "SigningKey",
    "TokenKey",
]
