"""The agenda of the demo: a whole school year of events, and those around today with answers and places to fill.

Days of the year are found by its calendar, so that nothing of it falls in a holiday; what is near lies on the school
days around today. Everything goes through the agenda's own actions, at moments that have passed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from kring.agenda.actions import (
    Again,
    EventInput,
    OfferInput,
    add_by_hand,
    answer_event,
    cancel_event,
    make_event,
    make_offer,
    take_place,
)
from kring.agenda.models import Event, Offer
from kring.agenda.permissions import Target, can_answer, can_make_event
from kring.agreements.current import policy_for
from kring.demo.circles import Ring
from kring.demo.news import Newsroom
from kring.people.models import Person
from kring.school.calendars import calendar_of
from kring.school.rules import Calendar, school_year_of

WEDNESDAY, THURSDAY, FRIDAY = 3, 4, 5


@dataclass(frozen=True, slots=True)
class Plan:
    """One event of every school year: a month and day to look near, and on which weekday (0: any)."""

    title: str
    month: int
    day: int
    weekday: int = 0
    hours: tuple[int, int, int, int] | None = None  # from hour and minute until hour and minute
    days: int = 1
    back: bool = False  # the school day before that date instead of after it
    more: dict[str, Any] = field(default_factory=dict)


YEAR = (
    Plan("Informatieavond", 9, 8, hours=(19, 30, 21, 0), more={
        "category": "parents_evening", "place": "In de eigen groep", "is_important": True,
        "text": "De leerkracht vertelt over het nieuwe schooljaar. Om 19.15 uur staat de koffie klaar in de hal.",
    }),
    Plan("Startgesprekken", 9, 14, days=12, more={"category": "conversations"}),
    Plan("Kinderboekenweek begint", 9, 30, weekday=WEDNESDAY, hours=(8, 30, 9, 0), more={
        "category": "celebration", "place": "Schoolplein", "text": "We openen samen op het plein. Blijft u kijken?",
    }),
    Plan("Luizencontrole", 10, 28, weekday=WEDNESDAY, more={"category": "other"}),
    Plan("Lampionnenoptocht Sint-Maarten", 11, 11, hours=(17, 30, 18, 15), more={
        "category": "celebration", "place": "Start bij het hek",
    }),
    Plan("Rapport- en adviesgesprekken", 11, 23, days=12, more={
        "category": "conversations", "text": "U kiest zelf een moment. De uitnodiging komt ongeveer drie weken ervoor.",
    }),
    Plan("Sinterklaas op school, uit om 12.00 uur", 12, 5, back=True, hours=(8, 30, 12, 0), more={
        "category": "celebration", "is_important": True,
        "text": "Alle kinderen nemen eten en drinken mee voor de kleine pauze. Om 12.00 uur gaan we naar huis.",
    }),
    Plan("Paarse Vrijdag: iets paars aan", 12, 11, weekday=FRIDAY, more={"category": "activity"}),
    Plan("Kerstdiner", 12, 17, weekday=THURSDAY, hours=(17, 0, 18, 30), more={
        "category": "celebration", "place": "In de eigen groep", "is_important": True,
        "text": "Elk kind neemt één gerecht mee dat al gesneden is. Ouders drinken ondertussen chocomel op het plein.",
    }),
    Plan("Uit om 12.00 uur", 12, 18, weekday=FRIDAY, hours=(8, 30, 12, 0), more={"category": "other"}),
    Plan("Nieuwjaarskoffie", 1, 8, hours=(8, 30, 9, 0), more={"category": "activity", "place": "Hal"}),
    Plan("Toetsweken", 1, 18, days=10, more={"category": "tests"}),
    Plan("Carnaval in de klas", 2, 12, weekday=FRIDAY, more={"category": "celebration"}),
    Plan("Rapportgesprekken", 3, 8, days=12, more={"category": "conversations"}),
    Plan("Grote Rekendag", 3, 31, weekday=WEDNESDAY, more={"category": "activity"}),
    Plan("Koningsspelen", 4, 23, weekday=FRIDAY, back=True, hours=(8, 30, 12, 0), more={
        "category": "activity", "place": "Sportveld", "is_important": True,
    }),
    Plan("Schoolfotograaf", 5, 18, more={"category": "other"}),
    Plan("Avondvierdaagse", 5, 31, days=4, more={"category": "activity", "place": "Start bij de sporthal"}),
    Plan("Schoolreis", 6, 10, hours=(8, 15, 16, 30), more={
        "category": "outing", "is_important": True, "text": "Regenjas mee, geen geld. Groep 8 gaat op kamp.",
    }),
    Plan("Zomerfeest", 6, 25, weekday=FRIDAY, hours=(16, 0, 20, 0), more={
        "category": "celebration", "place": "Schoolplein", "is_important": True,
    }),
    Plan("Wenochtend in de nieuwe groep", 7, 2, hours=(9, 0, 10, 0), more={"category": "activity"}),
)  # fmt: skip


def fill_agenda(room: Newsroom) -> None:
    """Fill the agenda of the demo school: this year, the beginning of the next, and what is near."""
    today = room.built.school.today(room.now)
    _whole_year(room, school_year_of(today)[0].year)
    if today.month in (6, 7):
        _whole_year(room, today.year)
    _near_the_infants(room)
    _near_group_five(room)


def days_of(plan: Plan, calendar: Calendar, first_year: int) -> Iterator[date]:
    """Yield the first and last day of a plan in the school year that begins in `first_year`; nothing in holidays."""
    wanted = date(first_year if plan.month >= 8 else first_year + 1, plan.month, plan.day)
    step = timedelta(-1 if plan.back else 1)
    for n in range(8):
        day = wanted + n * step
        if calendar.is_school_day(day) and plan.weekday in (0, day.isoweekday()):
            last = day + timedelta(plan.days - 1)
            while not calendar.is_school_day(last):
                last -= timedelta(1)
            yield from (day, last)
            return


def _whole_year(room: Newsroom, first_year: int) -> None:
    school, office = room.built.school, room.built.team["Wilma"]
    calendar = calendar_of(school, first=date(first_year, 8, 1), last=date(first_year + 1, 7, 31))
    # The year was told at its start, or in the summer before it (A1).
    told = min(room.moment(date(first_year, 8, 25), 9), room.now - timedelta(days=1))
    for plan in YEAR:
        found = tuple(days_of(plan, calendar, first_year))
        if not found:
            continue
        hours = plan.hours and (time(*plan.hours[:2]), time(*plan.hours[2:]))
        starts, ends = hours or (None, None)
        _put(
            room, office, told,
            EventInput(plan.title, found[0], Target(True), ends_on=found[1], starts=starts, ends=ends, **plan.more),
        )  # fmt: skip


def _put(room: Newsroom, who: Person, at: datetime, what: EventInput, **more: Any) -> Event | None:
    by = room.viewer(who, at)
    school = room.built.school
    if at > room.now or not can_make_event(by, school.pk, what.target, policy_for(school.pk, at=at)):
        return None
    return make_event(by=by, school=school, what=what, **more)


def _near(room: Newsroom, group: str, n: int) -> tuple[Target, date]:
    day = room.coming.ahead[min(n, len(room.coming.ahead) - 1)]
    return Target(group_ids=frozenset({room.group_on(group, day).pk})), day


def _near_the_infants(room: Newsroom) -> None:
    teacher = room.teachers("Groep 1/2A")[0]
    at = room.told_before(room.coming.ahead[0], room.moment(room.coming.back[5], 15))
    target, day = _near(room, "Groep 1/2A", 5)
    reading = _put(
        room, teacher, at,
        EventInput(
            "Voorleesochtend in de klas", day, target, starts=time(8, 30), ends=time(9, 15), place="Lokaal 3",
            rsvp="family", rsvp_until=room.coming.ahead[min(3, len(room.coming.ahead) - 1)],
            text="Komt u voorlezen of luisteren? Broertjes en zusjes zijn welkom.",
        ),
    )  # fmt: skip
    if reading is not None:
        for n, parent in enumerate(Ring(room, "Groep 1/2A").parents()[:9]):
            by = room.viewer(parent, at + timedelta(hours=2 + n))
            if by.now <= room.now and can_answer(by, reading) and n % 4 != 3:
                answer_event(by=by, event=reading, answer="no" if n % 4 == 2 else "yes", number=1 + n % 3)
    target, day = _near(room, "Groep 1/2A", 2)
    walk = _put(
        room, teacher, at,
        EventInput("Boswandeling", day, target, starts=time(9), ends=time(11), category="outing", place="Bos"),
    )  # fmt: skip
    later = room.moment(room.coming.back[1], 15, 40)
    if walk is not None and at < later <= room.now:
        cancel_event(by=room.viewer(teacher, later), event=walk, reason="Er is storm voorspeld; een nieuwe dag volgt.")
    target, day = _near(room, "Groep 1/2A", 0)
    until = min(day + timedelta(42), school_year_of(day)[1])
    library = EventInput("Bibliotheek", day, target, starts=time(9), text="Boek terug in de tas.")
    if any(not room.calendar.holiday_on(day + timedelta(7 * n)) for n in range(1, (until - day).days // 7 + 1)):
        _put(room, teacher, at, library, again=Again("weekly", until))


def _near_group_five(room: Newsroom) -> None:
    school, teacher = room.built.school, room.built.team["Juf Anouk"]
    at = room.told_before(room.coming.ahead[0], room.moment(room.coming.back[4], 15))
    target, day = _near(room, "Groep 5", 3)
    traffic = _put(
        room, teacher, at,
        EventInput(
            "Verkeersochtend op het plein", day, target, starts=time(8, 45), ends=time(11, 30), place="Schoolplein",
            text="Fiets mee, met een bel en remmen die werken. Bij elk onderdeel staan twee ouders.",
        ),
    )  # fmt: skip
    if traffic is None:
        return
    by = room.viewer(teacher, at)
    stand = make_offer(
        by=by, school=school, event=traffic,
        what=OfferInput("Bij een onderdeel staan", 6, kind="time", day=day, starts=time(8, 45), ends=time(11, 30)),
    )  # fmt: skip
    cars = make_offer(
        by=by, school=school, event=traffic, position=1,
        what=OfferInput("Pionnen en borden ophalen", 2, has_waiting_list=False),
    )  # fmt: skip
    _fill_places(room, at, stand, cars)


def _fill_places(room: Newsroom, at: datetime, stand: Offer, fetch: Offer) -> None:
    for n, parent in enumerate(Ring(room, "Groep 5").parents()[2:5]):
        by = room.viewer(parent, at + timedelta(hours=1 + n))
        if by.now <= room.now and by.person_at(stand.school_id) is not None:
            take_place(by=by, offer=stand if n < 2 else fetch)
    add_by_hand(by=room.viewer(room.built.team["Juf Anouk"], at), offer=stand, name="Opa van Fien")
