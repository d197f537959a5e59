"""What the audit log names, in words: each floor and room says it of its own events, in the `WORDS`
of its `events.py`."""

import functools
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps


def said(event: str) -> str:
    """What happened, as people read it; an event that nobody has words for by its own name."""
    words = _words().get(event)
    if words is None:
        return event.replace(".", ": ").replace("_", " ").capitalize()
    return str(words)


def events() -> frozenset[str]:
    """Everything that can happen."""
    return frozenset(str(event) for module in _modules() for event in module.Event)


@functools.cache
def _words() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for module in _modules():
        found |= {str(event): words for event, words in getattr(module, "WORDS", {}).items()}
    return found


@functools.cache
def _modules() -> list[Any]:
    names = [f"{app.name}.events" for app in apps.get_app_configs()]
    ours = [name for name in names if name.startswith("forecourt.")]
    return [import_module(name) for name in ours if find_spec(name)]
