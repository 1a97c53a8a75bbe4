"""Regelen: what a parent wants to do first, then how her child's school does that."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from kring.absences.arranged import arranged_of
from kring.absences.circle import current_child_ids
from kring.agreements.current import agreement_url, policies_seen_by
from kring.agreements.policy import Policy
from kring.consents.models import answered_by, children_answered_by
from kring.consents.waiting import open_for
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.home.intents import Intent, Reports, about_photos, about_rounds, intents_for
from kring.home.shell import Kid
from kring.home.views.news import chosen_kid, current_kids
from kring.meetings.models import Party, Round
from kring.meetings.permissions import families_fill, phase_for
from kring.meetings.rules import Phase
from kring.school.models import School


@require_safe
def arrange(request: Request) -> HttpResponse:
    """Show the intents for the chosen child; the answers follow the agreement of that child's school."""
    viewer, kids = request.viewer, current_kids(request)
    if not kids:
        return redirect("home:news")
    kid = chosen_kid(request, request.shell) or kids[0]
    school_id = next(span.school_id for span in viewer.spans if span.child_id == kid.pk)
    school = get_object_or_404(School.objects.visible_to(viewer), pk=school_id)
    policy = policies_seen_by(viewer, [school.pk])[school.pk]
    context = {
        "kids": kids,
        "kid": kid,
        "school": school,
        "intents": intents_for(
            policy,
            child=kid.name,
            talks=_talks(request, kid),
            reports=_reports(viewer, kid),
            photos=_photos(request.viewer, kid, policy),
            rounds=_rounds(viewer, kid, policy),
        ),
        "arranged": arranged_of(viewer),
        "urgent": policy.urgent_number,
        "office_hours": policy.school_contact.office_hours,
        "agreements": agreement_url(school),
        "local_now": viewer.now.astimezone(school.zone),
    }
    return page(request, "home/arrange.html", context)


def _talks(request: Request, kid: Kid) -> str:
    """Return the address at which the team of the child's group is written to; of a child that left, the list."""
    group_ids = request.shell.names.group_ids
    for span in request.viewer.spans:
        if span.child_id == kid.pk and span.is_current and span.group_id in group_ids:
            return reverse("conversations:new") + f"?to={group_ids[span.group_id]}:{kid.public_id}"
    return reverse("conversations:list")


def _rounds(viewer: Viewer, kid: Kid, policy: Policy) -> Intent | None:
    """Return the way to the conversations of the first round that still goes on for the child. One query."""
    own = Party.objects.own_of(viewer).invited().filter(child=kid.pk)
    own = own.filter(round__in=Round.objects.not_over_at(viewer.now))
    party = own.for_pages().order_by("round__opens_at").first()
    if party is None:
        return None
    return about_rounds(
        policy,
        page=reverse("meetings:choose", args=[party.round.public_id]),
        open_now=phase_for(viewer, party.round, party) == Phase.OPEN,
        has_time=party.booked is not None,
        by_families=families_fill(party.round, policy),
    )


def _reports(viewer: Viewer, kid: Kid) -> Reports | None:
    """Return where absence of the child is reported, if she is its full guardian."""
    if kid.pk not in current_child_ids(viewer):
        return None
    ill, visit, leave = (
        f"{reverse(name)}?child={kid.public_id}" for name in ("absences:report", "absences:new_visit", "absences:leave")
    )
    return Reports(ill=ill, visit=visit, leave=leave)


def _photos(viewer: Viewer, kid: Kid, policy: Policy) -> Intent | None:
    """Return the way to consent for photos of the child, if she answers for it and the school asks."""
    if kid.pk not in children_answered_by(viewer) or not policy.consent_purposes.purposes:
        return None
    child = answered_by(viewer).get(pk=kid.pk)
    waiting = open_for(viewer, [child])[kid.pk]
    return about_photos(policy, child=kid.name, page=reverse("consents:child", args=[kid.public_id]), waiting=waiting)
