"""Files of a former system for the tests, and how an operator imports them."""

import datetime as dt
from pathlib import Path

import pytest

from forecourt.billing import periods
from forecourt.config.cli import main
from forecourt.core import scope

FILES = {
    "organizations": """\
        ref,name,primary_email,keys_hidden
        c-1,Hooli,billing@hooli.example,yes
        c-2,"Pied Piper, Inc.",Richard@PiedPiper.example,""",
    "contacts": """\
        organization,email,name,phone,kinds,confirmed
        c-1,billing@hooli.example,Accounts,+1 555 0100,invoices renewals,2024-05-01
        c-1,tech@hooli.example,=cmd|'/c calc'!A1,,releases,""",
    "members": """\
        organization,email,name,role
        c-1,gavin@hooli.example,Gavin,admin
        c-1,big.head@hooli.example,,member
        c-2,richard@piedpiper.example,Richard,admin""",
    "licenses": """\
        organization,ref,product,plan,seats,starts,ends,renews,key
        c-1,L7,deploy,Team,25,2024-01-01,2031-12-31,yes,OLD-HOOLI-0001
        c-2,L8,connect,Solo,,2024-02-03,,,""",
}

#: What Hooli pays for, and what it was asked for. {due}: today, when the period ends.
MONEY = {
    "plans": """\
        slug,product,name,interval,currency,price
        deploy-team,deploy,Team,year,EUR,100.00
        connect-solo,connect,Solo,month,CHF,9.50""",
    "sellers": """\
        ref,name,street,city,country,tax_number
        before,Lumen Werkzeuge e.K.,Hof 1,Kiel,DE,20/111/22222""",
    "billing_details": """\
        organization,company,street,postal_code,city,country,tax_id,email,po_number,net_days
        c-1,Hooli GmbH,Weg 9,20095,Hamburg,DE,,billing@hooli.example,PO-7,30""",
    "subscriptions": """\
        organization,ref,plan,license,seats,price,period_start,period_end
        c-1,S1,deploy-team,L7,25,90.00,{start},{due}""",
    "invoices": """\
        organization,number,subscription,period_start,period_end,issued,due,currency,net,tax,total,status,seller
        c-1,RE/2024/17,S1,{start},{due},{start},{late},EUR,2250.00,427.50,2677.50,paid,before
        c-1,RE/2024/18,,,,{late},{late},EUR,300.00,22.00,322.00,,
        c-1,LT-{year}-00041,,,,{late},{late},EUR,10.00,1.90,11.90,open,""",
    "invoice_lines": """\
        organization,invoice,text,quantity,unit_price,net,tax_rate
        c-1,RE/2024/17,Deploy Team,25,90.00,2250.00,19
        c-1,RE/2024/18,Book,2,100.00,200.00,7
        c-1,RE/2024/18,Stamp,1,,100.00,8
        c-1,LT-{year}-00041,Cable,1,10,10.00,19""",
    "payments": """\
        organization,invoice,amount,received,method
        c-1,RE/2024/17,2000.00,{start},SEPA
        c-1,RE/2024/17,677.50,{late},SEPA
        c-1,RE/2024/18,22.00,{late},""",
}


def money(*, late: int = 16, ends_in: int = 0, **changed: str) -> dict[str, str]:
    """Those files: with invoices that were due so many days ago and a period that ends in so many."""
    today = periods.today()
    due = today + dt.timedelta(days=ends_in)
    words = {
        "{due}": due,
        "{start}": periods.first_day(due, 12, -1),
        "{late}": today - dt.timedelta(days=late),
        "{year}": today.year,
    }
    files = {**MONEY, **changed}
    for word, value in words.items():
        files = {name: text.replace(word, str(value)) for name, text in files.items()}
    return files


def folder(where: Path, **changed: str) -> Path:
    """The files in a folder, some of them with another text."""
    where.mkdir(exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        rows = "\n".join(line.strip() for line in text.splitlines())
        (where / f"{name}.csv").write_text(rows + "\n")
    return where


def forecourt(*words: object) -> int:
    """The command, as it is typed; its exit code."""
    scope.clear()
    return main([str(word) for word in words])


@pytest.fixture
def hooli(world, tmp_path):
    """A customer that was imported before."""
    assert forecourt("import", folder(tmp_path / "files")) == 0
