"""For the team: a group's weeks, all groups for management, and a year of Kwink."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from kring.agreements.current import agreement_url, policy_for
from kring.consents.reading import may_read_consents
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.posts import actions, advising, rules
from kring.posts.actions.series import WeekInput
from kring.posts.cards import cards_for, for_cards
from kring.posts.forms import SeriesForm
from kring.posts.models import Post
from kring.posts.permissions import can_make_series, can_see_group_page, can_start_post
from kring.posts.rules import Kind
from kring.posts.wording import rhythm_of
from kring.school.models import Group, School, SchoolYear

WEEKS_BACK = 5
PER_PAGE = 10


@require_safe
def group(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Show the posts of a group with its weeks, what stands ready and what has gone out."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    found = get_object_or_404(Group.objects.visible_to(viewer), school=school, public_id=group_id)
    require(can_see_group_page(viewer, school.pk, found.pk))
    policy = policy_for(school.pk, at=viewer.now)
    today = school.today(viewer.now)
    calendar = advising.calendar_around(school, today)
    monday = rules.monday_of(today)
    mondays = [monday - timedelta(days=7 * n) for n in range(WEEKS_BACK, -1, -1)]
    weeks = advising.weeks_of_groups(school, [found], mondays=mondays, policy=policy, calendar=calendar)[found.pk]
    posts = Post.objects.visible_to(viewer).for_group(found.pk)
    published = for_cards(posts.filter(state="published").newest_first(), viewer)
    older = request.GET.get("before", "")
    mark = posts.filter(public_id=older, visible_from__isnull=False).first() if older else None
    if mark is not None and mark.visible_from is not None:
        published = published.before(mark.visible_from, mark.pk)
    shown = list(published[: PER_PAGE + 1])
    context = {
        "school": school,
        "group": found,
        "weeks": weeks,
        "monday": monday,
        "rhythm": rhythm_of(found.name, weeks[-1], guideline=policy.weekly_guideline, today=today),
        "guideline_url": agreement_url(school, "G1"),
        "scheduled": list(posts.scheduled().select_related("author")[:20]),
        "drafts": list(Post.objects.drafts_of(viewer).for_group(found.pk)[:20]),
        "withdrawn": list(posts.filter(state="withdrawn").order_by("-withdrawn_at")[:5]),
        "cards": cards_for(viewer, shown[:PER_PAGE]),
        "older": shown[PER_PAGE - 1].public_id if len(shown) > PER_PAGE else "",
        "can_write": can_start_post(viewer, school.pk, policy),
        "reads_consents": may_read_consents(viewer, found),
    }
    return page(request, "posts/group.html", context)


@require_safe
def overview(request: Request, school_id: str) -> HttpResponse:
    """Show management each group's weeks, by name: never a ranking."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    require(viewer.is_manager(school.pk))
    policy = policy_for(school.pk, at=viewer.now)
    today = school.today(viewer.now)
    monday = rules.monday_of(today)
    mondays = [monday - timedelta(days=7 * n) for n in range(WEEKS_BACK, -1, -1)]
    groups = list(Group.objects.filter(school=school).in_year(today).order_by("name"))
    calendar = advising.calendar_around(school, today)
    weeks = advising.weeks_of_groups(school, groups, mondays=mondays, policy=policy, calendar=calendar)
    held = Post.objects.visible_to(viewer).filter(school=school).scheduled().filter(held_since__isnull=False)
    context = {
        "school": school,
        "mondays": mondays,
        "monday": monday,
        "rows": [(group, weeks[group.pk]) for group in groups],
        "guideline_url": agreement_url(school, "G1"),
        "held": list(held.select_related("author")[:20]),
        "can_make_series": can_make_series(viewer, school.pk, policy),
        "has_guideline": policy.weekly_guideline.mode != "none",
    }
    return page(request, "posts/overview.html", context)


@require_http_methods(["GET", "POST"])
def series(request: Request, school_id: str) -> HttpResponse:
    """Prepare a year of Kwink: paste a line for each week, look at the weeks, schedule them."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    policy = policy_for(school.pk, at=viewer.now)
    require(can_make_series(viewer, school.pk, policy))
    today = school.today(viewer.now)
    form = SeriesForm(request.POST or None, initial={"first": rules.monday_of(today) + timedelta(days=7)})
    weeks: list[WeekInput] = []
    if request.method == "POST" and form.is_valid():
        weeks = _weeks(request, school, form)
        if weeks and request.POST.get("action") == "schedule":
            try:
                made = actions.schedule_series(by=viewer, school=school, weeks=weeks)
            except Refused as refused:
                messages.error(request, refused.sentence)
            else:
                text = ngettext("%(n)d week stands ready.", "%(n)d weeks stand ready.", len(made)) % {"n": len(made)}
                messages.success(request, text)
            return redirect("posts:series", school.public_id)
    ready = Post.objects.worked_on_by(viewer).filter(school=school, kind=Kind.KWINK).scheduled()
    context = {
        "school": school,
        "form": form,
        "weeks": weeks,
        "left_over": len(rules.series_lines(form.cleaned_data["lines"])) - len(weeks) if weeks else 0,
        "clause_url": agreement_url(school, "F2"),
        "ready": list(ready.order_by(F("week").asc(nulls_last=True))[:60]),
    }
    return page(request, "posts/series.html", context)


def _weeks(request: Request, school: School, form: SeriesForm) -> list[WeekInput]:
    """Return the weeks for the pasted lines: one for each week with school, from the chosen week to the year's end."""
    policy = policy_for(school.pk, at=request.viewer.now)
    first = max(form.cleaned_data["first"], rules.monday_of(school.today(request.viewer.now)))
    year = SchoolYear.objects.filter(school=school).covering(first).first()
    last = year.ends_on if year else first + timedelta(days=365)
    calendar = advising.calendar_of(school, first=first - timedelta(days=7), last=last + timedelta(days=14))
    windows = policy.contact_hours.windows
    found = []
    lines = rules.series_lines(form.cleaned_data["lines"])
    for monday, (title, text) in zip(rules.series_mondays(first, last, calendar=calendar), lines, strict=False):
        day = rules.series_day(monday, weekday=policy.kwink.weekday, calendar=calendar)
        opens = min((window.starts for window in windows if window.weekday == day.isoweekday()), default=None)
        at = school.moment(day, opens) if opens else school.moment(day) + timedelta(hours=8)
        found.append(WeekInput(monday, monday + timedelta(days=4), max(at, request.viewer.now), title, text))
    return found
