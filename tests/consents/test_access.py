"""Every address of this room for everybody, at both schools, as P4 is set; the table without P4 is in house/."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.consents.models import Answer, Renewal, Standing, Withdrawal
from kring.people.models import Guardianship
from kring.school.models import Group
from tests.agreements.making import publish
from tests.cast import ROLES, Cast, answers, expected
from tests.consents.giving import say

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEACHERS = {"teacher", "duo"}
SETTINGS: list[tuple[dict[str, bool], set[str]]] = [
    ({}, set()),
    ({"consent_readers.office": True}, {"office"}),
    ({"consent_readers.management": True}, {"management"}),
    ({"consent_readers.office": True, "consent_readers.management": True}, {"office", "management"}),
]


@pytest.mark.parametrize(("setting", "readers"), SETTINGS, ids=["nobody", "office", "management", "both"])
def test_the_lists_are_read_as_the_agreement_says(cast: Cast, setting: dict[str, bool], readers: set[str]) -> None:
    publish(cast, setting)
    place = [cast.school.public_id]
    group = reverse("consents:group", args=[*place, cast.five.public_id])
    assert answers(cast, group) == expected(404, _200=TEACHERS | readers)
    remind = reverse("consents:remind", args=[*place, cast.five.public_id])
    assert answers(cast, remind, post=True) == expected(404, _302=TEACHERS | readers)
    why = reverse("consents:reasons", args=[*place, cast.child.public_id])
    assert answers(cast, why) == expected(404, _200=readers)
    paper = reverse("consents:paper", args=[*place, cast.child.public_id, cast.people["guardian"].public_id])
    assert answers(cast, paper) == expected(404, _200=readers)
    assert answers(cast, paper, post=True) == expected(404, _422=readers)
    school = reverse("consents:school", args=place)
    assert answers(cast, school) == expected(404, _200=TEACHERS | {"other_teacher", "office", "management"})
    renew = reverse("consents:renew", args=place)
    assert answers(cast, renew, post=True) == expected(404, _302={"office", "management"})


def test_the_other_school_has_its_own_readers(cast: Cast) -> None:
    publish(cast, {"consent_readers.office": True})  # says nothing about the second school
    group = reverse("consents:group", args=[cast.second_school.public_id, cast.second_group.public_id])
    assert answers(cast, group) == expected(404, _200={"second_teacher"})
    crossed = reverse("consents:group", args=[cast.school.public_id, cast.second_group.public_id])
    assert answers(cast, crossed) == expected(404)
    why = reverse("consents:reasons", args=[cast.school.public_id, cast.second_child.public_id])
    assert answers(cast, why) == expected(404)


def test_a_guardians_own_pages(cast: Cast) -> None:
    for name in ("child", "changes"):
        page = reverse(f"consents:{name}", args=[cast.child.public_id])
        assert answers(cast, page) == expected(404, _200={"guardian"})
    page = reverse("consents:child", args=[cast.child.public_id])
    assert answers(cast, page, post=True) == expected(404, _422={"guardian"})
    page = reverse("consents:child", args=[cast.second_child.public_id])
    assert answers(cast, page) == expected(404, _200={"second_guardian"})
    one_child = {"other_guardian", "shielded_guardian", "class_parent", "parent_council", "second_guardian"}
    assert answers(cast, reverse("consents:own")) == expected(200, _302={*one_child, "signed out"})


@pytest.mark.parametrize("change", [{"authority": "no"}, {"authority": "unknown"}, {"level": "limited"}], ids=str)
def test_who_lost_her_say_finds_nothing(cast: Cast, change: dict[str, str]) -> None:
    page = reverse("consents:child", args=[cast.child.public_id])
    client = cast.client("guardian")
    assert client.get(page).status_code == 200
    Guardianship.objects.filter(child=cast.child).update(**change)
    assert client.get(page).status_code == 404
    assert client.get(reverse("consents:changes", args=[cast.child.public_id])).status_code == 404


def test_a_teacher_of_last_year_and_one_of_another_group_find_nothing(cast: Cast) -> None:
    page = reverse("consents:group", args=[cast.school.public_id, cast.six.public_id])
    assert answers(cast, page) == expected(404, _200={"other_teacher"})
    Group.objects.filter(pk=cast.five.pk).update(school_year=cast.year)
    for role in ("ended_substitute", "other_teacher"):
        five = reverse("consents:group", args=[cast.school.public_id, cast.five.public_id])
        assert cast.client(role).get(five).status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_rows_are_seen_by_who_may_see_them(cast: Cast, role: str) -> None:
    publish(cast, {"consent_readers.office": True})
    say(cast, "guardian", cast.child, True, "website")
    say(cast, "guardian", cast.child, False, "website")
    viewer = cast.viewer(role)
    reads = role in {"guardian", "office"}
    assert Answer.objects.visible_to(viewer).count() == (2 if reads else 0)
    assert Standing.objects.visible_to(viewer).count() == (1 if reads else 0)
    assert Withdrawal.objects.visible_to(viewer).exists() is (role in TEACHERS | {"office"})
    assert not Renewal.objects.visible_to(viewer).exists()
