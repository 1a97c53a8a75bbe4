"""Statements made once per shape, run with the values of each request.

Putting a queryset together and making SQL of it costs ten times what the database needs to answer it, and for one kind
of reader the text is the same each time: only keys and moments differ. So the queryset is built once with a stand-in
for each value; its SQL is kept, and every run puts the real values in the places where the stand-ins ended up.

Nothing that was read is kept, and no value: who may see what is asked of the database at each request, with the
viewer of that request. The same function builds the ordinary queryset, so a condition is written once. Under test runs
are compared with the queryset built from the real values (docs/decisions/0006-kept-statements.md, 0025).
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils.timezone import localtime

from kring.core.planned import execute, keeps_plans
from kring.core.viewer import Role, Span, Viewer

Row = TypeVar("Row", bound=Model)
MOST = 1000
STEP = 8  # lists of keys are filled up to a multiple of this, so that few shapes exist

# Values that no row holds and no code writes, in ascending order, so that comparing two stand-ins tells what comparing
# the values would.
_KEY, _YEAR_LEVEL, _DAY = 9_007_000_000_000_000, 30_000, date(8000, 1, 1)


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with its values; `holes` says which of them come from the request, `read` how columns become Python."""

    number: int  # in this process
    sql: str
    values: tuple[Any, ...]
    holes: tuple[tuple[int, int], ...]  # place in `values`, number of the real value
    read: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...]


class _StandIns:
    """Hands out stand-ins in the order in which `_taken_apart` lists the real values."""

    def __init__(self) -> None:
        self.handed: list[Any] = []

    def key(self) -> int:
        return self._new(_KEY + len(self.handed))

    def level(self) -> int:
        return self._new(_YEAR_LEVEL + len(self.handed))

    def day(self) -> date:
        return self._new(_DAY + timedelta(len(self.handed)))

    def moment(self) -> datetime:
        # Noon, so that the day it falls on is the same in every zone: that day stands for the day of the value.
        day = self.day()
        return self._new(datetime(day.year, day.month, day.day, 12, 34, 56, tzinfo=UTC))

    def text(self) -> str:
        return self._new(f"zq{len(self.handed)}qz")

    def _new(self, stand_in: Any) -> Any:
        self.handed.append(stand_in)
        return stand_in


_kept: dict[Hashable, Statement | None] = {}
_runs: Counter[Hashable] = Counter()  # under test: how often each statement ran in this process
COMPARED_FIRST, COMPARED_THEN = 3, 10
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Unread:
    """Rows as the database's driver gave them, and how to make values of them. Whether anything changed can be told
    from `raw` alone; making dates of three hundred rows costs more than fetching them."""

    raw: list[tuple[Any, ...]]
    read: tuple[tuple[int, tuple[Callable[..., Any], ...], Any], ...] = field(default=(), repr=False)

    def rows(self) -> list[tuple[Any, ...]]:
        """Return the rows as values."""
        return list(_read(self.raw, self.read)) if self.read else self.raw


def rows_of(name: str, build: Callable[..., QuerySet[Any, Any]], *given: Any) -> list[tuple[Any, ...]]:
    """Return the rows of `build(*given)`; see `unread_of`. One query."""
    return unread_of(name, build, *given).rows()


def unread_of(name: str, build: Callable[..., QuerySet[Any, Any]], *given: Any) -> Unread:
    """Return the rows of `build(*given)`, a queryset of `values_list`, from its kept statement. One query.

    `name` names the question in the whole program. `given` holds keys (int), texts, days, moments, viewers and
    sequences of keys. `build` may compare them and ask whether they are empty, but must not reckon with them.
    What is None, True, False or a member of an enumeration is part of the shape.
    """
    real, shape = _taken_apart(given)
    key = (name, connection.vendor, shape)
    try:
        statement = _kept[key]
    except KeyError:
        if len(_kept) >= MOST:
            _kept.clear()
        statement = _kept[key] = _prepare(build, shape)
    if settings.CHECK_PREPARED and _is_compared(key):
        _compare(name, statement, build(*given), real)
    return Unread([]) if statement is None else Unread(_run(statement, real), statement.read)


def made(model: type[Row], names: Sequence[str], values: Sequence[Any]) -> Row:
    """Return an object with only these columns, from the beginning of `values`; the others are read when asked for.

    `names` stand in the order of the model's fields, as `from_db` wants them.
    """
    return model.from_db("default", names, values[: len(names)])  # type: ignore[arg-type]


# --- taking values apart: what changes from request to request, and the shape in which it does ---


def _taken_apart(given: Sequence[Any]) -> tuple[list[Any], tuple[Hashable, ...]]:
    """Return the real values in a fixed order, and a shape from which `_shown` makes stand-ins in the same order."""
    real: list[Any] = []
    shape: list[Hashable] = []
    for value in given:
        kind = type(value)
        if kind is int:
            real.append(value)
            shape.append("key")
        elif isinstance(value, Viewer):
            shape.append(_shape_of(value, real))
        elif value is None or kind is bool:
            shape.append(("as it is", value))
        elif isinstance(value, datetime):
            real += (localtime(value).date(), value)
            shape.append("moment")
        elif isinstance(value, date):
            real.append(value)
            shape.append("day")
        elif kind is str:
            real.append(value)
            shape.append("text")
        elif isinstance(value, (list, tuple, set, frozenset)):
            keys = list(value)
            keys += keys[-1:] * (-len(keys) % STEP)
            real += keys
            shape.append(("keys", len(keys)))
        else:
            shape.append(("as it is", value))
    return real, tuple(shape)


