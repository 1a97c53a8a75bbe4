from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from django.utils import timezone

from kring.audit.models import AuditEvent
from kring.core.access import Refused
from kring.core.viewer import Operator
from kring.imports.actions import AsksAgain, apply_import, expire_imports
from kring.imports.models import Import
from kring.people.actions import roster as people
from kring.people.models import Child, Enrolment, Guardianship, Person, TeamRole
from kring.people.viewers import viewer_for
from kring.school.models import Group, School
from tests import factories as make
from tests.cast import TODAY
from tests.imports import rosters
from tests.imports.conftest import Bring, everything
from tests.imports.rosters import Tables, find, small, without

pytestmark = pytest.mark.django_db
ReadIn = Callable[..., Import]


def child(school: School, key: str) -> Child:
    return Child.objects.get(school=school, external_refs__kind="child", external_refs__key=key)


def person(school: School, key: str) -> Person:
    return Person.objects.get(school=school, external_refs__kind="adult", external_refs__key=key)


def groups_of(school: School, key: str) -> set[str]:
    rows = Enrolment.objects.filter(child=child(school, key), ends_on=None)
    return set(rows.values_list("group__name", flat=True))


@pytest.mark.both_databases
def test_a_roster_becomes_children_parents_teachers_and_groups(school: School, bring: Bring) -> None:
    bring(small())
    assert set(Group.objects.filter(school=school).values_list("name", "kind")) == {
        ("Groep 1/2A", "class"),
        ("Groep 5", "class"),
        ("Plusklas", "extra"),
    }
    assert groups_of(school, "e") == {"Groep 5", "Plusklas"}
    assert Enrolment.objects.get(child=child(school, "b")).year_level == 2
    tie = Guardianship.objects.get(child=child(school, "d"))
    assert (tie.person, tie.level, tie.authority, tie.relation) == (person(school, "p4"), "full", "unknown", "guardian")
    assert dict(TeamRole.objects.filter(school=school).values_list("person__first_name", "kind")) == {
        "Anouk": "teacher",
        "Wim": "duo",
    }
    assert AuditEvent.objects.get(what="imports.applied").details == {"new": 14, "changed": 0, "moved": 0, "gone": 0}


@pytest.mark.both_databases
def test_a_second_import_of_the_same_file_changes_nothing(school: School, bring: Bring) -> None:
    bring(small())
    before = everything(school)
    assert bring(small()).is_empty
    assert everything(school) == before
    with time_machine.travel(timezone.now() + timedelta(days=40)):
        assert bring(rosters.as_1_2(small())).is_empty
    assert everything(school) == before


def test_two_children_and_two_parents_of_one_name_stay_two(school: School, bring: Bring) -> None:
    bring(small())
    assert Child.objects.filter(school=school, first_name="Jan", last_name="Jansen").count() == 2
    assert Person.objects.filter(school=school, first_name="Jan", last_name="Jansen").count() == 2


def test_somebody_made_by_hand_is_not_matched_by_name(school: School, bring: Bring) -> None:
    by_hand = make.ChildFactory(school=school, first_name="Eva", last_name="Smit")
    bring(small())
    assert Child.objects.filter(school=school, first_name="Eva").count() == 2
    bring(without(small(), "e"))
    by_hand.refresh_from_db()
    assert not by_hand.external_refs.exists()


def test_two_adults_with_one_address_are_told_and_never_merged(school: School, bring: Bring) -> None:
    tables = small()
    find(tables, "users", "p4")["email"] = "JAN1@example.org"
    assert bring(tables).same_email == [("Jan Jansen", "Jan Jansen")]
    assert Person.objects.filter(school=school, email__iexact="jan1@example.org").count() == 2


def test_a_child_that_moves_leaves_one_group_and_joins_the_other(school: School, bring: Bring) -> None:
    bring(small())
    tables = small()
    find(tables, "enrollments", "e-g5-c")["classSourcedId"] = "g12"
    find(tables, "users", "c")["grades"] = "02"
    plan = bring(tables)
    assert (plan.counts["moved"], plan.counts["gone"]) == (1, 0)
    assert groups_of(school, "c") == {"Groep 1/2A"}
    old = Enrolment.objects.get(child=child(school, "c"), group__name="Groep 5")
    assert old.ends_on == TODAY - timedelta(days=1)


