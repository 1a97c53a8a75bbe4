"""The agenda of a family with four children in a full year, and fifty families that want twenty places at once."""

from __future__ import annotations

import threading
import time
from datetime import time as clock
from datetime import timedelta
from urllib.parse import urlencode

from bench.schools import CSRF, Bench, build, cookie_for
from bench.servers import Server

EVENTS, PLACES, FAMILIES = 300, 20, 50


def full_family() -> Bench:
    """Return a school with a year of events, whose measured parent has four children in four groups."""
    from django.db import connection
    from django.utils import timezone

    from kring.agenda.actions import set_moments
    from kring.agenda.models import Event
    from kring.people.actions.audience import make_audience
    from kring.people.models import Enrolment, Guardianship

    bench = build(name="Jaar", groups=12, children=300, guardians=500, posts_a_group=20, years=1)
    school, person = bench.school, bench.parent.persons.get(school=bench.school)
    has = set(Guardianship.objects.filter(person=person).values_list("child_id", flat=True))
    for group in bench.groups[4 : 8 - len(has)]:
        seat = Enrolment.objects.filter(group=group).exclude(child__in=has).order_by("pk").first()
        if seat is not None:
            Guardianship.objects.create(school=school, child=seat.child, person=person, starts_on=seat.starts_on)
    year, now = bench.groups[0].school_year, timezone.now()
    for n in range(EVENTS):
        day = year.starts_on + timedelta(days=n * (year.ends_on - year.starts_on).days // EVENTS)
        groups = [bench.groups[n % 12]] if n % 3 else []
        event = Event(
            school=school, title=f"Activiteit {n}", place="Aula", category="activity", state="published",
            starts_on=day, ends_on=day, starts=clock(19, 30) if n % 3 else None, created_at=now, visible_from=now,
            rsvp="family" if n % 5 == 0 else "nobody",
            audience=make_audience(school=school, groups=groups, whole_school=not groups),
        )  # fmt: skip
        set_moments(event)
        event.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return bench


def wanted_places() -> tuple[int, str, list[str]]:
    """Return an offer of twenty places at an event of one group, its address, and the cookies of fifty families."""
    from django.utils import timezone

    from kring.agenda.actions import EventInput, OfferInput, make_event, make_offer
    from kring.agenda.permissions import Target
    from kring.people.models import User
    from kring.people.viewers import viewer_for

    bench = build(name="Helpen", groups=1, children=FAMILIES, guardians=FAMILIES, posts_a_group=2, years=1)
    by, group = viewer_for(bench.teacher, now=timezone.now()), bench.groups[0]
    day = min(bench.school.today(timezone.now()) + timedelta(7), group.school_year.ends_on)
    target = Target(group_ids=frozenset({group.pk}))
    event = make_event(by=by, school=bench.school, what=EventInput("Kunstmarkt", day, target))
    offer = make_offer(by=by, school=bench.school, what=OfferInput("Hapjes", PLACES), event=event)
    users = User.objects.filter(persons__guardianships__school=bench.school).distinct().order_by("pk")[:FAMILIES]
    return offer.pk, f"/agenda/help/{offer.public_id}/take/", [cookie_for(user) for user in users]


def sign_up_at_once(server: Server, path: str, cookies: list[str]) -> list[float]:
    """Let everybody want a place at the same moment; return the seconds until each had an answer."""
    start, seconds = threading.Barrier(len(cookies)), []
    body = urlencode({"csrfmiddlewaretoken": CSRF})

    def want(cookie: str) -> None:
        connection = server.connection()
        connection.connect()
        headers = {"Cookie": cookie, "Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
        start.wait(30)
        began = time.perf_counter()
        connection.request("POST", path, body=body, headers=headers)
        response = connection.getresponse()
        response.read()
        seconds.append(time.perf_counter() - began)
        if response.status != 302:
            raise SystemExit(f"Signing up answered {response.status}.")
        connection.close()

    threads = [threading.Thread(target=want, args=(cookie,)) for cookie in cookies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(seconds)


def outcome(offer_id: int) -> tuple[list[int], int]:
    """Return the numbers that were handed out, and how many wait."""
    from kring.agenda.models import Place, Signup

    numbers = Place.objects.filter(offer_id=offer_id).order_by("number").values_list("number", flat=True)
    return list(numbers), Signup.objects.waiting().filter(offer_id=offer_id).count()
