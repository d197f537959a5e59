"""Mail: queued with the data that causes it, written and sent by a job.

`queue()` adds a row and a job in the caller's transaction. The job asks the room's `mails.py` what
the mail says now: a function with the kind's name gets the row and answers the template's values
(`attachments`: name, bytes and type of each; `headers`: more of them), or None where the mail has lost its reason (the
invitation was revoked, say). Where there is no function, the row's own values are the template's.
One template makes the HTML and the text.
"""

import datetime as dt
import functools
import logging
import smtplib
import threading
from email.utils import formataddr
from importlib import import_module
from typing import Any
from uuid import uuid4

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import connection, transaction
from django.template import engines
from django.utils import timezone, translation
from django.utils.module_loading import import_string

from forecourt.core import fates, mail_problems, scope, sealing
from forecourt.core.brand import brand
from forecourt.core.jobs import all_later, later
from forecourt.core.languages import only_one
from forecourt.core.mail_problems import PROBLEMS
from forecourt.core.models import Mail

log = logging.getLogger(__name__)
#: How long a mail that needs nothing more is remembered.
KEPT = dt.timedelta(days=90)
_kept = threading.local()


class Letter(EmailMultiAlternatives):
    """A mail with a boundary of its own between its parts: looking for one that does not occur in
    them takes longer than to send it. By its metadata a provider names it, who tells of its fate."""

    metadata: dict[str, str]

    def message(self, *arguments: Any, **keywords: Any) -> Any:
        made = super().message(*arguments, **keywords)
        made.set_boundary(uuid4().hex)
        return made


def queue(
    kind: str,
    to: str,
    *,
    organization_id: int | None = None,
    about: str = "",
    secrets: dict[str, Any] | None = None,
    **values: Any,
) -> Mail:
    """Queue the mail `kind` ("members.invitation": room, then template) to one address.

    `values` are plain and no secrets; `secrets` are kept encrypted until it is sent. Call it in
    the scope of `organization_id` (None: the house's), inside the transaction that causes it.
    """
    row = Mail(organization_id=organization_id, to=to, kind=kind, about=about, values=values)
    row.sealed = sealing.seal(secrets) if secrets else None
    row.message_id = _message_id()
    row.save(force_insert=True)
    later("core.send_mail", mail_id=row.pk, organization_id=organization_id)
    return row


def queue_all(
    kind: str, to: list[str], *, organization_id: int | None = None, about: str = "", **values: Any
) -> None:
    """The same to each of many addresses, in two statements."""
    rows = Mail.objects.bulk_create(
        Mail(
            organization_id=organization_id,
            to=address,
            kind=kind,
            about=about,
            values=values,
            message_id=_message_id(),
        )
        for address in to
    )
    each = [{"mail_id": row.pk, "organization_id": organization_id} for row in rows]
    all_later("core.send_mail", each)


def _message_id() -> str:
    """A new one, at the sender's domain."""
    domain = brand().sender_address.rpartition("@")[2] or "localhost"
    return f"<{uuid4().hex}@{domain}>"


def deliver(mail_id: int, organization_id: int | None, *, last_try: bool = False) -> None:
    """Send one queued mail. The row stays locked meanwhile, so that a second worker waits and
    then finds it sent. Raises when it is worth another try (the job's back-off decides when);
    a refusal for good, or `last_try`, marks it failed."""
    with transaction.atomic(), scope.organization(organization_id):
        wait_for_the_mail_server()
        row = Mail.objects.select_for_update(no_key=True).filter(pk=mail_id).first()
        if row is None or row.status != Mail.Status.QUEUED:
            return
        message = write(row)
        if message is None:
            row.status = Mail.Status.DROPPED
        else:
            try:
                send(message)
                row.status, row.sent_at = Mail.Status.SENT, timezone.now()
            except PROBLEMS as problem:
                if not (last_try or mail_problems.is_for_good(problem)):
                    raise
                _give_up(row, problem)
        row.sealed = None
        row.save(update_fields=["status", "error", "sent_at", "sealed"])


def _give_up(row: Mail, problem: BaseException) -> None:
    log.warning("mail %s could not be delivered", row.pk)
    row.status, row.error = Mail.Status.FAILED, mail_problems.reason(problem)
    if mail_problems.is_for_good(problem) and row.organization_id is not None:
        # The rooms above know contacts, of which the address may be one.
        later("account.note_refusal", organization_id=row.organization_id, mail_id=row.pk)


def wait_for_the_mail_server() -> None:
    """Let this transaction stand idle while a slow mail server takes its time: cut off, it would
    forget what was sent, and send it again."""
    with connection.cursor() as cursor:
        cursor.execute("set local idle_in_transaction_session_timeout = 0")


