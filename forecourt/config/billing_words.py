"""What can be typed after `forecourt plan`, `subscription`, `invoice`, `terms` and `renew`."""

from __future__ import annotations

from typing import Any

HELP = {
    "plan": "what a product costs",
    "subscription": "what an organization pays for",
    "invoice": "mark an invoice as paid, take it back, save it",
    "terms": "how long an organization has to pay",
    "renew": "renew what is due, as the clock does by itself",
}


def add(commands: Any) -> None:
    """Add the nouns with their verbs, and the clock."""
    for noun, fill in (("plan", _plan), ("subscription", _subscription), ("invoice", _invoice)):
        parser = commands.add_parser(noun, help=HELP[noun])
        fill(parser.add_subparsers(dest="verb", required=True, metavar="VERB"))
    terms = commands.add_parser("terms", help=HELP["terms"])
    terms.add_argument("organization", help="its slug")
    terms.add_argument("--net-days", type=int, required=True, help="days to pay an invoice")
    renew = commands.add_parser("renew", help=HELP["renew"])
    renew.add_argument(
        "--until", metavar="DAY", help="what begins by then; after tomorrow in the demo alone"
    )


def _plan(verbs: Any) -> None:
    add = verbs.add_parser("add", help="offer a product for a price; it never changes after")
    add.add_argument("product", help="its slug")
    add.add_argument("name", help='as the customer knows it: "Per admin, yearly"')
    add.add_argument("--interval", choices=["month", "year"], required=True)
    add.add_argument("--price", required=True, help="of a seat and interval: 320.00")
    add.add_argument("--currency", required=True, help="by ISO 4217: EUR")
    add.add_argument("--inclusive", action="store_true", help="the tax is in the price")
    add.add_argument("--slug", default="", help="else made of product and name")
    verbs.add_parser("list", help="every plan")
    verbs.add_parser("withdraw", help="offer it to nobody any more").add_argument("plan")


def _subscription(verbs: Any) -> None:
    start = verbs.add_parser("start", help="license and first invoice are there at once")
    start.add_argument("organization", help="its slug")
    start.add_argument("plan", help="its slug")
    start.add_argument("--seats", type=int, required=True)
    start.add_argument("--starts", metavar="DAY", help="a month back or ahead at most; else today")
    start.add_argument(
        "--by-stripe", action="store_true", help="from today on, by their card or debit"
    )
    start.add_argument("--price", help="of a seat, if it is another than the plan's")
    verbs.add_parser("list", help="what an organization has").add_argument("organization")
    known = {
        "cancel": "have it end when its period ends",
        "resume": "take a cancellation back",
        "seats": "have another number of seats",
        "end": "end it now, and its license",
    }
    verb = {name: verbs.add_parser(name, help=text) for name, text in known.items()}
    for each in verb.values():
        each.add_argument("id", type=int, help="as `forecourt subscription list` shows it")
    verb["cancel"].add_argument("--reason", default="")
    verb["seats"].add_argument("number", type=int)


def _invoice(verbs: Any) -> None:
    paid = verbs.add_parser("paid", help="note that the money came")
    credit = verbs.add_parser("credit", help="take it back by a credit note")
    save = verbs.add_parser("save", help="its PDF or its XML as a file")
    refund = verbs.add_parser("refund", help="have Stripe give back what was paid by it")
    refund.add_argument("--amount", help="else all that was paid")
    for verb in (paid, credit, save, refund):
        verb.add_argument("number", help="LT-2027-00001")
    paid.add_argument("--amount", help="else all that is open")
    paid.add_argument("--on", metavar="DAY", help="else today")
    paid.add_argument("--reference", default="", help="of the bank")
    credit.add_argument("--reason", required=True, help="the customer reads it")
    save.add_argument("file", help="ending in .pdf or .xml")
    verbs.add_parser("list", help="an organization's").add_argument("organization", help="its slug")
