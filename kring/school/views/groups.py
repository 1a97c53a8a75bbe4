"""School years, the groups in them, and their lesson hours."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.actions import change_group, make_group, make_school_year, set_lesson_hours
from kring.school.forms import GroupForm, LessonHoursForm
from kring.school.models import Group, School, SchoolYear
from kring.school.rules import school_year_of
from kring.school.views.settings import managed_school


def _year(request: Request, school: School) -> SchoolYear | None:
    """Return the year that the address asks for (`?year=2026`), else today's, else the latest."""
    wanted = request.GET.get("year", "")
    years = list(school.years.all())
    today = school.today(request.viewer.now)
    for year in years:
        if str(year.starts_on.year) == wanted:
            return year
    for year in years:
        if year.starts_on <= today <= year.ends_on:
            return year
    return years[0] if years else None


@require_GET
def years_and_groups(request: Request, school_id: str) -> HttpResponse:
    """The groups of a school year, and the years there are."""
    school = managed_school(request, school_id)
    year = _year(request, school)
    today = school.today(request.viewer.now)
    years = list(school.years.all())
    next_start = max((each.ends_on for each in years), default=today - timedelta(1)) + timedelta(1)
    if not years:
        next_start = school_year_of(today)[0]
    context = {
        "school": school,
        "place": "groups",
        "year": year,
        "years": years,
        "groups": school.groups.with_hours().in_school_year(year) if year else [],
        "next_year": f"{next_start.year}-{next_start.year + 1}",
        "next_start": next_start.year,
    }
    return page(request, "school/groups.html", context)


@require_POST
def add_year(request: Request, school_id: str) -> HttpResponse:
    """Make the school year after the last one; the first one when there is none."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    last = school.years.first()
    day = last.ends_on + timedelta(1) if last else school.today(viewer.now)
    back = reverse("school:groups", args=[school_id])
    return posted(
        request,
        lambda: make_school_year(by=viewer, school=school, day=day),
        back=f"{back}?year={school_year_of(day)[0].year}",
        done=_("The school year is made. Now add its groups."),
    )


@require_http_methods(["GET", "POST"])
def add_group(request: Request, school_id: str) -> HttpResponse:
    """Add a group to a school year."""
    school = managed_school(request, school_id)
    year = _year(request, school)
    back = reverse("school:groups", args=[school_id])
    if year is None:
        return page(request, "school/groups.html", {"school": school, "place": "groups", "years": [], "groups": []})
    viewer = request.viewer
    return form_page(
        request,
        form=GroupForm(request.POST or None),
        act=lambda data: make_group(by=viewer, school_year=year, **data),
        title=_("New group in %(year)s") % {"year": year.name},
        back=f"{back}?year={year.starts_on.year}",
        submit=_("Add group"),
        done=_("The group is made."),
        school=school,
        place="groups",
    )


def _group(request: Request, school: School, group_id: str) -> Group:
    return get_object_or_404(school.groups.all(), public_id=group_id)


def _hours_form(request: Request, group: Group, *, bound: bool) -> LessonHoursForm:
    initial: dict[str, Any] = {}
    for row in group.lesson_hours.all():
        initial |= {f"starts_{row.weekday}": row.starts, f"ends_{row.weekday}": row.ends}
    return LessonHoursForm(request.POST if bound else None, initial=initial)


@require_http_methods(["GET", "POST"])
def group_settings(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Change a group's name, kind and year levels."""
    school = managed_school(request, school_id)
    group = _group(request, school, group_id)
    viewer = request.viewer
    initial = {"name": group.name, "kind": group.kind, "year_levels": group.year_levels}
    return form_page(
        request,
        form=GroupForm(request.POST or None, initial=initial),
        act=lambda data: change_group(by=viewer, group=group, **data),
        title=group.name,
        back=f"{reverse('school:groups', args=[school_id])}?year={group.school_year.starts_on.year}",
        done=_("The group is saved."),
        template="school/group.html",
        school=school,
        place="groups",
        group=group,
        hours=group.lesson_hours.all(),
    )


@require_http_methods(["GET", "POST"])
def lesson_hours(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Set a group's lesson hours per weekday, if asked for all groups of the year."""
    school = managed_school(request, school_id)
    group = _group(request, school, group_id)
    form = _hours_form(request, group, bound=request.method == "POST")
    viewer = request.viewer
    return form_page(
        request,
        form=form,
        act=lambda data: set_lesson_hours(
            by=viewer, group=group, hours=form.hours(), for_whole_year=data["for_whole_year"]
        ),
        title=_("Lesson hours of %(group)s") % {"group": group.name},
        back=reverse("school:group", args=[school_id, group_id]),
        done=_("The lesson hours are saved."),
        template="school/lesson_hours.html",
        school=school,
        place="groups",
        group=group,
    )
