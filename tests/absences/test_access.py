"""Who sees an absence, may report it, and may act on it: every role of the cast, with an explicit no."""

from __future__ import annotations

import pytest

from kring.absences import actions, permissions
from kring.absences.models import Absence, Appointment, LeaveDocument, LeaveRequest
from kring.absences.rules import LeaveState, Reason
from kring.core.access import NotAllowed
from kring.people.models import KeepApart
from tests import factories as make
from tests.absences.reporting import IN_APP, a_visit, ill, leave, logged, visiting, who_may, who_sees
from tests.agreements.making import publish
from tests.cast import ROLES, Cast
from tests.files import papers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEAM = {"teacher", "duo"}
KEEPERS = {"office", "management"}
NOBODY_ELSE = sorted(set(ROLES) - {"guardian"})


def test_a_visit_is_of_the_full_guardians_the_teachers_and_the_office(cast: Cast) -> None:
    [row] = visiting(cast)
    assert who_sees(cast, row) == {"guardian"} | TEAM | KEEPERS


def test_the_visit_of_a_shielded_child_is_of_its_own_family_teachers_and_office(cast: Cast) -> None:
    [row] = visiting(cast, cast.shielded, by="shielded_guardian")
    assert who_sees(cast, row) == {"shielded_guardian"} | TEAM | KEEPERS


def test_two_children_at_once_are_two_rows_and_each_team_sees_its_own(cast: Cast) -> None:
    first, second = visiting(cast, cast.child, cast.sibling)
    assert who_sees(cast, first) == {"guardian"} | TEAM | KEEPERS
    assert who_sees(cast, second) == {"guardian"} | KEEPERS


@pytest.mark.parametrize("role", NOBODY_ELSE)
def test_nobody_but_a_full_guardian_reports_for_the_child(cast: Cast, role: str) -> None:
    publish(cast, IN_APP | {"leave.way": "app"})
    for act in (
        lambda by: actions.report_visit(by=by, children=[cast.child], visit=a_visit()),
        lambda by: actions.report_absence(by=by, child=cast.child, reason=Reason.ILL, day=a_visit().day),
    ):
        with pytest.raises(NotAllowed):
            act(cast.viewer(role))
        assert act(cast.viewer("guardian"))
    with pytest.raises(NotAllowed):
        leave(cast, by=role, agree=False)
    assert leave(cast, agree=False).pk


def test_a_guardian_reports_for_no_child_of_another_even_beside_her_own(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        visiting(cast, cast.child, cast.other_child)
    assert Appointment.objects.count() == 0, "nothing half-written"
    assert len(visiting(cast, cast.child, cast.sibling)) == 2


def test_only_a_full_guardian_changes_and_withdraws(cast: Cast) -> None:
    [row] = visiting(cast)
    assert who_may(cast, permissions.can_change_visit, row) == {"guardian"}
    for role in NOBODY_ELSE:
        with pytest.raises(NotAllowed):
            actions.withdraw_visit(by=cast.viewer(role), visit=row)
    actions.withdraw_visit(by=cast.viewer("guardian"), visit=row)
    row.refresh_from_db()
    assert row.withdrawn_at is not None


def test_only_the_team_says_that_it_was_seen(cast: Cast) -> None:
    [row] = visiting(cast)
    assert who_may(cast, permissions.can_acknowledge, row) == TEAM | KEEPERS
    with pytest.raises(NotAllowed):
        actions.see_visit(by=cast.viewer("guardian"), visit=row)
    actions.see_visit(by=cast.viewer("teacher"), visit=row)
    row.refresh_from_db()
    assert row.seen_by == cast.people["teacher"]


def test_an_absence_is_written_down_by_office_management_and_the_childs_own_teachers(cast: Cast) -> None:
    assert who_may(cast, permissions.can_log, cast.child) == TEAM | KEEPERS
    for role in sorted(set(ROLES) - TEAM - KEEPERS):
        with pytest.raises(NotAllowed):
            logged(cast, by=role)
    row = logged(cast, by="teacher", reason=Reason.MISSING)
    assert who_sees(cast, row) == {"guardian"} | TEAM | KEEPERS
    assert not Absence.objects.of_own_children(cast.viewer("guardian")).exists(), (
        "a question of the school is no report"
    )


def test_only_who_may_write_it_down_says_that_the_child_is_there(cast: Cast) -> None:
    row = logged(cast)
    for role in sorted(set(ROLES) - TEAM - KEEPERS):
        with pytest.raises(NotAllowed):
            actions.cancel_absence(by=cast.viewer(role), absence=row)
    actions.cancel_absence(by=cast.viewer("duo"), absence=row)
    assert not Absence.objects.standing().exists()


def test_only_a_full_guardian_answers_if_the_child_is_still_ill(cast: Cast) -> None:
    publish(cast, IN_APP)
    row = ill(cast)
    assert who_may(cast, permissions.can_answer_for, row) == {"guardian"}
    for role in NOBODY_ELSE:
        for act in (actions.say_well, actions.say_still_ill):
            with pytest.raises(NotAllowed):
                act(by=cast.viewer(role), absence=row)
    actions.say_still_ill(by=cast.viewer("guardian"), absence=row)


def test_a_request_for_leave_is_never_the_teachers_nor_the_offices(cast: Cast) -> None:
    row = leave(cast, uploads=[papers.upload(papers.pdf())])
    assert who_sees(cast, row) == {"guardian", "management"}
    assert who_may(cast, permissions.can_decide, row) == {"management"}
    document = row.documents.get()
    assert who_sees(cast, document) == {"guardian", "management"}
    for role in sorted(set(ROLES) - {"management"}):
        with pytest.raises(NotAllowed):
            actions.decide_leave(by=cast.viewer(role), request=row, grant=True)
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=True)


