"""What the office typed wrong can be put right, and leaves nothing behind for a family that should not have it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from kring.audit.models import AuditEvent
from kring.core.access import NotAllowed, Refused
from kring.people import actions
from kring.people.models import Child, Enrolment, Guardianship, Person
from tests import factories as make
from tests.cast import TODAY, Cast

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(1)


def test_the_year_level_and_first_day_of_a_child_in_a_group_are_corrected_on_a_page(cast: Cast) -> None:
    seat = cast.sibling.enrolments.get()
    where = reverse("people:change_enrolment", args=[cast.school.public_id, seat.public_id])
    cast.client("office").post(where, {"year_level": "1", "starts_on": "2026-09-07"})
    seat.refresh_from_db()
    assert (seat.year_level, seat.starts_on) == (1, date(2026, 9, 7))
    assert AuditEvent.objects.filter(what="people.enrolment_changed").count() == 1


def test_a_first_day_in_another_year_or_in_another_class_is_refused(cast: Cast) -> None:
    by, seat = cast.viewer("office"), cast.child.enrolments.get()
    moved = actions.move_child(by=by, enrolment=seat, group=cast.six, year_level=6, starts_on=TODAY)
    for day in (date(2026, 7, 31), YESTERDAY):
        with pytest.raises(Refused):
            actions.change_enrolment(by=by, enrolment=moved, year_level=6, starts_on=day)
    later = TODAY + timedelta(7)
    assert actions.change_enrolment(by=by, enrolment=moved, year_level=6, starts_on=later).starts_on == later


def test_only_office_and_management_correct_it(cast: Cast) -> None:
    seat = cast.child.enrolments.get()
    change = {"enrolment": seat, "year_level": 4, "starts_on": seat.starts_on}
    with pytest.raises(NotAllowed):
        actions.change_enrolment(by=cast.viewer("teacher"), **change)
    assert actions.change_enrolment(by=cast.viewer("office"), **change).year_level == 4


def test_a_child_put_in_the_wrong_group_today_leaves_nothing_there(cast: Cast) -> None:
    by = cast.viewer("office")
    child = make.ChildFactory(school=cast.school)
    wrong = actions.enrol_child(by=by, child=child, group=cast.six, year_level=6, starts_on=TODAY)
    actions.end_enrolment(by=by, enrolment=wrong, ends_on=YESTERDAY)
    assert not Enrolment.objects.filter(child=child).exists()
    old = cast.child.enrolments.get()  # began in August: that is history, and stays
    with pytest.raises(Refused):
        actions.end_enrolment(by=by, enrolment=old, ends_on=old.starts_on - timedelta(1))


@pytest.mark.parametrize(("starts_on", "wanted"), [(TODAY, "ended"), (date(2026, 8, 1), "withdrawn")])
def test_the_log_says_that_a_moved_child_left_its_group(cast: Cast, starts_on: date, wanted: str) -> None:
    seat = cast.child.enrolments.get()
    actions.move_child(by=cast.viewer("office"), enrolment=seat, group=cast.six, year_level=6, starts_on=starts_on)
    assert AuditEvent.objects.filter(what=f"people.enrolment_{wanted}").count() == 1


def test_a_child_that_left_in_summer_is_written_down_in_august(cast: Cast) -> None:
    with time_machine.travel("2027-08-16 10:00 +0200", tick=False):
        actions.end_child(by=cast.viewer("management"), child=cast.child, ends_on=date(2027, 8, 16))
        assert cast.child.enrolments.get().ends_on == date(2027, 7, 31)
        assert cast.child in Child.objects.gone_on(date(2027, 8, 17))


def test_a_child_added_by_mistake_is_removed_with_its_guardianships(cast: Cast) -> None:
    child = make.ChildFactory(school=cast.school)
    make.GuardianshipFactory(child=child, person=cast.people["guardian"])
    with pytest.raises(NotAllowed):
        actions.remove_child(by=cast.viewer("teacher"), child=child)
    cast.client("office").post(reverse("people:remove_child", args=[cast.school.public_id, child.public_id]))
    assert not Child.objects.filter(pk=child.pk).exists()
    assert Guardianship.objects.filter(person=cast.people["guardian"]).count() == 2


def test_a_child_that_ever_sat_in_a_group_is_not_removed(cast: Cast) -> None:
    where = reverse("people:remove_child", args=[cast.school.public_id, cast.child.public_id])
    page = cast.client("office").post(where, follow=True)
    assert Child.objects.filter(pk=cast.child.pk).exists()
    assert page.context["messages"]


def test_an_adult_added_by_mistake_is_removed_and_one_who_belongs_here_is_not(cast: Cast) -> None:
    client, school = cast.client("office"), cast.school.public_id
    stranger = make.PersonFactory(school=cast.school, user=None)
    invited = make.PersonFactory(school=cast.school, user=None)
    make.GuardianshipFactory(child=cast.child, person=invited)
    for person in (stranger, invited, cast.people["teacher"]):
        client.post(reverse("people:remove_person", args=[school, person.public_id]))
    assert not Person.objects.filter(pk=stranger.pk).exists()
    assert Person.objects.filter(pk__in=[invited.pk, cast.people["teacher"].pk]).count() == 2


def test_who_has_not_joined_is_invited_from_her_own_page(cast: Cast) -> None:
    newcomer = make.PersonFactory(school=cast.school, user=None, email="nieuw@example.org")
    client = cast.client("office")
    page = client.get(reverse("people:person", args=[cast.school.public_id, newcomer.public_id])).content.decode()
    assert reverse("accounts:invite_one", args=[cast.school.public_id, newcomer.public_id]) in page
    member = [cast.school.public_id, cast.people["guardian"].public_id]
    joined = client.get(reverse("people:person", args=member)).content.decode()
    assert reverse("accounts:invite_one", args=member) + '"' not in joined
    assert reverse("accounts:sign_in_help", args=member) in joined


def test_nobody_gives_herself_the_role_of_management(cast: Cast) -> None:
    role = {"kind": "management", "starts_on": TODAY}
    with pytest.raises(Refused):
        actions.give_role(by=cast.viewer("office"), person=cast.people["office"], **role)
    given = actions.give_role(by=cast.viewer("management"), person=cast.people["office"], **role)
    assert given.person == cast.people["office"]
