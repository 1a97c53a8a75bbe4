"""Short ways to a round in a state, through the room's own actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from kring.core.viewer import Viewer
from kring.meetings import actions
from kring.meetings.actions import Session, Setup
from kring.meetings.models import Booking, Party, Round, Sitting, Slot
from kring.meetings.rules import Span
from kring.people.models import Child, Enrolment, Guardianship, KeepApart, Person, User
from kring.school.models import Group
from tests import factories as make
from tests.cast import NOW, Cast

TUESDAY, THURSDAY = date(2026, 12, 8), date(2026, 12, 10)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=NOW.tzinfo)


def session(day: date = TUESDAY, start: int = 15, end: int = 16, *, pause: tuple[int, int] | None = None) -> Session:
    breaks = (Span(at(day, start, pause[0]), at(day, start, pause[1])),) if pause else ()
    return Session(Span(at(day, start), at(day, end)), breaks)


def setup(**changes: Any) -> Setup:
    opens, closes = NOW - timedelta(hours=1), at(TUESDAY, 9)
    values: dict[str, Any] = {"kind": "report", "name": "Rapportgesprekken", "minutes": 10, "gap_minutes": 5}
    return Setup(**{**values, "opens_at": opens, "closes_at": closes, **changes})


def a_round(
    cast: Cast, *groups: Group, sessions: list[Session] | None = None, duo: str = "one", ready: bool = True, **more: Any
) -> Round:
    """Return a round of groups 1/2, 5 and 6, ready and open unless said otherwise. Group 1/2 gets a teacher."""
    office = cast.viewer("office")
    seat_infants(cast)
    made = actions.prepare_round(
        by=office,
        school=cast.school,
        setup=setup(**more),
        groups=groups or (cast.infants, cast.five, cast.six),
        sessions=sessions or [session()],
        duo=duo,
    )
    if ready:
        actions.open_round(by=office, round=made)
    return made


def seat_infants(cast: Cast) -> Person:
    """Return the teacher of groep 1/2A, whom the cast does not have."""
    known = cast.people.get("infant_teacher")
    if known is None:
        known = make.PersonFactory(school=cast.school, user=make.UserFactory(), first_name="Iris", last_name="Cast")
        make.TeamRoleFactory(person=known, kind="teacher", group=cast.infants)
        cast.people["infant_teacher"] = known
    return known


def party(made: Round, child: Child, person: Person | None = None) -> Party:
    return Party.objects.for_pages().get(round=made, child=child, person=person)


def slots(made: Round, group: Group) -> list[Slot]:
    rows = Slot.objects.filter(round=made, sitting__group=group)
    return list(rows.select_related("sitting", "round__school").order_by("starts_at", "pk"))


def book(cast: Cast, made: Round, child: Child, slot: Slot, *, by: str = "guardian", **more: Any) -> Booking:
    viewer = more.pop("viewer", None) or cast.viewer(by)
    return actions.book_slots(by=viewer, choices=[(party(made, child), slot, False)], **more)[0]


def fresh(booking: Booking) -> Booking:
    return Booking.objects.for_pages().get(pk=booking.pk)


def sittings(made: Round, group: Group) -> list[Sitting]:
    return list(Sitting.objects.filter(round=made, group=group).select_related("round__school", "group"))


def families(cast: Cast, group: Group, number: int) -> list[User]:
    """Return the logins of so many families more with one child each in the group, made in a few statements."""
    users = User.objects.bulk_create(User(email=f"familie{n}@example.org", password="!") for n in range(number))
    people = Person.objects.bulk_create(
        Person(school=cast.school, user=user, first_name=f"Ouder{n}", last_name="Velen") for n, user in enumerate(users)
    )
    children = Child.objects.bulk_create(
        Child(school=cast.school, first_name=f"Kind{n}", last_name="Velen") for n in range(number)
    )
    start = cast.year.starts_on
    Enrolment.objects.bulk_create(
        Enrolment(school=cast.school, child=child, group=group, year_level=6, starts_on=start) for child in children
    )
    Guardianship.objects.bulk_create(
        Guardianship(school=cast.school, child=child, person=person, authority="yes", starts_on=start)
        for child, person in zip(children, people, strict=True)
    )
    return users


def may(viewer: Viewer) -> Any:
    """Return the parties a guardian has, by first name of the child."""
    return {party.child.first_name: party for party in Party.objects.own_of(viewer).for_pages()}


def second_parent(cast: Cast, *, apart: bool = False) -> str:
    """Give Joep a father with a login, kept apart from his mother or not; return his name in the cast."""
    user = make.UserFactory()
    cast.people["father"] = make.PersonFactory(school=cast.school, user=user, first_name="Vader", last_name="Cast")
    make.GuardianshipFactory(child=cast.child, person=cast.people["father"])
    if apart:
        low, high = sorted((cast.people["guardian"].pk, cast.people["father"].pk))
        KeepApart.objects.create(school=cast.school, child=cast.child, first_id=low, second_id=high)
    return "father"
