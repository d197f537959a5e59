"""Files of a former system for the tests, and how an operator imports them."""

from pathlib import Path

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
