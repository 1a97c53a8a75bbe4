"""A round of report conversations in the demo school: open, half chosen; and one for secondary-school advice, in
preparation."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from kring.agenda.models import Event
from kring.agenda.rules import Category
from kring.core.access import Refused
from kring.core.viewer import Level, Viewer
from kring.demo.news import Newsroom
from kring.meetings.actions import Session, Setup, book_slots, open_round, place_sitting, prepare_round
from kring.meetings.models import Party, Round, Sitting, Slot
from kring.meetings.permissions import can_book
from kring.meetings.rules import Span
from kring.people.models import User
from kring.people.viewers import viewers_for

FIRST_DAY = 4  # school days ahead
CHOSEN = 3  # of four families, so many have a time


def plan_conversations(room: Newsroom) -> None:
    """Prepare both rounds, dated around today; in the last weeks of a school year there is none."""
    days = [day for day in room.coming.ahead[FIRST_DAY:] if room.moment(day, 15) > room.now + timedelta(days=2)]
    if len(days) < 3:
        return
    wilma = room.built.team["Wilma"]
    asked = room.now - timedelta(days=3)
    groups = [room.group_on(name, days[0]) for name in room.built.groups[room.built.year_on(days[0]).pk]]
    by = room.viewer(wilma, asked)
    sessions = []
    for day in days[:3]:
        sessions.append(_session(room, datetime.combine(day, time(15)), datetime.combine(day, time(17, 10)), (16, 0)))
    evening = _session(room, datetime.combine(days[0], time(18, 30)), datetime.combine(days[0], time(20, 30)))
    made = prepare_round(
        by=by,
        school=room.built.school,
        setup=Setup(
            kind="report",
            name="Rapportgesprekken",
            minutes=10,
            gap_minutes=5,
            opens_at=room.moment(room.built.school.today(room.now) - timedelta(days=1), 16),
            closes_at=room.moment(days[0], 9) - timedelta(days=1),
            note="We bespreken het rapport. Neem gerust mee wat u thuis opvalt.",
            weeks=_weeks_around(room, days[:3]),
        ),
        groups=groups,
        sessions=[*sessions, evening],
        duo="one",
    )
    for sitting in Sitting.objects.filter(round=made).select_related("group", "round"):
        place = f"lokaal {sitting.group.name.removeprefix('Groep ')}"
        place_sitting(by=by, sitting=sitting, place=place, video_link="")
    open_round(by=by, round=made)
    _let_families_choose(room, made)
    prepare_round(
        by=by,
        school=room.built.school,
        setup=Setup(
            kind="advice",
            name="Adviesgesprekken groep 8",
            minutes=20,
            gap_minutes=5,
            opens_at=room.moment(days[1], 16),
            closes_at=room.moment(days[2], 9),
            with_child=True,
        ),
        groups=[room.group_on("Groep 7/8", days[0])],
        sessions=[_session(room, datetime.combine(days[2], time(18)), datetime.combine(days[2], time(20)))],
        duo="together",
    )


def _weeks_around(room: Newsroom, days: Sequence[date]) -> tuple[Event, ...]:
    """Return the conversation weeks of the agenda in which one of these days lies."""
    weeks = Event.objects.of_school(room.built.school).filter(category=Category.CONVERSATIONS).published()
    return tuple(week for week in weeks if any(week.starts_on <= day <= week.ends_on for day in days))


def _session(room: Newsroom, starts: datetime, ends: datetime, pause: tuple[int, int] | None = None) -> Session:
    def moment(wall: datetime) -> datetime:
        return room.built.school.moment(wall.date(), wall.time())

    breaks: tuple[Span, ...] = ()
    if pause:
        at = room.moment(starts.date(), *pause)
        breaks = (Span(at, at + timedelta(minutes=10)),)
    return Session(Span(moment(starts), moment(ends)), breaks)


def _let_families_choose(room: Newsroom, made: Round) -> None:
    """Let three of four families take a time; the families of the demo accounts still have to."""
    guests = {person.pk for person in room.built.accounts.values()}
    users = list(User.objects.filter(persons__school=room.built.school).distinct())
    viewers = viewers_for(users, now=room.now - timedelta(hours=5))
    by_child: dict[int, Viewer] = {}
    for viewer in viewers.values():
        if guests & set(viewer.persons.values()):
            for span in viewer.spans:
                by_child.pop(span.child_id, None)
            continue
        for span in viewer.spans:
            if span.level == Level.FULL and span.is_current:
                by_child.setdefault(span.child_id, viewer)
    left_alone = {span.child_id for v in viewers.values() if guests & set(v.persons.values()) for span in v.spans}
    free: dict[int, list[Slot]] = {}
    for slot in Slot.objects.filter(round=made).select_related("sitting", "round__school").order_by("starts_at"):
        free.setdefault(slot.sitting.group_id, []).append(slot)
    parties = Party.objects.filter(round=made, person__isnull=True).select_related("round__school", "audience")
    for n, party in enumerate(parties.order_by("pk")):
        by = by_child.get(party.child_id)
        if by is None or party.child_id in left_alone or n % 4 >= CHOSEN or not can_book(by, party):
            continue
        _take_one(by, party, free.get(party.group_id, []), skip=n % 3)


def _take_one(by: Viewer, party: Party, free: list[Slot], *, skip: int) -> None:
    for slot in free[skip:]:
        try:
            book_slots(by=by, choices=[(party, slot, False)])
        except Refused:
            continue  # a brother or sister is somewhere else then
        free.remove(slot)
        return
