"""A yes that ended because authority ended: the team of the child's group hears it, once."""

from __future__ import annotations

from datetime import timedelta
from unittest.mock import patch

import pytest
import time_machine

from kring.consents.actions import tell_of_lapsed
from kring.consents.jobs import look_for_lapsed
from kring.consents.models import Standing, Withdrawal
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from kring.people.models import Authority, Enrolment, Guardianship
from tests.cast import NOW, TODAY, Cast
from tests.consents.giving import say, second_parent

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
NEXT_DAY = NOW + timedelta(days=1)


def lose_authority(cast: Cast, role: str = "guardian", authority: str = Authority.NO) -> None:
    Guardianship.objects.filter(person=cast.people[role], child=cast.child).update(authority=authority)


def told(cast: Cast) -> set[str]:
    for notice in Notice.objects.filter(kind="consents.withdrawn"):
        outbox.expand(notice)
    users = set(Delivery.objects.filter(channel="inbox").values_list("user_id", flat=True))
    return {role for role, person in cast.people.items() if person.user_id in users}


def test_the_team_hears_once_that_a_yes_counts_no_more(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    assert look_for_lapsed() == 0, "it stands"
    lose_authority(cast)
    assert look_for_lapsed() == 1
    assert look_for_lapsed() == 0, "told once"
    assert told(cast) == {"teacher", "duo"}
    assert not Withdrawal.objects.exclude(group=cast.five).exists()


def test_a_guardianship_that_ends_on_its_day_is_noticed_the_day_after(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(ends_on=TODAY)
    assert look_for_lapsed() == 0
    with time_machine.travel(NEXT_DAY):
        assert look_for_lapsed() == 1


@pytest.mark.parametrize("other", [True, False], ids=["another yes stands", "another no counted before"])
def test_when_the_answer_of_another_guardian_counts_nothing_changed_and_nobody_is_told(cast: Cast, other: bool) -> None:
    second_parent(cast, cast.child, authority=Authority.YES)
    say(cast, "guardian", cast.child, True)
    say(cast, "second_parent", cast.child, other)
    Withdrawal.objects.all().delete()
    lose_authority(cast)
    assert look_for_lapsed() == 0
    assert not Withdrawal.objects.exists()
    lose_authority(cast, "second_parent")
    assert look_for_lapsed() == int(other), "the last yes that ends is told, a no that ends is not"


def test_a_no_that_ends_is_no_news(cast: Cast) -> None:
    say(cast, "guardian", cast.child, False)
    lose_authority(cast)
    assert look_for_lapsed() == 0


def test_of_a_child_that_left_the_team_is_told_nothing(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    Enrolment.objects.filter(child=cast.child).update(ends_on=TODAY - timedelta(days=1))
    lose_authority(cast)
    assert look_for_lapsed() == 0


def test_authority_that_comes_back_and_ends_again_is_told_again(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    lose_authority(cast)
    assert look_for_lapsed() == 1
    lose_authority(cast, authority=Authority.YES)
    assert look_for_lapsed() == 0
    lose_authority(cast)
    assert look_for_lapsed() == 1


def test_who_answers_anew_starts_anew(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    lose_authority(cast)
    look_for_lapsed()
    lose_authority(cast, authority=Authority.YES)
    say(cast, "guardian", cast.child, False)
    say(cast, "guardian", cast.child, True)
    assert not Standing.objects.filter(lapsed_at__isnull=False).exists()


def test_two_clocks_at_once_tell_once_and_would_twice_without_the_note(cast: Cast) -> None:
    say(cast, "guardian", cast.child, True)
    lose_authority(cast)
    found = Standing.objects.filter(child=cast.child).just_lapsed(on=TODAY)
    seen_by_second = list(found.values_list("pk", "code"))
    assert tell_of_lapsed(child=cast.child, now=NOW)

    class Stale:
        def values_list(self, *_names: str) -> list[tuple[int, str]]:
            return seen_by_second

    with patch("kring.consents.models.StandingQuerySet.just_lapsed", return_value=Stale()):
        assert not tell_of_lapsed(child=cast.child, now=NOW)
        assert Withdrawal.objects.count() == 1
        Standing.objects.update(lapsed_at=None)  # as if the first had taken no note
        assert tell_of_lapsed(child=cast.child, now=NOW)
    assert Withdrawal.objects.count() == 2
