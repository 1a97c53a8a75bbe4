"""The reminder of an important event (A2): made ready by the clock, out by itself, unless somebody holds it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from kring.agenda import actions, jobs
from kring.agenda.models import Event, Reminder, ReminderState
from kring.agenda.rules import reminder_moments
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from kring.people.models import TeamRole
from kring.posts.jobs import publish_due_posts
from kring.posts.models import Post
from tests.agenda.planning import plan, wanted
from tests.cast import NOW, Cast
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ZONE = ZoneInfo("Europe/Amsterdam")
DAY = date(2027, 1, 28)  # a Thursday; three weeks before it is Thursday 7 January
READY = datetime(2026, 12, 31, 8, 5, tzinfo=ZONE)
OUT = datetime(2027, 1, 7, 8, 1, tzinfo=ZONE)


def important(cast: Cast, **what: object) -> Event:
    return plan(cast, title="Kunstmarkt", starts_on=DAY, starts=time(17), place="Plein", is_important=True, **what)  # type: ignore[arg-type]


def ready(cast: Cast, **what: object) -> Reminder:
    important(cast, **what)
    with time_machine.travel(READY):
        assert jobs.prepare_reminders() == 1
    return Reminder.objects.get()


def test_it_stands_ready_a_week_before_and_goes_out_by_itself(cast: Cast) -> None:
    important(cast)
    assert jobs.prepare_reminders() == 0
    with time_machine.travel(READY):
        assert jobs.prepare_reminders() == 1
        assert jobs.prepare_reminders() == 0, "once"
        assert publish_due_posts() == 0
    post = Post.objects.get()
    assert (post.state, post.kind, post.author) == ("scheduled", "announcement", cast.people["teacher"])
    assert post.publish_at == datetime(2027, 1, 7, 8, tzinfo=ZONE)
    assert post.title == "Binnenkort: Kunstmarkt"
    assert post.source == "Donderdag 28 januari, 17.00, Plein."
    notice = Notice.objects.get(kind="agenda.reminder_ready")
    assert list(notice.audience.persons.all()) == [cast.people["teacher"]]
    with time_machine.travel(OUT):
        assert publish_due_posts() == 1
    with time_machine.travel(OUT + timedelta(minutes=1)):
        assert Post.objects.readable_by(cast.viewer("guardian")).count() == 1
        assert not Post.objects.readable_by(cast.viewer("other_guardian")).exists()


def test_what_is_not_important_has_none(cast: Cast) -> None:
    plan(cast, starts_on=DAY)
    with time_machine.travel(READY):
        assert jobs.prepare_reminders() == 0


def test_held_it_does_not_go_out(cast: Cast) -> None:
    reminder = ready(cast)
    with time_machine.travel(READY + timedelta(1)):
        actions.hold_reminder(by=cast.viewer("teacher"), reminder=reminder)
        with pytest.raises(Refused):
            actions.hold_reminder(by=cast.viewer("teacher"), reminder=Reminder.objects.get())
    with time_machine.travel(OUT):
        assert (publish_due_posts(), jobs.prepare_reminders()) == (0, 0)
    assert Post.objects.get().state == "draft"


def test_sent_now_it_is_out_and_not_again(cast: Cast) -> None:
    reminder = ready(cast)
    with time_machine.travel(READY + timedelta(1)):
        actions.send_reminder_now(by=cast.viewer("teacher"), reminder=reminder)
        with pytest.raises(Refused):
            actions.send_reminder_now(by=cast.viewer("teacher"), reminder=Reminder.objects.get())
    with time_machine.travel(OUT):
        assert publish_due_posts() == 0
        assert Post.objects.readable_by(cast.viewer("guardian")).count() == 1


def test_only_who_may_change_the_event_holds_or_sends_it(cast: Cast) -> None:
    reminder = ready(cast)
    with time_machine.travel(READY + timedelta(1)):
        for role in ("guardian", "class_parent", "other_teacher", "second_management", "ended_substitute"):
            with pytest.raises(NotAllowed):
                actions.hold_reminder(by=cast.viewer(role), reminder=reminder)
            with pytest.raises(NotAllowed):
                actions.send_reminder_now(by=cast.viewer(role), reminder=reminder)
        actions.hold_reminder(by=cast.viewer("duo"), reminder=reminder)


def test_when_the_event_is_cancelled_the_reminder_is_gone(cast: Cast) -> None:
    reminder = ready(cast)
    with time_machine.travel(READY + timedelta(1)):
        actions.cancel_event(by=cast.viewer("duo"), event=reminder.event)
    with time_machine.travel(OUT):
        assert (jobs.prepare_reminders(), publish_due_posts()) == (0, 0)
    assert not Post.objects.exists()


def test_when_the_day_changes_a_new_one_is_made(cast: Cast) -> None:
    reminder = ready(cast)
    with time_machine.travel(READY + timedelta(1)):
        what = wanted(cast, title="Kunstmarkt", starts_on=DAY + timedelta(7), is_important=True)
        actions.change_event(by=cast.viewer("teacher"), event=reminder.event, what=what)
        assert not Post.objects.exists()
    with time_machine.travel(READY + timedelta(7)):
        assert jobs.prepare_reminders() == 1
    assert Post.objects.get().source == "Donderdag 4 februari."


def test_when_its_owner_left_it_waits_for_the_office_and_is_never_sent_in_her_name(cast: Cast) -> None:
    important(cast)
    TeamRole.objects.filter(person=cast.people["teacher"]).update(ends_on=date(2026, 12, 1))
    with time_machine.travel(READY):
        assert jobs.prepare_reminders() == 1
    reminder = Reminder.objects.get()
    assert (reminder.state, reminder.post) == (ReminderState.STUCK, None)
    kinds = set(Notice.objects.get(kind="agenda.reminder_ready").audience.roles.values_list("kind", flat=True))
    assert kinds == {"office", "management"}
    with time_machine.travel(READY + timedelta(1)):
        with pytest.raises(NotAllowed):
            actions.take_up_reminder(by=cast.viewer("teacher"), reminder=reminder)
        actions.take_up_reminder(by=cast.viewer("office"), reminder=reminder)
        with pytest.raises(Refused):
            actions.take_up_reminder(by=cast.viewer("management"), reminder=Reminder.objects.get())
    assert Post.objects.get().author == cast.people["office"]


def test_who_left_after_it_was_made_ready_sends_nothing(cast: Cast) -> None:
    ready(cast)
    TeamRole.objects.filter(person=cast.people["teacher"]).update(ends_on=date(2027, 1, 1))
    with time_machine.travel(OUT):
        assert publish_due_posts() == 0
    assert Post.objects.get().held_since is not None


def test_what_was_told_within_three_weeks_needs_no_reminder(cast: Cast) -> None:
    plan(cast, starts_on=NOW.date() + timedelta(10), is_important=True)
    assert jobs.prepare_reminders() == 0
    with time_machine.travel(NOW + timedelta(2)):
        assert jobs.prepare_reminders() == 0


def test_marked_important_later_it_goes_out_within_contact_hours(cast: Cast) -> None:
    event = plan(cast, starts_on=DAY)
    with time_machine.travel(datetime(2027, 1, 15, 22, tzinfo=ZONE)):  # a Friday evening, after its moment
        actions.change_event(
            by=cast.viewer("teacher"), event=event, what=wanted(cast, starts_on=DAY, is_important=True)
        )
        assert jobs.prepare_reminders() == 1
    assert Post.objects.get().publish_at == datetime(2027, 1, 18, 8, tzinfo=ZONE)


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_it_once(cast: Cast) -> None:
    important(cast)
    with time_machine.travel(READY):
        at_once(*[jobs.prepare_reminders] * 3)
    assert (Reminder.objects.count(), Post.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("begins_on", "free", "sends_at"),
    [
        (date(2026, 12, 17), set(), datetime(2026, 11, 26, 8, tzinfo=ZONE)),
        (date(2026, 12, 13), set(), datetime(2026, 11, 20, 8, tzinfo=ZONE)),  # Sunday: the Friday before
        (date(2026, 12, 17), {date(2026, 11, 26), date(2026, 11, 25)}, datetime(2026, 11, 24, 8, tzinfo=ZONE)),
    ],
)
def test_the_moments(begins_on: date, free: set[date], sends_at: datetime) -> None:
    found = reminder_moments(
        begins_on,
        weeks=3,
        zone=ZONE,
        opens_on=lambda day: time(8) if day.isoweekday() < 6 else None,
        is_school_day=lambda day: day.isoweekday() < 6 and day not in free,
    )
    assert found
    assert found.sends_at == sends_at
    assert found.ready_at == sends_at - timedelta(7)
