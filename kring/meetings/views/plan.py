"""Preparing a round and looking over it: for office and management; the list of rounds for who works at the school."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.agenda.models import Event
from kring.agenda.rules import Category
from kring.agreements.current import agreement_url, policy_for
from kring.core.access import require
from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.meetings import actions, overview, plan_pages
from kring.meetings.forms import PlaceForm, RoundForm, SessionForm, SetupForm
from kring.meetings.models import Ask, Round, Sitting
from kring.meetings.permissions import can_change_round, can_plan, can_plan_all, families_fill
from kring.meetings.rules import RoundState, Span, booking_opens_at
from kring.people.models import Person
from kring.school.models import Group, School

MOST_WEEKS = 6


def round_page(round: Round) -> str:
    """Return the address at which the team looks over a round."""
    return reverse("meetings:round", args=[round.school.public_id, round.public_id])


def school_of(request: Request, school_id: str) -> School:
    """Return the school where the viewer works; for anybody else it is a 404."""
    return get_object_or_404(School.objects.worked_at_by(request.viewer), public_id=school_id)


def planned_at(request: Request, school_id: str, round_id: str) -> Round:
    """Return a round that the viewer sees as one of the team."""
    school = school_of(request, school_id)
    rounds = Round.objects.visible_to(request.viewer).filter(school=school).for_pages()
    return get_object_or_404(rounds, public_id=round_id)


def asks_in(request: Request, round: Round) -> QuerySet[Ask]:
    """Return the questions for another time that wait for an answer in a round, of the groups that she helps."""
    rows = Ask.objects.visible_to(request.viewer).open().filter(round=round)
    return rows.select_related("party__child", "party__group", "slot")


def kept(request: Request, school_id: str, round_id: str) -> Round:
    """Return a round that the viewer keeps as office or management; for the team it is a 404."""
    found = planned_at(request, school_id, round_id)
    return get_object_or_404(Round.objects.for_pages(), pk=found.pk if can_plan(request.viewer, found.school) else None)


@require_safe
def rounds(request: Request, school_id: str) -> HttpResponse:
    """List the rounds of the school."""
    school = school_of(request, school_id)
    rows = Round.objects.visible_to(request.viewer).filter(school=school)
    return page(
        request,
        "meetings/rounds.html",
        {"school": school, "rounds": rows, "can_plan": can_plan(request.viewer, school)},
    )


def _weeks(school: School, request: Request, *, chosen: Round | None = None) -> QuerySet[Event]:
    """Return the conversation weeks of the agenda that are not over, and those that were chosen already."""
    coming = Q(cancelled_at__isnull=True, ends_on__gte=school.today(request.viewer.now))
    if chosen is not None:
        coming |= Q(pk__in=chosen.weeks.values("pk"))
    here = Event.objects.readable_by(request.viewer).filter(school=school, category=Category.CONVERSATIONS)
    return here.filter(coming).select_related("audience").in_order()


def _groups(school: School, request: Request) -> QuerySet[Group]:
    return Group.objects.visible_to(request.viewer).filter(school=school).in_year(school.today(request.viewer.now))


@require_http_methods(["GET", "POST"])
def new_round(request: Request, school_id: str) -> HttpResponse:
    """Prepare a round: nobody sees it before it is set ready."""
    school = get_object_or_404(School.objects.managed_by(request.viewer), public_id=school_id)
    policy = policy_for(school.pk, at=request.viewer.now)
    weeks, groups = _weeks(school, request), _groups(school, request)
    initial = {"minutes": 10, "gap_minutes": policy.sibling_priority.gap_minutes, "is_early": True}
    taken = weeks.filter(public_id=request.GET.get("week", "")).first()
    if taken is not None:
        initial |= RoundForm.initial_of_week(taken, groups, today=school.today(request.viewer.now))
    form = RoundForm(
        request.POST or None,
        school=school,
        policy=policy,
        groups=groups,
        weeks=weeks,
        initial=initial,
    )
    return form_page(
        request,
        form=form,
        act=lambda data: actions.prepare_round(
            by=request.viewer,
            school=school,
            setup=form.setup,
            groups=list(data["groups"]),
            sessions=form.sessions,
            duo=data["duo"],
        ),
        title=_("A new round of conversations"),
        back=reverse("meetings:rounds", args=[school_id]),
        submit=_("Prepare"),
        onward=round_page,
        template="meetings/new_round.html",
        school=school,
        agreement=agreement_url(school, "C1"),
        weeks=list(weeks[:MOST_WEEKS]),
        taken=taken,
    )


@require_safe
def round(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Show what is prepared: moments of opening, who is there when, and whether there are enough times."""
    found = planned_at(request, school_id, round_id)
    viewer = request.viewer
    may_change = can_change_round(viewer, found)
    groups = found.audience.groups.order_by("name")
    if not viewer.is_manager(found.school_id):
        groups = groups.filter(pk__in=viewer.taught_group_ids)
    rows = overview.rows_of(found, list(groups))
    policy = policy_for(found.school_id, at=viewer.now)
    priority, by_families = policy.sibling_priority, families_fill(found, policy)
    early = booking_opens_at(
        found.opens_at,
        children=priority.children,
        is_early=found.is_early and by_families,
        days=priority.days,
        least=priority.children,
        zone=found.school.zone,
    )
    context = {
        "round": found,
        "school": found.school,
        "rows": rows,
        "spans": overview.spans_of(found),
        "days": overview.days_of(found),
        "short": [row for row in rows if row.capacity.short],
        "needed": sum(row.capacity.needed for row in rows),
        "there": sum(row.capacity.there for row in rows),
        "chosen": sum(row.chosen for row in rows),
        "early": early if early < found.opens_at else None,
        "by_families": by_families,
        "asks": asks_in(request, found),
        "may_change": may_change,
        "is_draft": found.state == RoundState.DRAFT,
        "is_cancelled": found.state == RoundState.CANCELLED,
        "sittings": overview.own_sittings(viewer, found),
        "session_form": SessionForm(school=found.school),
        "planning": plan_pages.planning_of(found) if can_plan_all(viewer, found) else None,
        "agreement": agreement_url(found.school, "C3"),
    }
    return page(request, "meetings/round.html", context)


