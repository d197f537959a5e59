"""The code on an invoice that a banking app fills a transfer from (EPC069-12)."""

import re
from bisect import bisect_left
from decimal import Decimal

from forecourt.billing.documents.document import CREDIT_NOTE, Document
from forecourt.billing.documents.text import plain
from forecourt.core import money

#: What the guideline allows a transfer to be.
LEAST, MOST = Decimal("0.01"), Decimal("999999999.99")
#: Any of the eight masks can be read; looking for the best one takes most of the time.
MASK = 2
#: The most bits that stand before the data: its mode and length.
HEAD = 4 + 16
#: Dark modules beside each other.
RUN = re.compile("#+")


def code(document: Document) -> str:
    """The code as SVG; empty where there is nothing to transfer, or not by SEPA."""
    said = transfer(document)
    return picture(said) if said else ""


def transfer(document: Document) -> str:
    """What the code says; empty where there is none."""
    account = document.account
    if not account or document.currency != "EUR" or document.kind == CREDIT_NOTE:
        return ""
    if not LEAST <= money.decimal(document.payable, "EUR") <= MOST:
        return ""
    lines = [
        "BCD",
        "002",
        "1",  # UTF-8
        "SCT",
        account.bic,
        _one_line(account.holder, 70),
        account.iban.replace(" ", ""),
        f"EUR{money.printed(document.payable, 'EUR')}",
        "",  # purpose
        "",  # a creditor reference by ISO 11649, which ours is not
        _one_line(document.reference or document.number, 140),
    ]
    return "\n".join(lines)


def picture(text: str) -> str:
    """The text as an SVG of one path, a unit a module; a stroke for each run of dark ones."""
    from qrcode import QRCode
    from qrcode.constants import ERROR_CORRECT_M
    from qrcode.util import BIT_LIMIT_TABLE

    data = text.encode()
    version = bisect_left(BIT_LIMIT_TABLE[ERROR_CORRECT_M], HEAD + 8 * len(data), 1)
    code = QRCode(version, ERROR_CORRECT_M, border=0, mask_pattern=MASK)
    code.add_data(data, optimize=0)
    code.make(fit=False)
    rows = ("".join("#" if dark else " " for dark in row) for row in code.modules)
    runs = [
        f"M{run.start()} {y}.5h{run.end() - run.start()}"
        for y, row in enumerate(rows)
        for run in RUN.finditer(row)
    ]
    size = len(code.modules)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">'
        f'<path stroke="#000" d="{"".join(runs)}"/></svg>'
    )


def _one_line(text: str, most: int) -> str:
    return " ".join(plain(text).split())[:most]
