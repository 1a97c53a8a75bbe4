"""What is held for quiet hours, and how it comes as one message afterwards."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any
from unittest.mock import patch

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from kring.agreements.settings import Window
from kring.notifications import outbox, sending
from kring.notifications.actions import notify
from kring.notifications.jobs import queue_due, replan_waiting
from kring.notifications.models import Delivery, DeliveryState, Notice, OwnHours, Preference
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Bundle, Channel
from kring.people.models import Audience, StaffAbsence, TeamRole
from kring.school.models import Holiday, School
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import NOW, Cast
from tests.notifications.kinds import SECRET, AboutChild, AboutTeamAndFamilies, AboutWork, MoreWork
from tests.notifications.test_outbox import work_off

pytestmark = pytest.mark.django_db
EVENING = NOW.replace(hour=21)
MORNING = NOW.replace(day=25, hour=8)
A_MINUTE = timedelta(minutes=1)


def tell(cast: Cast, kind: type[NoticeKind], *, school: School | None = None) -> Notice:
    school = school or cast.school
    audience = Audience.objects.create(school=school, whole_school=True)
    subject = cast.child if kind is AboutChild else school
    return notify(kind(subject), audience=audience, school=school, not_before=timezone.now())


def mails_to(name: str) -> list[str]:
    return [letter.subject for letter in mail.outbox if letter.to == [f"{name}@example.org"]]


def row_of(cast: Cast, name: str) -> Delivery:
    return Delivery.objects.get(user=cast.user(name), channel=Channel.EMAIL)


def test_nothing_reaches_the_team_in_the_evening_and_in_the_morning_comes_one_message(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        for kind in (AboutWork, MoreWork):
            tell(cast, kind)
        work_off()
        assert mails_to("teacher") == []
        assert Delivery.objects.filter(user=cast.user("teacher"), channel=Channel.INBOX).count() == 2
    with time_machine.travel(MORNING - A_MINUTE, tick=False):
        work_off()
        assert mail.outbox == []
    with time_machine.travel(MORNING, tick=False):
        work_off()
        work_off()
    assert mails_to("teacher") == ["2 nieuwe berichten van De Beuk"]
    letter = next(letter for letter in mail.outbox if letter.to == ["teacher@example.org"])
    assert "http://localhost:8000/inbox/" in letter.body
    assert SECRET not in str(letter.message())
    assert "Voor het team: 2" in letter.body


def test_one_thing_that_was_held_leads_to_itself(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutWork)
        work_off()
    with time_machine.travel(MORNING, tick=False):
        work_off()
    assert mails_to("teacher") == ["Nieuw bericht van De Beuk"]


def test_what_was_read_in_the_app_meanwhile_is_left_out(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutWork)
        tell(cast, MoreWork)
        work_off()
        Delivery.objects.filter(user=cast.user("teacher"), channel=Channel.INBOX).update(read_at=timezone.now())
        first = Delivery.objects.filter(user=cast.user("duo"), channel=Channel.INBOX).first()
        Delivery.objects.filter(pk=first.pk).update(read_at=timezone.now())  # type: ignore[union-attr]
    with time_machine.travel(MORNING, tick=False):
        work_off()
    assert mails_to("teacher") == []
    assert mails_to("duo") == ["Nieuw bericht van De Beuk"]
    states = Delivery.objects.filter(user=cast.user("teacher"), channel=Channel.EMAIL).values_list("state", flat=True)
    assert set(states) == {DeliveryState.DROPPED}


def test_who_left_before_the_morning_gets_nothing(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutWork)
        work_off()
    TeamRole.objects.filter(person=cast.people["teacher"]).update(ends_on=NOW.date())
    with time_machine.travel(MORNING, tick=False):
        work_off()
    assert mails_to("teacher") == []
    assert mails_to("duo") == ["Nieuw bericht van De Beuk"]  # the twin: only the role differs
    assert row_of(cast, "teacher").state == DeliveryState.DROPPED


def test_emphasis_waits_for_the_morning_too_and_a_calamity_does_not(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        with patch.object(AboutWork, "emphasis", True):
            tell(cast, AboutWork)
            work_off()
        assert mails_to("teacher") == []
        with patch.object(AboutWork, "calamity", True):
            tell(cast, AboutWork)
            work_off()
    assert "Lees dit snel: bericht van De Beuk" in mails_to("teacher")


def test_a_teacher_with_a_child_at_the_school_is_told_as_a_parent_of_what_goes_to_parents(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.child, person=cast.people["duo"])
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutTeamAndFamilies)
        work_off()
        assert mails_to("duo") == ["Nieuw bericht van De Beuk"]
        assert mails_to("guardian") == ["Nieuw bericht van De Beuk"]
        assert mails_to("teacher") == []  # the twin: without a child here
        mail.outbox.clear()
        tell(cast, MoreWork)
        work_off()
        assert mails_to("duo") == []  # for her work she is told in the morning


def test_of_two_schools_the_one_that_tells_decides(cast: Cast) -> None:
    user = cast.user("teacher")
    here = make.PersonFactory(school=cast.second_school, user=user)
    make.GuardianshipFactory(child=cast.second_child, person=here)
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutTeamAndFamilies, school=cast.second_school)
        tell(cast, AboutTeamAndFamilies)
        work_off()
    assert mails_to("teacher") == ["Nieuw bericht van De Den"]


def test_a_day_without_work_holds_and_so_does_an_absence(cast: Cast) -> None:
    role = TeamRole.objects.get(person=cast.people["teacher"])
    role.working_days.create(weekday=4)
    StaffAbsence.objects.create(
        school=cast.school, person=cast.people["duo"], starts_on=NOW.date(), ends_on=date(2026, 11, 26)
    )
    tell(cast, AboutWork)
    work_off()
    assert mails_to("office") == ["Nieuw bericht van De Beuk"]
    assert (mails_to("teacher"), mails_to("duo")) == ([], [])
    assert row_of(cast, "teacher").next_try == NOW.replace(day=26, hour=8)
    assert row_of(cast, "duo").next_try == NOW.replace(day=27, hour=8)


@pytest.mark.parametrize("allowed", [True, False])
def test_own_contact_hours_count_where_the_agreement_lets_colleagues_have_them(cast: Cast, allowed: bool) -> None:
    publish(cast, {"contact_hours.per_person": allowed})
    OwnHours.objects.create(school=cast.school, person=cast.people["teacher"], windows=[[2, "13:00", "15:00"]])
    tell(cast, AboutWork)
    work_off()
    assert bool(mails_to("teacher")) is not allowed
    assert mails_to("duo")


@pytest.mark.parametrize("quiet", [True, False])
def test_a_parent_has_quiet_hours_of_her_own(cast: Cast, quiet: bool) -> None:
    hours = {"quiet_from": time(20), "quiet_until": time(7)} if quiet else {}
    Preference.objects.create(user=cast.user("guardian"), **hours)
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutChild)
        work_off()
        assert bool(mails_to("guardian")) is not quiet
        assert mails_to("limited")
    with time_machine.travel(MORNING.replace(hour=7), tick=False):
        work_off()
    assert len(mails_to("guardian")) == 1


def test_an_agreement_that_comes_into_force_moves_what_is_held(cast: Cast) -> None:
    early = tuple(Window(day, time(7), time(17)) for day in range(1, 6))
    publish(cast, {"contact_hours.windows": early}, on=date(2026, 11, 25))
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutWork)
        work_off()
        assert row_of(cast, "teacher").next_try == MORNING  # by the agreement of today
        assert replan_waiting() == 0
    with time_machine.travel(MORNING.replace(hour=0, minute=5), tick=False):
        assert replan_waiting() > 0
        assert row_of(cast, "teacher").next_try == MORNING.replace(hour=7)
        assert replan_waiting() == 0


def test_a_day_that_becomes_free_is_noticed_at_the_moment_itself(cast: Cast) -> None:
    with time_machine.travel(EVENING, tick=False):
        tell(cast, AboutWork)
        work_off()
    Holiday.objects.create(school=cast.school, name="Storm", starts_on=MORNING.date(), ends_on=MORNING.date())
    with time_machine.travel(MORNING, tick=False):
        work_off()
    assert mail.outbox == []
    assert row_of(cast, "teacher").next_try == NOW.replace(day=26, hour=8)


def test_what_was_planned_in_the_last_minute_and_sent_a_minute_late_is_held(cast: Cast) -> None:
    with time_machine.travel(NOW.replace(hour=16, minute=59), tick=False):
        notice = tell(cast, AboutWork)
        outbox.expand(notice)
        assert row_of(cast, "teacher").bundle == Bundle.ALONE
    with time_machine.travel(NOW.replace(hour=17), tick=False):
        work_off()
    assert mail.outbox == []
    assert row_of(cast, "teacher").bundle == Bundle.HELD


def held_for_two_tasks(cast: Cast) -> list[int]:
    with time_machine.travel(EVENING, tick=False):
        for kind in (AboutWork, MoreWork):
            outbox.expand(tell(cast, kind))
    rows = Delivery.objects.filter(user=cast.user("teacher"), channel=Channel.EMAIL).order_by("pk")
    Delivery.objects.filter(pk__in=rows.values("pk")).update(state=DeliveryState.QUEUED)
    return list(rows.values_list("pk", flat=True))


@pytest.mark.both_databases
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_bundle_that_two_tasks_have_in_hand_is_still_one_message(cast: Cast, order: tuple[int, int]) -> None:
    keys = held_for_two_tasks(cast)
    with time_machine.travel(MORNING, tick=False):
        for number in order:
            sending.deliver([keys[number]])
    assert mails_to("teacher") == ["2 nieuwe berichten van De Beuk"]


@pytest.mark.both_databases
def test_without_looking_at_the_whole_bundle_there_would_be_two(cast: Cast) -> None:
    keys = held_for_two_tasks(cast)
    with time_machine.travel(MORNING, tick=False), patch.object(sending, "_whole_bundles", lambda rows, _now: [rows]):
        for key in keys:
            sending.deliver([key])
    assert len(mails_to("teacher")) == 2


def test_a_mail_server_that_refuses_a_summary_gets_all_of_it_again(cast: Cast) -> None:
    keys = held_for_two_tasks(cast)
    with time_machine.travel(MORNING, tick=False):
        with patch.object(sending.email, "send", side_effect=OSError):
            sending.deliver(keys)
        assert set(Delivery.objects.filter(pk__in=keys).values_list("state", "attempts")) == {("waiting", 1)}
    with time_machine.travel(MORNING + 2 * A_MINUTE, tick=False):
        work_off()
    assert mails_to("teacher") == ["2 nieuwe berichten van De Beuk"]


@pytest.mark.both_databases
def test_what_is_held_is_no_work_for_the_worker_before_its_moment(cast: Cast, django_assert_num_queries: Any) -> None:
    with time_machine.travel(EVENING, tick=False):
        outbox.expand(tell(cast, AboutWork))
        Notice.objects.update(state="expanded")
        with django_assert_num_queries(2):
            assert queue_due() == 0