@require_http_methods(["GET", "POST"])
def change(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Change name, opening, closing and the rest."""
    found = kept(request, school_id, round_id)
    require(can_change_round(request.viewer, found))
    policy = policy_for(found.school_id, at=request.viewer.now)
    form = SetupForm(
        request.POST or None,
        school=found.school,
        policy=policy,
        weeks=_weeks(found.school, request, chosen=found),
        initial=SetupForm.initial_of(found),
    )
    for name in ("minutes", "gap_minutes"):
        form.fields[name].disabled = True
    return form_page(
        request,
        form=form,
        act=lambda data: actions.change_round(by=request.viewer, round=found, setup=form.setup),
        title=_("Change the round"),
        back=round_page(found),
        done=_("Changed."),
        school=found.school,
    )


def _press(request: Request, found: Round, act: Callable[[], object], done: str) -> HttpResponse:
    require(can_change_round(request.viewer, found))
    return posted(request, act, back=round_page(found), done=done)


@require_POST
def set_ready(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Set the round ready."""
    found = kept(request, school_id, round_id)
    return _press(
        request, found, lambda: actions.open_round(by=request.viewer, round=found),
        _("The round is ready. Each family is told at its own moment."),
    )  # fmt: skip


@require_POST
def cancel(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Cancel the whole round."""
    found = kept(request, school_id, round_id)
    return _press(
        request, found, lambda: actions.cancel_round(by=request.viewer, round=found),
        _("The round is cancelled. Every family that was invited is told."),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def add_session(request: Request, school_id: str, round_id: str) -> HttpResponse:
    """Add an afternoon or evening for all groups."""
    found = kept(request, school_id, round_id)
    require(can_change_round(request.viewer, found))
    form = SessionForm(request.POST or None, school=found.school)
    return form_page(
        request,
        form=form,
        act=lambda data: actions.add_session(by=request.viewer, round=found, session=form.session),
        title=_("One more afternoon or evening"),
        back=round_page(found),
        submit=_("Add"),
        done=_("Added for every group whose team works that day."),
        school=found.school,
    )


def _key_of(span: Span, school: School) -> str:
    """Return the word for a session in a form, in the hours of the school."""
    first, last = span.starts_at.astimezone(school.zone), span.ends_at.astimezone(school.zone)
    return f"{first:%Y%m%dT%H%M}-{last:%H%M}"


@require_POST
def seat(request: Request, school_id: str, round_id: str, group_id: str) -> HttpResponse:
    """Let the team of a group sit ready in a session of the round as well."""
    found = kept(request, school_id, round_id)
    group = get_object_or_404(found.audience.groups.all(), public_id=group_id)
    spans = {_key_of(span, found.school): span for span in overview.spans_of(found)}
    wanted = spans.get(request.POST.get("session", ""))
    if wanted is None:
        get_object_or_404(Round.objects.none())
    assert wanted is not None  # noqa: S101  said above
    people = Person.objects.filter(school=found.school, public_id__in=request.POST.getlist("teacher"))
    return _press(
        request,
        found,
        lambda: actions.add_sitting(
            by=request.viewer, round=found, group=group, teachers=list(people), session=actions.Session(wanted)
        ),
        "",
    )


def _sitting(request: Request, school_id: str, round_id: str, sitting_id: str) -> Sitting:
    found = planned_at(request, school_id, round_id)
    rows = Sitting.objects.visible_to(request.viewer).filter(round=found).with_teachers()
    return get_object_or_404(rows.select_related("round__school", "group"), public_id=sitting_id)


@require_POST
def unseat(request: Request, school_id: str, round_id: str, sitting_id: str) -> HttpResponse:
    """Take a session away."""
    kept(request, school_id, round_id)
    sitting = _sitting(request, school_id, round_id, sitting_id)
    return _press(request, sitting.round, lambda: actions.remove_sitting(by=request.viewer, sitting=sitting), "")


@require_http_methods(["GET", "POST"])
def place(request: Request, school_id: str, round_id: str, sitting_id: str) -> HttpResponse:
    """Say in which room it is, and at which address by video."""
    kept(request, school_id, round_id)
    sitting = _sitting(request, school_id, round_id, sitting_id)
    require(can_change_round(request.viewer, sitting.round))
    form = PlaceForm(request.POST or None, initial={"place": sitting.place, "video_link": sitting.video_link})
    return form_page(
        request,
        form=form,
        act=lambda data: actions.place_sitting(by=request.viewer, sitting=sitting, **data),
        title=_("Room and video of %(group)s") % {"group": sitting.group.name},
        back=reverse("meetings:sheet", args=[school_id, round_id, sitting_id]),
        school=sitting.round.school,
    )
