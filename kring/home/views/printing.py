"""The agenda on paper: one page a month, for the fridge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from kring.core.htmx import page
from kring.core.http import Request
from kring.home.calendar import lines_for
from kring.home.dated import Day, Line, by_day
from kring.home.views.agenda import asked_by, chosen_group, day_from
from kring.home.views.news import chosen_kid, current_kids
from kring.school.models import School

WEEK, WEEKEND = 7, 6
CHOICES = (1, 2, 3, 6, 12)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One month on one page: each week with its number and its days, at weekends only when something is on."""

    month: date
    weeks: list[tuple[int, list[Day]]]

    @property
    def names(self) -> list[Day]:
        """Return a day for each column, for its name."""
        return self.weeks[0][1]


@require_safe
def print_agenda(request: Request) -> HttpResponse:
    """Show ?months months from ?month on, each made to fill one page; ?child and ?group as on the agenda itself."""
    viewer = request.viewer
    if not viewer.school_ids:
        return redirect("home:news")
    kid, group = chosen_kid(request, request.shell), chosen_group(request)
    today = School().today(viewer.now)
    first = day_from(f"{request.GET.get('month', '')}-01", today).replace(day=1)
    wanted = request.GET.get("months", "1")
    number = int(wanted) if wanted in {str(choice) for choice in CHOICES} else 1
    months = [first]
    while len(months) < number:
        months.append(_after(months[-1]))
    lines = lines_for(asked_by(request, kid, group), first=_monday(first), last=_after(months[-1]) + timedelta(WEEK))
    kept = {"child": kid.public_id} if kid else {"group": group.public_id} if group else {}
    context = {
        "sheets": [sheet_of(month, lines, today=today) for month in months],
        "months": number,
        "choices": CHOICES,
        "month": first,
        "whom": kid.name if kid else group.name if group else "",
        "kids": [kid] if kid else current_kids(request),
        "kept": urlencode(kept),
        "kept_items": kept.items(),
    }
    return page(request, "home/print.html", context)


def sheet_of(month: date, lines: Sequence[Line], *, today: date) -> Sheet:
    """Return the page of the month that begins on `month`."""
    begin, following = _monday(month), _after(month)
    end = _monday(following - timedelta(1)) + timedelta(WEEK - 1)
    days = by_day(lines, first=begin, last=end, today=today, month=month.month)
    has_weekend = any(
        one.day.isoweekday() >= WEEKEND and not one.is_other and any(not line.is_free for line in one.lines)
        for one in days
    )
    width = WEEK if has_weekend else WEEKEND - 1
    rows = [days[n : n + width] for n in range(0, len(days), WEEK)]
    return Sheet(month, [(row[0].day.isocalendar().week, row) for row in rows if any(not one.is_other for one in row)])


def _after(month: date) -> date:
    return (month + timedelta(32)).replace(day=1)


def _monday(day: date) -> date:
    return day - timedelta(day.isoweekday() - 1)
