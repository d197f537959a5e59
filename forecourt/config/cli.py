"""The `forecourt` command. Nothing heavy is imported before it is known what to do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from forecourt.config import billing_words, catalog_words, client_words, transfer_words
from forecourt.config.environment import BadSetting


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the words ask for; returns the exit code."""
    asked = _parser().parse_args(arguments)
    try:
        return _run(asked)
    except BadSetting as problem:
        print(f"forecourt: {problem}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="forecourt", description="The customer portal.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("demo", help="a portal with a sample world, on a database of its own")
    commands.add_parser("serve", help="the web server of a real portal")
    commands.add_parser("worker", help="the process that sends mails and does other jobs")
    commands.add_parser("migrate", help="bring the database's tables up to date")
    nouns = (
        "organization",
        "staff",
        "factor",
        "primary",
        "mail",
        "signing-key",
        "audit",
        "database",
    )
    for noun in nouns:
        _nouns(commands.add_parser(noun, help=_HELP[noun]), noun)
    catalog_words.add(commands)
    client_words.add(commands)
    billing_words.add(commands)
    transfer_words.add(commands)
    for word, text in (("world", "the demo's people"), ("urls", "every address and who may ask")):
        commands.add_parser(word, help=text).add_argument("--json", action="store_true")
    return parser


_HELP = {
    "organization": "add an organization",
    "staff": "add one of the vendor's people",
    "factor": "take a lost second factor off an account, or keep it",
    "primary": "an organization's primary billing contact",
    "mail": "take in a mail that came back",
    "signing-key": "what license files are signed with",
    "audit": "see whether the audit log is as it was",
    "database": "prepare a PostgreSQL server, or reseal after a change of key",
}


def _nouns(parser: argparse.ArgumentParser, noun: str) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    if noun == "organization":
        add = verbs.add_parser("add", help="make it, and invite its first Admin")
        add.add_argument("name", help="the organization's name")
        add.add_argument("--admin", required=True, metavar="EMAIL", help="who gets the invitation")
    elif noun == "staff":
        verbs.add_parser("add", help="an owner of the console").add_argument("email")
    elif noun == "factor":
        reset = verbs.add_parser("reset", help="after 72 hours, unless the person objects")
        reset.add_argument("--reason", required=True, help="the person reads it")
        keep = verbs.add_parser("keep", help="take back what was asked")
        for verb in (reset, keep):
            verb.add_argument("email", help="of the account")
    elif noun == "primary":
        _primary(verbs.add_parser("move", help="to another person; everybody concerned is told"))
    elif noun == "mail":
        verbs.add_parser("bounce", help="read it from the standard input, for a mail server's pipe")
    elif noun == "audit":
        verify = verbs.add_parser("verify", help="name the first row that somebody meddled with")
        verify.add_argument("--kept", default="", metavar="DIGEST", help="printed or logged once")
    elif noun == "signing-key":
        verbs.add_parser("rotate", help="have a new key sign; the former ones stay published")
    else:
        prepare = verbs.add_parser("prepare", help="make the roles and the database")
        prepare.add_argument("url", nargs="?", help="the superuser's postgresql://… address")
        prepare.add_argument("--sql", action="store_true", help="print the SQL, change nothing")
        verbs.add_parser("reseal", help="bring what is sealed under the present SECRET_KEY")


def _primary(move: argparse.ArgumentParser) -> None:
    move.add_argument("organization", help="its slug")
    move.add_argument("email", help="whose it will be")
    move.add_argument("--reason", required=True, help="the organization's Admins can read it")
    move.add_argument("--name", help="else as it stands, if the address is a contact already")
    move.add_argument("--phone", help="the same")
    move.add_argument("--remove-former", action="store_true", help="delete the former's entry")


def _run(asked: argparse.Namespace) -> int:
    match asked.command:
        case "demo":
            from forecourt.demo import supervisor

            return supervisor.run()
        case "serve" | "worker":
            from forecourt.config.commands import serve

            return serve.serve() if asked.command == "serve" else serve.work()
        case "audit":
            from forecourt.config.commands import audit

            return audit.verify(asked.kept)
        case "migrate" | "database":
            return _database(asked)
        case "organization" | "staff" | "factor" | "mail" | "world":
            return _people(asked)
        case "primary":
            from forecourt.config.commands import contacts

            return contacts.primary(asked)
        case "product" | "release" | "license" | "signing-key" | "client":
            return _products(asked)
        case "plan" | "subscription" | "invoice" | "terms" | "renew":
            from forecourt.config.commands import billing

            run: int = getattr(billing, asked.command)(asked)
            return run
        case "import" | "export":
            from forecourt.config.commands import transfer

            return (transfer.take_in if asked.command == "import" else transfer.give_out)(asked)
        case _:
            from forecourt.config.commands import addresses

            return addresses.urls(as_json=asked.json)


def _database(asked: argparse.Namespace) -> int:
    from forecourt.config.commands import database, seals

    if asked.command == "migrate":
        return database.migrate()
    if asked.verb == "reseal":
        return seals.reseal()
    return database.prepare(asked.url, only_print=asked.sql)


def _people(asked: argparse.Namespace) -> int:
    from forecourt.config.commands import people

    match asked.command:
        case "organization":
            return people.organization_add(asked.name, asked.admin)
        case "staff":
            return people.staff_add(asked.email)
        case "mail":
            from forecourt.config.commands import mail

            return mail.bounce()
        case "factor":
            return people.factor(asked.email, getattr(asked, "reason", None))
        case _:
            return people.world(as_json=asked.json)


def _products(asked: argparse.Namespace) -> int:
    from forecourt.config.commands import catalog, clients, licenses, signing

    match asked.command:
        case "product":
            return catalog.product(asked)
        case "release":
            return catalog.release(asked)
        case "license":
            return licenses.license(asked)
        case "client":
            return clients.client(asked)
        case _:
            return signing.rotate()


if __name__ == "__main__":
    sys.exit(main())
