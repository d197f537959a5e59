"""What a product of the catalog has to be."""

import re

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecourt.core.assets import has_shape
from forecourt.core.refusals import Refused
from forecourt.people.addresses import BadAddress, normalize
from forecourt.products.models import Product

#: Schemes of the browser itself and of the system.
_DANGEROUS = ("javascript:", "data:", "vbscript:", "file:", "blob:", "about:", "chrome", "http")
#: What the console's addresses have in the place of a slug.
_RESERVED = ("clients", "new")
_is_address = URLValidator(schemes=["http", "https"])


def checked(product: Product) -> Product:
    """A product, new or changed, with everything in its one written form; raises Refused."""
    product.name = " ".join(product.name.split())
    product.slug = product.slug or slugify(product.name)[:40].strip("-")
    product.key_prefix = product.key_prefix.upper()
    product.contact = _contact(product.contact.strip())
    product.description = " ".join(product.description.split())
    _check_names(product)
    if product.icon and not has_shape(product.icon):
        raise Refused(_("An icon is the name of one of lucide.dev, as rocket."), field="icon")
    if product.kind not in Product.Kind.values:
        raise Refused(_("A product is downloaded or on the web."), field="kind")
    if product.is_web and not product.url:
        raise Refused(_("A product on the web has an address."), field="url")
    if product.url and not (_is_page(product.url) or _starts_program(product)):
        raise Refused(_("The address begins with https:// or http://."), field="url")
    return product


def _check_names(product: Product) -> None:
    if not 1 <= len(product.name) <= 80 or not product.name.isprintable():
        raise Refused(_("A name has 1 to 80 printable characters."), field="name")
    if len(product.slug) > 40 or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", product.slug):
        raise Refused(
            _("A slug has small letters and digits, with hyphens between; 40 at most."),
            field="slug",
        )
    if product.slug in _RESERVED:
        raise Refused(_("No product can have the slug “%s”.") % product.slug, field="slug")
    if not re.fullmatch(r"[A-Z0-9]{4}", product.key_prefix):
        raise Refused(_("A key's prefix has four letters or digits."), field="key_prefix")
    others = Product.objects.exclude(pk=product.pk)
    if others.filter(key_prefix=product.key_prefix).exists():
        raise Refused(_("Another product's keys have this prefix."), field="key_prefix")
    if len(product.description) > 300 or not product.description.isprintable():
        raise Refused(_("A description has 300 printable characters at most."), field="description")


def _contact(text: str) -> str:
    """Whom to ask for the product: an e-mail address or a page. Pages show it as a link."""
    if not text or _is_page(text):
        return text
    try:
        return normalize(text)
    except BadAddress as problem:
        raise Refused(
            _("The contact is an e-mail address or a page."), field="contact"
        ) from problem


def _starts_program(product: Product) -> bool:
    """Whether the address starts a program that was downloaded, by a scheme of its own."""
    if product.is_web:
        return False
    return bool(re.fullmatch(r"[a-z][a-z0-9+.-]{2,30}://[!-~]{0,200}", product.url)) and not (
        product.url.startswith(_DANGEROUS)
    )


def _is_page(text: str) -> bool:
    try:
        _is_address(text)
    except ValidationError:
        return False
    return len(text) <= 300