def test_what_was_granted_stands_on_the_list_of_the_team_without_the_words(cast: Cast) -> None:
    row = leave(cast)
    for role in (*TEAM, *KEEPERS):
        assert not LeaveRequest.objects.away_as_team_sees(cast.viewer(role)).exists(), role
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=True, decision="Veel plezier")
    seers = {r for r in ROLES if LeaveRequest.objects.away_as_team_sees(cast.viewer(r)).exists()}
    assert seers == TEAM | KEEPERS
    seen = LeaveRequest.objects.away_as_team_sees(cast.viewer("teacher")).get()
    assert {"why", "decision", "kind"} <= seen.get_deferred_fields()


def test_management_does_not_decide_about_its_own_child(cast: Cast) -> None:
    head = cast.people["management"]
    make.GuardianshipFactory(child=cast.child, person=head)
    row = leave(cast)
    with pytest.raises(NotAllowed):
        actions.decide_leave(by=cast.viewer("management"), request=row, grant=True)
    colleague = make.TeamRoleFactory(person=cast.people["care_coordinator"], kind="management")
    assert colleague.pk
    actions.decide_leave(by=cast.viewer("care_coordinator"), request=row, grant=True)
    row.refresh_from_db()
    assert row.state == LeaveState.GRANTED


def test_the_other_guardian_sees_the_days_and_not_the_words(cast: Cast) -> None:
    other = make.PersonFactory(school=cast.school)
    make.GuardianshipFactory(child=cast.child, person=other)
    cast.people["parent_two"] = other
    row = leave(cast, uploads=[papers.upload(papers.pdf())])
    viewer = cast.viewer("parent_two")
    assert LeaveRequest.objects.visible_to(viewer).filter(pk=row.pk).exists()
    assert not permissions.can_read_words(viewer, row)
    assert not LeaveDocument.objects.visible_to(viewer).exists()
    assert permissions.can_read_words(cast.viewer("guardian"), row)
    page = cast.client("parent_two").get(f"/absences/leave/{row.public_id}/").content.decode()
    assert "Oma trouwt" not in page
    assert "Oma trouwt" in cast.client("guardian").get(f"/absences/leave/{row.public_id}/").content.decode()


def test_who_is_kept_apart_does_not_read_the_others_words_nor_change_them(cast: Cast) -> None:
    other = make.PersonFactory(school=cast.school)
    make.GuardianshipFactory(child=cast.child, person=other)
    cast.people["parent_two"] = other
    [row] = visiting(cast, note="Bij oma in Zutphen", picked_up_by="Oma Riet")
    assert permissions.can_change_visit(cast.viewer("parent_two"), row)
    one, two = sorted((cast.people["guardian"], other), key=lambda person: person.pk)
    KeepApart.objects.create(school=cast.school, child=cast.child, first=one, second=two)
    page = cast.client("parent_two").get(f"/absences/visit/{row.public_id}/").content.decode()
    assert "Zutphen" not in page
    assert "Oma Riet" not in page
    assert "10.15" in page
    assert not permissions.can_change_visit(cast.viewer("parent_two"), row)
    assert permissions.can_change_visit(cast.viewer("guardian"), row)
    assert "Zutphen" in cast.client("teacher").get(f"/absences/visit/{row.public_id}/").content.decode()


def test_the_list_of_the_day_is_of_who_teaches_and_who_keeps_the_school(cast: Cast) -> None:
    seers = {role for role in ROLES if permissions.can_see_day(cast.viewer(role), cast.school)}
    assert seers == TEAM | KEEPERS | {"other_teacher"}
    address = f"/school/{cast.school.public_id}/day/"
    logged(cast)
    for role in ROLES:
        answer = cast.client(role).get(address)
        assert (answer.status_code == 200) == (role in seers), role
    assert "Van Joep" in cast.client("teacher").get(address).content.decode()
    assert "Van Joep" not in cast.client("other_teacher").get(address).content.decode()


def test_telephone_numbers_are_the_offices(cast: Cast) -> None:
    person = cast.people["guardian"]
    person.phone = "06-0000 0114"
    person.save()
    logged(cast, by="teacher", reason=Reason.MISSING)
    address = f"/school/{cast.school.public_id}/day/"
    assert "06-0000 0114" in cast.client("office").get(address).content.decode()
    assert "06-0000 0114" not in cast.client("teacher").get(address).content.decode()


def test_a_substitute_sees_it_until_her_last_day(cast: Cast) -> None:
    [row] = visiting(cast)
    assert "ended_substitute" not in who_sees(cast, row)
    make.TeamRoleFactory(
        person=cast.people["ended_substitute"],
        kind="substitute",
        group=cast.five,
        starts_on=cast.year.starts_on.replace(month=11, day=24),
        ends_on=cast.year.starts_on.replace(month=11, day=24),
    )
    assert "ended_substitute" in who_sees(cast, row)
