"""A calendar from a file: choose it, check what it would do, take it over."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.agenda.actions.importing import apply_calendar, put_aside, read_calendar
from kring.agenda.incoming.compare import Sort, counts_of, digest_of
from kring.agenda.incoming.rows import Effect
from kring.agenda.models import CalendarRead, ReadState
from kring.agenda.planning import lines_of
from kring.agenda.views.year import may_plan, planned_school, year_at
from kring.agenda.year_forms import FileForm, whom_choices
from kring.agenda.year_wording import say_faults, say_lines
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request

SHOWN = (Sort.NEW, Sort.CHANGED, Sort.UNKNOWN, Sort.KEPT)


@require_http_methods(["GET", "POST"])
def choose(request: Request, school_id: str, first_year: int) -> HttpResponse:
    """Choose a file for the plan of a year."""
    school = planned_school(request, school_id)
    require(may_plan(request, school))
    year = year_at(school, first_year)
    whom = whom_choices(school, year)
    form = FileForm(request.POST, request.FILES, whom=whom) if request.method == "POST" else FileForm(whom=whom)
    if request.method == "POST" and form.is_valid():
        name, data = form.cleaned_data["file"]
        read = read_calendar(
            by=request.viewer, school=school, year=year, name=name, data=data, whom=form.cleaned_data["whom"]
        )
        return redirect("agenda:read_calendar", school_id, read.public_id)
    context = {"school": school, "year": year, "form": form, "back": _year(school_id, year.starts_on.year)}
    return page(request, "agenda/choose.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def check(request: Request, school_id: str, read_id: str) -> HttpResponse:
    """Show what a file would do to the plan, and take it over."""
    school = planned_school(request, school_id)
    require(may_plan(request, school))
    found = CalendarRead.objects.visible_to(request.viewer).select_related("school", "year")
    read: CalendarRead = get_object_or_404(found, school=school, public_id=read_id)
    back = _year(school_id, read.year.starts_on.year)
    if request.method == "POST":
        try:
            counts = apply_calendar(by=request.viewer, read=read, expected=request.POST.get("expected", ""))
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect("agenda:read_calendar", school_id, read_id)
        text = _("Taken over: %(new)s new, %(changed)s changed. No parent sees it yet.")
        messages.success(request, text % {"new": counts["new"], "changed": counts["changed"]})
        return redirect(back)
    if read.state != ReadState.READY or read.expires_at <= request.viewer.now:
        messages.info(request, _("This calendar no longer waits. Choose the file again."))
        return redirect(back)
    lines = lines_of(read)
    counts = counts_of(lines)
    faults = say_faults(read.faults or [])
    context = {
        "school": school,
        "read": read,
        "parts": [(sort.value, say_lines(lines, sort)) for sort in SHOWN if counts[sort.value]],
        "counts": counts,
        "faults": faults,
        "is_stopped": any(fault["effect"] == Effect.STOP for fault in read.faults or []),
        "may_apply": bool(counts["new"] + counts["changed"]),
        "digest": digest_of(lines),
        "back": back,
    }
    return page(request, "agenda/check.html", context)


@require_POST
def aside(request: Request, school_id: str, read_id: str) -> HttpResponse:
    """Put a file aside."""
    school = planned_school(request, school_id)
    found = CalendarRead.objects.visible_to(request.viewer).select_related("year")
    read = get_object_or_404(found, school=school, public_id=read_id)
    put_aside(by=request.viewer, read=read)
    return redirect("agenda:import_calendar", school_id, read.year.starts_on.year)


def _year(school_id: str, first_year: int) -> str:
    return f"{reverse('agenda:year', args=[school_id])}?year={first_year}"
