"""What can be typed after `forecourt import` and `export`."""

from __future__ import annotations

from typing import Any


def add(commands: Any) -> None:
    """Add both."""
    taken_in = commands.add_parser(
        "import", help="customers from CSV files, or send their invitations"
    )
    taken_in.add_argument("source", help="a folder or ZIP of CSV files; or the word send")
    taken_in.add_argument("--dry-run", action="store_true", help="say what would be; write nothing")
    taken_in.add_argument(
        "--with-secrets",
        action="store_true",
        help="accounts with their duties, signing keys, mails and activity, too, as export has written them",
    )
    taken_in.add_argument("--per-minute", type=int, help="of send: how many mails; else 60")
    given = commands.add_parser("export", help="everything in the format of import")
    given.add_argument("folder", help="which is made where there is none")
    given.add_argument(
        "--with-secrets",
        action="store_true",
        help="accounts, signing keys, mails and activity, too: as secret as a backup",
    )
