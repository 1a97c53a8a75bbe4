"""Events and addresses for the tests of calendars outside Kring."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import icalendar
from django.test import Client
from django.utils import timezone

from kring.agenda.actions.feeds import start_feed
from kring.agenda.models import Event, Feed
from kring.people.actions.audience import make_audience
from kring.school.models import Group, Layer, School
from tests.cast import Cast


def put(
    school: School,
    title: str,
    day: date = date(2026, 12, 8),
    *,
    last: date | None = None,
    starts: time | None = None,
    ends: time | None = None,
    groups: tuple[Group, ...] = (),
    layers: tuple[Layer, ...] = (),
    **more: Any,
) -> Event:
    """Return a published event of the school; for the whole of it unless groups, layers or an audience are named."""
    audience = more.pop("audience", None) or make_audience(
        school=school, groups=groups, layers=layers, whole_school=not (groups or layers)
    )
    begins = school.moment(day, starts or time.min)
    over = school.moment(last or day, ends or time(23, 59))
    values = {
        "state": "published",
        "visible_from": timezone.now(),
        "created_at": timezone.now(),
        "changed_at": timezone.now(),
        "begins_at": begins,
        "over_at": max(over, begins),
        **more,
    }
    return Event.objects.create(
        school=school, audience=audience, title=title, starts_on=day, ends_on=last or day, starts=starts, ends=ends,
        **values,
    )  # fmt: skip


def feed_of(cast: Cast, name: str, group: Group | None = None) -> Feed:
    """Return the address of somebody of the cast."""
    return start_feed(by=cast.viewer(name), group=group)


def fetched(feed: Feed, **headers: str) -> list[icalendar.Event]:
    """Return what a calendar app, which is not signed in, gets there."""
    response = Client().get(feed.path, headers=headers)
    assert response.status_code == 200, response.status_code
    read = icalendar.Calendar.from_ical(response.content)
    assert not read.errors
    return list(read.events)


def titles(feed: Feed) -> set[str]:
    """Return the titles of what is on; the days without school are left out."""
    found = fetched(feed)
    return {str(event["SUMMARY"]) for event in found if "Geen school" not in _categories(event)}


def _categories(event: icalendar.Event) -> str:
    return ",".join(str(name) for name in getattr(event.get("CATEGORIES"), "cats", ()))


def local(moment: datetime, school: School) -> datetime:
    """Return the wall clock at the school."""
    return moment.astimezone(school.zone).replace(tzinfo=None)
