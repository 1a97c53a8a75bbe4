"""Groups and their lesson hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.models import Group, GroupKind, LessonHours, SchoolYear
from kring.school.permissions import can_manage_school

Hours = Mapping[int, tuple[time, time]]


@transaction.atomic
def make_group(
    *, by: Viewer, school_year: SchoolYear, name: str, year_levels: Iterable[int], kind: str = GroupKind.CLASS
) -> Group:
    """Make a group in the school year and return it. Refuses a name that the year already has."""
    require(can_manage_school(by, school_year.school))
    group = Group(
        school=school_year.school,
        school_year=school_year,
        name=name.strip(),
        kind=kind,
        year_levels=sorted(set(year_levels)),
    )
    _save(group)
    audit.record(by=by, what="school.group_made", about=group)
    return group


@transaction.atomic
def change_group(*, by: Viewer, group: Group, name: str, year_levels: Iterable[int], kind: str) -> Group:
    """Change a group's name, year levels and kind. Year levels of children stay as they are: they are the child's."""
    require(can_manage_school(by, group.school))
    group.name, group.kind, group.year_levels = name.strip(), kind, sorted(set(year_levels))
    _save(group)
    audit.record(by=by, what="school.group_changed", about=group)
    return group


@transaction.atomic
def end_group(*, by: Viewer, group: Group, ends_on: date) -> Group:
    """Let `ends_on` be the group's last day. Who sat or worked in it is for `people.actions.close_group`."""
    require(can_manage_school(by, group.school))
    year = group.school_year
    if not year.starts_on <= ends_on <= year.ends_on:
        raise Refused(_("The last day must lie in school year %(name)s.") % {"name": year.name})
    group.ends_on = ends_on
    group.save(update_fields=["ends_on"])
    audit.record(by=by, what="school.group_ended", about=group)
    return group


@transaction.atomic
def set_lesson_hours(*, by: Viewer, group: Group, hours: Hours, for_whole_year: bool = False) -> int:
    """Replace the lesson hours of the group by `hours` (weekday 1 to 7 -> wall-clock start and end).

    With `for_whole_year` every other group of the same school year gets them too. Returns how many groups changed.
    """
    require(can_manage_school(by, group.school))
    if any(ends <= starts for starts, ends in hours.values()):
        raise Refused(_("Lessons must end later than they start."))
    groups = list(Group.objects.filter(school_year=group.school_year_id)) if for_whole_year else [group]
    LessonHours.objects.filter(group__in=groups).delete()
    LessonHours.objects.bulk_create(
        LessonHours(group=each, weekday=weekday, starts=starts, ends=ends)
        for each in groups
        for weekday, (starts, ends) in hours.items()
    )
    audit.record(by=by, what="school.lesson_hours_set", about=group, groups=len(groups), days=len(hours))
    return len(groups)


def _save(group: Group) -> None:
    try:
        with transaction.atomic():
            group.save()
    except IntegrityError as error:
        values = {"name": group.name, "year": group.school_year.name}
        raise Refused(_("School year %(year)s already has a group called %(name)s.") % values) from error
