"""What pages are made of: style sheets in layers with declared tokens, no inline anything, and
words that can be translated."""

import re

import pytest

from forecourt.core.assets import ICONS, LAYERS
from tests.rules.source import PACKAGE, files, name

SHEETS = files(".css", under=PACKAGE)
PAGES = [
    path
    for path in files(".html", under=PACKAGE)
    if "email" not in path.parts and path.parent.name != "mail"
]
TOKENS = PACKAGE / "core/static/css/tokens.css"
COLOR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|hwb)\(")


def _plain(path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def _declared(text: str) -> set[str]:
    return set(re.findall(r"(--[\w-]+)\s*:", text))


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_style_sheet_is_inside_a_layer(path):
    depth, outside = 0, ""
    for letter in _plain(path):
        depth -= letter == "}"
        outside += letter if depth == 0 else ""
        depth += letter == "{"
    assert depth == 0
    heads = {" ".join(head.split()) for head in re.split("[{}]", outside)} - {""}
    assert heads and heads <= {f"@layer {layer}" for layer in LAYERS}


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_a_style_sheet_uses_only_declared_tokens(path):
    known = _declared(_plain(TOKENS)) | _declared(_plain(path))
    without_fallback = re.findall(r"var\(\s*(--[\w-]+)\s*\)", _plain(path))
    assert set(without_fallback) - known == set()


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_colors_are_named_in_the_tokens_alone(path):
    if path != TOKENS:
        made_of_a_knob = r"oklch\([^()]*var\(--[\w-]+\)[^()]*\)|color-mix\(in oklab"
        assert not COLOR.search(re.sub(made_of_a_knob, "", _plain(path)))


def test_every_token_is_used():
    used = "".join(_plain(path) for path in SHEETS)
    assert [token for token in _declared(_plain(TOKENS)) if f"var({token})" not in used] == []


INLINE = {
    "a style element": re.compile(r"<style\b", re.I),
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a script without an address": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.I),
    "a handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "htmx's handler": re.compile(r"\shx-on\b|\shx-vars\b|\bhx-vals\s*=\s*[\"']js:", re.I),
    "an address of a script": re.compile(r"javascript:", re.I),
    "a foreign address": re.compile(r"(?:src|href)\s*=\s*[\"']https?://", re.I),
}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_page_has_nothing_inline(path):
    text = re.sub(r"\{#.*?#\}", "", path.read_text(), flags=re.DOTALL)
    assert [what for what, shape in INLINE.items() if shape.search(text)] == []


def _words(text: str) -> list[str]:
    """What people would read and no translator would: text and spoken attributes."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%-?\+?\s*trans\b.*?\{%-?\s*endtrans\s*-?%\}", "", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "\n", text, flags=re.DOTALL)
    spoken = re.findall(r"\b(?:title|alt|placeholder|aria-label|content)=\"([^\"]*)\"", text)
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    seen = re.sub(r"<!--.*?-->|<[^>]*>|&\w+;", "\n", text, flags=re.DOTALL).splitlines()
    # The values of <meta>, names of classes and ids, attributes.
    technical = r"width=device-width.*|light dark|[a-z]*(?:[-_]+[a-z]*)+|btn|[a-z-]+=\".*"
    return [
        word.strip()
        for word in [*seen, *spoken]
        if re.search(r"[A-Za-z]{2}", word) and not re.fullmatch(technical, word.strip())
    ]


@pytest.mark.parametrize("path", files(".html", under=PACKAGE), ids=name)
def test_every_word_of_a_page_can_be_translated(path):
    assert _words(path.read_text()) == []


def test_every_icon_that_a_template_names_is_in_the_sprite():
    used = set()
    for path in files(".html", under=PACKAGE):
        used |= set(re.findall(r"\bicon\(\s*\"([a-z0-9-]+)\"", path.read_text()))
    assert used - {*ICONS, "mark"} == set()
