"""What is logged, and what is left out."""

import logging
import re
from typing import Any

#: The addresses whose second part is a secret.
_TOKEN = re.compile(r"(/(?:downloads|invitations|mailings)/)[^/\s]+")


class WithoutTokens(logging.Filter):
    """An address that opens something by itself is logged without what opens it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub(r"\1…", record.getMessage()), ()
        return True


def configuration(level: str) -> dict[str, Any]:
    """What is logged, and how: lines from `level` on, on the standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
        "filters": {"without_tokens": {"()": "forecourt.core.logs.WithoutTokens"}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "procrastinate": {"level": "WARNING"},
            "stripe": {"level": "WARNING"},  # It says every request, and to DEBUG what is in it.
            "django.request": {"level": "ERROR", "filters": ["without_tokens"]},
        },
    }
