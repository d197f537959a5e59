"""What can be typed after `forecourt client`."""

from __future__ import annotations

import argparse
from typing import Any


def add(commands: Any) -> None:
    """Add the noun with its verbs."""
    parser = commands.add_parser("client", help="the programs that sign people in by the portal")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _add(verbs.add_parser("add", help="let a program sign people in; prints its secret once"))
    verbs.add_parser("list", help="all of them")
    rotate = verbs.add_parser("rotate", help="another secret; the one before works on for a day")
    rotate.add_argument("--overlap", type=int, default=24, metavar="HOURS", help="0 to 720")
    disable = verbs.add_parser("disable", help="sign in nobody by it any more, and sign all out")
    for verb in (rotate, disable):
        verb.add_argument("client_id", help="as `forecourt client list` shows it")
    keys = verbs.add_parser("rotate-key", help="have a new key sign tokens from tomorrow on")
    keys.add_argument("--at-once", action="store_true", help="from now on: the key was stolen")


def _add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="as people read it when they sign in")
    parser.add_argument("--product", default="", metavar="SLUG", help="else it is for everybody")
    parser.add_argument("--redirect", action="append", default=[], metavar="URL", help="for codes")
    parser.add_argument(
        "--after-logout", action="append", default=[], metavar="URL", help="back to it"
    )
    parser.add_argument("--launch", default="", metavar="URL", help="where Open begins signing in")
    parser.add_argument("--logout", default="", metavar="URL", help="takes logout tokens")
    parser.add_argument("--public", action="store_true", help="it can keep no secret")
    parser.add_argument("--device", action="store_true", help="it signs in without a browser")
    parser.add_argument("--ask-consent", action="store_true", help="it is somebody else's")
