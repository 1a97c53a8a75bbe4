"""Who may read what was told to an audience: one condition for posts, photos and whatever comes later (house.md, 8).

The condition is made of plain values that the Viewer already holds, so that a list costs one query, and a removed
guardianship counts at the next request.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Literal

from django.db.models import Exists, OuterRef, Q

from kring.core.viewer import GROUP_TEACHERS, STAFF, Level, Span, Viewer
from kring.people.models import Audience, AudienceRole
from kring.school.models import Layer

Limited = Literal["none", "wide", "all"]
ClosesOn = Callable[[int], tuple[int, int]]  # school id -> (month, day) of the agreement's closing date, S4
NOTHING = Q(pk__in=[])

_groups_of = Audience.groups.through
_layers_of = Audience.layers.through
_persons_of = Audience.persons.through
_children_of = Audience.children.through


def readable(
    viewer: Viewer,
    *,
    closes_on: ClosesOn,
    audience: str = "audience",
    moment: str = "visible_from",
    limited: Limited = "none",
) -> Q:
    """Return the condition under which `viewer` may read a row with that audience and moment of publication.

    A guardian reads through a current guardianship of a child: while its enrolment goes on the whole school year, after
    it ended only what was published within its dates, and until the closing date (S4) of the year. Staff read by
    their roles of today. `limited` says what limited guardians get: nothing, what is for the whole school, or all.
    What is for one child by name (`Audience.children`) is for its full guardians only, whatever `limited` says.
    The row must have a `school_id` of its own.
    """
    found = NOTHING
    for condition in (*_as_guardian(viewer, closes_on, audience, moment, limited), *_as_staff(viewer, audience)):
        found |= condition
    own = list(viewer.persons.values())
    if own:
        # Not `__in`: SQLite would look up each branch of the whole condition in its own index and sort what it finds,
        # instead of walking the newest rows of the school until it has enough.
        found |= Q(Exists(_persons_of.objects.filter(audience_id=OuterRef(f"{audience}_id"), person_id__in=own)))
    return found


def is_open(span: Span, *, now: datetime, closes_on: ClosesOn) -> bool:
    """Say whether last year's closing date (S4) has not passed yet for this span. The closing day itself is closed."""
    if span.year_ends > now:
        return True
    month, day = closes_on(span.school_id)
    zone = span.year_ends.tzinfo
    return now.astimezone(zone).date() < date(span.year_ends.year, month, day)


def only_open(viewer: Viewer, *, closes_on: ClosesOn) -> Viewer:
    """Return the viewer without the spans that are closed: for `readable` she is the same."""
    spans = tuple(span for span in viewer.spans if is_open(span, now=viewer.now, closes_on=closes_on))
    if len(spans) == len(viewer.spans):
        return viewer
    return Viewer(
        now=viewer.now,
        user_id=viewer.user_id,
        persons=viewer.persons,
        roles=viewer.roles,
        spans=spans,
        kept=viewer.kept,
    )


def _as_guardian(viewer: Viewer, closes_on: ClosesOn, audience: str, moment: str, limited: Limited) -> Iterator[Q]:
    stretches: dict[tuple[int, datetime, datetime | None, bool], list[Span]] = defaultdict(list)
    for span in viewer.spans:
        if span.level != Level.FULL and limited == "none":
            continue
        if is_open(span, now=viewer.now, closes_on=closes_on):
            only_wide = span.level != Level.FULL and limited == "wide"
            stretches[(span.school_id, span.since, span.until, only_wide)].append(span)
    for (school_id, since, until, only_wide), spans in stretches.items():
        when = Q(**{f"{moment}__gte": since, "school_id": school_id})
        if until is None:
            until = max(span.year_ends for span in spans)
        when &= Q(**{f"{moment}__lt": until})
        whom = Q(**{f"{audience}__whole_school": True})
        if not only_wide:
            whom |= _to_groups_and_levels(spans, school_id, audience)
        own = {span.child_id for span in spans if span.level == Level.FULL}
        if own:
            to_own = _children_of.objects.filter(child_id__in=own)
            whom |= Q(**{f"{audience}__in": to_own.values("audience_id")})
        yield when & whom


def _to_groups_and_levels(spans: list[Span], school_id: int, audience: str) -> Q:
    groups = _groups_of.objects.filter(group_id__in={span.group_id for span in spans})
    layers = Layer.objects.filter(school_id=school_id, levels__year_level__in={span.year_level for span in spans})
    to_layers = _layers_of.objects.filter(layer_id__in=layers.values("pk"))
    return Q(**{f"{audience}__in": groups.values("audience_id")}) | Q(
        **{f"{audience}__in": to_layers.values("audience_id")}
    )


def _as_staff(viewer: Viewer, audience: str) -> Iterator[Q]:
    if viewer.managed_school_ids:
        yield Q(school_id__in=viewer.managed_school_ids)
    if viewer.taught_group_ids:
        groups = _groups_of.objects.filter(group_id__in=viewer.taught_group_ids)
        yield Q(**{f"{audience}__in": groups.values("audience_id")})
    staff_schools = {r.school_id for r in viewer.roles if r.kind in STAFF | GROUP_TEACHERS and r.school_id}
    if staff_schools:
        wide = Q(**{f"{audience}__whole_school": True}) | Q(
            **{f"{audience}__in": _layers_of.objects.filter(layer__school_id__in=staff_schools).values("audience_id")}
        )
        yield Q(school_id__in=staff_schools) & wide
    # A teacher of five groups has five roles of one kind; the audience "teachers" is one.
    for kind, school_id in dict.fromkeys((role.kind, role.school_id) for role in viewer.roles):
        if school_id is not None:
            to_role = AudienceRole.objects.filter(kind=kind, audience__school_id=school_id)
            yield Q(**{f"{audience}__in": to_role.values("audience_id"), "school_id": school_id})
