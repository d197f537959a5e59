"""What a page loads beside its HTML: one style sheet, one script, one sheet of icons.

There is no build: each is joined from its parts once in a process, on first use, and compressed
once. Its address holds a hash of its content, so it may be kept for ever.
"""

import functools
import re
import zipfile
from collections.abc import Callable, Set
from functools import partial
from importlib.resources import files
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from markupsafe import Markup

from forecourt.core import accents, brand
from forecourt.core.compression import accepts
from forecourt.core.hashed import File, hashed

HERE = Path(__file__).parent / "static"
LAYERS = ("reset", "base", "components", "utilities")
ICONS = (
    "arrow-left",
    "ban",
    "building-2",
    "check",
    "chevron-down",
    "chevrons-up-down",
    "circle-alert",
    "circle-check",
    "circle-question-mark",
    "clock",
    "credit-card",
    "ellipsis",
    "info",
    "key-round",
    "list-plus",
    "log-in",
    "log-out",
    "mail",
    "mail-x",
    "menu",
    "messages-square",
    "monitor",
    "moon",
    "package",
    "palette",
    "pencil",
    "plus",
    "search",
    "send",
    "smartphone",
    "sun",
    "triangle-alert",
    "user-minus",
    "users",
    "x",
)
# Our own: a roof on columns, standing on the ground.
MARK = '<path d="M3 10 12 3l9 7v2H3zM5 13h2v6H5zm4 0h2v6H9zm4 0h2v6h-2zm4 0h2v6h-2zM3 20h18v2H3z"/>'
# Beside it the providers' own marks, in their own colors, as their guidelines ask.
MARKS = {
    "mark": MARK,
    "google": (
        '<g stroke="none"><path fill="#4285f4" d="M22.6 12.3c0-.8-.1-1.5-.2-2.3H12v4.3h5.9a5 5 0 0 1-2.2'
        ' 3.3v2.8h3.6c2-2 3.3-4.8 3.3-8.1z"/><path fill="#34a853" d="M12 23c3 0 5.5-1 7.3-2.7l-3.6-2.7c-1'
        ' .7-2.2 1-3.7 1-2.9 0-5.3-1.9-6.2-4.5H2.2v2.8A11 11 0 0 0 12 23z"/><path fill="#fbbc05" d="M5.8'
        ' 14.1a6.6 6.6 0 0 1 0-4.2V7.1H2.2a11 11 0 0 0 0 9.8z"/><path fill="#ea4335" d="M12 5.4c1.6 0 3.1.6'
        ' 4.2 1.6l3.2-3.1A11 11 0 0 0 2.2 7.1l3.6 2.8c.9-2.6 3.3-4.5 6.2-4.5z"/></g>'
    ),
    "microsoft": (
        '<g stroke="none"><path fill="#f25022" d="M2 2h9.5v9.5H2z"/><path fill="#7fba00" d="M12.5 2H22v9.5'
        'h-9.5z"/><path fill="#00a4ef" d="M2 12.5h9.5V22H2z"/><path fill="#ffb900" d="M12.5 12.5H22V22h-9.5z"'
        "/></g>"
    ),
}


#: The sheets that pages outside of the rooms alone need, and those that only pages with a rail do.
OUTSIDE = {"gate", "providers"}
INSIDE = set(
    "avatar branding copied dialog menu print product secret sections shell table ticks".split()
)


def styles(left_out: Set[str]) -> str:
    """The style sheets in the order of their layers; in each the tokens first, then by name."""
    sheets = []
    for path in (HERE / "css").glob("*.css"):
        if path.stem in left_out:
            continue
        text = path.read_text()
        layer = re.search(r"@layer (\w+)", text)
        if layer is None:
            raise ValueError(f"{path.name} is in no layer")
        sheets.append((LAYERS.index(layer[1]), path.name != "tokens.css", path.name, text))
    joined = "".join(text for *_, text in sorted(sheets))
    joined = re.sub(r"/\*.*?\*/", "", joined, flags=re.DOTALL)
    joined = re.sub(r"\s+", " ", joined)
    joined = re.sub(r" ?([{};,]) ?", r"\1", joined).replace(";}", "}").replace(": ", ":")
    return f"@layer {','.join(LAYERS)};{joined.strip()}"


def scripts() -> str:
    """htmx as its package ships it, then our own files, each in a scope of its own."""
    htmx = (files("django_htmx") / "static/django_htmx/htmx-2.min.js").read_text().strip()
    return "\n".join([htmx, *map(_script, sorted((HERE / "js").glob("*.js")))])


def passkey() -> str:
    """The only script of signed-out pages, of a few hundred bytes."""
    return _script(HERE / "js-alone" / "passkey.js")


def _script(path: Path) -> str:
    lines = (line.strip() for line in path.read_text().splitlines())
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return f'(()=>{{"use strict";\n{kept}\n}})();'