def test_names_and_addresses_follow_the_file_and_what_the_office_set_stays(school: School, bring: Bring) -> None:
    bring(small())
    tie = Guardianship.objects.get(child=child(school, "c"))
    tie.level, tie.authority, tie.ground = "limited", "no", "beschikking"
    tie.save()
    Child.objects.filter(pk=child(school, "c").pk).update(shielded=True)
    tables = small()
    find(tables, "users", "c")["familyName"] = "Janssen"
    find(tables, "users", "p3")["email"] = "nieuw@example.org"
    assert bring(tables).counts["changed"] == 2
    tie.refresh_from_db()
    assert (tie.level, tie.authority, tie.ground) == ("limited", "no", "beschikking")
    assert (child(school, "c").last_name, child(school, "c").shielded) == ("Janssen", True)
    assert person(school, "p3").email == "nieuw@example.org"


def test_who_is_gone_gets_a_last_day_and_is_not_erased(school: School, bring: Bring) -> None:
    bring(small())
    plan = bring(without(small(), "a", "p1"))
    assert (plan.counts["gone"], plan.children_gone) == (1, 1)
    assert groups_of(school, "a") == set()
    assert Guardianship.objects.get(child=child(school, "a")).ends_on is None  # she may still read back
    assert bring(without(small(), "a", "p1")).is_empty


def test_more_than_a_tenth_gone_asks_again_and_changes_nothing_until_yes(school: School, bring: Bring) -> None:
    bring(small())
    before = everything(school)
    with pytest.raises(AsksAgain):
        bring(without(small(), "a"), confirmed_gone=False)
    assert everything(school) == before
    bring(without(small(), "a"), confirmed_gone=True)
    assert groups_of(school, "a") == set()


def test_a_tenth_or_less_does_not_ask(school: School, bring: Bring) -> None:
    tables = small()
    for number in range(5):
        tables["users"].append(rosters.user(f"x{number}", "student", "Kind", f"X{number}", grades="05"))
        tables["enrollments"].append(rosters.enrolled("g5", f"x{number}"))
    bring(tables)
    assert bring(without(tables, "x0"), confirmed_gone=False).children_gone == 1


def test_a_parent_who_is_gone_loses_sight_at_once_and_open_sessions_end(school: School, bring: Bring) -> None:
    bring(small())
    adult = person(school, "p3")
    adult.user = make.UserFactory()
    adult.save()
    assert viewer_for(adult.user, now=timezone.now()).own_child_ids
    bring(without(small(), "p3"))
    adult.user.refresh_from_db()
    assert adult.user.session_epoch == 1
    assert not viewer_for(adult.user, now=timezone.now()).own_child_ids


def test_a_parent_who_comes_back_sees_no_more_than_before(school: School, bring: Bring) -> None:
    bring(small())
    Guardianship.objects.filter(person=person(school, "p3")).update(level="none", authority="no")
    bring(without(small(), "p3"))
    bring(small())
    tie = Guardianship.objects.get(person=person(school, "p3"), ends_on=None)
    assert (tie.level, tie.authority) == ("none", "no")


def test_what_the_office_ended_by_hand_does_not_come_back(school: School, bring: Bring) -> None:
    bring(small())
    tie = Guardianship.objects.filter(person=person(school, "p3"))
    tie.update(starts_on=date(2026, 1, 1), ends_on=date(2026, 2, 1))
    plan = bring(small())
    assert plan.kept_ended == [("Jan Jansen", "Jan Jansen")]
    bring(without(small(), "p3"))
    bring(small())
    assert not Guardianship.objects.filter(person=person(school, "p3"), ends_on=None).exists()


def test_a_guardianship_made_by_hand_is_not_ended_by_a_file(school: School, bring: Bring) -> None:
    bring(small())
    by_hand = make.GuardianshipFactory(child=child(school, "a"), person=person(school, "p3"))
    bring(small())
    by_hand.refresh_from_db()
    assert by_hand.ends_on is None


