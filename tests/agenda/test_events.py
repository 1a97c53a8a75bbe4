"""Events: made, seen, changed, cancelled; what people are told of it."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from kring.agenda import actions
from kring.agenda.actions import Again
from kring.agenda.models import Event
from kring.agenda.permissions import Target, can_edit_event
from kring.agenda.wording import changed_sentence
from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from tests import factories as make
from tests.agenda.planning import LATER, plan, seen_by, wanted
from tests.cast import NOW, TODAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def test_an_event_for_a_group_is_seen_by_its_families_and_team_and_by_nobody_else(cast: Cast) -> None:
    event = plan(cast)
    sees = {role for role in cast.people if seen_by(cast, role, event)}
    assert sees == {
        "guardian", "limited", "shielded_guardian", "class_parent", "teacher", "duo", "office", "management",
    }  # fmt: skip


def test_an_event_for_the_school_is_seen_by_all_of_that_school(cast: Cast) -> None:
    event = plan(cast, by="office", whole_school=True)
    for role in ("guardian", "other_guardian", "limited", "other_teacher", "care_coordinator", "parent_council"):
        assert seen_by(cast, role, event), role
    for role in ("none", "former_guardian", "ended_substitute", "second_guardian", "second_management", "board_admin"):
        assert not seen_by(cast, role, event), role


def test_a_planned_event_is_seen_by_its_team_only(cast: Cast) -> None:
    event = plan(cast, by="office", publish=False)
    assert not Notice.objects.exists()
    assert {role for role in cast.people if seen_by(cast, role, event)} == {"teacher", "duo", "office", "management"}
    actions.publish_event(by=cast.viewer("office"), event=event)
    actions.publish_event(by=cast.viewer("office"), event=event)
    assert seen_by(cast, "guardian", event)
    assert Notice.objects.filter(kind="agenda.added").count() == 1


def test_a_family_that_joins_later_sees_what_is_coming_and_one_that_left_does_not(cast: Cast) -> None:
    event = plan(cast)
    assert not seen_by(cast, "former_guardian", event)
    newcomer = make.PersonFactory(school=cast.school, user=make.UserFactory(email="nieuw@example.org"))
    child = make.ChildFactory(school=cast.school, first_name="Nieuw", last_name="Hier")
    make.EnrolmentFactory(child=child, group=cast.five, year_level=5, starts_on=TODAY)
    make.GuardianshipFactory(child=child, person=newcomer, starts_on=TODAY)
    cast.people["newcomer"] = newcomer
    assert seen_by(cast, "newcomer", event)
    leaver = make.PersonFactory(school=cast.school, user=make.UserFactory(email="weg@example.org"))
    gone = make.ChildFactory(school=cast.school, first_name="Weg", last_name="Hier")
    make.EnrolmentFactory(child=gone, group=cast.five, year_level=5, ends_on=TODAY + timedelta(1))
    make.GuardianshipFactory(child=gone, person=leaver)
    cast.people["leaver"] = leaver
    assert not seen_by(cast, "leaver", event), "her child has left by then"


def test_what_is_planned_for_next_year_is_seen_before_the_summer_when_it_is_for_everybody(cast: Cast) -> None:
    far = date(2027, 9, 14)
    for_all = plan(cast, by="office", whole_school=True, starts_on=far)
    for_upper = plan(cast, by="office", target=Target(layer_ids=frozenset({cast.upper.pk})), starts_on=far)
    assert seen_by(cast, "guardian", for_all)
    assert seen_by(cast, "guardian", for_upper)
    assert not seen_by(cast, "former_guardian", for_all)
    assert not seen_by(cast, "second_guardian", for_all)


@pytest.mark.parametrize(
    ("role", "whom", "may"),
    [
        ("teacher", "five", True),
        ("duo", "five", True),
        ("other_teacher", "five", False),
        ("office", "five", True),
        ("management", "school", True),
        ("teacher", "school", False),
        ("guardian", "five", False),
        ("class_parent", "five", False),
        ("parent_council", "school", False),
        ("ended_substitute", "five", False),
        ("second_management", "school", False),
        ("board_admin", "school", False),
        ("signed out", "five", False),
    ],
)
def test_who_may_put_something_in_the_agenda(cast: Cast, role: str, whom: str, *, may: bool) -> None:
    if may:
        assert plan(cast, by=role, whole_school=whom == "school").pk
    else:
        with pytest.raises(NotAllowed):
            plan(cast, by=role, whole_school=whom == "school")


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("teacher", True), ("duo", True), ("office", True), ("management", True), ("other_teacher", False),
        ("care_coordinator", False), ("guardian", False), ("class_parent", False), ("second_office", False),
        ("ended_substitute", False),
    ],
)  # fmt: skip
def test_who_may_change_it(cast: Cast, role: str, *, may: bool) -> None:
    event = plan(cast)
    assert can_edit_event(cast.viewer(role), event) is may
    for act in (
        lambda: actions.change_event(by=cast.viewer(role), event=event, what=wanted(cast, title="Anders")),
        lambda: actions.cancel_event(by=cast.viewer(role), event=event),
    ):
        if may:
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


def test_a_teacher_does_not_change_what_the_office_planned_for_two_groups(cast: Cast) -> None:
    event = plan(cast, by="office", groups=[cast.five, cast.six])
    with pytest.raises(NotAllowed):
        actions.cancel_event(by=cast.viewer("teacher"), event=event)
    actions.cancel_event(by=cast.viewer("office"), event=event)


def test_a_teacher_cannot_move_her_event_to_the_whole_school(cast: Cast) -> None:
    event = plan(cast)
    with pytest.raises(NotAllowed):
        actions.change_event(by=cast.viewer("teacher"), event=event, what=wanted(cast, whole_school=True))
    assert not seen_by(cast, "other_guardian", event)


def test_a_change_is_told_with_what_changed(cast: Cast) -> None:
    event = plan(cast, starts=time(8, 30), ends=time(9, 15))
    changed = wanted(cast, starts_on=LATER + timedelta(1), starts=time(9), ends=time(10), place="Aula")
    actions.change_event(by=cast.viewer("teacher"), event=event, what=changed)
    event.refresh_from_db()
    assert event.version == 1
    assert changed_sentence(event) == "Nieuw moment: woensdag 9 december, 9.00 – 10.00. Nieuwe plek: Aula."
    assert Notice.objects.filter(kind="agenda.changed").count() == 1


def test_what_only_the_team_cares_about_is_not_told(cast: Cast) -> None:
    event = plan(cast)
    actions.change_event(by=cast.viewer("teacher"), event=event, what=wanted(cast, is_important=True))
    assert not Notice.objects.filter(kind="agenda.changed").exists()


def test_two_colleagues_do_not_overwrite_each_other(cast: Cast) -> None:
    event = plan(cast)
    actions.change_event(by=cast.viewer("duo"), event=event, what=wanted(cast, place="Aula"), version=0)
    with pytest.raises(Refused, match="collega"):
        actions.change_event(by=cast.viewer("teacher"), event=event, what=wanted(cast, place="Plein"), version=0)
    event.refresh_from_db()
    assert event.place == "Aula"


def test_without_the_version_the_second_would_win_unseen(cast: Cast) -> None:
    event = plan(cast)
    actions.change_event(by=cast.viewer("duo"), event=event, what=wanted(cast, place="Aula"))
    actions.change_event(by=cast.viewer("teacher"), event=event, what=wanted(cast, place="Plein"))
    assert Event.objects.get().place == "Plein"


def test_a_cancelled_event_stays_and_can_go_on_after_all(cast: Cast) -> None:
    event = plan(cast)
    actions.cancel_event(by=cast.viewer("teacher"), event=event, reason="Storm")
    actions.cancel_event(by=cast.viewer("duo"), event=event, reason="Nog eens")
    event.refresh_from_db()
    assert (event.is_cancelled, event.reason) == (True, "Storm")
    assert seen_by(cast, "guardian", event)
    assert Notice.objects.filter(kind="agenda.cancelled").count() == 1
    with pytest.raises(Refused):
        actions.change_event(by=cast.viewer("teacher"), event=event, what=wanted(cast))
    actions.revive_event(by=cast.viewer("teacher"), event=event)
    assert not event.is_cancelled
    assert changed_sentence(event) == "Het gaat toch door."


def test_only_a_plan_is_thrown_away(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.remove_event(by=cast.viewer("teacher"), event=plan(cast))
    planned = plan(cast, publish=False)
    actions.remove_event(by=cast.viewer("teacher"), event=planned)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ({"title": "  "}, "naam"),
        ({"ends_on": LATER - timedelta(1)}, "laatste dag"),
        ({"starts": time(9), "ends": time(9)}, "einde"),
        ({"ends": time(9)}, "begint"),
        ({"starts_on": date(2126, 12, 8)}, "schooljaren"),
        ({"starts_on": date(1926, 12, 8)}, "schooljaren"),
        ({"ends_on": LATER + timedelta(200)}, "honderd"),
        ({"text": "x" * 5001}, "te lang"),
        ({"groups": []}, "voor wie"),
        ({"rsvp": "person", "rsvp_until": LATER + timedelta(1)}, "antwoorden"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(cast: Cast, what: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        plan(cast, by="office", **what)  # type: ignore[arg-type]
    assert not Event.objects.exists()


def test_hours_are_those_of_the_school_also_in_the_nights_of_the_clock(cast: Cast) -> None:
    event = plan(cast, starts_on=date(2027, 3, 28), starts=time(3, 30), ends=time(4))
    assert event.begins_at.utcoffset() == timedelta(hours=2)
    assert (event.over_at - event.begins_at) == timedelta(minutes=30)
    whole_night = plan(cast, starts_on=date(2027, 3, 28))
    assert (whole_night.over_at.timestamp() - whole_night.begins_at.timestamp()) == 23 * 3600


def test_a_series_has_events_of_its_own_on_school_days(cast: Cast) -> None:
    first = plan(cast, starts_on=date(2026, 12, 8), again=Again("weekly", date(2027, 1, 19)))
    days = list(Event.objects.in_order().values_list("starts_on", flat=True))
    assert days == [date(2026, 12, 8), date(2026, 12, 15), date(2027, 1, 5), date(2027, 1, 12), date(2027, 1, 19)]
    assert Notice.objects.filter(kind="agenda.added").count() == 1
    second = Event.objects.in_order()[1]
    actions.change_event(
        by=cast.viewer("teacher"),
        event=second,
        what=wanted(cast, starts_on=second.starts_on, place="Gym"),
        following=True,
    )
    assert list(Event.objects.in_order().values_list("place", flat=True)) == ["", "Gym", "Gym", "Gym", "Gym"]
    said = [(event.changed, event.changed_at is not None) for event in Event.objects.in_order()]
    assert said == [([], False), *[(["place"], True)] * 4]
    actions.cancel_event(by=cast.viewer("teacher"), event=second)
    assert [event.is_cancelled for event in Event.objects.in_order()] == [False, True, False, False, False]
    actions.cancel_event(by=cast.viewer("teacher"), event=first, following=True)
    assert all(event.is_cancelled for event in Event.objects.all())


def test_nothing_is_told_of_what_is_over(cast: Cast) -> None:
    event = plan(cast, starts_on=TODAY - timedelta(3))
    assert not Notice.objects.exists()
    actions.cancel_event(by=cast.viewer("teacher"), event=event)
    assert not Notice.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"ends_on": LATER - timedelta(1)},
        {"ends": time(9)},
        {"starts": time(9), "ends": time(8)},
        {"state": "published", "visible_from": None},
    ],
)
def test_the_database_holds_it_too(cast: Cast, wrong: dict[str, object]) -> None:
    event = plan(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(**wrong)


def test_after_the_closing_date_last_years_agenda_is_closed(cast: Cast) -> None:
    event = plan(cast)
    with time_machine.travel(NOW.replace(year=2027, month=9, day=20)):
        assert seen_by(cast, "office", event)
    with time_machine.travel(NOW.replace(year=2027, month=10, day=2)):
        assert not seen_by(cast, "guardian", event)
