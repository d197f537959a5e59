"""Templates that know beforehand what does not change.

A page says a hundred sentences, shows forty icons and links to ten addresses that are the same each
time; looking them up at every request is most of what a page costs. Here a call of one of these
functions with nothing but constants is made once, when the template is compiled, and its answer
becomes part of the template's text.
"""

from collections.abc import Callable
from typing import cast

from django.urls import NoReverseMatch
from django.utils.translation import gettext
from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from forecourt.core.languages import only_one

#: Where the macros are that are made beforehand, and their names.
MACROS = {"icon": "ui/icon.html", "to_dialog": "ui/dialog.html"}


class Foreseeing(Environment):
    """Jinja2's environment; `foreseen` names the global functions that answer the same each time."""

    foreseen: tuple[str, ...] = ()

    def _generate(
        self,
        source: nodes.Template,
        name: str | None,
        filename: str | None,
        defer_init: bool = False,
    ) -> str:
        source = _Foresight(self, name).visit(source)
        return super()._generate(source, name, filename, defer_init)

    def known(self, called: str, template: str | None) -> Callable[..., str] | None:
        """The function that makes the answer, if it is one that can be made beforehand."""
        # With a second language the answer would depend on who reads.
        if called in ("_", "gettext") and only_one():
            return lambda text: gettext(text) % {}
        if called in self.foreseen:
            return cast("Callable[..., str]", self.globals[called])
        where = MACROS.get(called)
        if where is None or where == template:
            return None
        return cast("Callable[..., str]", getattr(self.get_template(where).module, called))


class _Foresight(NodeTransformer):
    """Puts the answer in the place of each call that can be made beforehand."""

    def __init__(self, environment: Foreseeing, template: str | None) -> None:
        self.environment, self.template = environment, template

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - Jinja2's name
        self.generic_visit(node)
        values = [
            x.value if isinstance(x, nodes.Const) else x.data
            for x in node.args
            if isinstance(x, nodes.Const | nodes.TemplateData)
        ]
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(values) < len(node.args):
            return node
        if not isinstance(node.node, nodes.Name):
            return node
        make = self.environment.known(node.node.name, self.template)
        if make is None:
            return node
        try:
            return nodes.TemplateData(str(make(*values)), lineno=node.lineno)
        except NoReverseMatch:  # an address that only the demo has
            return node