def test_a_delta_changes_only_what_it_names(school: School, bring: Bring) -> None:
    bring(small())
    tables: Tables = {
        "users": [
            rosters.user("c", "student", "Jan", "Jansma", grades="05"),
            rosters.user("f", "student", "Fee", "Blom", grades="05"),
            rosters.user("p5", "parent", "Mo", "Blom", agentSourcedIds="f"),
            rosters.user("e", "student", "Eva", "Smit", status="tobedeleted"),
        ],
        "enrollments": [rosters.enrolled("g5", "f"), rosters.enrolled("plus", "e", status="tobedeleted")],
    }
    plan = bring(rosters.delta(tables))
    assert child(school, "c").last_name == "Jansma"
    assert groups_of(school, "f") == {"Groep 5"}
    assert groups_of(school, "e") == set()
    assert groups_of(school, "a") == {"Groep 1/2A"}
    assert plan.children_gone == 1
    assert bring(rosters.delta(tables)).is_empty


def test_next_year_children_move_up_and_the_old_year_ends_on_its_last_day(school: School, bring: Bring) -> None:
    bring(small())
    tables = copy.deepcopy(small())
    tables["academicSessions"][0] |= {"startDate": "2027-08-23", "endDate": "2028-07-07", "schoolYear": "2028"}
    find(tables, "classes", "g5")["title"] = "Groep 6"
    with time_machine.travel(timezone.now().replace(year=2027, month=7, day=20)):
        bring(tables)
        assert bring(tables).is_empty
    last_year = Enrolment.objects.get(child=child(school, "a"), starts_on=date(2026, 8, 1))
    assert last_year.ends_on == date(2027, 7, 31)
    old_role = TeamRole.objects.get(person=person(school, "t1"), group__name="Groep 5")
    assert old_role.ends_on == date(2027, 7, 31)
    assert Enrolment.objects.get(child=child(school, "c"), group__name="Groep 6").starts_on == date(2027, 8, 1)


def test_a_fault_in_a_row_leaves_what_is_here_alone(school: School, bring: Bring) -> None:
    bring(small())
    tables = small()
    find(tables, "users", "c")["givenName"] = ""
    assert bring(tables).is_empty
    assert groups_of(school, "c") == {"Groep 5"}


def test_a_stop_in_the_middle_leaves_nothing_behind(
    school: School, read_in: ReadIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, before = read_in(small()), everything(school)

    def fail(**_options: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(people, "give_roles", fail)
    with pytest.raises(RuntimeError):
        apply_import(by=Operator(now=timezone.now()), waiting=waiting)
    assert everything(school) == before
    waiting.refresh_from_db()
    assert waiting.state == "ready"


def test_what_changed_since_somebody_looked_is_not_applied_unseen(school: School, read_in: ReadIn) -> None:
    with pytest.raises(Refused):
        apply_import(by=Operator(now=timezone.now()), waiting=read_in(small()), expected="another plan")
    assert not Child.objects.filter(school=school).exists()


def test_an_import_is_applied_once(school: School, read_in: ReadIn) -> None:
    waiting = read_in(small())
    apply_import(by=Operator(now=timezone.now()), waiting=waiting)
    with pytest.raises(Refused):
        apply_import(by=Operator(now=timezone.now()), waiting=waiting)


def test_what_was_read_is_gone_after_applying_and_after_an_hour(school: School, read_in: ReadIn, bring: Bring) -> None:
    bring(small())
    waiting = read_in(small())
    assert waiting.roster is not None
    expire_imports(now=timezone.now() + timedelta(hours=2))
    for row in Import.objects.filter(school=school):
        assert (row.roster, row.faults) == (None, None)
    waiting.refresh_from_db()
    assert waiting.state == "expired"


def test_columns_that_are_not_needed_reach_no_row(school: School, bring: Bring) -> None:
    from django.apps import apps

    bring(small())
    for model in apps.get_models():
        assert rosters.CANARY not in repr(list(model.objects.values_list())), model
