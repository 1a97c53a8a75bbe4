"""What counts for a child and a purpose: decided by the database, at the moment it is asked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.db.models import F, OuterRef

from kring.consents.reading import is_given, standings_of
from kring.consents.rules import Stand, stand_of
from kring.people.models import Child, Enrolment, Guardianship
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, TODAY, Cast
from tests.consents.giving import say, second_parent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def stands(child: Child, code: str = "website", *, today: date = TODAY) -> bool:
    return Child.objects.filter(is_given(code, child="pk", today=today), pk=child.pk).exists()


def test_no_answer_is_no(cast: Cast) -> None:
    assert not stands(cast.child)
    say(cast, "guardian", cast.child, True, "website")
    assert stands(cast.child)


def test_an_answer_is_for_one_purpose_and_one_child(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    assert not stands(cast.child, "newsletter")
    assert not stands(cast.sibling)


def test_one_no_is_enough(cast: Cast) -> None:
    second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "second_parent", cast.child, False, "website")
    assert not stands(cast.child)
    say(cast, "second_parent", cast.child, True, "website")
    assert stands(cast.child)


@pytest.mark.parametrize(
    "end",
    [
        {"authority": "no"},
        {"authority": "unknown"},
        {"ends_on": TODAY - timedelta(days=1)},
        {"starts_on": TODAY + timedelta(days=1)},
    ],
    ids=str,
)
@pytest.mark.parametrize("first", [True, False], ids=["yes", "no"])
def test_who_lost_authority_or_guardianship_does_not_count(cast: Cast, end: dict[str, object], first: bool) -> None:
    second = second_parent(cast, cast.child)
    say(cast, "guardian", cast.child, not first, "website")
    say(cast, "second_parent", cast.child, first, "website")
    assert not stands(cast.child)
    Guardianship.objects.filter(person=second).update(**end)
    assert stands(cast.child) is not first


def test_the_last_day_of_a_guardianship_still_counts(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    Guardianship.objects.filter(child=cast.child).exclude(ends_on__lt=TODAY).update(ends_on=TODAY)
    assert stands(cast.child)
    assert not stands(cast.child, today=TODAY + timedelta(days=1))


def test_authority_over_another_child_does_not_count(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    Guardianship.objects.filter(child=cast.child, person=cast.people["guardian"]).update(authority="no")
    assert Guardianship.objects.filter(child=cast.sibling, person=cast.people["guardian"], authority="yes").exists()
    assert not stands(cast.child)


def test_the_purpose_may_come_from_a_column(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True, "website")
    seats = Enrolment.objects.filter(child=cast.child)
    assert seats.annotate(purpose=F("child__first_name")).filter(is_given(F("purpose"), today=TODAY)).count() == 0
    Child.objects.filter(pk=cast.child.pk).update(first_name="website")
    assert seats.annotate(purpose=F("child__first_name")).filter(is_given(F("purpose"), today=TODAY)).count() == 1
    # Inside a subquery: all seats of a child for whom the purpose in its own column stands.
    inner = Enrolment.objects.filter(child=OuterRef("pk")).filter(is_given(OuterRef("first_name"), today=TODAY))
    assert list(Child.objects.filter(pk__in=inner.values("child_id")).values_list("pk", flat=True)) == [cast.child.pk]


@pytest.mark.parametrize(
    ("answers", "stand"),
    [([], Stand.OPEN), ([True], Stand.YES), ([False], Stand.NO), ([True, True], Stand.YES), ([True, False], Stand.NO)],
)
def test_the_rule_says_the_same_as_the_query(answers: list[bool], stand: Stand) -> None:
    assert stand_of(answers) == stand


READERS = {"guardian", "teacher", "duo"}


@pytest.mark.parametrize("role", ROLES)
def test_only_who_may_read_gets_what_stands(cast: Cast, role: str) -> None:
    say(cast, "guardian", cast.child, True, "website")
    found = standings_of(cast.viewer(role), [cast.child.pk], ["website", "board"])
    if role in READERS:
        assert found == {(cast.child.pk, "website"): Stand.YES, (cast.child.pk, "board"): Stand.OPEN}
    else:
        assert found == {}


@pytest.mark.parametrize(
    ("changes", "more"),
    [
        ({"consent_readers.office": True}, ["office"]),
        ({"consent_readers.management": True}, ["management"]),
        ({"consent_readers.office": True, "consent_readers.management": True}, ["office", "management"]),
    ],
    ids=str,
)
def test_office_and_management_read_as_the_agreement_says(
    cast: Cast, changes: dict[str, object], more: list[str]
) -> None:
    publish(cast, changes)
    say(cast, "guardian", cast.child, True, "website")
    may = {role for role in ROLES if standings_of(cast.viewer(role), [cast.child.pk], ["website"])}
    assert may == READERS | set(more)


def test_a_guardian_reads_her_own_children_only(cast: Cast) -> None:
    found = standings_of(cast.viewer("guardian"), [cast.child.pk, cast.other_child.pk, cast.shielded.pk], ["website"])
    assert {child for child, _code in found} == {cast.child.pk}


def test_a_teacher_reads_a_child_as_long_as_it_sits_in_her_group(cast: Cast) -> None:
    teacher = cast.viewer("teacher")
    assert standings_of(teacher, [cast.shielded.pk], ["website"])
    Enrolment.objects.filter(child=cast.shielded).update(ends_on=TODAY - timedelta(days=1))
    assert not standings_of(teacher, [cast.shielded.pk], ["website"])


def test_the_table_costs_few_queries(cast: Cast, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    with time_machine.travel(NOW):
        viewer = cast.viewer("teacher")
    with django_assert_max_num_queries(3):
        standings_of(viewer, [cast.child.pk, cast.shielded.pk], ["website", "board"])
