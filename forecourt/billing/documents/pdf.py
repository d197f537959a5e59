"""The invoice for people: PDF/A-3b with the XML embedded, as Factur-X wants it."""

import functools
import json
import re
import threading
from pathlib import Path
from typing import Any

from forecourt.billing.documents import epc
from forecourt.billing.documents.document import Document
from forecourt.billing.documents.metadata import with_factur_x
from forecourt.billing.documents.page import page
from forecourt.billing.documents.xml import xml
from forecourt.core.assets import MARK

#: In the accent of tokens.css.
VENDORS_MARK = (
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="#006868">{MARK}</svg>'
)
TEMPLATE = Path(__file__).with_name("invoice.typ")
#: Stands for a character that no font of the machine has.
UNKNOWN = "\u25a1"
#: How typst names the text that it has no font for.
NO_FONT = re.compile(r'the text `"(.+?)"` could not be displayed')
#: A compiler keeps fonts and what it laid out before; it does one document at a time.
ONE_AT_A_TIME = threading.Lock()


def pdf(document: Document) -> bytes:
    """The whole document, the same bytes for the same document wherever the same fonts are; may be
    called by many threads at once."""
    values = {
        "xml": xml(document).decode(),
        "code": epc.code(document),
        "mark": VENDORS_MARK,
    }
    said = json.dumps(page(document), ensure_ascii=False)
    with ONE_AT_A_TIME:
        return with_factur_x(_compiled(said, values))


def _compiled(said: str, values: dict[str, str]) -> bytes:
    """With our own font; where that lacks a character, with all that the machine has; where they lack
    it too, with a sign in its place. The XML has every character in any case."""
    from typst import TypstError

    try:
        return _compile(_compiler(machines_fonts=False), source(said, values))
    except TypstError as error:
        if not _missing(error):
            raise
    try:
        return _compile(_compiler(machines_fonts=True), source(said, values))
    except TypstError as error:
        if not (missing := _missing(error)):
            raise
        said = said.translate(dict.fromkeys(missing, UNKNOWN))
    return _compile(_compiler(machines_fonts=True), source(said, values))


def source(said: str, values: dict[str, str]) -> bytes:
    """A call of the template. The values are string literals in it: typst's own inputs would have it
    forget what it laid out before, whenever one of them is another."""
    named = "".join(f", {name}: {_literal(value)}" for name, value in values.items())
    call = f"#invoice(json(bytes({_literal(said)})){named})"
    return f'#import "{TEMPLATE.name}": invoice\n{call}'.encode()


def _literal(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _compile(compiler: Any, source: bytes) -> bytes:
    made = compiler.compile(input=source, format="pdf", pdf_standards=["a-3b"])
    return bytes(made)


@functools.cache
def _compiler(*, machines_fonts: bool) -> Any:
    from fontpkg_inter import ROOT
    from typst import Compiler

    return Compiler(
        root=str(TEMPLATE.parent),
        font_paths=[str(ROOT / "files")],
        ignore_system_fonts=not machines_fonts,
    )


def _missing(error: Exception) -> set[int]:
    """The characters of all texts that there was no font for."""
    texts = "".join(NO_FONT.findall(error.diagnostic))  # type: ignore[attr-defined]
    escaped = {int(code, 16) for code in re.findall(r"\\u\{([0-9a-f]+)\}", texts)}
    return escaped | {ord(sign) for sign in texts if not sign.isascii()}
