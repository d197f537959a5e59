"""Queries that are compiled once.

For a page that is opened all day, Django spends more on turning a query into SQL than PostgreSQL
spends on answering it. `prepared` keeps the SQL of a queryset and fills in the values each time;
it stays in step with the models, because it is made from them.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from forecourt.core.scope import ACROSS, BACK

log = logging.getLogger(__name__)
Row = TypeVar("Row", bound=Model)


class Prepared(Generic[Row]):
    """A queryset with places for values: `build` gets one stand-in for each name in `places` and
    answers the queryset; calling the object with real values answers its rows.

    A stand-in is a value of the right type that occurs nowhere else in the query.
    """

    def __init__(self, build: Callable[..., QuerySet[Row]], **places: Any):
        self._build, self._places = build, places
        self._compiled: tuple[Any, ...] | None = None

    def _compile(self) -> tuple[Any, ...]:
        if self._compiled is None:
            rows = self._build(**self._places)
            compiler = rows.query.get_compiler("default")
            sql, params = compiler.as_sql()
            names = {value: name for name, value in self._places.items()}
            self._compiled = (sql, [(p, names.get(p)) for p in params], compiler, rows.model)
        return self._compiled

    def __call__(self, **values: Any) -> list[Row]:
        sql, params, compiler, model = self._compile()
        filled = [values[name] if name else param for param, name in params]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            found = cursor.fetchall()
        return _models(compiler, model, found)

    def number(self, **values: Any) -> int:
        """How many rows it finds."""
        sql, params, _compiler, _model = self._compile()
        filled = [values[name] if name else param for param, name in params]
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from ({sql}) counted", filled)  # noqa: S608 - Django's
            return int(cursor.fetchone()[0])

    def across(self, reason: str, **values: Any) -> list[Row]:
        """The same for every organization's rows, as `scope.across_organizations` shows them, in
        one message to the database, which makes it one transaction."""
        log.debug("across organizations: %s", reason)
        sql, params, compiler, model = self._compile()
        filled = [values[name] if name else param for param, name in params]
        with connection.cursor() as cursor:
            cursor.execute(f"{ACROSS}; {sql}; {BACK}", filled)
            cursor.nextset()
            found = cursor.fetchall()
        return _models(compiler, model, found)


def _models(compiler: Any, model: type[Row], found: Iterable[tuple[Any, ...]]) -> list[Row]:
    """Rows as models, as django.db.models.query.ModelIterable makes them."""
    columns = compiler.klass_info["select_fields"]
    start, end = columns[0], columns[-1] + 1
    names = [column[0].target.attname for column in compiler.select[start:end]]
    populators = get_related_populators(compiler.klass_info, compiler.select, "default")  # type: ignore[call-arg]
    converters = compiler.get_converters([column[0] for column in compiler.select])
    if converters:
        found = map(tuple, compiler.apply_converters(found, converters))
    rows = []
    for values in found:
        row = model.from_db("default", names, values[start:end])
        for populator in populators:
            populator.populate(values, row)
        for name, column in compiler.annotation_col_map.items():
            setattr(row, name, values[column])
        rows.append(row)
    return rows
