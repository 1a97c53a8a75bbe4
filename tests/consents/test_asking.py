"""Asking again: the yearly round, its reminders, and who is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import transaction
from django.urls import NoReverseMatch, reverse

from kring.consents import rules
from kring.consents.actions import remind, start_due_renewal, start_renewal
from kring.consents.jobs import ask_again, remind_again
from kring.consents.models import Reminder, Renewal, Withdrawal
from kring.core.access import NotAllowed, Refused
from kring.notifications import outbox, sending
from kring.notifications.inbox import inbox_page
from kring.notifications.models import Delivery, DeliveryState, Notice
from kring.people.models import Guardianship
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, Cast
from tests.consents.giving import say, second_parent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
# Whoever answers for a child at the school; "limited" and "none" have no authority, the other school is another school.
ASKED = {"guardian", "other_guardian", "shielded_guardian", "class_parent", "parent_council"}


@pytest.fixture
def agreed(cast: Cast) -> Cast:
    """The cast after its school published agreements in August, with September as the month."""
    with time_machine.travel(datetime(2026, 8, 3, 12, tzinfo=AMSTERDAM)):
        publish(cast, on=date(2026, 8, 3))
    return cast


def told(cast: Cast) -> set[str]:
    """Expand every notice that is due, and return the roles who have it in their inbox."""
    for notice in Notice.objects.all():
        outbox.expand(notice)
    users = set(Delivery.objects.filter(channel="inbox").values_list("user_id", flat=True))
    return {role for role, person in cast.people.items() if person.user_id in users}


def _without_photos(name: str, **options: Any) -> str:
    if name.startswith("photos:"):
        raise NoReverseMatch
    return reverse(name, **options)


def titles(cast: Cast, role: str) -> list[str]:
    return [line.told.title() for line in inbox_page(cast.viewer(role)).lines if line.told]


@pytest.mark.parametrize("role", ROLES)
def test_office_and_management_start_a_round(cast: Cast, role: str) -> None:
    if role in {"office", "management"}:
        start_renewal(by=cast.viewer(role), school=cast.school)
        assert Renewal.objects.get().started_by == cast.people[role]
    else:
        with pytest.raises(NotAllowed):
            start_renewal(by=cast.viewer(role), school=cast.school)


def test_everybody_with_authority_is_told_and_nobody_else(cast: Cast) -> None:
    Guardianship.objects.filter(person=cast.people["parent_council"]).update(authority="unknown")
    start_renewal(by=cast.viewer("office"), school=cast.school)
    assert told(cast) == ASKED - {"parent_council"}
    assert titles(cast, "guardian") == ["Mag uw kind op de foto? De school vraagt het opnieuw"]


def test_a_second_round_in_a_school_year_is_refused(cast: Cast) -> None:
    start_renewal(by=cast.viewer("office"), school=cast.school)
    with pytest.raises(Refused):
        start_renewal(by=cast.viewer("management"), school=cast.school)
    assert Notice.objects.count() == 1
    start_renewal(by=cast.viewer("second_office"), school=cast.second_school)


def test_without_purposes_or_a_school_year_there_is_nothing_to_ask(cast: Cast) -> None:
    publish(cast, {"consent_purposes.purposes": ()})
    with pytest.raises(Refused):
        start_renewal(by=cast.viewer("office"), school=cast.school)
    with time_machine.travel(datetime(2029, 9, 3, 10, tzinfo=AMSTERDAM)), pytest.raises(Refused):
        start_renewal(by=cast.viewer("second_office"), school=cast.second_school)


@pytest.mark.parametrize(
    ("moment", "begins"),
    [
        (datetime(2026, 8, 31, 10, tzinfo=AMSTERDAM), False),
        (datetime(2026, 9, 1, 0, 5, tzinfo=AMSTERDAM), True),
        (datetime(2026, 9, 5, 10, tzinfo=AMSTERDAM), False),  # a Saturday: Monday is soon enough
        (datetime(2026, 9, 30, 23, 59, tzinfo=AMSTERDAM), True),
        (datetime(2026, 10, 1, 0, 5, tzinfo=AMSTERDAM), False),
    ],
    ids=str,
)
def test_the_clock_begins_the_round_in_the_agreed_month(agreed: Cast, moment: datetime, begins: bool) -> None:
    with time_machine.travel(moment, tick=False):
        assert ask_again() == int(begins)
        assert ask_again() == 0
    assert Renewal.objects.count() == int(begins)


def test_what_the_clock_begins_at_night_is_told_in_the_morning(agreed: Cast) -> None:
    with time_machine.travel(datetime(2026, 9, 1, 0, 5, tzinfo=AMSTERDAM)):
        ask_again()
    assert Notice.objects.get().not_before == datetime(2026, 9, 1, 9, tzinfo=AMSTERDAM)


def test_a_school_that_agreed_nothing_yet_asks_nobody(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 9, 1, 10, tzinfo=AMSTERDAM)):
        assert ask_again() == 0


def test_two_clocks_at_once_begin_one_round(agreed: Cast) -> None:
    with time_machine.travel(datetime(2026, 9, 1, 10, tzinfo=AMSTERDAM)):
        ask_again()
        # The second clock looked before the first had written: the constraint stops it.
        with transaction.atomic():
            assert start_due_renewal(school=agreed.school, now=NOW) is None
    assert Renewal.objects.count() == Notice.objects.count() == 1


def test_the_clock_reminds_twice_and_only_who_has_not_answered(agreed: Cast) -> None:
    start = datetime(2026, 9, 1, 10, tzinfo=AMSTERDAM)
    with time_machine.travel(start):
        ask_again()
    with time_machine.travel(start + timedelta(days=2)):
        say(agreed, "guardian", agreed.child, True)  # her other child still waits
        say(agreed, "shielded_guardian", agreed.shielded, False)
    sent: dict[int, set[str]] = {}
    for day in range(60):
        with time_machine.travel(start + timedelta(days=day)):
            if remind_again():
                assert remind_again() == 0
                Delivery.objects.all().delete()
                notices = Notice.objects.filter(kind="consents.reminded", state="waiting")
                for notice in notices:
                    outbox.expand(notice)
                users = set(Delivery.objects.values_list("user_id", flat=True))
                sent[day] = {role for role, person in agreed.people.items() if person.user_id in users}
    rest = {"guardian", "class_parent", "other_guardian", "parent_council"}
    assert sent == {7: rest, 21: rest}


def test_a_reminder_waits_for_a_school_day(agreed: Cast) -> None:
    start = datetime(2026, 9, 26, 10, tzinfo=AMSTERDAM)  # a Saturday: by hand
    with time_machine.travel(start):
        start_renewal(by=agreed.viewer("office"), school=agreed.school)
    with time_machine.travel(start + timedelta(days=7)):
        assert remind_again() == 0
    with time_machine.travel(start + timedelta(days=9)):
        assert remind_again() == 3


@pytest.mark.parametrize("role", ROLES)
def test_who_may_read_may_remind(cast: Cast, role: str) -> None:
    if role in {"teacher", "duo"}:
        assert remind(by=cast.viewer(role), group=cast.five) == 3
    else:
        with pytest.raises(NotAllowed):
            remind(by=cast.viewer(role), group=cast.five)


def test_a_group_is_reminded_once_a_day_by_whomever(cast: Cast) -> None:
    remind(by=cast.viewer("teacher"), group=cast.five)
    with pytest.raises(Refused):
        remind(by=cast.viewer("duo"), group=cast.five)
    remind(by=cast.viewer("other_teacher"), group=cast.six)
    with time_machine.travel(NOW + timedelta(days=1)):
        remind(by=cast.viewer("duo"), group=cast.five)
    assert Reminder.objects.count() == 3


def test_nobody_is_reminded_when_everybody_answered(cast: Cast) -> None:
    for role, child in (("guardian", cast.child), ("shielded_guardian", cast.shielded)):
        say(cast, role, child, False)
    remind(by=cast.viewer("teacher"), group=cast.five)
    assert told(cast) == {"class_parent"}
    bo = cast.people["class_parent"].guardianships.get().child
    say(cast, "class_parent", bo, True)
    with time_machine.travel(NOW + timedelta(days=1)), pytest.raises(Refused):
        remind(by=cast.viewer("teacher"), group=cast.five)


def test_the_answer_of_one_parent_is_enough(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True)
    remind(by=cast.viewer("teacher"), group=cast.five)
    assert told(cast) == {"shielded_guardian", "class_parent"}


def test_an_answer_before_the_round_still_counts_and_is_asked_again(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    with time_machine.travel(NOW + timedelta(days=1)):
        start_renewal(by=cast.viewer("office"), school=cast.school)
        remind(by=cast.viewer("teacher"), group=cast.five)
        Delivery.objects.all().delete()
        for notice in Notice.objects.filter(kind="consents.reminded"):
            outbox.expand(notice)
        users = set(Delivery.objects.values_list("user_id", flat=True))
        assert cast.people["guardian"].user_id in users


def test_the_team_of_the_group_is_told_of_a_withdrawal_and_nobody_else(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "guardian", cast.child, False, "website")
    assert told(cast) == {"teacher", "duo"}
    assert titles(cast, "teacher") == ["Een toestemming is gewijzigd in Groep 5"]
    (line,) = [line.told for line in inbox_page(cast.viewer("teacher")).lines if line.told]
    assert line.link() == reverse("photos:hidden", args=[cast.school.public_id, cast.five.public_id])
    assert cast.client("teacher").get(line.link()).status_code == 200
    with patch("kring.consents.notices.reverse", side_effect=_without_photos):  # where nothing shows photos
        assert cast.client("teacher").get(line.link()).status_code == 200


def test_the_office_is_told_as_well_when_it_reads_consents(cast: Cast) -> None:
    publish(cast, {"consent_readers.office": True})
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "guardian", cast.child, False, "website")
    assert told(cast) == {"teacher", "duo", "office"}


def test_no_mail_names_a_child_or_says_what_was_answered(cast: Cast) -> None:
    child = cast.child
    child.first_name = "Zwaluwkind"
    child.save()
    start_renewal(by=cast.viewer("office"), school=cast.school)
    say(cast, "guardian", child, True, "website")
    say(cast, "guardian", child, False, "website")
    remind(by=cast.viewer("teacher"), group=cast.five)
    told(cast)
    mails = list(Delivery.objects.filter(channel="email").values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=mails).update(state=DeliveryState.QUEUED)
    assert sending.deliver(mails) == len(mails) > 5
    for sent in mail.outbox:
        words = f"{sent.subject} {sent.body} {sent.alternatives}"
        assert "Zwaluwkind" not in words
        assert "toestemming" not in words.lower()
    for role in ("guardian", "teacher"):
        assert not [title for title in titles(cast, role) if "Zwaluwkind" in title]


def test_a_withdrawal_after_the_child_left_reaches_its_last_group(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    cast.child.enrolments.update(ends_on=date(2026, 11, 20))
    say(cast, "guardian", cast.child, False, "website")
    assert Withdrawal.objects.get().group == cast.five


def test_a_child_in_two_groups_is_told_of_in_both(cast: Cast) -> None:
    extra = make.GroupFactory(school_year=cast.year, name="Plusgroep", kind="extra")
    make.EnrolmentFactory(child=cast.child, group=extra)
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "guardian", cast.child, False, "website")
    assert {row.group for row in Withdrawal.objects.all()} == {cast.five, extra}


@pytest.mark.parametrize(
    ("day", "is_open"),
    [(date(2026, 8, 31), False), (date(2026, 9, 1), True), (date(2026, 9, 30), True), (date(2026, 10, 1), False)],
)
def test_the_window_is_the_month(day: date, is_open: bool) -> None:
    assert rules.is_window_open(window="renewal_month", month=9, today=day, asked_on=None) is is_open
    assert rules.is_window_open(window="always", month=9, today=day, asked_on=None)


def test_a_round_begun_by_hand_opens_the_window_for_a_month() -> None:
    def is_open(day: date) -> bool:
        return rules.is_window_open(window="renewal_month", month=9, today=day, asked_on=date(2026, 11, 30))

    assert [is_open(date(2026, 11, 29)), is_open(date(2026, 11, 30)), is_open(date(2026, 12, 30))] == [
        False, True, True,
    ]  # fmt: skip
    assert not is_open(date(2026, 12, 31))


def test_a_month_without_school_begins_on_its_last_day() -> None:
    due = [
        day
        for day in (date(2027, 2, n) for n in range(1, 29))
        if rules.is_renewal_due(month=2, today=day, is_school_day=False)
    ]
    assert due == [date(2027, 2, 28)]
