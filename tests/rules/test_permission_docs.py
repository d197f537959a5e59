"""docs/permissions.md says what the permission table says."""

from pathlib import Path

from forecourt.orgs.permissions import MEANINGS, table

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
WORDS = {"yes": "Yes", "no": "No", "policy": "If the organization allows it"}
WORDS["vacant"] = "While no member is the primary billing contact"


def wanted() -> list[str]:
    return [
        f"| {meaning} | `{permission}` | {' | '.join(WORDS[answer] for answer in answers)} |"
        for permission, (meaning, *answers) in zip(MEANINGS, table(), strict=True)
    ]


def test_the_documented_permissions_are_the_ones_in_force():
    written = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")]
    assert written[2:] == wanted(), "It should be:\n" + "\n".join(wanted())
