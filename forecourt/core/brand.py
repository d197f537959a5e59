"""The vendor's brand: what staff chose in the console, and for what they left empty the settings of the
server. Pages, mails and documents ask `brand()`, which asks nobody: it is kept in the process.

Who saves it sees it at once in their process; the others look every two seconds, beside their work.
"""

from __future__ import annotations

import base64
import logging
import threading
import time
from collections import ChainMap
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import Error, connection
from django.utils.translation import gettext as _
from psycopg_pool import PoolTimeout

from forecourt.core import accents, logos
from forecourt.core.accents import Tones
from forecourt.core.hashed import File, hashed

if TYPE_CHECKING:
    from forecourt.core.models import Brand

log = logging.getLogger(__name__)
#: Seconds after which a process looks whether another one has saved something else.
EVERY = 2.0
WORDS = (
    *("name", "support_email", "help_url", "community_url"),
    *("privacy_url", "terms_url", "imprint_url", "accent"),
    *("sign_in_text", "products_text", "billing_text", "no_organization_text"),
    *("sender_name", "sender_address", "mail_footer"),
)
LOGOS = ("logo", "dark_logo")


@dataclass(frozen=True)
class Logo:
    """A picture with its address and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Face:
    """The brand as it is shown: nothing that has to be there is empty."""

    name: str
    support_email: str
    help_url: str
    community_url: str
    privacy_url: str
    terms_url: str
    imprint_url: str
    accent: str
    sign_in_text: str
    products_text: str
    billing_text: str
    no_organization_text: str
    sender_name: str
    sender_address: str
    mail_footer: str
    tones: Tones
    logo: Logo | None
    dark_logo: Logo | None

    @property
    def legal(self) -> list[tuple[str, str]]:
        """What the law wants to be found: label and address of each."""
        links = [
            (_("Privacy"), self.privacy_url),
            (_("Terms"), self.terms_url),
            (_("Imprint"), self.imprint_url),
        ]
        return [(label, address) for label, address in links if address]


class Vendor:
    """The brand as templates name it: what it is at the moment they are rendered."""

    def __getattr__(self, name: str) -> Any:
        return getattr(brand(), name)


_drafted: ContextVar[Face | None] = ContextVar("drafted", default=None)
_turn, _beginning = threading.Lock(), threading.Lock()


class _Known:
    """What this process knows."""

    version = 0
    face: Face | None = None
    #: Logos by their names: those of now, and those of before, which a page may just be loading.
    files: ChainMap[str, File] = ChainMap()
    is_followed = False


def brand() -> Face:
    """The brand as this process knows it. No query."""
    if _Known.face is None:
        _Known.face = face({})
    return _drafted.get() or _Known.face


@contextmanager
def drafted(draft: Face) -> Iterator[None]:
    """Inside, and nowhere else, the brand is this one: for a preview."""
    token = _drafted.set(draft)
    try:
        yield
    finally:
        _drafted.reset(token)


def values(row: Brand | None) -> dict[str, Any]:
    """What was chosen, plain: texts, and the logos' bytes. None: nothing."""
    chosen: dict[str, Any] = {name: getattr(row, name, "") for name in WORDS}
    return chosen | {name: bytes(getattr(row, name, b"")) for name in LOGOS}


def fallbacks() -> dict[str, str]:
    """What the settings of the server say."""
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    return {**settings.VENDOR, "sender_address": address}


def face(chosen: Mapping[str, Any], *, inline: bool = False) -> Face:
    """The brand that comes of these values; `inline`: with logos that are nowhere served yet."""
    words: dict[str, Any] = {name: chosen.get(name) or fallbacks().get(name, "") for name in WORDS}
    words["sender_name"] = words["sender_name"] or words["name"]
    accent = words["accent"]
    return Face(
        **words,
        logo=_shown(chosen.get("logo"), inline=inline),
        dark_logo=_shown(chosen.get("dark_logo"), inline=inline),
        tones=accents.tones(accent) if accent else accents.OURS,
    )


def _shown(png: bytes | None, *, inline: bool) -> Logo | None:
    if not png:
        return None
    address = f"data:image/png;base64,{base64.b64encode(png).decode()}" if inline else ""
    return Logo(address or _file(png).address, *logos.size(png))


def _file(png: bytes) -> File:
    return hashed("logo.png", "image/png", png, squeeze=False)


def file_called(name: str) -> File | None:
    """A logo by its hashed name."""
    if name.startswith("logo.") and name not in _Known.files:
        look_again()  # A page of another process may know it already.
    return _Known.files.get(name)


def look_again() -> None:
    """Read the row where it is another by now. A database that is away changes nothing."""
    # Only here: whoever makes documents needs no rows for it.
    from forecourt.core.models import Brand

    with _turn:
        try:
            row = Brand.objects.exclude(version=_Known.version).first()
        except (Error, PoolTimeout):
            return
        if row is not None:
            chosen = values(row)
            now = {file.name: file for file in map(_file, filter(None, map(chosen.get, LOGOS)))}
            _Known.files = ChainMap(now, _Known.files.maps[0])
            _Known.version, _Known.face = row.version, face(chosen)


def watch() -> None:
    """Look now, and from now on every two seconds, however often it is called. For a process that
    serves or works. Where the database is away it goes on without having seen anything."""
    if _Known.is_followed:
        return
    with _beginning:
        if not _Known.is_followed:
            looked = threading.Event()
            threading.Thread(target=_follow, args=(looked,), name="brand", daemon=True).start()
            looked.wait(EVERY)
            _Known.is_followed = True


def _follow(looked: threading.Event) -> None:
    while True:
        try:
            look_again()
        except Exception:  # Else this process would never look again.
            log.exception("the brand could not be read")
        connection.close()  # Back to the pool, for those who work.
        looked.set()
        time.sleep(EVERY)


def forget() -> None:
    """Know nothing any more: each test begins so."""
    _Known.version, _Known.face, _Known.files = 0, None, ChainMap()
