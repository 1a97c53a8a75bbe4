"""A kept condition asks exactly what it would ask without keeping, at every request."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.test.utils import CaptureQueriesContext

from kring.core.kept import KeptExists, _made, outer
from kring.people.models import Child, Enrolment, current_on
from kring.school.models import Group
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def seats_in(day: date) -> QuerySet:
    return Enrolment.objects.filter(current_on(day), group_id=outer())


def sat_in_by(day: date) -> QuerySet:
    in_reach = Enrolment.objects.filter(current_on(day), child_id=OuterRef("pk"))
    return Child.objects.filter(Exists(in_reach), school_id=outer())


def has_seats(day: date) -> KeptExists:
    return KeptExists(seats_in, day, columns=("pk",))


def test_it_finds_what_exists_finds(cast: Cast) -> None:
    for day in (TODAY, date(2020, 1, 1)):
        plain = Exists(Enrolment.objects.filter(current_on(day), group_id=OuterRef("pk")))
        assert set(Group.objects.filter(has_seats(day))) == set(Group.objects.filter(plain))
        assert set(Group.objects.filter(~Q(has_seats(day)))) == set(Group.objects.filter(~plain))
    assert Group.objects.filter(has_seats(TODAY)).exists()


def test_each_day_is_a_question_of_its_own_and_the_answer_is_never_kept(cast: Cast) -> None:
    Enrolment.objects.filter(group=cast.six).update(ends_on=TODAY)
    assert cast.six in Group.objects.filter(has_seats(TODAY))
    assert cast.six not in Group.objects.filter(has_seats(date(2026, 11, 25)))
    Enrolment.objects.filter(group=cast.six).delete()
    assert cast.six not in Group.objects.filter(has_seats(TODAY))


def test_inside_another_question_it_means_the_same(cast: Cast) -> None:
    groups = Group.objects.filter(has_seats(TODAY), school_id=OuterRef("school_id"))
    children = Child.objects.filter(Exists(groups), KeptExists(sat_in_by, TODAY, columns=("school_id",)))
    assert cast.child in children
    Enrolment.objects.filter(school=cast.school).delete()
    assert not children.filter(school=cast.school).exists()
    assert children.filter(school=cast.second_school).exists()


def test_the_text_is_made_once(cast: Cast) -> None:
    _made.cache_clear()
    for _n in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert Group.objects.filter(has_seats(TODAY)).count() > 0
        assert len(queries) == 1
    assert (_made.cache_info().misses, _made.cache_info().hits) == (1, 2)


def test_a_mark_without_a_column_is_a_fault(cast: Cast) -> None:
    with pytest.raises(ValueError, match="one mark for each"):
        list(Group.objects.filter(KeptExists(seats_in, TODAY, columns=())))
    with pytest.raises(ValueError, match="one mark for each"):
        list(Group.objects.filter(KeptExists(seats_in, TODAY, columns=("pk", "school_id"))))
