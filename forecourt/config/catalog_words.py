"""What can be typed after `forecourt product`, `release` and `license`."""

from __future__ import annotations

import argparse
from typing import Any

HELP = {
    "product": "add a product to the catalog",
    "release": "publish a version of a product, or withdraw one",
    "license": "what an organization may use",
}
_DAY = "2027-03-31, or a moment as 2027-03-31T12:00+01:00"


def add(commands: Any) -> None:
    """Add the three nouns with their verbs."""
    for noun, fill in (("product", _product), ("release", _release), ("license", _license)):
        parser = commands.add_parser(noun, help=HELP[noun])
        fill(parser.add_subparsers(dest="verb", required=True, metavar="VERB"))


def _product(verbs: Any) -> None:
    add = verbs.add_parser("add", help="behind the others")
    add.add_argument("name")
    add.add_argument("--slug", default="", help="its name in addresses; else made of the name")
    add.add_argument("--prefix", required=True, help="four signs that its keys begin with")
    add.add_argument("--kind", choices=["download", "web"], default="download")
    add.add_argument("--url", default="", help="where a product on the web is opened")
    add.add_argument("--icon", default="", help="of lucide.dev; else its first letter")
    add.add_argument("--description", default="", help="one sentence")
    add.add_argument("--contact", default="", help="whom to ask for it: an address or a page")
    add.add_argument("--unlisted", action="store_true", help="only those who have it see it")


def _release(verbs: Any) -> None:
    add = verbs.add_parser("add", help="publish it with its files; it never changes after")
    withdraw = verbs.add_parser("withdraw", help="so that nobody can download it any more")
    for verb in (add, withdraw):
        verb.add_argument("product", help="its slug")
        verb.add_argument("version", help="by semver.org")
    add.add_argument("files", nargs="+", metavar="FILE", help="or FILE=PLATFORM/ARCHITECTURE")
    add.add_argument("--channel", choices=["stable", "beta"], default="", help="else by version")
    add.add_argument("--notes", metavar="FILE", help="Markdown; - is standard input")
    add.add_argument("--date", help=f"when it was published: {_DAY}")
    withdraw.add_argument("--reason", required=True, help="customers read it")


def _license(verbs: Any) -> None:
    grant = verbs.add_parser("grant", help="let an organization use a product")
    grant.add_argument("organization", help="its slug")
    grant.add_argument("product", help="its slug")
    grant.add_argument("--plan", required=True, help='as the customer knows it: "Per admin"')
    grant.add_argument("--seats", type=int, help="else any number")
    grant.add_argument("--starts", metavar="DAY", help=_DAY)
    grant.add_argument("--ends", metavar="DAY", help="its last day; else never")
    grant.add_argument("--renews", action="store_true", help="it is meant to go on at its end")
    grant.add_argument("--key", default="", help="one that they have already; else a new one")
    verbs.add_parser("list", help="what an organization has").add_argument(
        "organization", help="its slug"
    )
    known = {
        "extend": "have it end later",
        "end": "have it end, now or on a day",
        "seats": "have another number of seats",
        "suspend": "stop it for a while",
        "resume": "put it in force again",
    }
    verb = {name: verbs.add_parser(name, help=text) for name, text in known.items()}
    for each in verb.values():
        each.add_argument("handle", help="as `forecourt license list` shows it")
    verb["extend"].add_argument("--ends", required=True, metavar="DAY", help="or `never`")
    verb["extend"].add_argument("--renews", action=argparse.BooleanOptionalAction)
    verb["end"].add_argument("--at", metavar="DAY", help="its last day; else now")
    verb["seats"].add_argument("number", help="or `any`")
