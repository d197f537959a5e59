"""Answers: whole pages, fragments for htmx, redirects."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template import engines
from django.template.backends.utils import csrf_input, csrf_token_lazy
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from jinja2_fragments import render_block

View = Callable[..., HttpResponse]


def is_fragment(request: HttpRequest) -> bool:
    """Whether htmx asks: it gets a part of the page, under the same checks as the whole."""
    return request.headers.get("HX-Request") == "true"


def render(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; or its `block` alone where htmx asks and a block is named."""
    backend: Any = engines["jinja2"]
    values = {
        "request": request,
        # Once a page: each time it is asked for it is masked anew, and nothing is longer to send.
        "csrf_input": SimpleLazyObject(lambda: csrf_input(request)),
        "csrf_token": csrf_token_lazy(request),
        "rooms": _rooms(request),
        **(context or {}),
    }
    for processor in backend.template_context_processors:
        values.update(processor(request))
    if block and is_fragment(request):
        html = render_block(backend.env, template, block, values)
    else:
        html = backend.env.get_template(template).render(values)
    response = HttpResponse(html, status=status)
    if block:
        patch_vary_headers(response, ["HX-Request"])
    return response


def progress(request: HttpRequest, export: Any, **words: Any) -> HttpResponse:
    """The page of a file that is being made, which asks again by itself until it is ready. `words`:
    title, counted ("3 of 10 invoices"), here (its address), back (label and address)."""
    context = {"export": export, **words}
    return render(request, "core/export.html", context, block="progress")


def dialog(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A dialog: its block `dialog` alone for htmx, a page of its own without script. 422 where
    its `form` has errors, 429 where an error's code is "too_many"."""
    form: Any = context.get("form")
    status = 200
    if form is not None and form.is_bound and form.errors:
        status = 429 if form.has_error(NON_FIELD_ERRORS, "too_many") else 422
    response = render(request, template, context, block="dialog", status=status)
    if status == 429:
        response["Retry-After"] = str(form.retry_after)
    if is_fragment(request):
        # htmx takes the address of a boosted link into the browser's history, whatever
        # hx-push-url says; the header it obeys.
        response["HX-Push-Url"] = "false"
    return response


def _rooms(request: HttpRequest) -> list[tuple[str, str, str, bool]]:
    """(label, icon, address, whether one is in it) of the rooms that this member may open."""
    member = getattr(request, "member", None)
    if member is None:
        return []
    slug = member.organization.slug
    return [
        (
            str(label),
            icon,
            href := reverse(name, kwargs={"slug": slug}),
            request.path.startswith(href),
        )
        for name, label, icon, permission in settings.ROOMS
        if member.may(permission)
    ]


def see_other(request: HttpRequest, to: str, *args: Any, **keywords: Any) -> HttpResponse:
    """Go on to `to` (a URL name or address) after a POST, told to htmx in its own way."""
    response = redirect(to, *args, **keywords)
    if is_fragment(request):
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = response["Location"]
        return answer
    response.status_code = 303
    return response


def operation(*methods: str, who: str) -> Callable[[View], View]:
    """Declare a view: which methods it answers (else 405), and who may ask, as a word for the
    list of all addresses. Gates that check it build on this."""
    allowed = tuple(methods) + (("HEAD",) if "GET" in methods else ())

    def decorate(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **keywords: Any) -> HttpResponse:
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            return view(request, *args, **keywords)

        run.methods = methods  # type: ignore[attr-defined]
        run.who = who  # type: ignore[attr-defined]
        return run

    return decorate
