"""Planning all conversations of a round at once, for office and management: searching, comparing, changing by hand,
and making a plan known."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.core.access import Refused
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.meetings import actions, plan_pages
from kring.meetings.actions.planning import SECONDS
from kring.meetings.faults import Facts, NoTime, in_the_way
from kring.meetings.models import Party, PlannedMeeting, PlanRun, Round, Slot
from kring.meetings.permissions import can_plan_all
from kring.meetings.rules import RunState
from kring.meetings.views.plan import kept, round_page

CONFLICT = 409


def plans_page(round: Round) -> str:
    """Return the address of the plans of a round."""
    return reverse("meetings:plans", args=[round.school.public_id, round.public_id])


def whole_page(run: PlanRun) -> str:
    """Return the address of one plan."""
    return reverse("meetings:whole_plan", args=[run.round.school.public_id, run.round.public_id, run.public_id])


def filled(request: Request, school_id: str, round_id: str) -> Round:
    """Return a round whose conversations the viewer plans all at once; for anybody else it is a 404."""
    found = kept(request, school_id, round_id)
    may = can_plan_all(request.viewer, found)
    return get_object_or_404(Round.objects.for_pages(), pk=found.pk if may else None)


def _run(request: Request, school_id: str, round_id: str, run_id: str) -> PlanRun:
    found = filled(request, school_id, round_id)
    rows = PlanRun.objects.visible_to(request.viewer).filter(round=found)
    return get_object_or_404(rows.select_related("round__school", "round__audience", "based_on"), public_id=run_id)


def _made(request: Request, school_id: str, round_id: str, run_id: str) -> PlanRun:
    """Return a plan that there is something to see of: it is ready, or known to families."""
    run = _run(request, school_id, round_id, run_id)
    has_plan = run.state in (RunState.DONE, RunState.PUBLISHED)
    get_object_or_404(PlanRun.objects.all(), pk=run.pk if has_plan else None)
    return run


@require_safe
def plans(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Show the wishes given, the search that goes on, and the plans beside each other."""
    found = filled(request, school_id, round_id)
    runs = list(PlanRun.objects.visible_to(request.viewer).filter(round=found).select_related("made_by"))
    rows = plan_pages.compared(runs)
    context = {
        "round": found,
        "school": found.school,
        "wishes": plan_pages.wishes_of(found),
        "going": next((run for run in runs if run.state in (RunState.QUEUED, RunState.RUNNING)), None),
        "failed": [run for run in runs if run.state == RunState.FAILED],
        "rows": rows,
        "published": next((run for run in runs if run.state == RunState.PUBLISHED), None),
        "seconds": SECONDS,
        "takes_wishes": request.viewer.now < found.closes_at,
    }
    return page(request, "meetings/plan_list.html", context, fragment="plans")


