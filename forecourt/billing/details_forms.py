"""What the form of the billing details looks like, by country."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecourt.billing import addresses, details, tax_ids
from forecourt.core.languages import only_one

#: What browsers fill in by themselves.
FILLED = {
    "street": "street-address",
    "postal_code": "postal-code",
    "city": "address-level2",
    "region": "address-level1",
}


class DetailsForm(forms.Form):
    """Who is billed, where, and where invoices go to. What the country does not ask for is hidden
    and stays typed, until it is saved."""

    company = forms.CharField(
        label=gettext_lazy("Company"),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    country = forms.CharField(
        label=gettext_lazy("Country"), widget=forms.Select(attrs={"autocomplete": "country"})
    )
    tax_id = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    email = forms.CharField(
        label=gettext_lazy("Invoicing e-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy(
            "Invoices are sent to this address. It gets no login by that, and does not become the"
            " primary billing contact."
        ),
    )
    po_number = forms.CharField(
        label=gettext_lazy("PO number"),
        required=False,
        help_text=gettext_lazy("Your purchase order. It stands on each invoice from now on."),
    )
    buyer_reference = forms.CharField(
        label=gettext_lazy("Buyer reference"),
        required=False,
        help_text=gettext_lazy(
            "What your accounting wants to read: a cost center, say, or a routing id."
        ),
    )
    language = forms.CharField(label=gettext_lazy("Language of invoices"), widget=forms.Select())

    def __init__(self, data: Any = None, *, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        typed = data.get("country", "") if data else initial["country"]
        self.by_country = typed if typed in addresses.codes() else ""
        self._fields_of_the_country()
        choices = [("", _("Choose a country")), *addresses.countries()]
        self.fields["country"].widget.choices = choices
        if only_one():
            del self.fields["language"]
        else:
            self.fields["language"].widget.choices = settings.LANGUAGES
        for field in self.fields.values():
            missing = _("%(field)s is missing.") % {"field": field.label}
            field.error_messages["required"] = missing

    def _fields_of_the_country(self) -> None:
        for part in addresses.parts(self.by_country):
            widget: Any = forms.TextInput()
            if part.name == "street":
                widget = forms.Textarea(attrs={"rows": 2})
            if part.choices:
                widget = forms.Select(choices=[("", _("Choose")), *part.choices])
            widget.attrs["autocomplete"] = FILLED[part.name]
            self.fields[part.name] = forms.CharField(
                label=part.label, required=part.required, widget=widget
            )
        self.fields["tax_id"].label = tax_ids.label(self.by_country)
        for name in details.not_asked(self.by_country):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput())
        self.order_fields(details.NAMES)

    @property
    def address(self) -> list[str]:
        """The names of the address's fields, in the country's order."""
        return [part.name for part in addresses.parts(self.by_country)]

    @property
    def is_asked(self) -> bool:
        """Whether a tax id of this country is looked up."""
        country = self.by_country
        return tax_ids.is_asked(tax_ids.PREFIXES.get(country, country))

    def clean(self) -> dict[str, Any]:
        values, wrong = details.checked({**self.initial, **(super().clean() or {})})
        for name, sentence in wrong.items():
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, sentence)
        return values
