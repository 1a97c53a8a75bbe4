"""A colleague is away: who, who takes over, and what follows, on one page in two steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.agreements.current import agreement_url
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.cover import actions
from kring.cover.forms import AwayForm, MessageForm
from kring.cover.permissions import can_cover
from kring.cover.plan import Draft, Evening, Plan, Way, chosen_meetings, colleagues, plan_of, substitutes
from kring.school.models import School


@require_http_methods(["GET", "POST"])
def away(request: Request, school_id: str) -> HttpResponse:
    """Choose who is away and who takes over (GET with an answer shows what follows); a POST does what was confirmed."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    require(can_cover(viewer, school))
    today = school.today(viewer.now)
    people = colleagues(viewer, school)
    sent = request.POST if request.method == "POST" else request.GET
    initial: dict[str, Any] = {"starts_on": today, "ends_on": today}
    if not viewer.is_manager(school.pk):
        initial["person"] = people.filter(pk=viewer.person_at(school.pk) or 0).first()
    is_asked = request.method == "POST" or "person" in request.GET
    form = AwayForm(sent if is_asked else None, people=people, substitutes=substitutes(school, today), initial=initial)
    context: dict[str, Any] = {"school": school, "form": form, "why": agreement_url(school, "F1")}
    if not is_asked or not form.is_valid():
        return page(request, "cover/away.html", context, status=422 if is_asked else 200)
    given = form.cleaned_data
    plan = plan_of(viewer, given["person"], given["starts_on"], given["ends_on"], given["substitute"])
    forms = _message_forms(request, plan)
    chosen = _chosen(request, plan)
    context |= {"plan": plan, "forms": forms, "given": given, "chosen": chosen, "evenings": _shown(plan, chosen)}
    if request.method != "POST":
        return page(request, "cover/away.html", context)
    if all(one.is_valid() for _draft, one in forms):
        try:
            actions.cover_absence(
                by=viewer,
                person=given["person"],
                starts_on=given["starts_on"],
                ends_on=given["ends_on"],
                substitute=given["substitute"],
                messages=[
                    Draft(draft.group, one.cleaned_data["title"], one.cleaned_data["text"])
                    for draft, one in forms
                    if one.cleaned_data["send"]
                ],
                note="note" in request.POST,
                route="route" in request.POST,
                meetings=chosen_meetings(plan.meetings, request.POST.getlist("meeting")),
                evenings=chosen["evenings"],
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, _("Done. Everybody who must know is told."))
            return redirect("cover:away", school_id)
    return page(request, "cover/away.html", context, status=422)


def _message_forms(request: Request, plan: Plan) -> list[tuple[Draft, MessageForm]]:
    data = request.POST if request.method == "POST" else None
    return [
        (
            draft,
            MessageForm(
                data,
                prefix=draft.group.public_id,
                initial={"send": True, "title": draft.title, "text": draft.text},
            ),
        )
        for draft in plan.drafts
    ]


def _shown(plan: Plan, chosen: dict[str, Any]) -> list[tuple[Evening, list[tuple[Way, bool]]]]:
    """Return each session with its ways, and whether a way is chosen."""
    return [
        (one, [(way, way == chosen["evenings"][one.sitting.public_id]) for way in one.ways]) for one in plan.evenings
    ]


def _chosen(request: Request, plan: Plan) -> dict[str, Any]:
    """Return what is ticked: everything at first, after a refusal what was sent."""
    if request.method == "POST":
        return {
            "note": "note" in request.POST,
            "route": "route" in request.POST,
            "meetings": set(request.POST.getlist("meeting")),
            "evenings": _evenings(request, plan),
        }
    return {
        "note": True,
        "route": True,
        "meetings": {one.public_id for one in plan.meetings},
        "evenings": {one.sitting.public_id: one.ways[0] for one in plan.evenings},
    }


def _evenings(request: Request, plan: Plan) -> dict[str, Way]:
    """Return what was chosen for each session of conversations; one that came since is left as it is."""
    chosen = {}
    for one in plan.evenings:
        sent = request.POST.get(f"evening-{one.sitting.public_id}", "")
        chosen[one.sitting.public_id] = Way(sent) if sent in {way.value for way in one.ways} else Way.LEAVE
    return chosen
