"""Planning a round all at once in the app: the school of families.py, with wishes; reading, searching, publishing."""

from __future__ import annotations

import random
import time
from datetime import timedelta

from bench.families import school_with_round

SECONDS = (10, 30)
WITH_WISHES = 0.7  # of the parties: one evening suits less, and one in three cannot come at it


def _wish(made: object) -> int:
    """Let families say when they cannot come; return how many did."""
    from django.utils import timezone

    from kring.meetings.models import Party, Sitting, Wish, WishSet
    from kring.meetings.rules import WishAnswer, visits_of

    rng, now = random.Random(5), timezone.now()
    visits = visits_of(sitting.span for sitting in Sitting.objects.filter(round=made))  # type: ignore[misc]
    parties = [one for one in Party.objects.filter(round=made).order_by("pk") if rng.random() < WITH_WISHES]  # type: ignore[misc]
    sets = WishSet.objects.bulk_create(
        WishSet(school_id=one.school_id, round_id=one.round_id, party=one, given_at=now) for one in parties
    )
    Wish.objects.bulk_create(
        Wish(
            wish_set=one,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at - timedelta(hours=rng.choice((0, 0, 1))),
            answer=rng.choice((WishAnswer.RATHER_NOT, WishAnswer.RATHER_NOT, WishAnswer.CANNOT)),
        )
        for one in sets
        for visit in [rng.choice(visits)]
    )
    return len(sets)


def plan_all() -> None:
    """Print what reading a round of 1,500 children costs, what searches of 10 and 30 seconds find, and publishing."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from kring.core.viewer import Operator
    from kring.meetings.actions.planning import run_search
    from kring.meetings.actions.publishing import publish_plan
    from kring.meetings.models import Booking, PlanRun, Round
    from kring.meetings.planning import whole_round

    made, _viewers = school_with_round()
    Round.objects.filter(pk=made.pk).update(filling="school")  # type: ignore[attr-defined]
    round = Round.objects.select_related("school", "audience").get(pk=made.pk)  # type: ignore[attr-defined]
    given = _wish(round)
    with CaptureQueriesContext(connection) as queries:
        began = time.process_time()
        whole = whole_round(round, now=timezone.now())
        took = time.process_time() - began
    ways = sum(len(talk.ways) for talk in whole.given.talks)
    print(
        f"planning all at once: {len(whole.parties)} conversations, {ways} ways, {given} with wishes; read in "
        f"{took:.2f} s CPU, {len(queries)} questions"
    )
    for seconds in SECONDS:
        run = PlanRun.objects.create(school=round.school, round=round, seconds=seconds, seed=1, made_at=timezone.now())
        run_search(run.pk)
        run.refresh_from_db()
        told = run.figures
        print(
            f"  a search of {seconds} s: {told['served']} of {told['total']} have a time; of {told['families']} "
            f"families with several children {told['adjoining']} adjoin; {told['rather_not']} at a time that suits "
            f"less; families wait {told['waiting']} minutes in all, teachers {told['idle']}; objective {told['cost']}"
        )
    began, wall = time.process_time(), time.perf_counter()
    without = len(run.figures["without"])
    run = PlanRun.objects.select_related("round__school", "round__audience").get(pk=run.pk)
    number = publish_plan(by=Operator(now=timezone.now()), run=run, without=without)
    print(
        f"  made known: {number} conversations in {time.process_time() - began:.1f} s CPU, "
        f"{time.perf_counter() - wall:.1f} s by the clock; {Booking.objects.of_families().count()} stand"
    )
