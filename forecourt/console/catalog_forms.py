"""What the catalog's input looks like; the rules are in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.console.prices import in_minor_units
from forecourt.core.refusals import Refused
from forecourt.products.models import Product


def show(form: forms.Form, refusal: Refused, **names: str) -> None:
    """The sentence at its field, or above where this form has none of that name; `names`: what the
    form calls a field otherwise."""
    field = names.get(refusal.field or "", refusal.field)
    form.add_error(field if field in form.fields else None, refusal.sentence)


class ProductForm(forms.Form):
    """What is said of a product."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=300,
        help_text=_("One sentence, as customers read it."),
    )
    url = forms.CharField(
        label=_("Address"),
        required=False,
        max_length=300,
        help_text=_("Where a product on the web is opened."),
    )
    contact = forms.CharField(
        label=_("Whom to ask for it"),
        required=False,
        max_length=300,
        help_text=_("An e-mail address or a page; empty: your support."),
    )
    icon = forms.CharField(
        label=_("Icon"),
        required=False,
        max_length=40,
        help_text=_("The name of one of lucide.dev, as rocket; empty: the first letter."),
    )
    is_listed = forms.BooleanField(label=_("Shown to organizations without it"), required=False)

    @staticmethod
    def initial_of(product: Product) -> dict[str, Any]:
        """As it is."""
        names = ("name", "description", "url", "contact", "icon", "is_listed")
        return {name: getattr(product, name) for name in names}


class NewProductForm(ProductForm):
    """A new product."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Product.Kind.choices)
    key_prefix = forms.CharField(
        label=_("Prefix of its license keys"),
        max_length=4,
        help_text=_("Four letters or digits. It can never be changed."),
    )
    slug = forms.CharField(
        label=_("Slug"),
        required=False,
        max_length=40,
        help_text=_("Its name in addresses, which can never be changed; empty: made of the name."),
    )
    field_order = ("name", "kind", "key_prefix", "slug", "description", "url", "contact", "icon")


class WithdrawForm(forms.Form):
    """Why a release is taken back."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("Customers read it. Say what to use instead."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PlanForm(forms.Form):
    """A price of a product."""

    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As “Per admin, yearly”."))
    price = forms.DecimalField(
        label=_("Price of a seat"),
        min_value=0,
        max_digits=14,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3, initial="EUR")
    interval = forms.ChoiceField(
        label=_("For each"), choices=[("year", _("Year")), ("month", _("Month"))]
    )
    inclusive = forms.BooleanField(label=_("Tax is in the price"), required=False)
    slug = forms.CharField(
        label=_("Slug"),
        required=False,
        max_length=60,
        help_text=_("Its name to programs; empty: made of product, name and currency."),
    )

    def clean(self) -> dict[str, Any]:
        """With the price in minor units as `unit_amount`."""
        super().clean()
        return in_minor_units(self, "price")
