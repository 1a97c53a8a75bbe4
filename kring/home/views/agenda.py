"""The agenda of everything: a list that reads like a week planner, or a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from kring.agenda.permissions import can_have_feed, can_start_event
from kring.core.htmx import page
from kring.core.http import Request
from kring.home.calendar import lines_for
from kring.home.dated import Asked, Day, Line, by_day
from kring.home.shell import Kid
from kring.home.today import as_parent, own_children
from kring.home.views.news import chosen_kid, current_kids
from kring.school.models import Group, School

WEEK = 7
FURTHEST = timedelta(days=800)  # in both directions: no calendar goes further


@dataclass(frozen=True, slots=True)
class Week:
    """One week of the list: its Monday, its days with something, and the strip of its working days."""

    monday: date
    days: list[Day]
    strip: list[Day]

    @property
    def friday(self) -> date:
        """Return its last working day."""
        return self.monday + timedelta(4)


@require_safe
def agenda(request: Request) -> HttpResponse:
    """Show what is on: two weeks from the Monday of ?week, or with ?view=month the month of ?month.

    ?child shows one child's, ?group one group's (for the team).
    """
    viewer = request.viewer
    if not viewer.school_ids:
        return redirect("home:news")
    kid, group = chosen_kid(request, request.shell), chosen_group(request)
    today = School().today(viewer.now)
    asked = asked_by(request, kid, group)
    kept = {"child": kid.public_id} if kid else {"group": group.public_id} if group else {}
    school_id = group.school_id if group else request.shell.school_id
    context = {
        "today": today,
        "kids": current_kids(request),
        "kid": kid,
        "groups": _groups(request, today),
        "group": group,
        "kept": urlencode(kept),
        "can_add": school_id is not None and can_start_event(viewer, school_id),
        "add_at": request.shell.names.schools[school_id][0] if school_id in request.shell.names.schools else "",
        "has_feed": can_have_feed(viewer),
        "may_plan": school_id is not None and viewer.is_manager(school_id),
    }
    if request.GET.get("view") == "month":
        return page(request, "home/month.html", context | _month(request, asked, today))
    return page(request, "home/agenda.html", context | _weeks(request, asked, today))


def asked_by(request: Request, kid: Kid | None, group: Group | None) -> Asked:
    """Return what is asked for: of one child, of one group, or everything that is hers."""
    viewer, shell = request.viewer, request.shell
    schools = {pk: shell.names.schools[pk][0] for pk in viewer.school_ids if pk in shell.names.schools}
    if kid is not None:
        own = {span.school_id for span in viewer.spans if span.child_id == kid.pk}
        reader = as_parent(viewer, child_id=kid.pk)
        return Asked(
            reader, own_children(shell.names, only=kid), {pk: name for pk, name in schools.items() if pk in own}
        )
    children = own_children(shell.names)
    if group is not None:
        levels = frozenset(group.year_levels)
        only = {group.school_id: schools[group.school_id]} if group.school_id in schools else {}
        return Asked(viewer, children, only, group_id=group.pk, levels=levels, is_team=True)
    return Asked(viewer, children, schools, is_team=bool(viewer.staff_school_ids))


def _groups(request: Request, today: date) -> list[Group]:
    """Return the groups she may look at by themselves: hers, or all of this year for office and management."""
    viewer = request.viewer
    if not viewer.taught_group_ids and not viewer.managed_school_ids:
        return []
    return list(Group.objects.taught_by(viewer).in_year(today).order_by("name"))


def chosen_group(request: Request) -> Group | None:
    """Return the group of ?group, which must be one that she looks at for her work; else 404."""
    wanted = request.GET.get("group", "")
    if not wanted:
        return None
    group = Group.objects.taught_by(request.viewer).filter(public_id=wanted).first()
    if group is None:
        raise Http404
    return group


def _weeks(request: Request, asked: Asked, today: date) -> dict[str, object]:
    day = day_from(request.GET.get("week", ""), today)
    monday = day - timedelta(day.isoweekday() - 1)
    last = monday + timedelta(2 * WEEK - 1)
    days = by_day(lines_for(asked, first=monday, last=last), first=monday, last=last, today=today)
    this_week = today - timedelta(today.isoweekday() - 1)
    weeks = []
    for n in (0, 1):
        own = days[n * WEEK : (n + 1) * WEEK]
        shown = [one for one in own if one.lines and not (one.is_past and monday == this_week)]
        weeks.append(Week(own[0].day, shown, [one for one in own if one.day.isoweekday() < 6 or one.lines]))
    at = {"week": monday.isoformat()} if monday != this_week else {}
    return {
        "at": urlencode(at),
        "at_items": at.items(),
        "weeks": weeks,
        "monday": monday,
        "is_this_week": monday == this_week,
        "before": monday - timedelta(WEEK),
        "after": monday + timedelta(WEEK),
        "later": monday + timedelta(2 * WEEK),
        "next_day": next((one.day for one in days if one.lines and one.day >= today), None),
    }


def _month(request: Request, asked: Asked, today: date) -> dict[str, object]:
    first = day_from(f"{request.GET.get('month', '')}-01", today).replace(day=1)
    following = (first + timedelta(32)).replace(day=1)
    begin = first - timedelta(first.isoweekday() - 1)
    end = following + timedelta((8 - following.isoweekday()) % 7) - timedelta(1)
    days = by_day(lines_for(asked, first=begin, last=end), first=begin, last=end, today=today, month=first.month)
    rows = [days[n : n + WEEK] for n in range(0, len(days), WEEK)]
    has_weekend = any(one.day.isoweekday() > 5 and any(_counts(line) for line in one.lines) for one in days)
    width = WEEK if has_weekend else 5
    # The first days of the month may be a weekend that is not shown: then its row shows nothing of this month.
    rows = [row for row in rows if any(not one.is_other for one in row[:width])]
    at = {"view": "month", "month": first.strftime("%Y-%m")}
    return {
        "at": urlencode(at),
        "at_items": at.items(),
        "month": first,
        "rows": [(row[0].day.isocalendar().week, row[:width]) for row in rows],
        "names": rows[0][:width],
        "before": (first - timedelta(1)).replace(day=1),
        "after": following,
        "has_weekend": has_weekend,
    }


def _counts(line: Line) -> bool:
    """Say whether the line is a reason to show a weekend: not one that only goes on through it."""
    return not line.is_free and line.until is None


def day_from(text: str, today: date) -> date:
    """Return the day written as 2026-11-23, else today; also when it lies further away than a calendar goes."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if abs(day - today) <= FURTHEST else today
