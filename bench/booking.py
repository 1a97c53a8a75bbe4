"""Booking when all parents come at once, through HTTP: 500 tries on 250 moments, and 300 families for 300 moments.

What is promised is counted in the database after it: no moment with two families, nobody in two places, no error, and
nobody left while a moment is free. Anything else ends the run with a message. With KRING_BENCH_WITHOUT_KEYS=1 the 300
families come to a database without its unique keys: then the run ends with a message when nothing goes wrong.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from secrets import token_hex
from urllib.parse import urlencode

from bench.keys import without_keys
from bench.schools import CSRF, build, cookie_for
from bench.servers import Figure, Server, serving

KRING = "config.wsgi:application"
GROUPS, AT_ONCE, THREADS = 10, 50, 4
WON = 302  # a page with htmx is led on by a header of a 200; it counts as the same
# As the page asks (htmx), or with KRING_BENCH_PLAIN=1 as a browser without JavaScript does.
IN_PLACE = not os.environ.get("KRING_BENCH_PLAIN")
WITHOUT_KEYS = bool(os.environ.get("KRING_BENCH_WITHOUT_KEYS"))


@dataclass
class Family:
    """One family with its cookie, its party, and the moments of its group."""

    cookie: str
    party: str
    slots: list[str]


@dataclass
class Seen:
    """Status and milliseconds of every answer, and when the last one came."""

    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    seconds: float = 0.0


def a_round(families: int, hours: float) -> tuple[str, list[Family]]:
    """Return the address of an open round of ten groups, and its families with a session each."""
    from django.utils import timezone

    from kring.core.viewer import Operator
    from kring.meetings.actions import Session, Setup, open_round, prepare_round
    from kring.meetings.models import Party, Slot
    from kring.meetings.rules import Span
    from kring.people.models import Guardianship, Person, TeamRole

    bench = build(name=f"Ronde{token_hex(2)}", groups=GROUPS, children=families, guardians=families, posts_a_group=1,
                  years=1)  # fmt: skip
    TeamRole.objects.filter(person=bench.teacher_person).delete()
    Guardianship.objects.filter(person__user=bench.parent).exclude(child__first_name="Kind0").delete()
    for n, group in enumerate(bench.groups):
        teacher = Person.objects.create(school=bench.school, first_name=f"Juf{n}", last_name="Meting")
        TeamRole.objects.create(
            school=bench.school, person=teacher, kind="teacher", group=group, starts_on=group.school_year.starts_on
        )
    now = timezone.now()
    day = bench.school.today(now) + timedelta(days=7)
    while day.isoweekday() > 5:
        day += timedelta(days=1)
    starts = bench.school.moment(day, datetime.min.replace(hour=15).time())
    setup = Setup("report", "Rapport", 10, 5, now - timedelta(hours=1), starts - timedelta(hours=2))
    by = Operator(now=now)
    sessions = [Session(Span(starts, starts + timedelta(hours=hours)))]
    made = prepare_round(by=by, school=bench.school, setup=setup, groups=bench.groups, sessions=sessions, duo="one")
    open_round(by=by, round=made)
    slots: dict[int, list[str]] = {}
    for group_id, key in Slot.objects.filter(round=made).values_list("sitting__group_id", "public_id"):
        slots.setdefault(group_id, []).append(key)
    users = dict(Guardianship.objects.filter(school=bench.school).values_list("child_id", "person__user_id"))
    people = {person.user_id: person.user for person in Person.objects.filter(school=bench.school, user__isnull=False)
              .select_related("user")}  # fmt: skip
    rows = Party.objects.filter(round=made)
    found = [
        Family(cookie_for(people[users[row.child_id]]), row.public_id, slots[row.group_id])  # type: ignore[index, arg-type]
        for row in rows
    ]
    return f"/meetings/{made.public_id}/", found


def _ask(connection: http.client.HTTPConnection, path: str, family: Family, slot: str = "") -> tuple[int, bytes]:
    headers = {"Cookie": family.cookie, "Host": "localhost", "Content-Type": "application/x-www-form-urlencoded"}
    if IN_PLACE:
        headers["HX-Request"] = "true"
    if slot:
        form = urlencode({"csrfmiddlewaretoken": CSRF, "choice": f"{family.party}:{slot}"})
        connection.request("POST", f"{path}take/", body=form, headers=headers)
    else:
        connection.request("GET", f"{path}taken/", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    return (WON if answer.getheader("HX-Redirect") else answer.status), body


def at_once(servers: list[Server], families: list[Family], turn: Callable[..., None]) -> Seen:
    """Let all families take their turn, fifty at a time, and note every answer."""
    seen, lock, waiting = Seen(), threading.Lock(), list(families)
    barrier = threading.Barrier(AT_ONCE)

    def work(n: int) -> None:
        connection = servers[n % len(servers)].connection()
        barrier.wait()
        while True:
            with lock:
                if not waiting:
                    return
                family = waiting.pop()

            def ask(path: str, slot: str = "", family: Family = family) -> tuple[int, bytes]:
                began = time.perf_counter()
                answer = _ask(connection, path, family, slot)
                with lock:
                    seen.times.append((time.perf_counter() - began) * 1000)
                    seen.statuses[answer[0]] += 1
                return answer

            turn(family, ask)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(AT_ONCE)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seen.seconds = time.perf_counter() - began
    return seen


def count_faults(path: str) -> dict[str, int]:
    """Count in the database what must not be: two families in a moment, anybody in two places, who was left."""
    from django.db.models import Count

    from kring.meetings.models import Booking, Occupied, Party, Slot

    key = path.strip("/").rpartition("/")[2]
    booked = Booking.objects.filter(round__public_id=key)
    doubles = booked.values("slot").annotate(number=Count("pk")).filter(number__gt=1).count()
    rows = Occupied.objects.filter(booking__in=booked)
    overlaps = rows.values("person", "tick").annotate(number=Count("pk")).filter(number__gt=1).count()
    overlaps += sum(one.occupied.count() < 4 for one in booked)  # teacher twice, guardian at least twice
    free = Slot.objects.filter(round__public_id=key, booking__isnull=True).count()
    left = Party.objects.filter(round__public_id=key, booking__isnull=True).count()
    return {"doubles": doubles, "overlaps": overlaps, "booked": booked.count(), "free": free, "left": left}


def _contest(unit: Figure, processes: int) -> None:
    """Let 500 families try one moment each, two for every moment."""
    path, families = a_round(500, 250 / 60)
    turns = Counter[str]()
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(KRING, threads=THREADS)) for _ in range(processes)]
        for server in servers:
            for family in families[:8]:
                _ask(server.connection(), path, family)

        def turn(family: Family, ask: Callable[..., tuple[int, bytes]]) -> None:
            group = family.slots[0]
            number = turns[group]
            turns[group] += 1
            ask(path, family.slots[number % len(family.slots)])

        before = sum(server.cpu() for server in servers[:1]) if servers[0].counts_postgres else _cpu(servers)
        seen = at_once(servers, families, turn)
        after = sum(server.cpu() for server in servers[:1]) if servers[0].counts_postgres else _cpu(servers)
    faults = count_faults(path)
    cpu = (after - before) * 1000 / len(families)
    p50 = statistics.median(seen.times)
    print(
        f"booking, {len(families)} tries on 250 moments, {processes} web process(es): "
        f"{len(families) / seen.seconds:.0f} tries/s, p50 {p50:.0f} ms, p95 {sorted(seen.times)[474]:.0f} ms, "
        f"last answer {seen.seconds:.2f} s, slowest {max(seen.times) / p50:.1f}x the median, "
        f"{cpu:.1f} ms CPU a try = {cpu / unit.cpu_ms:.0f}x hello"
    )
    _judge(seen, faults)


def _cpu(servers: list[Server]) -> float:
    return sum(server.cpu() for server in servers)


def _judge(seen: Seen, faults: dict[str, int]) -> None:
    errors = sum(number for status, number in seen.statuses.items() if status >= 500)
    print(f"  {dict(seen.statuses)}, {faults}")
    if errors or faults["doubles"] or faults["overlaps"]:
        raise SystemExit("Booking under load broke its promise.")


def _everybody() -> tuple[Seen, dict[str, int]]:
    """Let 300 families take 300 moments: three favourites first, then any that is free."""
    path, families = a_round(300, 5)
    chance = random.Random(7)

    def turn(family: Family, ask: Callable[..., tuple[int, bytes]]) -> None:
        for slot in chance.sample(family.slots, 3):
            if ask(path, slot)[0] == WON:
                return
        for _again in range(60):
            status, body = ask(path)
            taken = set(json.loads(body)["taken"]) if status == 200 else set()
            free = [slot for slot in family.slots if slot not in taken]
            if not free or ask(path, chance.choice(free))[0] == WON:
                return

    with serving(KRING, threads=THREADS) as server:
        seen = at_once([server], families, turn)
    faults = count_faults(path)
    print(f"booking, 300 families for 300 moments: {faults['booked']} booked, last answer after {seen.seconds:.1f} s")
    return seen, faults


def _nobody_left() -> None:
    seen, faults = _everybody()
    _judge(seen, faults)
    if faults["left"] and faults["free"]:
        raise SystemExit("A family was left while a moment was free.")


def _without_keys() -> None:
    """Let the 300 families come where no unique key decides, and say what goes wrong."""
    from kring.meetings.models import Booking, Occupied

    with without_keys():
        seen, faults = _everybody()
        Occupied.objects.all().delete()
        Booking.objects.all().delete()
    print(f"  without the unique keys: {dict(seen.statuses)}, {faults}")
    if not faults["doubles"] or not faults["overlaps"]:
        raise SystemExit("Without its keys nothing went wrong: then this test finds nothing.")


def _inserts(number: int = 500) -> None:
    """Insert single rows under a unique key, each in a transaction of its own: the most a database could give."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_raw (slot integer NOT NULL UNIQUE)")
        began = time.perf_counter()
        for n in range(number):
            cursor.execute("INSERT INTO bench_raw (slot) VALUES (%s)", [n])
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE bench_raw")
    print(f"  single-row inserts under a unique key, one after another: {number / seconds:.0f} a second")


def booking(unit: Figure) -> None:
    """Measure with one web process and with two, and the round of 300 families."""
    if WITHOUT_KEYS:
        _without_keys()
        return
    for processes in (1, 2):
        _contest(unit, processes)
    _inserts()
    _nobody_left()
