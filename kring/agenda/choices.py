"""What somebody who plans an event can choose from, and what she may want to know first."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext as _

from kring.agenda.models import Event
from kring.agenda.permissions import can_make_event, target_of
from kring.agenda.rules import MOST_DAYS, Other, Span, Warned, is_evening, warnings_for
from kring.agreements.policy import Policy
from kring.core.viewer import Level, Viewer
from kring.people.models import Enrolment, Guardianship, current_on
from kring.posts.permissions import Target
from kring.school.calendars import calendar_of
from kring.school.models import Group, Layer, LayerLevel, School


def audience_choices(viewer: Viewer, school: School, policy: Policy, *, on: date) -> list[tuple[str, str]]:
    """Return the audiences that she may choose, as value and words: her groups first."""

    def may(target: Target) -> bool:
        return can_make_event(viewer, school.pk, target, policy)

    groups = sorted(
        Group.objects.filter(school=school).in_year(on), key=lambda group: (not viewer.teaches(group.pk), group.name)
    )
    found = [
        (f"group:{group.public_id}", group.name) for group in groups if may(Target(group_ids=frozenset({group.pk})))
    ]
    for layer in Layer.objects.filter(school=school):
        if may(Target(layer_ids=frozenset({layer.pk}))):
            found.append((f"layer:{layer.public_id}", layer.name))
    if may(Target(whole_school=True)):
        found.append(("school", _("The whole school")))
    return found


def warnings_about(
    school: School, target: Target, span: Span, category: str, *, but: Event | None = None
) -> list[Warned]:
    """Return what to know about an event for these people on these days; `but` is the event itself.

    Five queries at most, and two for each other evening of that week.
    """
    calendar = calendar_of(school, first=span.first, last=span.last)
    group_id = next(iter(target.group_ids)) if len(target.group_ids) == 1 else None
    others = []
    if is_evening(span):
        monday = span.first - timedelta(span.first.isoweekday() - 1)
        around = Event.objects.of_school(school).standing().between(monday, monday + timedelta(6))
        families = None
        for event in around.with_names()[:MOST_DAYS]:
            if event == but or not (is_evening(event.span) or event.category == "conversations"):
                continue
            if families is None:
                families = _families(school, target, span.first)
            shares = bool(families & _families(school, target_of(event), span.first))
            others.append(Other(event.title, event.category, event.span, shares))
    return warnings_for(
        span, category=category, others=others, holiday_on=lambda day: calendar.holiday_on(day, group_id=group_id)
    )


def _families(school: School, target: Target, day: date) -> set[int]:
    """Return the adults whom a target asks on `day`, by key."""
    seats = Enrolment.objects.filter(current_on(day), school=school, group__school_year__ends_on__gte=day)
    if not target.whole_school:
        levels = LayerLevel.objects.filter(layer_id__in=target.layer_ids).values("year_level")
        seats = seats.filter(group_id__in=target.group_ids) | seats.filter(year_level__in=levels)
    held = Guardianship.objects.filter(
        current_on(day), level__in=[Level.FULL, Level.LIMITED], child_id__in=seats.values("child_id")
    )
    return set(held.values_list("person_id", flat=True))