def _shape_of(viewer: Viewer, real: list[Any]) -> Hashable:
    """Return the shape of a viewer: equal values have equal numbers, and moments keep their order.

    Her spans must be open (`only_open`), because whether one is closed is not asked again.
    """
    found: dict[Any, int] = {}

    def number(kind: str, value: int | None) -> int | None:
        if value is None:
            return None
        if (kind, value) not in found:
            found[kind, value] = len(found)
        return found[kind, value]

    moments = sorted({moment for span in viewer.spans for moment in (span.since, span.year_ends, span.until) if moment})
    order = {moment: place for place, moment in enumerate(moments)}
    shape = (
        "viewer",
        number("user", viewer.user_id),
        tuple((number("school", school), number("person", person)) for school, person in viewer.persons.items()),
        tuple(
            (r.kind, number("school", r.school_id), number("group", r.group_id), number("board", r.board_id))
            for r in viewer.roles
        ),
        tuple(
            (
                number("child", s.child_id), number("person", s.person_id), number("school", s.school_id),
                number("group", s.group_id), number("level", s.year_level), s.level, s.has_authority,
                order[s.since], None if s.until is None else order[s.until], order[s.year_ends], s.is_current,
            )
            for s in viewer.spans
        ),
        tuple(kind == "level" for kind, _value in found),
        len(moments),
    )  # fmt: skip
    for moment in (viewer.now, *moments):
        real += (localtime(moment).date(), moment)
    real += [value for _kind, value in found]
    return shape


def _shown(shape: Sequence[Hashable], made: _StandIns) -> Iterator[Any]:
    """Yield a stand-in for each of the values that were taken apart."""
    for part in shape:
        if isinstance(part, str):
            yield getattr(made, part)()
        elif isinstance(part, tuple) and part[0] == "keys":
            yield tuple(made.key() for _ in range(part[1]))
        elif isinstance(part, tuple) and part[0] == "viewer":
            yield _viewer(part, made)
        elif isinstance(part, tuple):
            yield part[1]


def _viewer(shape: tuple[Any, ...], made: _StandIns) -> Viewer:
    _name, user, persons, roles, spans, is_level, moments = shape
    now, *after = [made.moment() for _ in range(moments + 1)]
    numbered = [made.level() if level else made.key() for level in is_level]

    def of(number: int | None) -> Any:
        return None if number is None else numbered[number]

    return Viewer(
        now=now,
        user_id=of(user),
        persons={of(school): of(person) for school, person in persons},
        roles=tuple(Role(kind, of(school), of(group), of(board)) for kind, school, group, board in roles),
        spans=tuple(
            Span(
                of(child), of(person), of(school), of(group), of(year_level), level, has_authority,
                after[since], None if until is None else after[until], after[year_ends], is_current,
            )
            for child, person, school, group, year_level, level, has_authority, since, until, year_ends, is_current
            in spans
        ),
    )  # fmt: skip


# --- making and running a statement ---


def _prepare(build: Callable[..., QuerySet[Any, Any]], shape: Sequence[Hashable]) -> Statement | None:
    """Make the statement; None when the database need not be asked, because nothing can match."""
    made = _StandIns()
    compiler = build(*_shown(shape, made)).query.get_compiler(connection=connection)
    try:
        sql, values = compiler.as_sql()
    except EmptyResultSet:
        return None
    numbers = {_adapted(stand_in): number for number, stand_in in enumerate(made.handed)}
    holes = tuple(
        (place, numbers[value]) for place, value in enumerate(values) if _is_hashable(value) and value in numbers
    )
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    converters = compiler.get_converters(columns)
    read = tuple((place, tuple(steps), column) for place, (steps, column) in converters.items())
    return Statement(next(_numbers), sql, tuple(values), holes, read)


def _is_hashable(value: Any) -> bool:
    return isinstance(value, (int, str, date))


def _adapted(value: Any) -> Any:
    """Return the value as the database's driver gets it."""
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value


def _filled(statement: Statement, real: Sequence[Any]) -> list[Any]:
    values = list(statement.values)
    for place, number in statement.holes:
        kind = type(values[place])
        value = _adapted(real[number])
        # PostgreSQL's driver wraps numbers in the width of their column.
        values[place] = value if type(value) is kind else kind(value)
    return values


def _run(statement: Statement, real: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        values = _filled(statement, real)
        if keeps_plans():
            execute(cursor, number=statement.number, sql=statement.sql, values=values, holes=statement.holes)
        else:
            cursor.execute(statement.sql, values)
        return list(cursor.fetchall())


def _read(
    raw: Iterable[tuple[Any, ...]], read: Sequence[tuple[int, tuple[Callable[..., Any], ...], Any]]
) -> Iterator[tuple[Any, ...]]:
    for row in raw:
        columns = list(row)
        for place, steps, column in read:
            value = columns[place]
            for step in steps:
                value = step(value, column, connection)
            columns[place] = value
        yield tuple(columns)


def _is_compared(key: Hashable) -> bool:
    """Say whether this run is compared: the first three of a shape in a process, and every tenth after them."""
    _runs[key] += 1
    return _runs[key] <= COMPARED_FIRST or _runs[key] % COMPARED_THEN == 0


_LIST = re.compile(r"\((?:%s, )+%s\)")


def _compare(name: str, statement: Statement | None, queryset: QuerySet[Any, Any], real: list[Any]) -> None:
    """Raise AssertionError when the kept statement says something else than the queryset of the real values."""
    try:
        sql, values = queryset.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        sql, values = "", ()
    kept = ("", []) if statement is None else (statement.sql, _filled(statement, real))
    ours, theirs = (_LIST.sub("(%s)", text) for text in (kept[0], sql))
    if ours != theirs or {*map(str, kept[1])} != {*map(str, values)}:
        raise AssertionError(f"The kept statement {name!r} differs:\n{kept}\nfrom\n{(sql, values)}")
