"""What can happen in the console alone, as the audit log names it."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Event(StrEnum):
    """The events of this room."""

    JOB_RETRIED = "job.retried"


#: As people read them.
WORDS = {Event.JOB_RETRIED: _("Had a job tried again")}