def compose(row: Mail) -> dict[str, Any] | None:
    """What the mail says now, or None where it has lost its reason."""
    room, _, name = row.kind.rpartition(".")
    try:
        writer = getattr(import_module(f"forecourt.{room}.mails"), name, None)
    except ModuleNotFoundError:
        writer = None
    values = writer(row) if writer else dict(row.values)
    if values is not None and row.sealed:
        try:
            values |= sealing.unseal(bytes(row.sealed))
        except InvalidToken:  # the key it was sealed with is no longer known
            log.error("the secret of mail %s cannot be opened; it is not sent", row.pk)
            return None
    return values


def write(row: Mail) -> EmailMultiAlternatives | None:
    """The mail as it is sent, in its reader's language, or None where it has lost its reason."""
    with translation.override(_language(row)):
        return _written(row)


def _language(row: Mail) -> str:
    """The portal's, or what the floor that knows the reader says."""
    spoken = "" if only_one() else import_string(settings.LANGUAGE_OF_MAIL)(row)
    return spoken or settings.LANGUAGE_CODE


def _written(row: Mail) -> EmailMultiAlternatives | None:
    values = compose(row)
    if values is None:
        return None
    attachments, headers = values.pop("attachments", ()), values.pop("headers", {})
    subject, text, html = render(row.kind, values)
    vendor = brand()
    sender = formataddr((vendor.sender_name, vendor.sender_address), "utf-8")
    message = Letter(
        subject=subject,
        body=text,
        # Of the envelope: where it comes back to. People see the header.
        from_email=fates.return_address(row.token) if settings.BOUNCE_ADDRESS else sender,
        to=[row.to],
        reply_to=[vendor.support_email],
        headers={
            **({"From": sender} if settings.BOUNCE_ADDRESS else {}),
            "Message-ID": row.message_id,
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
            **headers,
        },
    )
    message.metadata = {"forecourt": row.token}
    message.attach_alternative(html, "text/html")
    for name, content, kind in attachments:
        message.attach(name, content, kind)
    return message


def render(kind: str, values: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail, all from the one template of its kind."""
    room, _, name = kind.rpartition(".")
    template = f"{room}/email/{name}.html"
    vendor = brand()
    context = {
        **values,
        "vendor": vendor,
        "vendor_name": vendor.name,
        "support_email": vendor.support_email,
        "public_url": settings.PUBLIC_URL,
    }
    pages: Any = engines["jinja2"].env  # type: ignore[attr-defined]
    letters = _letters(pages)
    text = _render(letters, template, context, "text")
    html = _render(pages, template, context, "html")
    plain = letters.get_template(template)
    parts = plain.blocks["subject"](plain.new_context({**context, **_layout(letters, "text")}))
    return " ".join("".join(parts).split())[:200], text.strip() + "\n", html


@functools.cache
def _letters(pages: Any) -> Any:
    """The same templates without escaping, for subject and text. Kept: each overlay compiles every
    template anew."""
    return pages.overlay(autoescape=False)


def _layout(environment: Any, form: str) -> dict[str, Any]:
    return {
        "layout": f"mail/layout.{'html' if form == 'html' else 'txt'}",
        "ui": environment.get_template(f"mail/ui_{form}.html").module,
    }


def _render(environment: Any, template: str, context: dict[str, Any], form: str) -> str:
    return environment.get_template(template).render({**context, **_layout(environment, form)})


def send(message: EmailMultiAlternatives, *, in_use: bool = False) -> None:
    """Send over the connection this thread keeps; a kept one that has died is opened once anew,
    which is safe only because it dies before the message is handed over. `in_use`: the one before
    went a moment ago, so it need not be asked. Raises one of PROBLEMS."""
    server: Any = getattr(_kept, "connection", None)
    if server is not None and not (in_use or _alive(server)):
        server = None
    if server is None:
        server = get_connection()
        server.open()
        _kept.connection = server
    try:
        server.send_messages([message])
    except BaseException:
        _kept.connection = None
        server.close()
        raise


def _alive(server: Any) -> bool:
    if not hasattr(server, "connection"):
        return True  # A provider's API: each request looks after its connection.
    try:
        return server.connection.noop()[0] == 250
    except (smtplib.SMTPException, OSError, AttributeError):
        return False


def forget_connection() -> None:
    """Close the connection that this thread keeps to the mail server."""
    server = getattr(_kept, "connection", None)
    _kept.connection = None
    if server is not None:
        server.close()


def forget_old() -> None:
    """Remove the rows of mails that were queued 90 days ago or earlier and are sent, dropped or
    given up, an organization at a time."""
    old = timezone.now() - KEPT
    with scope.across_organizations("organizations with old mails"):
        found = Mail.objects.filter(created_at__lt=old).exclude(status=Mail.Status.QUEUED)
        owners = list(found.values_list("organization_id", flat=True).distinct()[:10_000])
    for organization_id in owners:
        with transaction.atomic(), scope.organization(organization_id):
            theirs = Mail.objects.filter(organization_id=organization_id, created_at__lt=old)
            theirs.exclude(status=Mail.Status.QUEUED).delete()
