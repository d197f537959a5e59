"""Markdown of the vendor's people, as HTML that cannot harm whoever reads it.

Two walls: the renderer takes no HTML and no dangerous addresses; what it makes is cleaned once
more by a list of what is allowed. No images: they would tell others who reads.
"""

import functools

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

TAGS = set(
    "a blockquote br code em h3 h4 h5 h6 hr li ol p pre strong ul table thead tbody tr th td".split()
)
#: A page has its own headings of the first two ranks.
HIGHEST, LOWEST = 3, 6


@functools.cache
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


@functools.lru_cache(maxsize=256)
def html(text: str) -> Markup:
    """The text as HTML; whatever rank its headings begin at, here they begin at the third."""
    parser = _parser()
    tokens = parser.parse(text)
    headings = [token for token in tokens if token.type in ("heading_open", "heading_close")]
    first = min((int(token.tag[1:]) for token in headings), default=HIGHEST)
    for token in headings:
        token.tag = f"h{min(LOWEST, int(token.tag[1:]) - first + HIGHEST)}"
    made = parser.renderer.render(tokens, parser.options, {})
    return Markup(  # noqa: S704 - cleaned
        nh3.clean(
            made,
            tags=TAGS,
            attributes={"a": {"href"}},
            url_relative="deny",
            url_schemes={"http", "https", "mailto"},
            link_rel="noopener noreferrer nofollow",
        )
    )
