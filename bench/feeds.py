"""The calendar of a school with 300 events, as calendar apps fetch it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

from bench.schools import Bench, build

EVENTS = 300
READERS = 12  # each address may be read 120 times an hour


def full_year() -> tuple[Bench, list[str]]:
    """Return a school with a full year, and the addresses of some of its parents."""
    from django.db import connection
    from django.utils import timezone

    from kring.agenda.actions.events import set_moments
    from kring.agenda.actions.feeds import start_feed
    from kring.agenda.models import Event
    from kring.people.actions.audience import make_audience
    from kring.people.models import User
    from kring.people.viewers import viewer_for

    bench = build(name="Agenda", groups=1, children=READERS, guardians=READERS, posts_a_group=2, years=1)
    now, school, group = timezone.now(), bench.school, bench.groups[0]
    first = school.today(now) - timedelta(days=50)
    for n in range(EVENTS):
        day = first + timedelta(days=n)
        event = Event(
            school=school, title=f"Activiteit {n}", place="Aula", category="activity", state="published",
            starts_on=day, ends_on=day, starts=time(19, 30) if n % 3 else None, ends=time(21) if n % 3 else None,
            audience=make_audience(school=school, groups=[group] if n % 2 else (), whole_school=not n % 2),
            created_at=now, visible_from=now,
        )  # fmt: skip
        set_moments(event)
        event.save()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    users = User.objects.filter(persons__guardianships__school=school).distinct()[:READERS]
    return bench, [start_feed(by=viewer_for(user, now=timezone.now())).path for user in users]


def fetcher(paths: list[str], etags: dict[str, str] | None = None) -> Callable[[Any, int], None]:
    """Return what fetches these addresses in turn; with `etags` as an app that has each already."""

    def ask(connection: Any, n: int) -> None:
        path = paths[n % len(paths)]
        headers = {"Host": "localhost"}
        if etags and path in etags:
            headers["If-None-Match"] = etags[path]
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        if etags is not None:
            etags[path] = response.headers["ETag"]
        if response.status not in (200, 304) or (response.status == 200 and body.count(b"BEGIN:VEVENT") < EVENTS):
            raise SystemExit(f"A feed answered {response.status} with {len(body)} bytes.")

    return ask
