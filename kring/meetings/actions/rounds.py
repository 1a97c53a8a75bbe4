"""Preparing a round, setting it ready, and cancelling it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from kring.agenda.models import Event
from kring.agenda.rules import Category
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.actions.inviting import complete_round
from kring.meetings.actions.marking import mark_round_changed, mark_round_gone, mark_sitting_changed
from kring.meetings.members import team_on
from kring.meetings.models import Booking, Round, Sitting, Slot
from kring.meetings.notices import RoundCancelled, RoundChanged
from kring.meetings.permissions import can_change_round, can_plan
from kring.meetings.rules import (
    GAPS,
    LENGTHS,
    MOST_SESSIONS,
    Filling,
    RoundKind,
    RoundState,
    Span,
    moments_in,
    session_fault,
)
from kring.notifications.actions import notify
from kring.notifications.live import hint
from kring.people.actions.audience import make_audience
from kring.people.models import Person
from kring.school.models import Group, School

DUO = ("together", "either", "one")


@dataclass(frozen=True, slots=True)
class Session:
    """An afternoon or evening of a round, with its breaks."""

    span: Span
    breaks: tuple[Span, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Setup:
    """What is decided about a round, apart from who sits when. Moments are aware; minutes are whole; `weeks` are the
    conversation weeks of the agenda in which it is held (C1); `filling` is who fills it (C2)."""

    kind: str
    name: str
    minutes: int
    gap_minutes: int
    opens_at: datetime
    closes_at: datetime
    is_early: bool = True
    with_child: bool = False
    by_video: bool = False
    note: str = ""
    weeks: tuple[Event, ...] = ()
    filling: str = ""


@transaction.atomic
def prepare_round(
    *,
    by: Viewer,
    school: School,
    setup: Setup,
    groups: Sequence[Group],
    sessions: Sequence[Session],
    duo: str = "together",
) -> Round:
    """Make a round in preparation: who is asked to come, and for each group the sessions on which its team works.

    `duo` says what happens where several teachers work that day: they attend together, either of them will do (each
    her own moments), or one. Raises Refused for what does not fit.
    """
    require(can_plan(by, school))
    require(all(group.school_id == school.pk for group in groups))
    _refuse_setup(setup)
    _refuse_sessions(sessions, setup, now=by.now)
    _refuse_weeks(setup, school, {school.today(session.span.starts_at) for session in sessions})
    if not groups:
        raise Refused(_("Choose at least one group."))
    if duo not in DUO:
        raise Refused(_("Choose what duo teachers do."))
    made = Round.objects.create(
        school=school,
        audience=make_audience(school=school, groups=groups),
        made_by_id=by.person_at(school.pk),
        made_at=by.now,
        **_columns(setup),
    )
    made.weeks.set(setup.weeks)
    complete_round(round=made, now=by.now)
    team = team_on(groups, {school.today(session.span.starts_at) for session in sessions})
    for group in groups:
        for session in sessions:
            teachers = team[group.pk, school.today(session.span.starts_at)]
            for few in _seated(teachers, duo):
                _seat(made, group, few, session)
    audit.record(by=by, what="meeting.round_prepared", about=made, groups=len(groups), sessions=len(sessions))
    return made


def _columns(setup: Setup) -> dict[str, object]:
    return {
        "kind": RoundKind(setup.kind),
        "name": setup.name.strip()[:80],
        "minutes": setup.minutes,
        "gap_minutes": setup.gap_minutes,
        "opens_at": setup.opens_at,
        "closes_at": setup.closes_at,
        "is_early": setup.is_early,
        "with_child": setup.with_child,
        "by_video": setup.by_video,
        "note": setup.note.strip()[:300],
        "filling": Filling(setup.filling),
    }


def _refuse_setup(setup: Setup) -> None:
    if not setup.name.strip():
        raise Refused(_("Give the round a name."))
    if setup.minutes not in LENGTHS or setup.gap_minutes not in GAPS:
        raise Refused(_("Choose how long a conversation takes, and the time in between."))
    if setup.closes_at <= setup.opens_at:
        raise Refused(_("It closes before it opens. Change one of the two."))


def _refuse_weeks(setup: Setup, school: School, days: set[date]) -> None:
    """Raise Refused when none of the days lies in the weeks that were chosen: one of the two is a slip then."""
    for week in setup.weeks:
        require(week.school_id == school.pk and week.category == Category.CONVERSATIONS)
    if setup.weeks and days and not any(w.starts_on <= day <= w.ends_on for w in setup.weeks for day in days):
        raise Refused(_("None of the afternoons and evenings lies in the weeks that you chose from the agenda."))


def _refuse_sessions(sessions: Sequence[Session], setup: Setup, *, now: datetime) -> None:
    if not sessions:
        raise Refused(_("Choose at least one afternoon or evening."))
    if len(sessions) > MOST_SESSIONS:
        raise Refused(_("A round has at most %(n)s afternoons and evenings.") % {"n": MOST_SESSIONS})
    faults = {
        "ends_before_start": _("An afternoon or evening ends before it begins."),
        "too_long": _("An afternoon or evening takes at most five hours. Make two of it."),
        "too_short": _("An afternoon or evening is shorter than one conversation."),
        "not_on_five": _("Let it begin on a whole five minutes."),
    }
    for session in sessions:
        fault = session_fault(session.span, minutes=setup.minutes)
        if fault:
            raise Refused(str(faults[fault]))
        if session.span.starts_at <= now:
            raise Refused(_("An afternoon or evening lies in the past."))
        if session.span.ends_at <= setup.opens_at:
            raise Refused(_("An afternoon or evening is over before the round opens."))


def _seated(teachers: Sequence[Person], duo: str) -> Iterable[list[Person]]:
    if not teachers:
        return []
    if duo == "either":
        return [[teacher] for teacher in teachers]
    return [list(teachers) if duo == "together" else [teachers[0]]]


def _seat(made: Round, group: Group, teachers: Sequence[Person], session: Session) -> Sitting:
    sitting = Sitting.objects.create(
        school_id=made.school_id,
        round=made,
        group=group,
        starts_at=session.span.starts_at,
        ends_at=session.span.ends_at,
    )
    sitting.teachers.set(teachers)
    Slot.objects.bulk_create(
        Slot(
            school_id=made.school_id,
            round=made,
            sitting=sitting,
            starts_at=moment.starts_at,
            ends_at=moment.ends_at,
        )
        for moment in moments_in(session.span, minutes=made.minutes, breaks=session.breaks)
    )
    return sitting


@transaction.atomic
def change_round(*, by: Viewer, round: Round, setup: Setup) -> Round:
    """Change what was decided: name, opening, closing, and the rest. Length and the time in between stay as they are
    once sessions exist, because the moments follow from them."""
    require(can_change_round(by, round))
    _refuse_setup(setup)
    if setup.filling != round.filling and Booking.objects.of_families().filter(round=round).exists():
        raise Refused(_("Families have a time in this round already. Who fills it stays as it is."))
    moments = Sitting.objects.filter(round=round).values_list("starts_at", flat=True)
    _refuse_weeks(setup, round.school, {round.school.today(moment) for moment in moments})
    columns = _columns(setup) | {"minutes": round.minutes, "gap_minutes": round.gap_minutes}
    is_other = (columns["name"], columns["note"]) != (round.name, round.note)
    for name, value in columns.items():
        setattr(round, name, value)
    if round.told_at is None or setup.opens_at > by.now:
        round.told_at = round.told_early_at = None
    round.save(update_fields=[*columns, "told_at", "told_early_at"])
    round.weeks.set(setup.weeks)
    if is_other:
        mark_round_changed(round, now=by.now)
    audit.record(by=by, what="meeting.round_changed", about=round)
    hint(RoundChanged, round.public_id)
    return round


@transaction.atomic
def add_sitting(
    *, by: Viewer, round: Round, group: Group, teachers: Sequence[Person], session: Session, place: str = ""
) -> Sitting:
    """Let teachers of the school sit ready for a group once more. Raises Refused when they do already, or for a time
    that does not fit."""
    require(can_change_round(by, round) and group.school_id == round.school_id)
    require(all(teacher.school_id == round.school_id for teacher in teachers))
    if not teachers:
        raise Refused(_("Nobody of the team of %(group)s works on that day.") % {"group": group.name})
    fault = session_fault(session.span, minutes=round.minutes)
    if fault or session.span.starts_at <= by.now:
        raise Refused(_("This time does not fit."))
    same = Sitting.objects.filter(round=round, group=group, teachers__in=list(teachers))
    if same.filter(starts_at__lt=session.span.ends_at, ends_at__gt=session.span.starts_at).exists():
        raise Refused(_("They sit ready then already."))
    sitting = _seat(round, group, teachers, session)
    if place:
        sitting.place = place.strip()[:60]
        sitting.save(update_fields=["place"])
    audit.record(by=by, what="meeting.sitting_added", about=sitting)
    hint(RoundChanged, round.public_id)
    return sitting


@transaction.atomic
def remove_sitting(*, by: Viewer, sitting: Sitting) -> None:
    """Take a session away. Raises Refused while families have a moment in it: no conversation is lost in silence."""
    require(can_change_round(by, sitting.round))
    if Booking.objects.of_families().filter(slot__sitting=sitting).exists():
        raise Refused(_("Families have a time here. Move or cancel those first."))
    round = sitting.round
    Booking.objects.filter(slot__sitting=sitting, party__isnull=True).delete()
    audit.record(by=by, what="meeting.sitting_removed", about=sitting)
    # Somebody who books at this very moment makes the key of her slot protected, and this fails as a whole.
    Sitting.objects.filter(pk=sitting.pk).delete()
    hint(RoundChanged, round.public_id)


@transaction.atomic
def place_sitting(*, by: Viewer, sitting: Sitting, place: str, video_link: str) -> Sitting:
    """Say in which room it is, and at which address by video."""
    require(can_change_round(by, sitting.round))
    sitting.place, sitting.video_link = place.strip()[:60], video_link.strip()[:300]
    sitting.save(update_fields=["place", "video_link"])
    mark_sitting_changed(sitting, now=by.now)
    hint(RoundChanged, sitting.round.public_id)
    return sitting


@transaction.atomic
def open_round(*, by: Viewer, round: Round) -> None:
    """Set a prepared round ready: from here on the clock opens it for each family at its own moment (C2, C3).

    Raises Refused when it has no moments, or would close before anybody could choose.
    """
    require(can_change_round(by, round))
    if not Slot.objects.filter(round=round).exists():
        raise Refused(_("There are no times yet. Tick who is there when."))
    if round.closes_at <= by.now:
        raise Refused(_("The round would be closed already. Change the moment at which it closes."))
    complete_round(round=round, now=by.now)
    if Round.objects.filter(pk=round.pk, state=RoundState.DRAFT).update(state=RoundState.READY, ready_at=by.now):
        round.state = RoundState.READY
        audit.record(by=by, what="meeting.round_opened", about=round)


@transaction.atomic
def cancel_round(*, by: Viewer, round: Round) -> None:
    """Cancel a whole round: every family that was invited is told, and nobody is taken any more. Once."""
    require(can_change_round(by, round))
    was_ready = round.state == RoundState.READY
    if not Round.objects.filter(pk=round.pk).exclude(state=RoundState.CANCELLED).update(state=RoundState.CANCELLED):
        return
    round.state = RoundState.CANCELLED
    mark_round_gone(round, now=by.now)
    Booking.objects.filter(round=round).delete()
    audit.record(by=by, what="meeting.round_cancelled", about=round)
    if was_ready:
        notify(RoundCancelled(round), audience=round.audience, school=round.school, not_before=by.now, by=by)
    hint(RoundChanged, round.public_id)


@transaction.atomic
def add_session(*, by: Viewer, round: Round, session: Session, duo: str = "together") -> int:
    """Add an afternoon or evening for every group of the round whose team works that day; return for how many.

    Raises Refused for a time that does not fit, and when nobody works then.
    """
    require(can_change_round(by, round))
    fault = session_fault(session.span, minutes=round.minutes)
    if fault or session.span.starts_at <= by.now:
        raise Refused(_("This time does not fit."))
    day = round.school.today(session.span.starts_at)
    groups = list(round.audience.groups.order_by("name"))
    team = team_on(groups, {day})
    added = 0
    for group in groups:
        busy = Sitting.objects.filter(
            round=round, group=group, starts_at__lt=session.span.ends_at, ends_at__gt=session.span.starts_at
        )
        if not busy.exists():
            for few in _seated(team[group.pk, day], duo):
                _seat(round, group, few, session)
                added += 1
    if not added:
        raise Refused(_("On that day nobody of the team works, or everybody sits ready already."))
    audit.record(by=by, what="meeting.sitting_added", about=round, sittings=added)
    hint(RoundChanged, round.public_id)
    return added
