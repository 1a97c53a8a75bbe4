"""What an app has already: never "not changed" after anything in its calendar changed, and without writing it again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from kring.agenda import feed_entries, ical
from kring.agenda.feed_entries import asked_by, read, sources
from kring.agenda.models import Event, Feed
from kring.conversations import actions as talks
from kring.conversations.models import Meeting
from kring.meetings import actions as rounds
from kring.meetings.models import Booking, Party, Round, Sitting
from kring.people.actions.audience import make_audience
from kring.people.models import Audience, Guardianship, TeamRole, User
from kring.posts.models import Post, PostItem
from kring.school.models import Group, Holiday, Layer, School
from tests import factories as make
from tests.agenda.feeding import feed_of, put
from tests.agreements.making import publish
from tests.cast import TODAY, Cast
from tests.conversations.talking import at, to_team
from tests.home.telling import tell
from tests.meetings.planning import TUESDAY, a_round, book, slots
from tests.posts.writing import one

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
DAY, SOON = date(2026, 12, 14), datetime(2026, 12, 1, 12, tzinfo=UTC)
Change = Callable[[Cast], object]


@pytest.fixture
def full(cast: Cast) -> Cast:
    """A school with one of everything that stands in a calendar of the guardian, who teaches groep 6 as well."""
    publish(cast, {"year_planning.feed_details": True})
    put(cast.school, "Musical", starts=time(19), ends=time(21), groups=(cast.five,), place="Aula", text="Kom op tijd")
    put(cast.school, "Kamp", layers=(cast.upper,))
    put(cast.school, "Gesprek", audience=make_audience(school=cast.school, children=[cast.child]))
    tell(cast, "Soep", one(text="Een kom"), one(text="Spreekbeurt", child=cast.child))
    tell(cast, "Uit", one(starts=time(9), ends=time(12), text="Bos", place="Veld"), kind="outing")
    Holiday.objects.create(school=cast.school, name="Studiedag", starts_on=DAY, ends_on=DAY)
    Holiday.objects.create(school=cast.school, group=cast.five, name="Schoolreis", starts_on=DAY, ends_on=DAY)
    talk = to_team(cast).conversation
    moments = [at(TODAY + timedelta(1), 15)]
    proposal = talks.propose_moments(by=cast.viewer("teacher"), conversation=talk, moments=moments, text="")
    talks.choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.get())
    make.TeamRoleFactory(person=cast.people["guardian"], kind="teacher", group=cast.six)
    made = a_round(cast, cast.five, cast.six, by_video=True)
    book(cast, made, cast.child, slots(made, cast.five)[2])
    sitting = Sitting.objects.get(round=made, group=cast.six)
    sitting.teachers.set([cast.people["guardian"]])
    return cast


def event(**values: Any) -> Change:
    return lambda cast: Event.objects.filter(title="Musical").update(**values)


def item(said: str = "Een kom", /, **values: Any) -> Change:
    return lambda cast: PostItem.objects.filter(text=said).update(**values)


def post(**values: Any) -> Change:
    return lambda cast: Post.objects.filter(title="Soep").update(**values)


def every(model: Any, **values: Any) -> Change:
    return lambda cast: model.objects.update(**values)


def own_group(**values: Any) -> Change:
    return lambda cast: Group.objects.filter(pk=cast.five.pk).update(**values)


def audience_of(title: str, change: Callable[[Audience, Cast], object]) -> Change:
    return lambda cast: change(Event.objects.get(title=title).audience, cast)


def cancel_the_round(cast: Cast) -> None:
    rounds.cancel_round(by=cast.viewer("office"), round=Round.objects.get())


def give_back(cast: Cast) -> None:
    booking = Booking.objects.of_families().for_pages().get()
    rounds.give_back(by=cast.viewer("guardian"), booking=booking)


def new_role(cast: Cast) -> None:
    make.TeamRoleFactory(person=cast.people["guardian"], kind="management")


CHANGES: dict[str, Change] = {
    "event: title": event(title="Opera"),
    "event: text": event(text="Kom vroeg"),
    "event: place": event(place="Gymzaal"),
    "event: kind": event(category="outing"),
    "event: day": event(starts_on=date(2026, 12, 9), ends_on=date(2026, 12, 9)),
    "event: last day": event(ends_on=date(2026, 12, 9)),
    "event: hour": event(starts=time(18)),
    "event: end": event(ends=time(22)),
    "event: all day": event(starts=None, ends=None),
    "event: version": event(version=5),
    "event: changed": event(changed_at=SOON),
    "event: published": event(changed_at=None, visible_from=datetime(2026, 11, 1, tzinfo=UTC)),
    "event: cancelled": event(cancelled_at=SOON),
    "event: not out yet": event(visible_from=datetime(2027, 1, 1, tzinfo=UTC)),
    "event: planned again": event(state="planned"),
    "event: far away": event(starts_on=date(2029, 1, 1), ends_on=date(2029, 1, 1)),
    "event: public id": event(public_id="another-one-1234"),
    "event: gone": lambda cast: Event.objects.filter(title="Musical").delete(),
    "event: new": lambda cast: put(cast.school, "Nog iets"),
    "event: for all": audience_of("Musical", lambda audience, _cast: _make_whole(audience)),
    "event: other group": audience_of("Musical", lambda audience, cast: audience.groups.set([cast.six])),
    "event: one group more": audience_of("Musical", lambda audience, cast: audience.groups.add(cast.infants)),
    "event: no child named": audience_of("Gesprek", lambda audience, cast: audience.children.clear()),
    "event: other layer": audience_of("Kamp", lambda audience, cast: audience.layers.clear()),
    "layer: name": lambda cast: Layer.objects.filter(pk=cast.upper.pk).update(name="Hoog"),
    "group: name": own_group(name="Groep vijf"),
    "item: text": item(text="Een bord"),
    "item: day": item(from_date=DAY, until_date=DAY),
    "item: until": item(until_date=DAY),
    "item: hours": item("Bos", starts=time(10)),
    "item: end": item("Bos", ends=time(13)),
    "item: no hours": item("Bos", starts=None, ends=None),
    "item: place": item("Bos", place="Hei"),
    "item: kind": item("Bos", kind="bring"),
    "item: of another child": lambda cast: PostItem.objects.filter(child=cast.child).update(child=cast.shielded),
    "item: about a colleague": lambda cast: PostItem.objects.filter(text="Bos").update(absent=cast.people["duo"]),
    "item: gone": lambda cast: PostItem.objects.filter(text="Een kom").delete(),
    "message: version": post(version=9),
    "message: changed": post(changed_at=SOON),
    "message: withdrawn": post(state="withdrawn"),
    "message: title where nothing else is said": lambda cast: _untold(cast),
    "holiday: name": lambda cast: Holiday.objects.filter(name="Studiedag").update(name="Vrij"),
    "holiday: day": lambda cast: Holiday.objects.filter(name="Studiedag").update(ends_on=DAY + timedelta(1)),
    "holiday: lessons after all": lambda cast: Holiday.objects.filter(name="Studiedag").update(is_school_day=True),
    "holiday: of another group": lambda cast: Holiday.objects.filter(name="Schoolreis").update(group=cast.infants),
    "holiday: public id": lambda cast: Holiday.objects.filter(name="Studiedag").update(public_id="another-one-1234"),
    "school: region": every(School, region="noord"),
    "school: zone": every(School, timezone="America/Kralendijk"),
    "school: public id": lambda cast: School.objects.filter(pk=cast.school.pk).update(public_id="another-one-1234"),
    "appointment: place": every(Meeting, place="Hal"),
    "appointment: time": every(Meeting, starts_at=at(TODAY + timedelta(1), 14)),
    "appointment: end": every(Meeting, ends_at=at(TODAY + timedelta(1), 16)),
    "appointment: agreed": every(Meeting, agreed_at=SOON),
    "appointment: cancelled": every(Meeting, cancelled_at=SOON),
    "appointment: public id": every(Meeting, public_id="another-one-1234"),
    "conversation: time": every(Booking, starts_at=at(TUESDAY, 16), ends_at=at(TUESDAY, 17)),
    "conversation: end": every(Booking, ends_at=at(TUESDAY, 17)),
    "conversation: video": every(Booking, by_video=True),
    "conversation: version": every(Party, talk_version=9),
    "conversation: changed": every(Party, talk_changed_at=SOON),
    "conversation: given back": give_back,
    "conversation: lost time": lambda cast: (give_back(cast), Party.objects.update(gone_from=at(TUESDAY, 9))),
    "conversation: room": every(Sitting, place="B2"),
    "conversation: of the party": lambda cast: Party.objects.filter(child=cast.child).update(public_id="another-1234"),
    "round: name": every(Round, name="Praten"),
    "round: sentence": every(Round, note="Neem iets mee"),
    "round: cancelled": cancel_the_round,
    "round: public id": every(Round, public_id="another-one-1234"),
    "session: version": every(Sitting, version=7),
    "session: changed": every(Sitting, changed_at=SOON),
    "session: time": every(Sitting, starts_at=at(TUESDAY, 14)),
    "session: end": every(Sitting, ends_at=at(TUESDAY, 18)),
    "session: of somebody else": lambda cast: Sitting.teachers.through.objects.all().delete(),
    "session: ready": every(Round, ready_at=SOON),
    "agreement: no appointments": lambda cast: publish(cast, {"year_planning.feed_details": False}),
    "access: no guardian": lambda cast: Guardianship.objects.filter(child=cast.child).delete(),
    "access: limited": lambda cast: Guardianship.objects.filter(child=cast.child).update(level="limited"),
    "access: no teacher": lambda cast: TeamRole.objects.filter(person=cast.people["guardian"]).delete(),
    "access: management": new_role,
    "language": lambda cast: User.objects.filter(pk=cast.user("guardian").pk).update(language="en"),
}


def _make_whole(audience: Audience) -> None:
    audience.groups.clear()
    Audience.objects.filter(pk=audience.pk).update(whole_school=True)


def _untold(cast: Cast) -> None:
    PostItem.objects.filter(text="Een kom").update(text="")
    Post.objects.filter(title="Soep").update(title="Pap")


def ask(feed: Feed, etag: str = "") -> Any:
    return Client().get(feed.path, headers={"If-None-Match": etag} if etag else {})


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_arrives(full: Cast, name: str) -> None:
    feed = feed_of(full, "guardian")
    before = ask(feed)
    assert before.status_code == 200
    assert ask(feed, before["ETag"]).status_code == 304
    CHANGES[name](full)
    after = ask(feed, before["ETag"])
    assert after.status_code == 200
    assert after["ETag"] != before["ETag"]
    assert after.content != before.content  # so that each of these is a change of the calendar indeed
    assert ask(feed, after["ETag"]).status_code == 304


def test_another_day_another_address_and_another_program(full: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = feed_of(full, "guardian")
    before = ask(feed)["ETag"]
    with time_machine.travel(datetime.combine(TODAY + timedelta(1), time(12), tzinfo=UTC), tick=False):
        assert ask(feed, before).status_code == 200
    with override_settings(BASE_URL="https://elders.example.org"):
        assert ask(feed, before).status_code == 200
    assert feed_entries.program("nl") != feed_entries.program("en")
    monkeypatch.setattr(feed_entries, "program", lambda language: "another program")
    assert ask(feed, before).status_code == 200
    monkeypatch.undo()
    assert ask(feed, before).status_code == 304


def test_what_is_read_is_all_that_is_written(full: Cast) -> None:
    for role, group in (("guardian", None), ("guardian", full.six), ("teacher", full.five), ("management", None)):
        viewer = full.viewer(role)
        reading = read(viewer, group=group)
        with CaptureQueriesContext(connection) as queries:
            entries = reading.entries()
        assert len(queries) == 0
        assert entries
    asked = asked_by(full.viewer("guardian"))
    assert all(list(source.entries(asked, source.rows(asked))) for source in sources())


def test_who_may_see_it_is_asked_each_time(full: Cast) -> None:
    feed = feed_of(full, "guardian")
    etag = ask(feed)["ETag"]
    User.objects.filter(pk=full.user("guardian").pk).update(is_active=False)
    gone = ask(feed, etag)
    assert gone.status_code == 200
    assert b"BEGIN:VEVENT" not in gone.content
    assert ask(feed, gone["ETag"]).status_code == 304


def test_nothing_is_written_for_an_app_that_has_it(full: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = feed_of(full, "guardian")
    etag = ask(feed)["ETag"]

    def never(*_args: object, **_more: object) -> bytes:
        raise AssertionError("A calendar was written for nothing.")

    monkeypatch.setattr(ical, "calendar", never)
    answer = ask(feed, etag)
    assert (answer.status_code, answer.content) == (304, b"")
    assert (answer["ETag"], answer["Cache-Control"]) == (etag, "private, no-cache")
