"""What is left out of the log."""

import logging
import re

#: The addresses whose second part is a secret.
_TOKEN = re.compile(r"(/(?:downloads|invitations)/)[^/\s]+")


class WithoutTokens(logging.Filter):
    """An address that opens something by itself is logged without what opens it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = _TOKEN.sub(r"\1…", record.getMessage()), ()
        return True
