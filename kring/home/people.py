"""Who works with my children's groups, and on which days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from kring.core.viewer import GROUP_TEACHERS, Viewer
from kring.home.shell import Kid, Names, listed
from kring.people.models import TeamRole, WorkingDay, current_on
from kring.school.models import School

EVERY_DAY = 5


@dataclass(frozen=True, slots=True)
class Colleague:
    """A teacher as parents see her: her name and her days."""

    name: str
    days: str
    kind: str


@dataclass(frozen=True, slots=True)
class GroupTeam:
    """The teachers of one group, and which of the viewer's children sit in it."""

    name: str
    kids: list[Kid]
    colleagues: list[Colleague]


def teams_for(viewer: Viewer, names: Names) -> list[GroupTeam]:
    """Return the team of each group in which the viewer has a child today. Two queries, however many groups."""
    kids: dict[int, dict[int, Kid]] = defaultdict(dict)
    for span in viewer.spans:
        if span.is_current and span.child_id in names.kids:
            kids[span.group_id][span.child_id] = names.kids[span.child_id]
    today = School().today(viewer.now)
    roles = (
        TeamRole.objects.filter(current_on(today), group_id__in=kids, kind__in=GROUP_TEACHERS)
        .select_related("person")
        .prefetch_related("working_days")
        .order_by("kind", "pk")
    )
    found: dict[int, list[Colleague]] = defaultdict(list)
    for role in roles:
        found[role.group_id or 0].append(
            Colleague(role.person.display_name, days_of(list(role.working_days.all())), role.kind)
        )
    return [
        GroupTeam(names.groups.get(group_id, ""), list(own.values()), found[group_id])
        for group_id, own in sorted(kids.items(), key=lambda pair: names.groups.get(pair[0], ""))
    ]


def days_of(days: list[WorkingDay]) -> str:
    """Say on which days somebody works: "Monday, Tuesday and Friday (odd weeks)"."""
    if not days or (len(days) >= EVERY_DAY and all(day.weeks == "every" for day in days)):
        return _("every school day")
    ends = {"odd": _(" (odd weeks)"), "even": _(" (even weeks)")}
    return listed([f"{WEEKDAYS[day.weekday - 1]}{ends.get(day.weeks, '')}" for day in days])
