"""Secret addresses: what a calendar app gets, what it never gets, and when it stops."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kring.agenda.actions.feeds import renew_feed, start_feed, stop_feed
from kring.agenda.feed_entries import entries_for
from kring.agenda.models import Event, Feed
from kring.agenda.models.feeds import token_of
from kring.core.access import NotAllowed
from kring.people.actions.audience import make_audience
from kring.people.models import Guardianship, TeamRole
from kring.school.models import Holiday, School
from tests.agenda.feeding import feed_of, fetched, local, put, titles
from tests.agreements.making import publish
from tests.cast import ROLES, Cast

pytestmark = pytest.mark.django_db


def everything(cast: Cast) -> None:
    put(cast.school, "Voor iedereen")
    put(cast.school, "Voor vijf", groups=(cast.five,))
    put(cast.school, "Voor zes", groups=(cast.six,))
    put(cast.school, "Voor kleuters", groups=(cast.infants,))
    put(cast.school, "Voor bovenbouw", layers=(cast.upper,))
    put(cast.school, "Concept", state="planned")
    put(cast.second_school, "Van de andere school")
    put(cast.second_school, "Van de andere vijf", groups=(cast.second_group,))
    named = make_audience(school=cast.school, children=[cast.child])
    put(cast.school, "Alleen voor Joep", audience=named)


UPPER = {"Voor iedereen", "Voor bovenbouw (Bovenbouw)"}
FIVE, SIX = UPPER | {"Voor vijf (Groep 5)"}, UPPER | {"Voor zes (Groep 6)"}
ALL = FIVE | SIX | {"Voor kleuters (Groep 1/2A)"}
SECOND = {"Van de andere school", "Van de andere vijf (Groep 5)"}
SHOWN: dict[str, set[str] | None] = {  # None: may have no address at all
    "signed out": None,
    "guardian": FIVE | {"Voor kleuters (Groep 1/2A)"},
    "other_guardian": SIX,
    "limited": FIVE,
    "none": None,
    "shielded_guardian": FIVE,
    "former_guardian": None,
    "teacher": FIVE,
    "duo": FIVE,
    "other_teacher": SIX,
    "ended_substitute": None,
    "office": ALL,
    "management": ALL,
    "care_coordinator": UPPER,
    "class_parent": FIVE,
    "parent_council": SIX,
    "board_admin": None,
    "second_guardian": SECOND,
    "second_teacher": SECOND,
    "second_office": SECOND,
    "second_management": SECOND,
}


@pytest.mark.both_databases
def test_each_gets_her_own_agenda_and_nothing_of_another_school(cast: Cast) -> None:
    everything(cast)
    assert set(SHOWN) == set(ROLES)
    for role, shown in SHOWN.items():
        if shown is None:
            with pytest.raises(NotAllowed):
                feed_of(cast, role)
        else:
            assert titles(feed_of(cast, role)) == shown, role


@pytest.mark.both_databases
def test_the_calendar_of_a_group_is_for_who_works_with_it(cast: Cast) -> None:
    everything(cast)
    for role in ROLES:
        if role in {"teacher", "duo", "office", "management"}:
            assert titles(feed_of(cast, role, cast.five)) == FIVE, role
        else:
            with pytest.raises(NotAllowed):
                feed_of(cast, role, cast.five)


@pytest.mark.both_databases
@pytest.mark.parametrize("field", [{"ends_on": date(2026, 11, 23)}, {"level": "none"}], ids=str)
def test_access_ends_with_the_guardianship(cast: Cast, field: dict[str, object]) -> None:
    everything(cast)
    feed, other = feed_of(cast, "limited"), feed_of(cast, "shielded_guardian")
    assert titles(feed) == titles(other) == FIVE
    Guardianship.objects.filter(person=cast.people["limited"]).update(**field)
    assert fetched(feed) == []
    assert titles(other) == FIVE


@pytest.mark.both_databases
def test_access_ends_with_the_role_and_with_the_login(cast: Cast) -> None:
    everything(cast)
    feed, other = feed_of(cast, "teacher", cast.five), feed_of(cast, "duo", cast.five)
    TeamRole.objects.filter(person=cast.people["teacher"]).update(ends_on=date(2026, 11, 23))
    assert fetched(feed) == []
    assert titles(other) == FIVE
    cast.people["duo"].user.__class__.objects.filter(pk=cast.user("duo").pk).update(is_active=False)
    assert fetched(other) == []


def test_a_guardian_of_one_child_less_gets_that_group_no_more(cast: Cast) -> None:
    everything(cast)
    feed = feed_of(cast, "guardian")
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.sibling).update(ends_on=date(2026, 11, 23))
    assert titles(feed) == FIVE


def test_nothing_private_leaves_unless_the_school_says_so(cast: Cast) -> None:
    put(cast.school, "Musical", text="Joep speelt de wolf", groups=(cast.five,), place="Aula")
    named = make_audience(school=cast.school, children=[cast.child])
    put(cast.school, "Gesprek over Joep", audience=named)
    feed = feed_of(cast, "guardian")
    raw = Client().get(feed.path).content.decode()
    assert "Musical" in raw
    assert "Aula" in raw
    assert "Joep" not in raw
    publish(cast, {"year_planning.feed_details": True})
    raw = Client().get(feed.path).content.decode()
    assert "Joep speelt de wolf" in raw.replace("\r\n ", "")
    assert "Gesprek over Joep" in raw
    # What is for one child by name is for its guardians, not for the phone of management.
    assert "Gesprek over Joep" not in Client().get(feed_of(cast, "management").path).content.decode()


def test_an_event_has_its_hours_place_and_name(cast: Cast) -> None:
    event = put(cast.school, "Ouderavond", starts=time(19, 30), ends=time(21), place="Aula", version=2)
    (found,) = [one for one in fetched(feed_of(cast, "guardian")) if one["SUMMARY"] == "Ouderavond"]
    assert local(found.start, cast.school) == datetime(2026, 12, 8, 19, 30)
    assert local(found.end, cast.school) == datetime(2026, 12, 8, 21)
    assert found["UID"] == f"{event.public_id}@localhost"
    assert (found["SEQUENCE"], found["LOCATION"]) == (2, "Aula")


def test_a_change_and_a_cancellation_arrive_under_the_same_name(cast: Cast) -> None:
    event = put(cast.school, "Ouderavond", starts=time(19, 30), ends=time(21))
    feed = feed_of(cast, "guardian")
    (before,) = [one for one in fetched(feed) if "Ouderavond" in one["SUMMARY"]]
    Event.objects.filter(pk=event.pk).update(
        starts_on=date(2026, 12, 9),
        ends_on=date(2026, 12, 9),
        version=1,
        changed_at=timezone.now() + timedelta(hours=1),
    )
    (changed,) = [one for one in fetched(feed) if "Ouderavond" in one["SUMMARY"]]
    assert (changed["UID"], changed["SEQUENCE"]) == (before["UID"], 1)
    assert local(changed.start, cast.school) == datetime(2026, 12, 9, 19, 30)
    assert changed["DTSTAMP"].dt > before["DTSTAMP"].dt
    Event.objects.filter(pk=event.pk).update(cancelled_at=timezone.now() + timedelta(hours=2), version=2)
    (cancelled,) = [one for one in fetched(feed) if "Ouderavond" in one["SUMMARY"]]
    assert (cancelled["UID"], cancelled["STATUS"], cancelled["SEQUENCE"]) == (before["UID"], "CANCELLED", 2)
    assert cancelled["SUMMARY"] == "Vervalt: Ouderavond"


def test_both_nights_on_which_the_clock_changes(cast: Cast) -> None:
    put(cast.school, "Voorjaarsnacht", date(2027, 3, 27), last=date(2027, 3, 28), starts=time(20), ends=time(9))
    put(cast.school, "Najaarsnacht", date(2027, 10, 30), last=date(2027, 10, 31), starts=time(20), ends=time(9))
    found = {str(one["SUMMARY"]): one for one in fetched(feed_of(cast, "management"))}
    spring, autumn = found["Voorjaarsnacht"], found["Najaarsnacht"]
    assert spring.start.astimezone(UTC) == datetime(2027, 3, 27, 19, tzinfo=UTC)
    assert spring.end.astimezone(UTC) == datetime(2027, 3, 28, 7, tzinfo=UTC)
    assert autumn.start.astimezone(UTC) == datetime(2027, 10, 30, 18, tzinfo=UTC)
    assert autumn.end.astimezone(UTC) == datetime(2027, 10, 31, 8, tzinfo=UTC)


def test_a_school_in_the_caribbean_has_its_own_clock(cast: Cast) -> None:
    School.objects.filter(pk=cast.second_school.pk).update(timezone="America/Kralendijk")
    cast.second_school.refresh_from_db()
    put(cast.second_school, "Ouderavond", starts=time(19, 30))
    (found,) = [one for one in fetched(feed_of(cast, "second_guardian")) if one["SUMMARY"] == "Ouderavond"]
    assert found.start.astimezone(UTC) == datetime(2026, 12, 8, 23, 30, tzinfo=UTC)


def test_holidays_are_in_it_and_keep_their_name_next_month(cast: Cast) -> None:
    for name, day, group in (("Studiedag", date(2026, 12, 10), None), ("Vrij voor zes", date(2026, 12, 11), cast.six)):
        Holiday.objects.create(school=cast.school, group=group, name=name, starts_on=day, ends_on=day)
    feed, other = feed_of(cast, "guardian"), feed_of(cast, "other_guardian")
    found = {str(one["SUMMARY"]): str(one["UID"]) for one in fetched(feed)}
    assert "Studiedag" in found
    assert any("Kerstvakantie" in name for name in found)
    assert "Vrij voor zes (Groep 6)" not in found
    assert "Vrij voor zes (Groep 6)" in {str(one["SUMMARY"]) for one in fetched(other)}
    with time_machine.travel(datetime(2026, 12, 24, 10, tzinfo=UTC)):
        later = {str(one["SUMMARY"]): str(one["UID"]) for one in fetched(feed)}
    assert later["Studiedag"] == found["Studiedag"]
    christmas = next(name for name in found if "Kerstvakantie" in name)
    assert later[christmas] == found[christmas]


def test_an_app_that_has_it_already_gets_nothing_twice(cast: Cast) -> None:
    put(cast.school, "Ouderavond")
    feed = feed_of(cast, "guardian")
    first = Client().get(feed.path)
    again = Client().get(feed.path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first["Last-Modified"]
    put(cast.school, "Nog iets")
    assert Client().get(feed.path, headers={"If-None-Match": first["ETag"]}).status_code == 200
    head = Client().head(feed.path)
    assert (head.status_code, head["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert "Set-Cookie" not in first.headers


@pytest.mark.both_databases
def test_another_address_stops_the_old_one_and_a_stopped_one_is_gone(cast: Cast) -> None:
    feed = feed_of(cast, "guardian")
    old = feed.path
    renew_feed(by=cast.viewer("guardian"), feed=feed)
    assert Client().get(old).status_code == 404
    assert Client().get(feed.path).status_code == 200
    assert Client().get(old).content == Client().get(reverse("agenda:feed", args=["x"])).content
    with pytest.raises(NotAllowed):
        renew_feed(by=cast.viewer("other_guardian"), feed=feed)
    with pytest.raises(NotAllowed):
        stop_feed(by=cast.viewer("management"), feed=feed)
    stop_feed(by=cast.viewer("guardian"), feed=feed)
    assert Client().get(feed.path).status_code == 404


@pytest.mark.both_databases
def test_two_taps_make_one_address(cast: Cast) -> None:
    viewer = cast.viewer("teacher")
    assert start_feed(by=viewer) == start_feed(by=viewer)
    assert start_feed(by=viewer, group=cast.five) == start_feed(by=viewer, group=cast.five)
    assert Feed.objects.count() == 2


def test_the_database_alone_opens_nothing(cast: Cast, settings: object) -> None:
    feed = feed_of(cast, "guardian")
    token = token_of(feed.seed)
    assert token not in {feed.seed, feed.token_hash}
    settings.SECRET_KEY = "another secret of another server, long enough to be one"  # type: ignore[attr-defined]
    assert token_of(feed.seed) != token


def test_guessing_and_asking_too_often_are_limited(cast: Cast) -> None:
    client = Client()
    found = [client.get(reverse("agenda:feed", args=[f"{n}"])).status_code for n in range(32)]
    assert found == [404] * 30 + [429] * 2
    feed = feed_of(cast, "guardian")
    assert client.get(feed.path).status_code == 200  # who has a good address is not kept out by the guesses
    for _n in range(119):
        client.get(feed.path)
    assert client.get(feed.path).status_code == 429


def test_what_a_feed_asks_does_not_grow_with_the_events(cast: Cast, django_assert_num_queries: object) -> None:
    viewer = cast.viewer("guardian")
    put(cast.school, "Een", groups=(cast.five,))
    entries_for(viewer)
    with django_assert_num_queries(9):  # type: ignore[operator]
        entries_for(cast.viewer("guardian"))
    for n in range(30):
        put(cast.school, f"Nog {n}", groups=(cast.five,))
    with django_assert_num_queries(9):  # type: ignore[operator]
        assert len(entries_for(cast.viewer("guardian"))) > 30


def test_the_page_shows_ones_own_addresses_only(cast: Cast) -> None:
    page = reverse("agenda:on_phone")
    client = cast.client("teacher")
    assert "Maak mijn adres" in client.get(page).content.decode()
    client.post(reverse("agenda:start_feed"))
    client.post(reverse("agenda:start_feed"), {"group": cast.five.public_id})
    shown = client.get(page).content.decode()
    assert shown.count("webcal://localhost") == 2
    assert "webcal://" not in cast.client("duo").get(page).content.decode()
    other = Feed.objects.get(group=cast.five)
    for name in ("agenda:renew_feed", "agenda:stop_feed"):
        assert cast.client("duo").post(reverse(name, args=[other.public_id])).status_code == 404
        assert client.post(reverse(name, args=[other.public_id])).status_code == 302
    assert client.post(reverse("agenda:start_feed"), {"group": cast.six.public_id}).status_code == 403
    assert client.post(reverse("agenda:start_feed"), {"group": cast.second_group.public_id}).status_code == 404
    assert cast.client("board_admin").get(page).status_code == 403
