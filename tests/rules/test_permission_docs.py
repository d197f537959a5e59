"""docs/permissions.md says what the permission tables say."""

from pathlib import Path

from forecourt.orgs import staff_permissions as staff
from forecourt.orgs.permissions import MEANINGS, table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
WORDS = {"yes": "Yes", "no": "No", "policy": "If the organization allows it"}
WORDS["vacant"] = "While no member is the primary billing contact"


def wanted() -> list[str]:
    return [
        f"| {meaning} | `{permission}` | {' | '.join(WORDS[answer] for answer in answers)} |"
        for permission, (meaning, *answers) in zip(MEANINGS, table(), strict=True)
    ]


def of_staff() -> list[str]:
    said = {True: "Yes", False: "No"}
    return [
        f"| {meaning} | `{part}` | {' | '.join(said[staff.may(duty, part)] for duty in staff.Duty)} |"
        for part, meaning in staff.MEANINGS.items()
    ]


def written() -> list[str]:
    """The rows of both tables, without their heads."""
    return [line for line in PAGE.read_text().splitlines() if line.startswith("| ") and "`" in line]


def test_the_documented_permissions_are_the_ones_in_force():
    rows = wanted() + of_staff()
    assert written() == rows, "It should be:\n" + "\n".join(rows)
