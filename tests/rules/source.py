"""What the rules read: the repository's own files, as git knows them."""

import ast
import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "forecourt"


@functools.cache
def tracked() -> list[Path]:
    """Every file of the repository; in a copy without git, every file that is not made."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name for name in listed.stdout.split("\0") if name]
    else:
        made = {".venv", ".git", "var", "__pycache__", ".mypy_cache", ".ruff_cache"}
        found = [path for path in ROOT.rglob("*") if not made & {*path.relative_to(ROOT).parts}]
    return sorted(path for path in found if path.is_file())


def files(ending: str, *, under: Path = ROOT, without: tuple[str, ...] = ()) -> list[Path]:
    """The files with this ending; `without`: no part of their path is one of these."""
    return [
        path
        for path in tracked()
        if path.name.endswith(ending)
        and path.is_relative_to(under)
        and not {*without} & {*path.relative_to(ROOT).parts}
    ]


def name(path: Path) -> str:
    """The path as one says it."""
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    """How many lines the file has."""
    return len(path.read_text().splitlines())


@functools.cache
def tree(path: Path) -> ast.Module:
    """The file's syntax."""
    return ast.parse(path.read_text(), str(path))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method in the file."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
