"""The list of who is away today: for a teacher's groups, and for the office the whole school."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.absences import actions
from kring.absences.day import day_of, groups_on_list, seats_on
from kring.absences.export import table_of
from kring.absences.forms import ChangeAbsenceForm, ExportForm, LogForm
from kring.absences.models import Absence
from kring.absences.permissions import can_export, can_log, can_see_day, can_see_leave_requests
from kring.absences.rules import Reason
from kring.core.access import Refused, require
from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.models import Child
from kring.school.calendars import calendar_of
from kring.school.models import School

FOUND = 8
MANY = 40  # a teacher chooses from her own groups without searching


def _school(request: Request, school_id: str) -> School:
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    require(can_see_day(request.viewer, school))
    return school


def _day_asked(request: Request, school: School) -> date:
    today = school.today(request.viewer.now)
    try:
        asked = date.fromisoformat(request.GET.get("day", ""))
    except ValueError:
        return today
    return asked if abs((asked - today).days) <= 366 else today


def _found(request: Request, school: School, text: str) -> list[tuple[Child, str]]:
    """Return the children to choose from with their groups: those that match, or a teacher's own without words."""
    viewer = request.viewer
    today = school.today(viewer.now)
    if viewer.is_manager(school.pk):
        rows = Child.objects.listed_for(viewer).filter(school=school).sitting_on(today)
        children = list(rows.matching(text)[:FOUND]) if len(text) > 1 else []
    else:
        children = list(_log_choices(request, school).matching(text)[:MANY])
    if not children:
        return []
    groups = groups_on_list(viewer, school, today)
    seats, names = seats_on(groups, today, children=children), {group.pk: group.name for group in groups}
    return [(child, names.get(seats.get(child.pk, 0), "")) for child in children]


def _log_choices(request: Request, school: School) -> Any:
    viewer = request.viewer
    if viewer.is_manager(school.pk):
        return Child.objects.listed_for(viewer).filter(school=school).select_related("school")
    return Absence.objects.children_of(viewer).filter(school=school).select_related("school")


def _context(request: Request, school: School, form: LogForm) -> dict[str, Any]:
    viewer, on = request.viewer, _day_asked(request, school)
    today = school.today(viewer.now)
    text = (request.POST.get("q") or request.GET.get("q", "")).strip()[:60]
    groups = groups_on_list(viewer, school, on)
    chosen = request.GET.get("group", "")
    shown = [group for group in groups if group.public_id == chosen] or groups
    calendar = calendar_of(school, first=on - timedelta(days=14), last=on + timedelta(days=21))
    found = _found(request, school, text)
    return {
        "school": school,
        "day": on,
        "today": today,
        "is_today": on == today,
        "local_now": viewer.now.astimezone(school.zone),
        "free": calendar.holiday_on(on) or (not calendar.is_school_day(on) and on),
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "list": day_of(viewer, school, on, shown, now=viewer.now),
        "groups": groups,
        "chosen": chosen if len(shown) < len(groups) else "",
        "is_office": viewer.is_manager(school.pk),
        "can_export": can_export(viewer, school),
        "sees_leave": can_see_leave_requests(viewer, school),
        "form": form,
        "q": text,
        "found": found,
        "marked": request.POST.get("child") or (found[0][0].public_id if len(found) == 1 else ""),
        "reasons": [
            (Reason.ILL.value, "thermometer", _("Ill")),
            (Reason.LATE.value, "clock", _("Late")),
            (Reason.OTHER.value, "user-round-x", _("Other")),
            (Reason.MISSING.value, "circle-alert", _("Missing")),
        ],
        "reason": request.POST.get("reason") or ("ill" if viewer.is_manager(school.pk) else "missing"),
    }


@require_safe
def day(request: Request, school_id: str) -> HttpResponse:
    """Show who is away on `?day=` (today), in one group (`?group=`) or all that she keeps; `?q=` searches a child."""
    school = _school(request, school_id)
    form = LogForm(children=_log_choices(request, school))
    return page(request, "absences/day.html", _context(request, school, form))


@require_safe
def find(request: Request, school_id: str) -> HttpResponse:
    """Answer with the children that `?q=` finds, while somebody types in the form on the list."""
    school = _school(request, school_id)
    text = request.GET.get("q", "").strip()[:60]
    found = _found(request, school, text)
    marked = found[0][0].public_id if len(found) == 1 else ""
    return page(request, "absences/day_found.html", {"found": found, "q": text, "marked": marked})


@require_POST
def log(request: Request, school_id: str) -> HttpResponse:
    """Write a telephone call down, or that a child did not come."""
    school = _school(request, school_id)
    form = LogForm(request.POST, children=_log_choices(request, school))
    if form.is_valid():
        child = form.cleaned_data["child"]
        try:
            actions.log_absence(
                by=request.viewer,
                child=child,
                reason=Reason(form.cleaned_data["reason"]),
                until=form.cleaned_data["until"],
                back_at=form.cleaned_data["back_at"],
                note=form.cleaned_data["note"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("%(child)s is on the list.") % {"child": child.first_name})
            return redirect("absences:day", school_id)
    return page(request, "absences/day.html", _context(request, school, form), status=422)


def _absence(request: Request, school_id: str, public_id: str) -> Absence:
    rows = Absence.objects.seen_as_team(request.viewer).filter(school__public_id=school_id)
    return get_object_or_404(rows.select_related("school", "child__school"), public_id=public_id)


@require_http_methods(["GET", "POST"])
def change(request: Request, school_id: str, public_id: str) -> HttpResponse:
    """Correct what was written down."""
    row = _absence(request, school_id, public_id)
    require(can_log(request.viewer, row.child))
    initial = {"reason": row.reason, "until": row.ends_on, "back_at": row.back_at, "note": row.note}
    return form_page(
        request,
        form=ChangeAbsenceForm(request.POST if request.method == "POST" else None, initial=initial),
        act=lambda data: actions.change_absence(
            by=request.viewer,
            absence=row,
            reason=Reason(data["reason"]),
            until=data["until"],
            back_at=data["back_at"],
            note=data["note"],
        ),
        title=row.child.name,
        back=reverse("absences:day", args=[school_id]),
        back_label=_("Who is away"),
        done=_("Changed."),
        template="absences/change.html",
        absence=row,
        school=row.school,
    )


@require_POST
def here(request: Request, school_id: str, public_id: str) -> HttpResponse:
    """Say that the child is there after all."""
    row = _absence(request, school_id, public_id)
    return posted(
        request,
        lambda: actions.cancel_absence(by=request.viewer, absence=row),
        back=reverse("absences:day", args=[school_id]),
        done=_("%(child)s is there after all.") % {"child": row.child.first_name},
    )


@require_http_methods(["GET", "POST"])
def export(request: Request, school_id: str) -> HttpResponse:
    """Ask for the days, and hand out the list as a file for the pupil administration."""
    viewer, school = request.viewer, _school(request, school_id)
    require(can_export(viewer, school))
    today = school.today(viewer.now)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        initial={"first": today - timedelta(days=today.weekday()), "last": today},
    )
    if form.is_valid():
        first, last = form.cleaned_data["first"], form.cleaned_data["last"]
        actions.take_out(by=viewer, school=school, first=first, last=last)
        response = HttpResponse(table_of(viewer, school, first, last), content_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'attachment; filename="{_("absences")}-{first}-{last}.csv"'
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
    context = {"school": school, "form": form}
    return page(request, "absences/export.html", context, status=422 if request.method == "POST" else 200)
