"""Keeping people: what each verb does, refuses, and ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from kring.audit.models import AuditEvent
from kring.core.access import NotAllowed, Refused
from kring.people import actions
from kring.people.models import Child, Enrolment, Guardianship, KeepApart, TeamRole, WorkingDay
from kring.people.rules import overlaps, works_on
from tests import factories as make
from tests.cast import TODAY, Cast


def epoch(cast: Cast, name: str) -> int:
    user = cast.user(name)
    user.refresh_from_db()
    return user.session_epoch


def seat(child: Child) -> Enrolment:
    return child.enrolments.get(ends_on__isnull=True)


def test_a_moved_child_leaves_one_group_the_day_before_it_starts_in_the_other(cast: Cast) -> None:
    old = seat(cast.child)
    new = actions.move_child(by=cast.viewer("office"), enrolment=old, group=cast.six, year_level=6, starts_on=TODAY)
    old.refresh_from_db()
    assert (old.ends_on, new.group, new.year_level, new.ends_on) == (TODAY - timedelta(1), cast.six, 6, None)


def test_a_teacher_may_not_move_a_child(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        actions.move_child(
            by=cast.viewer("teacher"), enrolment=seat(cast.child), group=cast.six, year_level=6, starts_on=TODAY
        )
    assert seat(cast.child).group == cast.five


def test_a_child_sits_in_one_class_at_a_time_but_in_any_extra_group(cast: Cast) -> None:
    office = cast.viewer("office")
    with pytest.raises(Refused):
        actions.enrol_child(by=office, child=cast.child, group=cast.six, year_level=6, starts_on=TODAY)
    extra = make.GroupFactory(school_year=cast.year, name="Plusklas", kind="extra")
    actions.enrol_child(by=office, child=cast.child, group=extra, year_level=5, starts_on=TODAY)
    assert cast.child.enrolments.count() == 2


def test_days_outside_the_school_year_are_refused(cast: Cast) -> None:
    child = make.ChildFactory(school=cast.school)
    with pytest.raises(Refused):
        actions.enrol_child(
            by=cast.viewer("office"), child=child, group=cast.five, year_level=5, starts_on=date(2027, 8, 1)
        )
    assert not child.enrolments.exists()


def test_a_child_added_with_a_wrong_day_is_not_added_at_all(cast: Cast) -> None:
    before = Child.objects.count()
    with pytest.raises(Refused):
        actions.add_child(
            by=cast.viewer("office"),
            school=cast.school,
            first_name="Fem",
            last_name="Proef",
            group=cast.five,
            year_level=5,
            starts_on=date(2030, 1, 1),
        )
    assert Child.objects.count() == before


def test_an_ended_guardianship_ends_the_sessions_and_what_is_seen(cast: Cast) -> None:
    client, was = cast.client("guardian"), epoch(cast, "guardian")
    guardianship = Guardianship.objects.get(person=cast.people["guardian"], child=cast.child)
    actions.end_guardianship(by=cast.viewer("office"), guardianship=guardianship, ends_on=TODAY - timedelta(1))
    assert epoch(cast, "guardian") == was + 1
    assert cast.viewer("guardian").own_child_ids == {cast.sibling.pk}
    assert client.get("/").status_code == 302


def test_seeing_less_needs_a_ground_and_ends_the_sessions(cast: Cast) -> None:
    guardianship = Guardianship.objects.get(person=cast.people["guardian"], child=cast.child)
    office, was = cast.viewer("office"), epoch(cast, "guardian")
    with pytest.raises(Refused):
        actions.change_guardianship(
            by=office, guardianship=guardianship, relation="mother", authority="no", level="none"
        )
    actions.change_guardianship(
        by=office, guardianship=guardianship, relation="mother", authority="no", level="none", ground="beschikking"
    )
    assert epoch(cast, "guardian") == was + 1
    assert guardianship.set_by == cast.people["office"]


def test_the_ground_is_not_written_in_the_log(cast: Cast) -> None:
    guardianship = Guardianship.objects.get(person=cast.people["guardian"], child=cast.child)
    actions.change_guardianship(
        by=cast.viewer("office"),
        guardianship=guardianship,
        relation="mother",
        authority="no",
        level="none",
        ground="kanariegrond",
    )
    event = AuditEvent.objects.get(what="people.guardian_changed")
    assert "kanarie" not in str(event.details) + event.about


def test_a_guardian_is_added_once(cast: Cast) -> None:
    with pytest.raises(Refused):
        actions.add_guardianship(
            by=cast.viewer("office"), child=cast.child, person=cast.people["guardian"], starts_on=TODAY
        )
    with pytest.raises(NotAllowed):
        actions.add_guardianship(
            by=cast.viewer("office"), child=cast.child, person=cast.people["second_guardian"], starts_on=TODAY
        )


def test_only_guardians_of_the_child_are_kept_apart_and_only_once(cast: Cast) -> None:
    office, pair = cast.viewer("office"), (cast.people["limited"], cast.people["guardian"])
    with pytest.raises(Refused):
        actions.keep_apart(by=office, child=cast.child, one=pair[0], other=cast.people["other_guardian"])
    actions.keep_apart(by=office, child=cast.child, one=pair[0], other=pair[1])
    with pytest.raises(Refused):
        actions.keep_apart(by=office, child=cast.child, one=pair[1], other=pair[0])
    assert KeepApart.objects.count() == 1


def test_a_role_ends_with_the_sessions_and_counts_at_once(cast: Cast) -> None:
    role, was = TeamRole.objects.get(person=cast.people["teacher"]), epoch(cast, "teacher")
    actions.end_role(by=cast.viewer("management"), role=role, ends_on=TODAY - timedelta(1))
    assert epoch(cast, "teacher") == was + 1
    assert not cast.viewer("teacher").roles


def test_the_last_of_management_stays_until_somebody_else_has_the_role(cast: Cast) -> None:
    role = TeamRole.objects.get(person=cast.people["management"])
    office = cast.viewer("office")
    with pytest.raises(Refused):
        actions.end_role(by=office, role=role, ends_on=TODAY)
    actions.give_role(by=office, person=cast.people["teacher"], kind="management", starts_on=TODAY)
    actions.end_role(by=office, role=role, ends_on=TODAY)
    role.refresh_from_db()
    assert role.ends_on == TODAY


def test_roles_with_a_wrong_shape_are_refused(cast: Cast) -> None:
    office, person = cast.viewer("office"), cast.people["guardian"]
    for wrong in (
        {"kind": "teacher"},
        {"kind": "office", "group": cast.five},
        {"kind": "substitute", "group": cast.five},
        {"kind": "board_admin"},
    ):
        with pytest.raises(Refused):
            actions.give_role(by=office, person=person, starts_on=TODAY, **wrong)
    assert not TeamRole.objects.filter(person=person).exists()


def test_working_days_are_written_and_replaced(cast: Cast) -> None:
    office = cast.viewer("office")
    role = actions.give_role(
        by=office,
        person=cast.people["guardian"],
        kind="duo",
        group=cast.six,
        starts_on=TODAY,
        working_days={1: "every", 3: "odd"},
    )
    actions.change_role(by=office, role=role, ends_on=None, working_days={5: "even"})
    assert list(WorkingDay.objects.filter(role=role).values_list("weekday", "weeks")) == [(5, "even")]


def test_a_person_who_leaves_loses_every_role_and_child(cast: Cast) -> None:
    actions.end_person(by=cast.viewer("office"), person=cast.people["class_parent"], ends_on=TODAY - timedelta(1))
    viewer = cast.viewer("class_parent")
    assert not viewer.roles
    assert not viewer.spans


def test_an_absence_that_overlaps_is_refused(cast: Cast) -> None:
    office, person = cast.viewer("office"), cast.people["teacher"]
    actions.report_staff_absence(by=office, person=person, starts_on=TODAY, ends_on=TODAY + timedelta(2))
    with pytest.raises(Refused):
        actions.report_staff_absence(
            by=office, person=person, starts_on=TODAY + timedelta(2), ends_on=TODAY + timedelta(3)
        )


def test_a_group_that_stops_takes_its_children_along(cast: Cast) -> None:
    office = cast.viewer("office")
    with pytest.raises(Refused):
        actions.close_group(by=office, group=cast.five, ends_on=TODAY)
    moved = actions.close_group(by=office, group=cast.five, ends_on=TODAY, move_to=cast.six)
    assert moved == 3
    assert seat(cast.child).group == cast.six
    assert TeamRole.objects.get(person=cast.people["teacher"]).ends_on == TODAY


def test_a_shielded_child_is_visible_to_its_own_family_team_and_office_only(cast: Cast) -> None:
    seen = {name for name in cast.people if cast.shielded in Child.objects.visible_to(cast.viewer(name))}
    assert seen == {"shielded_guardian", "teacher", "duo", "office", "management"}


def test_stretches_share_their_last_day() -> None:
    assert overlaps(date(2026, 1, 1), date(2026, 1, 5), date(2026, 1, 5), None)
    assert not overlaps(date(2026, 1, 1), date(2026, 1, 4), date(2026, 1, 5), None)


def test_odd_and_even_weeks_are_iso_weeks() -> None:
    assert works_on(date(2026, 11, 24), [(2, "even")])  # week 48
    assert not works_on(date(2026, 11, 24), [(2, "odd")])
    assert works_on(date(2026, 12, 28), [(1, "odd")])  # week 53
    assert works_on(date(2027, 1, 4), [(1, "odd")])  # week 1: two odd weeks follow each other
    assert not works_on(date(2026, 11, 28), [])
