"""Adjoining options as a family meets them in the app: its sheet out of the database, and the best plans from it.

An invented school of 1,500 children in 60 groups, four afternoons and evenings. 400 families have several children: 200
have two and 200 have three. At every fill a share of all moments is taken, at random; the families stay the same.
"""

from __future__ import annotations

import gc
import random
import statistics
import time
from datetime import date, datetime, timedelta
from secrets import token_hex

from bench.schools import build

CHILDREN, FAMILIES, GROUPS = 1500, 400, 60
FILLS = (0.0, 0.25, 0.5, 0.75, 0.9, 0.97, 1.0)


def school_with_round() -> tuple[object, list[object]]:
    """Return an open round of the whole school, and the viewers of its families with several children."""
    from django.utils import timezone

    from kring.core.viewer import Operator
    from kring.meetings.actions import Session, Setup, open_round, prepare_round
    from kring.meetings.rules import Span
    from kring.people.models import Child, Guardianship, Person, TeamRole
    from kring.people.viewers import viewers_for

    bench = build(name=f"Rij{token_hex(2)}", groups=GROUPS, children=CHILDREN, guardians=900, posts_a_group=1, years=1)
    school, now = bench.school, timezone.now()
    TeamRole.objects.filter(person=bench.teacher_person).delete()
    for n, group in enumerate(bench.groups):
        person = Person.objects.create(school=school, first_name=f"Juf{n}", last_name="Meting")
        start = group.school_year.starts_on
        TeamRole.objects.create(school=school, person=person, kind="teacher", group=group, starts_on=start)
    kids = list(Child.objects.filter(school=school).order_by("pk"))
    parents = list(Person.objects.filter(school=school, guardianships__isnull=False).distinct().order_by("pk"))
    brothers = [(kids[900 + n], parents[(n * 7 + 3) % FAMILIES]) for n in range(FAMILIES)]
    brothers += [(kids[1300 + n], parents[(n * 7 + 5) % 200]) for n in range(200)]
    Guardianship.objects.filter(person=parents[0]).exclude(child=kids[0]).delete()
    Guardianship.objects.bulk_create(
        Guardianship(school=school, child=child, person=person, starts_on=date(2015, 1, 1))
        for child, person in brothers
    )
    sessions = []
    for days in (7, 9):
        day = school.today(now) + timedelta(days=days)
        for hour in (15, 19):
            starts = school.moment(day, datetime.min.replace(hour=hour).time())
            sessions.append(Session(Span(starts, starts + timedelta(hours=3))))
    setup = Setup("report", "Rapport", 10, 5, now - timedelta(hours=1), sessions[0].span.starts_at - timedelta(hours=2))
    made = prepare_round(
        by=Operator(now=now), school=school, setup=setup, groups=bench.groups, sessions=sessions, duo="one"
    )
    open_round(by=Operator(now=now), round=made)
    users = [person.user for person in parents[:FAMILIES] if person.user]
    return made, list(viewers_for(users, now=now).values())


def _take(made: object, fill: float) -> None:
    """Leave a share of all moments taken."""
    from django.utils import timezone

    from kring.meetings.models import Booking, Slot

    Booking.objects.all().delete()
    slots = list(Slot.objects.filter(round=made).order_by("pk"))  # type: ignore[misc]
    chosen = random.Random(3).sample(slots, int(len(slots) * fill))
    Booking.objects.bulk_create(
        Booking(
            school_id=slot.school_id,
            round_id=slot.round_id,
            slot=slot,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            booked_at=timezone.now(),
        )
        for slot in chosen
    )


def adjoining() -> None:
    """Print at each fill what the plans cost a family, the database left out, and the sheet and plans with it."""
    from kring.meetings.choosing import own_sheet

    made, viewers = school_with_round()
    for fill in FILLS:
        _take(made, fill)
        search, whole, waited, plans = [], [], [], 0
        own_sheet(viewers[0], made).plans()  # type: ignore[arg-type]
        gc.collect()
        gc.freeze()  # what lives already is not looked at again: a pause of the collector is not a search
        for viewer in viewers:
            gc.disable()
            began, wall = time.thread_time(), time.perf_counter()
            sheet = own_sheet(viewer, made)  # type: ignore[arg-type]
            cpu = time.thread_time()
            plans += bool(sheet.plans())
            search.append((time.thread_time() - cpu) * 1000)
            whole.append((time.thread_time() - began) * 1000)
            waited.append((time.perf_counter() - wall) * 1000)
            gc.enable()
        gc.unfreeze()
        print(f"adjoining options in the app, {fill:.0%} of the moments taken: {plans} of {len(viewers)} have a plan")
        print(f"  plans from the sheet, CPU: {_figures(search)}")
        print(
            f"  sheet and plans, CPU of the app (SQLite is in it): {_figures(whole)}; by the clock {_figures(waited)}"
        )


def _figures(times: list[float]) -> str:
    row = sorted(times)
    p99 = row[min(len(row) - 1, len(row) * 99 // 100)]
    return f"p50 {statistics.median(row):.2f} ms, p99 {p99:.2f} ms, longest {row[-1]:.2f} ms"
