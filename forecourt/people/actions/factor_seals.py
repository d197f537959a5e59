"""The secrets of second factors come under the present SECRET_KEY."""

from allauth.mfa.models import Authenticator

from forecourt.core.actions import action
from forecourt.core.resealing import BATCH, Tally, reseal_rows

#: Where a factor keeps what is sealed. (A key's public half is no secret.)
SEALED = {Authenticator.Type.TOTP: "secret", Authenticator.Type.RECOVERY_CODES: "seed"}


@action("reseal")
def reseal_factors(actor, *, after: int) -> Tally:
    """Reseal the next apps and recovery codes, whosever they are. Their rows are locked, so that a
    code that is used meanwhile stays used."""
    locked = Authenticator.objects.select_for_update(no_key=True)
    rows = list(locked.filter(pk__gt=after, type__in=SEALED).order_by("pk")[:BATCH])
    return reseal_rows(actor, rows, thing=Authenticator(), read=_read, write=_write)


def _read(factor: Authenticator) -> bytes:
    return str(factor.data[SEALED[Authenticator.Type(factor.type)]]).encode()


def _write(factor: Authenticator, sealed: bytes) -> None:
    factor.data[SEALED[Authenticator.Type(factor.type)]] = sealed.decode()
    factor.save(update_fields=["data"])