def icons() -> str:
    """The sprite: a symbol for each name in ICONS, from Lucide."""
    symbols = [f'<symbol id="{name}" viewBox="0 0 24 24">{shape(name)}</symbol>' for name in ICONS]
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>'


@functools.cache
def shape(name: str) -> Markup:
    """What is inside of a Lucide icon's SVG, or of a mark of MARKS, for pages that have it in
    themselves; raises KeyError where there is no such icon."""
    if name in MARKS:
        return Markup(MARKS[name])  # noqa: S704 - from above
    with zipfile.ZipFile(str(files("lucide") / "lucide.zip")) as shapes:
        svg = shapes.read(f"{name}.svg").decode()
    inner = re.sub(r"\s+", " ", svg[svg.index(">") + 1 : svg.rindex("</svg>")]).strip()
    return Markup(inner.replace("> <", "><").replace(" />", "/>"))  # noqa: S704 - Lucide's


def has_shape(name: str) -> bool:
    """Whether there is such an icon."""
    try:
        return bool(re.fullmatch(r"[a-z0-9-]{1,40}", name) and shape(name))
    except KeyError:
        return False


CSS = "text/css; charset=utf-8"
SOURCES: dict[str, tuple[Callable[[], str], str]] = {
    "forecourt.css": (partial(styles, OUTSIDE), CSS),
    "gate.css": (partial(styles, INSIDE), CSS),
    "forecourt.js": (scripts, "text/javascript; charset=utf-8"),
    "passkey.js": (passkey, "text/javascript; charset=utf-8"),
    "icons.svg": (icons, "image/svg+xml; charset=utf-8"),
}


@functools.cache
def _made(name: str) -> File:
    make, kind = SOURCES[name]
    return hashed(name, kind, make().encode())


@functools.cache
def asset(name: str) -> str:
    """The address of a file by its plain name: "forecourt.js" → "/static/forecourt.<hash>.js"."""
    return _made(name).address


def sheet(name: str) -> str:
    """The address of a style sheet, with the brand's accent in it where there is one:
    "gate.css" → "/static/gate-c2410c.<hash>.css". It says all that any process needs to make it."""
    accent = brand.brand().accent
    return _accented(name, accent).address if accent else asset(name)


# Few: the brand's of now, and those of drafts.
@functools.lru_cache(maxsize=16)
def _accented(name: str, color: str) -> File:
    return _with_accent(name, color)


def _with_accent(name: str, color: str, *, squeeze: bool = True) -> File:
    body = _made(name).body + accents.rule(color).encode()
    return hashed(name.replace(".", f"-{color[1:]}."), CSS, body, squeeze=squeeze)


def _wanted(name: str) -> File:
    for plain in SOURCES:
        if _made(plain).name == name:
            return _made(plain)
    found = _accented_called(name) or brand.file_called(name)
    if found is None:
        raise Http404
    return found


def _accented_called(name: str) -> File | None:
    """A style sheet of this brand, or of one that only another process knows by now."""
    parts = re.fullmatch(r"(forecourt|gate)-([0-9a-f]{6})\.[0-9a-f]{12}\.css", name, re.ASCII)
    if parts is None:
        return None
    plain, color = f"{parts[1]}.css", f"#{parts[2]}"
    # Anybody may ask for any color: nothing is kept of it, and a page's compression has to do.
    make = _accented if color == brand.brand().accent else partial(_with_accent, squeeze=False)
    made = make(plain, color)
    return made if made.name == name else None


def serve(request: HttpRequest, name: str) -> HttpResponse:
    """One of the files under its hashed name, to be kept for ever; any other name is a 404."""
    if request.method not in serve.methods:  # type: ignore[attr-defined]
        return HttpResponseNotAllowed(serve.methods)  # type: ignore[attr-defined]
    file = _wanted(name)
    squeezed = {"br": file.brotli, "gzip": file.gzip}
    coding = next((name for name, body in squeezed.items() if body and accepts(request, name)), "")
    body = squeezed.get(coding, file.body)
    tag = f'"{file.name.split(".")[1]}{coding and "-" + coding}"'
    known = {given.strip() for given in request.headers.get("If-None-Match", "").split(",")}
    if known & {tag, f"W/{tag}", "*"}:
        response = HttpResponse(status=304)
        del response["Content-Type"]
    else:
        head = request.method == "HEAD"
        response = HttpResponse(b"" if head else body, content_type=file.kind)
        response["Content-Length"] = str(len(body))
        response["X-Content-Type-Options"] = "nosniff"
        if coding:
            response["Content-Encoding"] = coding
    response["ETag"] = tag
    # Said to pages, and a quarter of a kilobyte with each file.
    response._csp_exempt = True  # type: ignore[attr-defined]
    response.xframe_options_exempt = True
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["Vary"] = "Accept-Encoding"
    return response


serve.methods = ("GET", "HEAD")  # type: ignore[attr-defined]
serve.who = "anyone"  # type: ignore[attr-defined]
