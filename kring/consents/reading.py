"""What stands, for rooms above: one condition for queries, one table for lists. Asked each time, never copied."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q

from kring.consents.models import Standing, children_answered_by, kept_apart_from, read_by, with_authority_on
from kring.consents.permissions import may_read_consents
from kring.consents.rules import Stand, stand_of
from kring.core.viewer import Viewer
from kring.people.models import Child
from kring.school.models import School

__all__ = ["Stand", "is_given", "lapsed_of", "may_read_consents", "standings_of"]


def is_given(code: str | F, *, child: str | F = "child_id", today: date) -> Q:
    """Return the condition that consent for `code` stands on `today` for the child of each row.

    Somebody with authority and a current guardianship said yes, and none of those says no. Whoever lost authority or
    guardianship does not count, and no answer is no. `child` and `code` are read from the rows that the condition
    filters: a path as a string ("child_id") or `F("use__purpose")`; a string for `code` is the purpose itself. Inside
    a subquery an `OuterRef("purpose")` means what it means everywhere: a column of the query around it.
    """
    asked = Standing.objects.counting_on(today).filter(
        child_id=_seen_from_inside(F(child) if isinstance(child, str) else child),
        code=code if isinstance(code, str) else _seen_from_inside(code),
    )
    return Q(Exists(asked.filter(is_yes=True))) & ~Q(Exists(asked.filter(is_yes=False)))


def _seen_from_inside(column: F) -> OuterRef:
    return OuterRef(column if isinstance(column, OuterRef) else column.name)  # type: ignore[attr-defined]


def standings_of(viewer: Viewer, child_ids: Iterable[int], codes: Iterable[str]) -> dict[tuple[int, str], Stand]:
    """Return (child, purpose) -> what stands today, for the children whose consents she may read. Three queries.

    Of all other children nothing: the group's team reads those who sit in it, office and management as P4 says, a full
    guardian with authority her own children. One who is kept apart from another guardian reads only her own answers.
    """
    wanted, asked = set(child_ids), list(codes)
    today = School().today(viewer.now)
    own = children_answered_by(viewer) & wanted
    if own:
        own -= kept_apart_from(viewer)
    readable = Child.objects.filter(read_by(viewer, today=today) | Q(pk__in=own), pk__in=wanted)
    children = list(readable.values_list("pk", flat=True))
    if not children:
        return {}
    given = Standing.objects.answers(children, asked, on=today)
    return {(child, code): stand_of(given.get((child, code), ())) for child in children for code in asked}


def lapsed_of(child_ids: Iterable[int], codes: Iterable[str], *, today: date) -> set[tuple[int, str]]:
    """Return the pairs (child, purpose) of which a yes stood that counts no more, and nobody who counts answered.

    Whoever said it lost authority or guardianship since. One query; the caller has checked who may read this.
    """
    rows = Standing.objects.filter(child_id__in=list(child_ids), code__in=list(codes))
    counts: set[tuple[int, str]] = set()
    yes: set[tuple[int, str]] = set()
    marked = rows.annotate(counts=ExpressionWrapper(with_authority_on(today), BooleanField()))
    for child_id, code, is_yes, does_count in marked.values_list("child_id", "code", "is_yes", "counts"):
        if does_count:
            counts.add((child_id, code))
        elif is_yes:
            yes.add((child_id, code))
    return yes - counts
