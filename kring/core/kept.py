"""Conditions that cost more to put together than to ask: their SQL is made once and kept.

Kept is the text of the question, never an answer: the database decides at every request (house.md, 5).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models import BooleanField, Expression, F, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

MARK = "\x00"  # stands where a column of the query around it comes


def outer() -> RawSQL:
    """Return the place of the next column of the query around a kept condition: `filter(photo_id=outer())`.

    Only for a filter on the rows that are looked for, never inside a subquery of theirs: there the names of tables
    could mean something else.
    """
    return RawSQL(MARK, (), output_field=BooleanField())  # noqa: S611  a mark of ours, no text from outside


class KeptExists(Expression):
    """Whether there are rows: `Exists` of what `make(*values)` returns, with its SQL made once per `values`.

    `make` is a function of a module, for it is part of what is kept under; it marks with `outer()` where `columns` of
    the outer query come, in their order. `values` must hold everything else that the rows depend on.
    """

    output_field = BooleanField()

    def __init__(self, make: Callable[..., QuerySet], *values: Hashable, columns: tuple[str, ...]) -> None:
        """Remember the question; nothing is asked or made yet."""
        super().__init__(output_field=BooleanField())
        self.make, self.values = make, values
        self.columns: list[Any] = [F(column) for column in columns]

    def get_source_expressions(self) -> list[Any]:
        """Return the columns of the query around it."""
        return self.columns

    def set_source_expressions(self, exprs: Any) -> None:
        """Take the columns as the query around it calls them."""
        self.columns = list(exprs)

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Return the kept SQL with the columns put in."""
        pieces, params = _made(connection.alias, self.make, self.values)
        compiled = [compiler.compile(column) for column in self.columns]
        if len(pieces) != len(compiled) + 1 or any(values for _name, values in compiled):
            raise ValueError("A kept condition has one mark for each plain column.")
        names = [name for name, _values in compiled]
        return "EXISTS(" + pieces[0] + "".join(
            n + piece for n, piece in zip(names, pieces[1:], strict=True)
        ) + ")", params


@lru_cache(maxsize=256)
def _made(using: str, make: Callable[..., QuerySet], values: tuple[Hashable, ...]) -> tuple[list[str], tuple[Any, ...]]:
    sql, params = make(*values).query.exists().get_compiler(using, connections[using]).as_sql()
    return sql.split(MARK), tuple(params)
