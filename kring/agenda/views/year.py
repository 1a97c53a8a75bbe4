"""Preparing a school year: its plan, several events at once, copies of last year, and publishing all of it (A1)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from kring.agenda.actions.year import plan_events, publish_year
from kring.agenda.models import Event
from kring.agenda.permissions import can_plan_year
from kring.agenda.planning import offers_from, plan_of, year_before
from kring.agenda.year_forms import CopyForm, RowsForm, whom_choices
from kring.agreements.current import agreement_url, policy_for
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.forms import FIRST_YEAR, LAST_YEAR
from kring.school.models import School, SchoolYear


def planned_school(request: Request, school_id: str) -> School:
    """Return the school if the viewer is its office or management; for anybody else it is a 404."""
    return get_object_or_404(School.objects.managed_by(request.viewer), public_id=school_id)


def may_plan(request: Request, school: School) -> bool:
    """Say whether the agreement lets her prepare a year (A1)."""
    return can_plan_year(request.viewer, school, policy_for(school.pk, at=request.viewer.now))


def year_at(school: School, first_year: int) -> SchoolYear:
    """Return the school year that begins in that calendar year, or answer 404."""
    if not FIRST_YEAR <= first_year <= LAST_YEAR:  # the database knows no day in the year 99999
        raise Http404
    return get_object_or_404(SchoolYear, school=school, starts_on__year=first_year)


def by_month(events: Iterable[Event]) -> list[tuple[date, list[Event]]]:
    """Return events under the first day of the month in which they begin, in order."""
    months: dict[date, list[Event]] = {}
    for event in events:
        months.setdefault(event.starts_on.replace(day=1), []).append(event)
    return sorted(months.items())


@require_GET
def overview(request: Request, school_id: str) -> HttpResponse:
    """Show the plan of a school year: the coming one unless another is asked for."""
    school = planned_school(request, school_id)
    today = school.today(request.viewer.now)
    years = list(SchoolYear.objects.filter(school=school, ends_on__gte=today).order_by("starts_on"))
    asked = request.GET.get("year", "")
    year = next((one for one in years if str(one.starts_on.year) == asked), years[-1] if years else None)
    events = plan_of(school, year) if year is not None else []
    planned = [event for event in events if event.is_planned and not event.is_cancelled]
    context: dict[str, Any] = {
        "school": school,
        "years": years,
        "year": year,
        "months": by_month(events),
        "planned": len(planned),
        "published": len(events) - len(planned),
        "may_plan": may_plan(request, school),
        "has_last": year is not None and year_before(year) is not None,
        "why": agreement_url(school, "A1"),
    }
    return page(request, "agenda/year.html", context)


@require_http_methods(["GET", "POST"])
def several(request: Request, school_id: str, first_year: int) -> HttpResponse:
    """Put several events in the plan at once."""
    school = planned_school(request, school_id)
    require(may_plan(request, school))
    year = year_at(school, first_year)
    whom = whom_choices(school, year)
    kwargs = {"school": school, "year": year, "whom": whom}
    rows: Any = RowsForm(request.POST if request.method == "POST" else None, form_kwargs=kwargs)
    sentence = ""
    if request.method == "POST" and rows.is_valid():
        try:
            made = plan_events(
                by=request.viewer, school=school, year=year, events=[form.planned() for form in rows.filled]
            )
        except Refused as refused:
            sentence = refused.sentence
        else:
            _say_planned(request, made)
            return redirect(_place(school, year))
    status = 422 if rows.is_bound else 200
    context = {"school": school, "year": year, "rows": rows, "sentence": sentence, "back": _place(school, year)}
    return page(request, "agenda/several.html", context, status=status)


@require_http_methods(["GET", "POST"])
def copy(request: Request, school_id: str, first_year: int) -> HttpResponse:
    """Bring what went on last year to the plan of this one."""
    school = planned_school(request, school_id)
    require(may_plan(request, school))
    year = year_at(school, first_year)
    last = year_before(year)
    if last is None:
        raise Http404
    offers = offers_from(school, last, year)
    form = CopyForm(request.POST if request.method == "POST" else None, offers=offers, year=year)
    sentence = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = plan_events(by=request.viewer, school=school, year=year, events=form.planned())
        except Refused as refused:
            sentence = refused.sentence
        else:
            _say_planned(request, made)
            return redirect(_place(school, year))
    context = {
        "school": school,
        "year": year,
        "last": last,
        "form": form,
        "without": [one for one in offers if one.target is None],
        "sentence": sentence,
        "back": _place(school, year),
    }
    return page(request, "agenda/copy.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def publish(request: Request, school_id: str, first_year: int) -> HttpResponse:
    """Say what publishing does, and do it."""
    school = planned_school(request, school_id)
    require(may_plan(request, school))
    year = year_at(school, first_year)
    if request.method == "POST":
        try:
            done = publish_year(by=request.viewer, school=school, year=year)
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            text = ngettext("%(n)s event is in the agenda now.", "%(n)s events are in the agenda now.", done.number)
            messages.success(request, text % {"n": done.number})
        return redirect(_place(school, year))
    planned = [event for event in plan_of(school, year) if event.is_planned and not event.is_cancelled]
    context = {"school": school, "year": year, "months": by_month(planned), "number": len(planned)}
    return page(request, "agenda/publish.html", {**context, "back": _place(school, year)})


def _place(school: School, year: SchoolYear) -> str:
    return f"{reverse('agenda:year', args=[school.public_id])}?year={year.starts_on.year}"


def _say_planned(request: Request, number: int) -> None:
    text = ngettext(
        "%(n)s event stands in the plan. No parent sees it yet.",
        "%(n)s events stand in the plan. No parent sees them yet.",
        number,
    )
    messages.success(request, text % {"n": number})
