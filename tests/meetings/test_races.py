"""Many at once: one moment has one winner and nobody is in two places, beside the same without its unique key.

On SQLite the test database is one connection in memory, so that jobs follow each other there; many at once on the file
of a real installation are tried through HTTP (`python -m bench booking`). As many families as moments, with the keys
and without them: test_without_keys.py.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db.models import Count
from django.utils import timezone

from kring.core.access import Refused
from kring.meetings import actions
from kring.meetings.actions import JustTaken
from kring.meetings.models import Booking, Occupied, Party, Slot
from kring.people.viewers import viewers_for
from tests.cast import Cast
from tests.meetings.planning import a_round, families, party, slots
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]
FAMILIES = 300
THREADS = 12


def ways(jobs: list[Callable[[], object]], *, threads: int = THREADS) -> list[Callable[[], object]]:
    """Return the jobs dealt over a few threads: a database does not take three hundred connections."""

    def deal(own: list[Callable[[], object]]) -> Callable[[], object]:
        return lambda: [job() for job in own]

    return [deal(jobs[n::threads]) for n in range(threads)]


def test_one_moment_and_three_hundred_families_have_one_winner(cast: Cast) -> None:
    users = families(cast, cast.six, FAMILIES)
    made = a_round(cast, cast.six)
    slot = slots(made, cast.six)[0]
    own = {party.child.first_name: party for party in Party.objects.for_pages().filter(round=made)}
    viewers = viewers_for(users, now=timezone.now())
    won: list[int] = []
    lost: list[str] = []

    def take(n: int) -> None:
        try:
            actions.book_slots(by=viewers[users[n].pk], choices=[(own[f"Kind{n}"], slot, False)])
        except JustTaken as late:
            lost.append(late.sentence)
        else:
            won.append(n)

    at_once(*ways([lambda n=n: take(n) for n in range(FAMILIES)]))  # type: ignore[misc]
    assert len(won) == 1
    assert len(lost) == FAMILIES - 1
    assert len(set(lost)) == 1, "each loser hears the same clear sentence"
    assert Booking.objects.count() == 1


def test_without_the_key_on_the_moment_each_who_looks_first_would_have_it(cast: Cast) -> None:
    made = a_round(cast)
    slot = slots(made, cast.five)[0]
    looked = [not Booking.objects.filter(slot=slot).exists() for _family in range(2)]
    assert looked == [True, True], "each believes it is free, and would write her name down"


def both_children(cast: Cast) -> list[Callable[[], object]]:
    """Return two phones of one guardian that take the same hour for two children, with two teachers."""
    made = a_round(cast)
    viewer = cast.viewer("guardian")
    places = [(cast.child, slots(made, cast.five)[0]), (cast.sibling, slots(made, cast.infants)[0])]
    return [
        lambda child=child, slot=slot: quietly(viewer, party(made, child), slot)  # type: ignore[misc]
        for child, slot in places
    ]


def quietly(viewer: object, own: Party, slot: Slot) -> None:
    try:
        actions.book_slots(by=viewer, choices=[(own, slot, False)])  # type: ignore[arg-type]
    except Refused:
        return


def in_two_places() -> int:
    rows = Occupied.objects.values("person", "tick").annotate(number=Count("pk"))
    return rows.filter(number__gt=1).count()


def test_a_guardian_on_two_phones_is_not_booked_in_two_places(cast: Cast) -> None:
    at_once(*both_children(cast))
    assert Booking.objects.count() == 1
    assert not in_two_places()


def test_without_the_rows_of_five_minutes_she_would_be(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = both_children(cast)
    monkeypatch.setattr("kring.meetings.actions.booking.write_down", lambda rows: None)
    at_once(*jobs)
    assert Booking.objects.count() == 2
    assert len(set(Booking.objects.values_list("starts_at", flat=True))) == 1, "two rooms at three o'clock"


def test_a_party_on_two_phones_has_one_conversation(cast: Cast) -> None:
    made = a_round(cast)
    viewer, own = cast.viewer("guardian"), party(made, cast.child)
    first, *_rest, last = slots(made, cast.five)
    at_once(lambda: quietly(viewer, own, first), lambda: quietly(viewer, own, last))
    assert Booking.objects.count() == 1


def test_keeping_free_and_booking_at_once_gives_one_of_both(cast: Cast) -> None:
    made = a_round(cast)
    teacher, viewer, own = cast.viewer("teacher"), cast.viewer("guardian"), party(made, cast.child)
    slot = slots(made, cast.five)[0]

    def keep() -> None:
        try:
            actions.block(by=teacher, slot=slot)
        except JustTaken:
            return

    at_once(keep, lambda: quietly(viewer, own, slot))
    assert Booking.objects.filter(slot=slot).count() == 1


def test_changing_crosswise_at_once_ends_with_two_whole_conversations(cast: Cast) -> None:
    made = a_round(cast)
    first, second, third = slots(made, cast.five)[:3]
    hers = actions.book_slots(by=cast.viewer("guardian"), choices=[(party(made, cast.child), first, False)])[0]
    shielded = cast.viewer("shielded_guardian")
    theirs = actions.book_slots(by=shielded, choices=[(party(made, cast.shielded), second, False)])[0]
    rows = {b.pk: b for b in Booking.objects.for_pages()}

    def change(viewer: object, booking: Booking, slot: Slot) -> None:
        try:
            actions.change_booking(by=viewer, booking=booking, slot=slot)  # type: ignore[arg-type]
        except Refused:
            return

    at_once(
        lambda: change(cast.viewer("guardian"), rows[hers.pk], third),
        lambda: change(shielded, rows[theirs.pk], third),
    )
    assert Booking.objects.filter(slot=third).count() == 1
    assert Booking.objects.count() == 2
    assert not in_two_places()
