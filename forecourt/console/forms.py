"""What the console's input looks like; the rules are in the actions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from forecourt.orgs.models import Staff
from forecourt.orgs.permissions import Role
from forecourt.products.models import License, Product


class OrganizationForm(forms.Form):
    """A new customer."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.CharField(
        label=_("First Admin"),
        help_text=_("Gets an invitation."),
        max_length=254,
        widget=forms.EmailInput,
    )
    primary_email = forms.CharField(
        label=_("Primary billing contact"),
        help_text=_("Gets the invoices, and no login. Empty: the first Admin."),
        required=False,
        max_length=254,
        widget=forms.EmailInput,
    )


class MoveForm(forms.Form):
    """Who shall be the primary billing contact, and why."""

    email = forms.CharField(label=_("E-mail address"), max_length=254, widget=forms.EmailInput)
    name = forms.CharField(label=_("Name"), required=False, max_length=120)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        help_text=_("How you know that it is right. It stands in the customer's Activity."),
    )


class SuspendForm(forms.Form):
    """Why an organization is suspended."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("Its Admins and its primary billing contact read it in the mail."),
    )


class VisitForm(forms.Form):
    """As whom the portal is seen, and why."""

    role = forms.ChoiceField(
        label=_("As"), choices=Role.choices, initial=Role.MEMBER, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stands in the customer's Activity.")
    )


class NoteForm(forms.Form):
    """What is written down about a customer."""

    text = forms.CharField(label=_("Note"), max_length=4_000, widget=forms.Textarea)


class NewStaffForm(forms.Form):
    """One more of the staff."""

    email = forms.CharField(
        label=_("E-mail address"),
        help_text=_("Who has no account yet gets one, and a mail that says how to get in."),
        max_length=254,
        widget=forms.EmailInput,
    )
    duty = forms.ChoiceField(label=_("Duty"), choices=Staff.Duty.choices)


class DutyForm(forms.Form):
    """Another duty, or none."""

    duty = forms.ChoiceField(
        label=_("Duty"),
        choices=[*Staff.Duty.choices, ("none", _("None: not of the staff any more"))],
        widget=forms.RadioSelect,
    )


class LicenseForm(forms.Form):
    """What a license says."""

    seats = forms.IntegerField(
        label=_("Seats"), required=False, min_value=1, help_text=_("Empty: any number.")
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Empty: it never ends."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    renews = forms.BooleanField(label=_("It is meant to go on then"), required=False)


class GrantForm(LicenseForm):
    """A new license."""

    product = forms.ChoiceField(label=_("Product"))
    plan = forms.CharField(
        label=_("Plan"), max_length=80, help_text=_("As the customer knows it: “Per admin”.")
    )
    starts_on = forms.DateField(
        label=_("First day"),
        required=False,
        help_text=_("Empty: today."),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    key = forms.CharField(
        label=_("License key"),
        required=False,
        max_length=120,
        help_text=_("Only one that they have already; else a new one is made."),
    )
    field_order = ("product", "plan", "seats", "starts_on", "ends_on", "renews", "key")

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        chosen: Any = self.fields["product"]
        chosen.choices = Product.objects.values_list("slug", "name")


class ChangeForm(LicenseForm):
    """An existing license, and whether it is in force."""

    state = forms.ChoiceField(
        label=_("State"),
        choices=[("active", _("In force")), ("suspended", _("Suspended")), ("ended", _("Ended"))],
        widget=forms.RadioSelect,
    )

    @staticmethod
    def initial_of(license: License, day: Any) -> dict[str, Any]:
        """As it is; `day`: its last day, or None."""
        state = "ended" if license.has_ended else license.status
        return {
            "seats": license.seats,
            "ends_on": day,
            "renews": license.renews,
            "state": state,
        }


class MergeForm(forms.Form):
    """The customer that another one becomes part of, and why."""

    into = forms.CharField(
        label=_("Into which customer"),
        help_text=_("Its customer number, or its name in addresses."),
        max_length=60,
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("It stands in the activity of both.")
    )
