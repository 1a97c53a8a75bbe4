"""One event as its page shows it: what a reader can do, and for who keeps it who comes and who helps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from kring.agenda.models import Event, Offer, Reminder, Rsvp, Signup
from kring.agenda.permissions import can_answer, can_edit_event, can_see_answers, can_take_place
from kring.agenda.rules import Answer, Door, SignupState
from kring.core.viewer import Viewer
from kring.people.models import Guardianship, KeepApart, current_on


@dataclass(frozen=True, slots=True)
class Seat:
    """One place as it is drawn: taken, free, or one's own; a name only for who keeps the list."""

    state: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One offer for one reader."""

    offer: Offer
    taken: int
    waiting: int
    door: Door
    mine: Signup | None
    signups: list[Signup]
    can_take: bool

    @property
    def seats(self) -> list[Seat]:
        """Return the places to draw, own first; none for more than twelve, where a number says more."""
        if self.offer.places > 12:
            return []
        own = self.mine.amount if self.mine and self.mine.state == SignupState.HELD else 0
        names = [s.who for s in self.signups if s.state == SignupState.HELD for _n in range(s.amount)]
        if names:
            seats = [Seat("taken", name) for name in names]
        else:
            seats = [Seat("me")] * own + [Seat("taken")] * (self.taken - own)
        return seats + [Seat("free")] * (self.offer.places - self.taken)

    @property
    def free(self) -> int:
        """Return how many places are free."""
        return self.offer.places - self.taken

    @property
    def most(self) -> int:
        """Return how many places she can take now."""
        return min(self.offer.most_each, self.free) if self.door == Door.OPEN else self.offer.most_each


@dataclass(frozen=True, slots=True)
class Answers:
    """Who comes, for who keeps the event."""

    coming: list[Rsvp]
    staying: list[Rsvp]
    number: int
    twice: int  # answers that were left out of the number, because a newer one is about the same child


@dataclass(frozen=True, slots=True)
class Shown:
    """Everything the page of an event shows."""

    event: Event
    can_edit: bool
    can_answer: bool
    takes_answers: bool
    mine: Rsvp | None
    asked: list[Asked]
    answers: Answers | None
    reminder: Reminder | None


def shown_to(viewer: Viewer, event: Event) -> Shown:
    """Return the event for this viewer, who may see it. At most nine queries, whatever the number of answers."""
    can_edit = can_edit_event(viewer, event)
    own = list(viewer.persons.values())
    reminder = None
    if can_edit:
        reminder = Reminder.objects.filter(event=event).select_related("post__author").first()
    return Shown(
        event=event,
        can_edit=can_edit,
        can_answer=can_answer(viewer, event),
        takes_answers=event.takes_answers(viewer.now),
        mine=Rsvp.objects.filter(event=event, person_id__in=own).first() if event.rsvp != "nobody" else None,
        asked=_offers(viewer, event, with_names=can_edit),
        answers=_answers(event) if event.rsvp != "nobody" and can_see_answers(viewer, event) else None,
        reminder=reminder,
    )


def _offers(viewer: Viewer, event: Event, *, with_names: bool) -> list[Asked]:
    offers = list(Offer.objects.filter(event=event).with_counts().in_order())
    if not offers:
        return []
    rows = Signup.objects.of(offers).current().order_by("said_at", "pk")
    if not with_names:
        rows = rows.filter(person_id__in=list(viewer.persons.values()))
    signups: dict[int, list[Signup]] = defaultdict(list)
    for signup in rows:
        signups[signup.offer_id].append(signup)
    own = set(viewer.persons.values())
    # Who keeps the list and has no child at the school does not sign up with a button: she writes names down.
    is_parent = any(span.school_id == event.school_id and span.is_current for span in viewer.spans)
    is_on = (is_parent or not with_names) and not event.is_cancelled and event.over_at > viewer.now
    found = []
    for offer in offers:
        offer.event = event
        taken, waiting = offer.taken, offer.waiting  # type: ignore[attr-defined]
        found.append(
            Asked(
                offer=offer,
                taken=taken,
                waiting=waiting,
                door=offer.door(viewer.now, taken=taken, waiting=waiting),
                mine=next((s for s in signups[offer.pk] if s.person_id in own), None),
                signups=signups[offer.pk] if with_names else [],
                can_take=is_on and can_take_place(viewer, offer),
            )
        )
    return found


def _answers(event: Event) -> Answers:
    rows = list(Rsvp.objects.of(event))
    counted = _counted(event, rows)
    return Answers(
        coming=[row for row in rows if row.answer == Answer.YES],
        staying=[row for row in rows if row.answer == Answer.NO],
        number=sum(row.number for row in counted),
        twice=sum(row.answer == Answer.YES for row in rows if row not in counted),
    )


def _counted(event: Event, rows: Sequence[Rsvp]) -> list[Rsvp]:
    """Return the answers that count: for a family, when two guardians of one child answered, the newer one.

    Two who are kept apart come by themselves, so both count.
    """
    if event.rsvp != "family" or len(rows) < 2:
        return list(rows)
    day = event.starts_on
    ties = Guardianship.objects.filter(current_on(day), person_id__in=[row.person_id for row in rows])
    children: dict[int, set[int]] = defaultdict(set)
    for person_id, child_id in ties.values_list("person_id", "child_id"):
        children[person_id].add(child_id)
    apart = {
        frozenset(pair)
        for pair in KeepApart.objects.filter(
            child_id__in={child for own in children.values() for child in own}
        ).values_list("first_id", "second_id")
    }
    kept: list[Rsvp] = []
    for row in sorted(rows, key=lambda one: one.answered_at, reverse=True):
        same = [
            other
            for other in kept
            if children[other.person_id] & children[row.person_id]
            and frozenset({other.person_id, row.person_id}) not in apart
        ]
        if not same:
            kept.append(row)
    return kept