@require_POST
def start(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Begin a search, from nothing or with the locked times of a plan."""
    found = filled(request, school_id, round_id)
    said = request.POST.get("seconds", "")
    seconds = int(said) if said in {str(number) for number in SECONDS} else SECONDS[1]
    rows = PlanRun.objects.visible_to(request.viewer).filter(round=found)
    base = request.POST.get("based_on", "")
    based_on = get_object_or_404(rows, public_id=base) if base else None
    return posted(
        request,
        lambda: actions.start_plan(by=request.viewer, round=found, seconds=seconds, based_on=based_on),
        back=plans_page(found),
    )


@require_POST
def stop(request: Request, school_id: str, round_id: str, run_id: str) -> HttpResponse:
    """Stop a search; its best plan so far stays."""
    run = _run(request, school_id, round_id, run_id)
    return posted(request, lambda: actions.stop_plan(by=request.viewer, run=run), back=plans_page(run.round))


@require_POST
def discard(request: Request, school_id: str, round_id: str, run_id: str) -> HttpResponse:
    """Throw a plan away."""
    run = _run(request, school_id, round_id, run_id)
    return posted(
        request, lambda: actions.discard_plan(by=request.viewer, run=run), back=plans_page(run.round),
        done=_("The plan is thrown away."),
    )  # fmt: skip


def _reasons() -> dict[NoTime, str]:
    return {
        NoTime.NO_SESSION: _("There is no session for its group."),
        NoTime.FULL: _("Every time of its group is given."),
        NoTime.CLASH: _("At each time that is left somebody has to be somewhere else."),
        NoTime.ONLY_CANNOT: _("At the times that are left the family says that it cannot come."),
        NoTime.FREE: _("There is a time free: choose it by hand, or plan the rest again."),
    }


@require_safe
def whole(request: Request, school_id: str, round_id: str, run_id: str) -> HttpResponse:
    """Show a plan: who has no time, and everybody else by group, or by day and session."""
    run = _made(request, school_id, round_id, run_id)
    facts = Facts(run, now=request.viewer.now)
    is_open = run.state == RunState.DONE
    faults = facts.faults() if is_open else {}
    by_day = request.GET.get("by") == "day"
    context = {
        "run": run,
        "number": plan_pages.number_of(run),
        "round": run.round,
        "school": run.round.school,
        "is_open": is_open,
        "by_day": by_day,
        "days": plan_pages.sections_by_sitting(facts, faults) if by_day else [],
        "sections": [] if by_day else plan_pages.sections_by_group(facts, faults),
        "missing": plan_pages.missing_of(facts, _reasons()),
        "in_the_way": len(in_the_way(faults)),
        "row": next(iter(plan_pages.compared([run])), None),
        "locked": sum(row.is_locked for row in facts.rows.values()),
        "total": len(facts.plan),
        "seconds": SECONDS,
    }
    return page(request, "meetings/plan_whole.html", context)


@require_POST
def lock(request: Request, school_id: str, round_id: str, run_id: str) -> HttpResponse:
    """Lock times, or let go of them: `lock` or `free` holds one party, a group, a session, or all."""
    run = _made(request, school_id, round_id, run_id)
    locked = "lock" in request.POST
    kind, _colon, key = request.POST.get("lock" if locked else "free", "").partition(":")
    fields = {"party": "party__public_id", "group": "party__group__public_id", "sitting": "slot__sitting__public_id"}
    rows = PlannedMeeting.objects.visible_to(request.viewer).filter(run=run)
    if kind != "all":
        rows = rows.filter(**{fields.get(kind, "party__public_id"): key})
    keys = list(rows.order_by().values_list("party_id", flat=True))
    back = whole_page(run) + ("?by=day" if request.POST.get("by") == "day" else "")
    anchor = f"#{request.POST.get('at', '')}" if request.POST.get("at", "").replace("-", "").isalnum() else ""
    return posted(
        request,
        lambda: actions.lock_planned(by=request.viewer, run=run, parties=keys, locked=locked),
        back=back + anchor,
    )


def _party(request: Request, run: PlanRun, party_id: str) -> Party:
    return get_object_or_404(Party.objects.visible_to(request.viewer).filter(round=run.round), public_id=party_id)


@require_http_methods(["GET", "POST"])
def move(request: Request, school_id: str, round_id: str, run_id: str, party_id: str) -> HttpResponse:
    """Show which times a party could have instead, with what each would mean, and give it one."""
    run = _made(request, school_id, round_id, run_id)
    party, refused = _party(request, run, party_id), ""
    if request.method == "POST":
        wanted = Slot.objects.visible_to(request.viewer).filter(round=run.round)
        slot = get_object_or_404(wanted, public_id=request.POST.get("slot", ""))
        try:
            against = actions.move_planned(by=request.viewer, run=run, party=party, slot=slot)
        except Refused as problem:
            refused = problem.sentence
        else:
            messages.success(request, " ".join([_("Changed."), *(fault.sentence for fault in against)]))
            return redirect(whole_page(run))
    facts = Facts(run, now=request.viewer.now)
    own = facts.parties[party.pk]
    context = {
        "run": run,
        "number": plan_pages.number_of(run),
        "round": run.round,
        "school": run.round.school,
        "party": own,
        "slot": facts.plan.get(party.pk),
        "faults": facts.at(own, facts.plan[party.pk]) if party.pk in facts.plan else [],
        "days": plan_pages.choices_of(facts, own),
        "gave_wishes": party.pk in facts.given,
        "is_open": run.state == RunState.DONE,
        "refused": refused,
    }
    return page(request, "meetings/plan_move.html", context, status=CONFLICT if refused else 200)


@require_POST
def take_out(request: Request, school_id: str, round_id: str, run_id: str, party_id: str) -> HttpResponse:
    """Take a party out of the plan."""
    run = _made(request, school_id, round_id, run_id)
    party = _party(request, run, party_id)
    return posted(
        request, lambda: actions.take_out(by=request.viewer, run=run, party=party), back=whole_page(run),
        done=_("Out of the plan: it stands on top, among those without a time."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def publish(request: Request, school_id: str, round_id: str, run_id: str) -> HttpResponse:
    """Show what would be made known and what stands in the way, and make it known."""
    run = _made(request, school_id, round_id, run_id)
    refused = ""
    if request.method == "POST":
        refused = _publish(request, run)
        if not refused:
            return redirect(round_page(run.round))
    facts = Facts(run, now=request.viewer.now)
    faults = facts.faults() if run.state == RunState.DONE else {}
    stops = in_the_way(faults)
    context = {
        "run": run,
        "number": plan_pages.number_of(run),
        "round": run.round,
        "school": run.round.school,
        "total": len(facts.plan),
        "stops": [(facts.parties[key], facts.plan[key], row) for key, row in stops.items()],
        "warnings": [(facts.parties[key], facts.plan[key], row) for key, row in faults.items() if key not in stops],
        "missing": plan_pages.missing_of(facts, _reasons()),
        "is_open": run.state == RunState.DONE,
        "refused": refused,
    }
    return page(request, "meetings/plan_publish.html", context, status=CONFLICT if refused else 200)


def _publish(request: Request, run: PlanRun) -> str:
    """Make the plan known; return nothing, or what to say."""
    said = request.POST.get("without", "0")
    without = int(said) if said.isdecimal() and len(said) < 6 else 0
    if without and request.POST.get("confirmed") != "yes":
        return _("Confirm first that some families get no time yet.")
    try:
        number = actions.publish_plan(by=request.viewer, run=run, without=without)
    except Refused as refused:
        return refused.sentence
    words = ngettext("%(n)s conversation is made known.", "%(n)s conversations are made known.", number)
    messages.success(request, words % {"n": number} + " " + _("Families and teachers are told."))
    return ""
