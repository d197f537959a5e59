"""What a mail server, or a provider's API, has against a mail: for now, or for good."""

import smtplib

from anymail.exceptions import AnymailError, AnymailRecipientsRefused

from forecourt.core.fates import plain

#: What sending may raise. (What `requests` raises is an OSError.)
PROBLEMS = (smtplib.SMTPException, OSError, AnymailError)


def is_for_good(problem: BaseException) -> bool:
    """Whether the server refused this address or this mail for ever (5xx, RFC 5321, 4.2.1). What it
    has against us (our sender, our password) is for the vendor to mend, and worth another try; of an
    API that is everything but its word that it takes no mail for this address."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    if isinstance(problem, AnymailRecipientsRefused):
        return True
    return isinstance(problem, smtplib.SMTPDataError) and problem.smtp_code >= 500


def reason(problem: BaseException) -> str:
    """What it said, as one line that may be shown."""
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, said = next(iter(problem.recipients.values()))
        return plain(f"{code} {_text(said)}")
    if isinstance(problem, smtplib.SMTPResponseException):
        return plain(f"{problem.smtp_code} {_text(problem.smtp_error)}")
    if isinstance(problem, AnymailError):  # Its own text holds the whole answer.
        status = f" ({problem.status_code})" if problem.status_code else ""
        return plain(f"{problem.args[0] if problem.args else ''}{status}")
    return plain(str(problem))


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said
