"""Release notes in a few plain lines, for a mail."""

import functools

from markdown_it import MarkdownIt

LINES, LONGEST = 6, 160
#: Of the notes; what is further down is not among the first lines.
LOOKED_AT = 5_000


@functools.lru_cache(maxsize=16)
def first_lines(notes: str) -> tuple[str, ...]:
    """The first lines of some Markdown, without its marks, links or pictures; "…" at the end where
    there are more."""
    tokens = MarkdownIt("commonmark").parse(notes[:LOOKED_AT])
    lines = [_text(token) for token in tokens if token.type == "inline"]
    lines = [line for line in lines if line]
    return (*lines[:LINES], "…") if len(lines) > LINES else tuple(lines)


def _text(token) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
    text = " ".join("".join(parts).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
