"""A door reads, asks an action, and answers: it never writes. What a refusal says is a sentence
that can be translated."""

import ast

from tests.rules.source import PACKAGE, files, name, tree

DOORS = ("views.py", "front.py", "api.py", "tasks.py", "forms.py", "admin.py", "urls.py")
WRITES = {"save", "create", "delete", "update", "bulk_create", "bulk_update", "get_or_create"}
WRITES |= {"update_or_create", "execute", "executemany", "atomic", "set_password"}
#: What looks like it and is none, or is the cellar's own plumbing: (file, text of the call's start).
ALLOWED = {
    # allauth's own views write in a transaction that we open around them.
    ("forecourt/people/urls.py", "transaction.atomic"),
    # Spends the time that hashing takes; the person is never saved.
    ("forecourt/people/forms.py", "User().set_password"),
}


def _writes(path) -> list[str]:
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute) and node.attr in WRITES:
            text = ast.unparse(node)
            if (name(path), text) not in ALLOWED:
                found.append(f"{name(path)}:{node.lineno} {text}")
    return found


def test_a_door_never_writes():
    doors = [path for door in DOORS for path in files(door, under=PACKAGE, without=("tests",))]
    assert len(doors) >= 10
    assert [write for path in doors for write in _writes(path)] == []


def test_every_refusal_can_be_translated():
    bare = []
    for path in files(".py", under=PACKAGE, without=("tests",)):
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id in ("Refused", "TooMany", "BadAddress") and node.args:
                sentence = node.args[0]
                if isinstance(sentence, ast.Constant | ast.JoinedStr):
                    bare.append(f"{name(path)}:{node.lineno}")
    assert bare == []
