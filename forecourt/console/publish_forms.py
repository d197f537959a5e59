"""What a release looks like when staff publish it in the browser; the rules are in the actions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from forecourt.core.refusals import Refused
from forecourt.products import file_names, platforms
from forecourt.products.models import Artifact, Product, Release
from forecourt.products.publishing import LONGEST_NOTES

#: Lines for files whose names tell nothing, where there is no script to name the files.
SPARE = 3


def targets() -> list[tuple[str, str]]:
    """For what a package can be: "linux/arm64", and how it reads."""
    pairs = [(one, other) for one in Artifact.Platform for other in Artifact.Architecture]
    known = [Artifact(platform=one, architecture=other) for one, other in pairs]
    return [(f"{each.platform}/{each.architecture}", platforms.label(each)) for each in known]


def told(name: str) -> str:
    """For what a package is by its name, as one of the above."""
    return f"{file_names.platform_of(name)}/{file_names.architecture_of(name)}"


def by_hand(data: QueryDict) -> dict[str, str]:
    """For what files are, as it was said by hand: by the file's name."""
    known = dict(targets())
    pairs = zip(data.getlist("name"), data.getlist("target"), strict=False)
    return {name: target for name, target in pairs if name and target in known}


def lines(names: Sequence[str], chosen: dict[str, str]) -> list[tuple[str, str]]:
    """Each package and for what it is: as it was given, else as its name tells. What stands beside
    a package is for what that is for."""
    packages = [name for name in names if name and file_names.companion(name) is None]
    return [(name, chosen.get(name) or told(name)) for name in packages]


class FilesInput(forms.FileInput):
    """Where several files are chosen at once."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Several files."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        each = super().clean
        return [each(one, initial) for one in data or []]


class ReleaseForm(forms.Form):
    """A version, what is new in it, and its files."""

    version = forms.CharField(
        label=_("Version"),
        max_length=60,
        help_text=_("As 1.4.2, or 2.0.0-beta.1: see semver.org."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    channel = forms.ChoiceField(
        label=_("Channel"),
        required=False,
        choices=[("", _("As the version says")), *Release.Channel.choices],
    )
    notes = forms.CharField(
        label=_("Release notes"),
        required=False,
        max_length=LONGEST_NOTES,
        help_text=_("Markdown."),
        widget=forms.Textarea(attrs={"rows": 10}),
    )
    uploads = Files(
        label=_("Files"),
        required=False,
        help_text=_("All of them at once, with their signatures and SBOMs."),
    )
    #: The last of the form: where it is missing, the upload broke off.
    whole = forms.CharField(required=False, widget=forms.HiddenInput, initial="yes")

    def __init__(
        self,
        product: Product,
        *arguments: Any,
        refusal: Refused | None = None,
        **keywords: Any,
    ) -> None:
        """`refusal`: why the files were dropped."""
        super().__init__(*arguments, **keywords)
        self.refusal = refusal
        self.fields["uploads"].required = not product.is_web

    def clean_notes(self) -> str:
        """With the ends of lines that files have."""
        return self.cleaned_data["notes"].replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Say what became of the files, which no browser keeps."""
        cleaned = super().clean() or {}
        if self.refusal is not None:
            self.add_error("uploads", self.refusal.sentence)
        elif self.files and not cleaned.get("whole"):
            raise ValidationError(_("The upload broke off. Choose the files again."))
        return cleaned
