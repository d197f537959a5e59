"""What a form says: `items[0][price]=x&metadata[a]=b` as dictionaries and lists."""

import re
from typing import Any
from urllib.parse import parse_qsl

Form = dict[str, Any]


def decode(text: str) -> Form:
    """Every value is text, as Stripe's API gets it."""
    found: Form = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        *steps, last = re.findall(r"[^\[\]]+", name)
        place = found
        for step in steps:
            place = place.setdefault(step, {})
        place[last] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    """Dictionaries whose names are all numbers are lists."""
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(each) for name, each in value.items()}
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def is_true(value: Any) -> bool:
    """A switch of the API; leaving it out is false."""
    return value == "true"
