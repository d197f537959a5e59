"""`urls`: every address of the portal, its methods, and who may ask, from the permission table."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

from forecourt.config.commands.serve import start_django
from forecourt.demo import running

PEOPLE = ("stranger", "signed in", "member", "admin", "primary", "staff")


def urls(*, as_json: bool) -> int:
    """List every address; the demo's own too where one runs in this folder."""
    running.use(os.environ)
    without_database()
    start_django()
    rows = list(every_address())
    if as_json:
        print(json.dumps(rows, indent=2))
    else:
        for row in rows:
            print(f"{','.join(row['methods']):10} {row['pattern']:60} {', '.join(row['allowed'])}")
    return 0


def without_database() -> None:
    """Fill in what the settings ask for and this command never uses."""
    for name, value in (
        ("DATABASE_URL", "postgresql:///none"),
        ("EMAIL_URL", "smtp://127.0.0.1:1"),
        ("PUBLIC_URL", "http://127.0.0.1:8000"),
        ("SECRET_KEY", "x" * 64),
    ):
        if not os.environ.get(name):
            os.environ[name] = value


def every_address() -> Iterator[dict[str, Any]]:
    """pattern, name, methods, who (the permission or a word), allowed (kinds of people)."""
    from django.urls import get_resolver

    from forecourt.config import urls as roof

    foreign = getattr(roof, "FOREIGN", {})
    for pattern, name, view in _walk(get_resolver().url_patterns, "/"):
        methods, who = foreign.get(name or pattern, (None, None))
        methods = getattr(view, "methods", None) or methods or ()
        who = getattr(view, "who", None) or who or "unknown"
        yield {
            "pattern": pattern,
            "name": name,
            "methods": list(methods),
            "who": str(who),
            "allowed": allowed(who),
        }


def allowed(who: Any) -> list[str]:
    """The kinds of people whom a gate lets in; "where allowed" marks the organization's choice."""
    from forecourt.orgs.permissions import (
        GRANTS,
        PRIMARY_GRANTS,
        WHERE_ALLOWED,
        WHILE_VACANT,
        Permission,
        Role,
    )
    from forecourt.orgs.staff_permissions import StaffPermission

    if isinstance(who, StaffPermission):
        return ["staff"]
    if not isinstance(who, Permission):
        return {
            "anyone": list(PEOPLE),
            "signed in": list(PEOPLE[1:]),
            "staff": ["staff"],
        }.get(str(who), [str(who)])
    found = []
    if who in GRANTS[Role.MEMBER]:
        found.append(
            "member (where the organization allows it)" if who in WHERE_ALLOWED else "member"
        )
    if who in GRANTS[Role.ADMIN]:
        found.append("admin")
    elif who in WHILE_VACANT:
        found.append("admin (while no member is the primary billing contact)")
    if who in PRIMARY_GRANTS or who in GRANTS[Role.MEMBER] - WHERE_ALLOWED:
        found.append("primary")
    return found


def _walk(patterns: Any, prefix: str, space: str = "") -> Iterator[tuple[str, str | None, Any]]:
    for entry in patterns:
        path = prefix + str(entry.pattern).lstrip("^").removesuffix("$").removesuffix("\\Z")
        if hasattr(entry, "url_patterns"):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry.url_patterns, path, inner)
        else:
            yield path, entry.name and space + entry.name, entry.callback
