"""What a row of the table is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forecourt.orgs.permissions import Permission
from forecourt.orgs.staff_permissions import StaffPermission

# The kinds of people inside an organization
MEMBERS = frozenset({"member", "primary", "admin"})
REMOVERS = frozenset({"primary", "admin"})
ADMINS = frozenset({"admin"})
# ... and everybody else's word
ANYONE, SIGNED_IN, HOLDER = "anyone", "signed in", "whoever holds the link"
STAFF = "staff"

#: What `ok` says for those who are not named in it.
REST = "everybody else"
Answers = int | Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """One method of one address.

    `who`: the kinds inside the organization that get in, or a word for an address outside of any.
    `ok`: the answer to those, as one status or by kind of person. `form` is sent; `{object}` in
    its address is a member's or an invitation's id. `action`: what a POST does, or a GET notes.
    """

    method: str
    name: str
    who: frozenset[str] | str
    ok: Answers = 200
    form: Mapping[str, Any] = field(default_factory=dict)
    thing: str = ""
    action: str = ""
    permission: Permission | None = None
    #: What staff need for it, in the console.
    duty: StaffPermission | None = None
    #: Whoever sends it signs it, so that it needs no token of a form.
    is_signed: bool = False
    #: Whoever may not ask is told so before the form's token is looked for, since the body is large.
    gate_first: bool = False

    def __str__(self) -> str:
        return f"{self.method} {self.name}"

    def status(self, kind: str) -> int:
        """The answer to this kind of person, who is let in."""
        if isinstance(self.ok, int):
            return self.ok
        return self.ok.get(kind, self.ok.get(REST, 0))


def inside(
    method: str, name: str, who: frozenset[str], permission: Permission, ok: Answers, **more
) -> Row:
    """A row of an address inside an organization."""
    return Row(method, name, who, ok, permission=permission, **more)
