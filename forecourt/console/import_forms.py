"""What an import's input looks like."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from forecourt.console.transfer.files import only_on_the_server
from forecourt.console.transfer.sending import FASTEST, PER_MINUTE
from forecourt.console.transfer.tables import ON_THE_SERVER, TABLES

MOST_BYTES = 50_000_000


class SeveralFiles(forms.ClearableFileInput):
    """A control that takes more than one file."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """CSV files by their names, or one ZIP of them; a ZIP in any case afterwards."""

    widget = SeveralFiles(attrs={"accept": ".csv,.zip,text/csv,application/zip", "multiple": True})

    def clean(self, data: Any, initial: Any = None) -> bytes:
        """The ZIP; raises ValidationError where it is something else."""
        several = [super(FilesField, self).clean(one, initial) for one in data or [None]]
        if sum(one.size for one in several) > MOST_BYTES:
            raise ValidationError(_("At most 50 MB at once. Use `forecourt import` for more."))
        if len(several) == 1 and several[0].name.lower().endswith(".zip"):
            content = several[0].read()
            _check_names(_names(content))
            return content
        _check_names([one.name for one in several])
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for one in several:
                if one.name.removesuffix(".csv") not in TABLES:
                    raise ValidationError(
                        _("“%(name)s” is none of the files: %(known)s."),
                        params={
                            "name": one.name[:60],
                            "known": ", ".join(
                                f"{x}.csv" for x in TABLES if x not in ON_THE_SERVER
                            ),
                        },
                    )
                archive.writestr(one.name, one.read())
        return made.getvalue()


def _names(content: bytes) -> list[str]:
    """What is in a ZIP; what is none is told when it is looked through."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return [name.rpartition("/")[2] for name in archive.namelist()]
    except zipfile.BadZipFile:
        return []


def _check_names(names: list[str]) -> None:
    """Password hashes and keys are not kept for a moment: raises ValidationError."""
    for table in ON_THE_SERVER:
        if f"{table}.csv" in names:
            raise ValidationError(only_on_the_server(table))


class UploadForm(forms.Form):
    """The files of an import."""

    customers = FilesField(
        label=_("Files"),
        help_text=_(
            "organizations.csv, members.csv, licenses.csv, subscriptions.csv, invoices.csv and the"
            " others; or a ZIP of them."
        ),
    )


class SendForm(forms.Form):
    """How quickly prepared invitations go out."""

    per_minute = forms.IntegerField(
        label=_("A minute"), min_value=1, max_value=FASTEST, initial=PER_MINUTE
    )
