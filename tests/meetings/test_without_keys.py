"""As many families as moments, each takes one: with the unique keys nothing goes wrong, and without them it does.

Everybody looks before anybody writes, on one connection: who has looked lets the next family go first, so that each
believes in a free moment that is gone. `KRING_BENCH_WITHOUT_KEYS=1 python -m bench booking` shows the same with 300
families through HTTP.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import nullcontext

import pytest
from django.db.models import Count
from django.utils import timezone

from bench.keys import without_keys
from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions import booking
from kring.meetings.models import Booking, Occupied, Party, Waiting
from kring.people.viewers import viewers_for
from tests.cast import Cast
from tests.meetings.planning import a_round, families, session, slots

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
MOMENTS = 12


@pytest.fixture(params=[True, False], ids=["with the keys", "without the keys"])
def keys(request: pytest.FixtureRequest, transactional_db: None) -> Iterator[bool]:
    """Say whether the database has its unique keys; without them, until the test is over."""
    with nullcontext() if request.param else without_keys():
        yield request.param
        Occupied.objects.all().delete()
        Booking.objects.all().delete()


def overtaken(monkeypatch: pytest.MonkeyPatch, jobs: list[Callable[[], object]]) -> None:
    """Do all jobs; who has looked whether a moment is free lets the next one go first."""
    waiting, look = list(jobs), booking.refuse_taken

    def look_and_wait(moments: object) -> None:
        look(moments)  # type: ignore[arg-type]
        if waiting:
            waiting.pop()()

    monkeypatch.setattr(booking, "refuse_taken", look_and_wait)
    while waiting:
        waiting.pop()()


def doubles() -> int:
    rows = Booking.objects.values("slot").annotate(number=Count("pk"))
    return rows.filter(number__gt=1).count()


def in_two_places() -> int:
    rows = Occupied.objects.values("person", "tick").annotate(number=Count("pk"))
    return rows.filter(number__gt=1).count()


def test_as_many_families_as_moments(cast: Cast, keys: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_round(cast, cast.six, sessions=[session(end=17)])
    moments = slots(made, cast.six)
    assert len(moments) == MOMENTS
    users = families(cast, cast.six, MOMENTS)
    actions.complete_round(round=made, now=timezone.now())
    viewers = viewers_for(users, now=timezone.now())
    parties = {party.child.first_name: party for party in Party.objects.for_pages().filter(round=made)}

    def come(n: int) -> None:
        wishes = random.Random(n).sample(moments, MOMENTS)  # noqa: S311
        for slot in [moments[n % 3], *wishes]:
            try:
                actions.book_slots(by=viewers[users[n].pk], choices=[(parties[f"Kind{n}"], slot, False)])
            except Refused:
                continue
            return

    overtaken(monkeypatch, [lambda n=n: come(n) for n in range(MOMENTS)])  # type: ignore[misc]
    assert Booking.objects.count() == MOMENTS
    if keys:
        assert not doubles()
        assert not in_two_places()
        assert len(set(Booking.objects.values_list("party", flat=True))) == MOMENTS
    else:
        assert doubles() > 0, "a moment with two families"
        assert in_two_places() > 0, "a teacher with two families at once"
    assert not Waiting.objects.exists()
