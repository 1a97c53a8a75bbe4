"""The first page of a colleague: today at one school."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kring.agreements.current import agreement_url, policy_for
from kring.conversations.listing import waiting_lines
from kring.core.access import require
from kring.core.htmx import page
from kring.core.http import Request
from kring.home import day
from kring.home.helping import waiting_for_team
from kring.home.rules import part_of_day
from kring.posts.permissions import can_start_post
from kring.school.models import School

WAITING_SHOWN = 5


@require_safe
def team(request: Request, school_id: str) -> HttpResponse:
    """Show what happens today, the week of her groups, what goes out, and the way to a new message."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    require(viewer.is_staff_at(school.pk))
    policy = policy_for(school.pk, at=viewer.now)
    groups = day.own_groups(viewer, school)
    local, names = viewer.now.astimezone(school.zone), request.shell.names
    context = {
        "school": school,
        "greeting": _greeting(local.hour, names.first_name),
        "today": local.date(),
        "groups": [group for group in groups if viewer.teaches(group.pk)],
        "board": day.on_the_board(viewer, school, meetings=names.meetings, sittings=names.sittings),
        "away": day.colleagues_away(viewer, school),
        "children_away": day.children_away(viewer, school),
        "weeks": day.weeks_for(viewer, school, groups, policy),
        "outgoing": day.outgoing_of(viewer, school),
        "drafts": day.drafts_of(viewer, school),
        "waiting": waiting_lines(viewer, school=school, most=WAITING_SHOWN),
        "help": waiting_for_team(viewer, school),
        "can_write": can_start_post(viewer, school.pk, policy),
        "wanted": policy.weekly_guideline.number,
        "guideline_url": agreement_url(school, "G1"),
    }
    return page(request, "home/team.html", context)


def _greeting(hour: int, name: str) -> str:
    words = {
        "morning": _("Good morning, %(name)s"),
        "afternoon": _("Good afternoon, %(name)s"),
        "evening": _("Good evening, %(name)s"),
    }
    return words[part_of_day(hour)] % {"name": name}
