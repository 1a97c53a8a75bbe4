"""Days without school: the region's, with the school's own changes among them."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.actions import add_holiday, remove_holiday
from kring.school.calendars import holiday_rows
from kring.school.forms import HolidayForm
from kring.school.models import Holiday
from kring.school.rules import school_year_of
from kring.school.views.settings import managed_school

EARLIEST, LATEST = 2000, 2100


@require_GET
def holiday_list(request: Request, school_id: str) -> HttpResponse:
    """One school year of days without school; `?year=2027` for another one."""
    school = managed_school(request, school_id)
    today = school.today(request.viewer.now)
    first, last = school_year_of(today)
    wanted = request.GET.get("year", "")
    if wanted.isdecimal() and EARLIEST <= int(wanted) <= LATEST:
        first, last = school_year_of(date(int(wanted), 8, 1))
    context = {
        "school": school,
        "place": "holidays",
        "rows": holiday_rows(school, first=first, last=last),
        "first": first,
        "last": last,
        "previous": first.year - 1,
        "following": first.year + 1,
        "today": today,
    }
    return page(request, "school/holidays.html", context)


@require_http_methods(["GET", "POST"])
def new_holiday(request: Request, school_id: str) -> HttpResponse:
    """Add days without school, or with school after all, for the school or one group."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    form = HolidayForm(request.POST or None, groups=school.groups.from_year(today))
    back = reverse("school:holidays", args=[school_id])
    return form_page(
        request,
        form=form,
        act=lambda data: add_holiday(by=viewer, school=school, **data),
        title=_("Change the calendar"),
        intro=_("A change for a group goes before one for the school, and that goes before the region's holidays."),
        back=back,
        onward=lambda holiday: f"{back}?year={school_year_of(holiday.starts_on)[0].year}",
        submit=_("Add to the calendar"),
        done=_("The calendar is changed."),
        school=school,
        place="holidays",
    )


@require_POST
def take_back_holiday(request: Request, school_id: str, holiday_id: str) -> HttpResponse:
    """Take back one of the school's own changes."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    holiday = get_object_or_404(Holiday.objects.visible_to(viewer), school=school, public_id=holiday_id)
    year = school_year_of(holiday.starts_on)[0].year
    return posted(
        request,
        lambda: remove_holiday(by=viewer, holiday=holiday),
        back=f"{reverse('school:holidays', args=[school_id])}?year={year}",
        done=_("Taken back: the region's calendar counts again on those days."),
    )
