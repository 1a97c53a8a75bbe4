"""Taking places, waiting for them, giving them back.

Every change of a list first takes its turn: one row is updated, so that on PostgreSQL the changes of one offer follow
each other (SQLite has one writer anyway). Should a path ever forget, the constraint on number still holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agenda.models import Event, Offer, Place, Signup
from kring.agenda.notices import MovedUp
from kring.agenda.permissions import can_edit_event, can_give_back, can_keep_list, can_take_place
from kring.agenda.rules import MOST_PLACES, Door, OfferKind, SignupState, Waiting, free_numbers, moving_up
from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.school.models import School


@dataclass(frozen=True, slots=True)
class OfferInput:
    """What is asked for. Days and hours are the school's own; `opens_at` and `closes_at` are aware."""

    title: str
    places: int
    kind: str = OfferKind.TASK
    most_each: int = 1
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    has_waiting_list: bool = True


@transaction.atomic
def make_offer(
    *, by: Viewer, school: School, what: OfferInput, event: Event | None = None, link: str = "", position: int = 0
) -> Offer:
    """Ask for help: a number of places that people can take.

    For an event who may change it; a room above (no `event`) has asked itself, and gives `link`, the path of its page.
    Raises Refused for hours and numbers that cannot be.
    """
    require(can_edit_event(by, event) if event is not None else by.person_at(school.pk) is not None)
    if event is not None and event.school_id != school.pk:
        raise NotAllowed
    _refuse_impossible(what)
    offer = Offer(school=school, event=event, link=link, position=position)
    _fill(offer, what)
    offer.save()
    audit.record(by=by, what="agenda.offer_made", about=offer, places=what.places, kind=what.kind)
    return offer


@transaction.atomic
def change_offer(*, by: Viewer, offer: Offer, what: OfferInput) -> Offer:
    """Ask for something else, or for more or fewer; who waits moves up when there is more.

    Raises Refused when fewer places are asked for than are taken.
    """
    require(can_keep_list(by, offer))
    _refuse_impossible(what)
    _take_turn(offer)
    taken = Place.objects.filter(offer=offer).count()
    if what.places < taken:
        raise Refused(
            ngettext(
                "%(number)s place is taken already. Ask for at least that many.",
                "%(number)s places are taken already. Ask for at least that many.",
                taken,
            )
            % {"number": taken}
        )
    _fill(offer, what)
    offer.save()
    audit.record(by=by, what="agenda.offer_changed", about=offer, places=what.places)
    _renumber(offer)
    _let_move_up(by, offer)
    return offer


@transaction.atomic
def remove_offer(*, by: Viewer, offer: Offer) -> None:
    """Take away what nobody has signed up for. Raises Refused when somebody has: then it can be closed."""
    require(can_keep_list(by, offer))
    _take_turn(offer)
    if Signup.objects.current().filter(offer=offer).exists():
        raise Refused(_("Somebody signed up for this already. Close it, or take them off first."))
    audit.record(by=by, what="agenda.offer_removed", about=offer)
    offer.delete()


@transaction.atomic
def close_offer(*, by: Viewer, offer: Offer) -> None:
    """Let nobody sign up any more; who has a place keeps it."""
    require(can_keep_list(by, offer))
    if Offer.objects.filter(pk=offer.pk, closed_at__isnull=True).update(closed_at=by.now):
        audit.record(by=by, what="agenda.offer_closed", about=offer)
    offer.refresh_from_db()


@transaction.atomic
def reopen_offer(*, by: Viewer, offer: Offer) -> None:
    """Let people sign up again after it was closed by hand."""
    require(can_keep_list(by, offer))
    if Offer.objects.filter(pk=offer.pk, closed_at__isnull=False).update(closed_at=None):
        audit.record(by=by, what="agenda.offer_reopened", about=offer)
    offer.refresh_from_db()
    _take_turn(offer)
    _let_move_up(by, offer)


@transaction.atomic
def take_place(*, by: Viewer, offer: Offer, amount: int = 1, note: str = "") -> Signup:
    """Take `amount` places, or wait for them when the list is full and has a waiting list.

    Who signed up already gets that back: two taps are one. Raises Refused, with the sentence to show, before it opens,
    when it is closed or full, and for more places than one person may take.
    """
    require(can_take_place(by, offer))
    _take_turn(offer)
    if mine := Signup.objects.mine(by).filter(offer=offer).first():
        return mine
    if not 1 <= amount <= offer.most_each:
        raise Refused(_("Choose a number from 1 to %(most)s.") % {"most": offer.most_each})
    _refuse_closed(by, offer)
    taken = list(Place.objects.filter(offer=offer).values_list("number", flat=True))
    waiting = Signup.objects.waiting().filter(offer=offer).count()
    found = offer.door(by.now, taken=len(taken), waiting=waiting)
    _refuse_door(offer, found)
    free = free_numbers(offer.places, taken)
    if found == Door.OPEN and amount > len(free):
        raise Refused(
            ngettext(
                "There is only %(number)s place left. Choose a smaller number.",
                "There are only %(number)s places left. Choose a smaller number.",
                len(free),
            )
            % {"number": len(free)}
        )
    signup = Signup(
        school_id=offer.school_id, offer=offer, person_id=by.person_at(offer.school_id), amount=amount,
        note=note.strip()[:200], said_at=by.now, state=SignupState.HELD if found == Door.OPEN else SignupState.WAITING,
    )  # fmt: skip
    _write(signup, free[:amount] if found == Door.OPEN else [])
    audit.record(by=by, what="agenda.place_taken", about=signup, amount=amount, state=str(signup.state))
    return signup


@transaction.atomic
def add_by_hand(*, by: Viewer, offer: Offer, name: str, amount: int = 1, note: str = "") -> Signup:
    """Write down somebody who answered at the school gate, with a name in words.

    Also before it opens and after it closed. Raises Refused when there is no place left.
    """
    require(can_keep_list(by, offer))
    name = name.strip()[:80]
    if not name:
        raise Refused(_("Write down who it is."))
    _take_turn(offer)
    free = free_numbers(offer.places, list(Place.objects.filter(offer=offer).values_list("number", flat=True)))
    if not 1 <= amount <= len(free):
        raise Refused(_full(offer) if not free else _("Choose a number from 1 to %(most)s.") % {"most": len(free)})
    signup = Signup(
        school_id=offer.school_id, offer=offer, name=name, amount=amount, note=note.strip()[:200], said_at=by.now,
        added_by_id=by.person_at(offer.school_id),
    )  # fmt: skip
    _write(signup, free[:amount])
    audit.record(by=by, what="agenda.place_added", about=signup, amount=amount)
    return signup


@transaction.atomic
def give_back(*, by: Viewer, signup: Signup) -> None:
    """Give one's own places back, or stop waiting; who waits moves up and is told."""
    require(can_give_back(by, signup))
    _return(by, signup)


@transaction.atomic
def take_off(*, by: Viewer, signup: Signup) -> None:
    """Take somebody off the list, as who keeps it; who waits moves up and is told."""
    require(can_keep_list(by, signup.offer))
    _return(by, signup)


def _return(by: Viewer, signup: Signup) -> None:
    offer = signup.offer
    _take_turn(offer)
    standing = Signup.objects.current().filter(pk=signup.pk)
    if not standing.update(state=SignupState.RETURNED):
        return
    signup.refresh_from_db()
    Place.objects.filter(signup=signup).delete()
    audit.record(
        by=by, what="agenda.place_returned", about=signup, own=signup.person_id == by.person_at(offer.school_id)
    )
    _let_move_up(by, offer)


def _let_move_up(by: Viewer, offer: Offer) -> None:
    """Give what is free to who waited longest; the caller has taken its turn."""
    if offer.event is not None and (offer.event.is_cancelled or offer.event.over_at <= by.now):
        return
    free = free_numbers(offer.places, list(Place.objects.filter(offer=offer).values_list("number", flat=True)))
    lines = list(Signup.objects.waiting().filter(offer=offer).select_related("person"))
    chosen = moving_up([Waiting(line.pk, line.amount) for line in lines], free=len(free))
    for signup in (line for line in lines if line.pk in chosen):
        up = {"state": SignupState.HELD, "moved_up_at": by.now}
        if not Signup.objects.filter(pk=signup.pk, state=SignupState.WAITING).update(**up):
            continue
        signup.refresh_from_db(fields=list(up))
        numbers, free = free[: signup.amount], free[signup.amount :]
        Place.objects.bulk_create(Place(offer=offer, signup=signup, number=number) for number in numbers)
        audit.record(by=by, what="agenda.moved_up", about=signup)
        if signup.person is not None:
            audience = make_audience(school=offer.school, persons=[signup.person])
            notify(MovedUp(signup), audience=audience, school=offer.school, not_before=by.now)


def _take_turn(offer: Offer) -> None:
    """Let the caller's transaction have the list as it is now: who changes it at once waits, or came first."""
    if not Offer.objects.filter(pk=offer.pk).update(turn=F("turn") + 1):
        raise Refused(_("This is not asked for any more."))
    offer.refresh_from_db()


def _write(signup: Signup, numbers: list[int]) -> None:
    try:
        with transaction.atomic():
            signup.save()
            Place.objects.bulk_create(Place(offer=signup.offer, signup=signup, number=number) for number in numbers)
    except IntegrityError:
        raise Refused(_("Somebody just took this place. Look what is still free.")) from None


def _renumber(offer: Offer) -> None:
    """Let the numbers that are taken lie within the places, when there are fewer now."""
    rows = list(Place.objects.filter(offer=offer))
    free = free_numbers(offer.places, [row.number for row in rows])
    for row in rows:
        if row.number > offer.places:
            row.number = free.pop(0)
            row.save(update_fields=["number"])


def _fill(offer: Offer, what: OfferInput) -> None:
    offer.kind = what.kind
    offer.title = what.title.strip()[:120]
    offer.day, offer.starts, offer.ends = what.day, what.starts, what.ends
    offer.places, offer.most_each = what.places, what.most_each
    offer.opens_at, offer.closes_at = what.opens_at, what.closes_at
    offer.has_waiting_list = what.has_waiting_list


def _refuse_impossible(what: OfferInput) -> None:
    if not what.title.strip():
        raise Refused(_("Say what help is needed."))
    if not 1 <= what.places <= MOST_PLACES:
        raise Refused(_("Choose a number of places from 1 to %(most)s.") % {"most": MOST_PLACES})
    if not 1 <= what.most_each <= what.places:
        raise Refused(_("One person can take at least one place, and not more than there are."))
    if what.ends is not None and (what.starts is None or what.ends <= what.starts):
        raise Refused(_("The end comes before the start."))
    if what.opens_at and what.closes_at and what.closes_at <= what.opens_at:
        raise Refused(_("It would close before it opens."))


def _refuse_closed(by: Viewer, offer: Offer) -> None:
    event = offer.event
    if event is not None and event.is_cancelled:
        raise Refused(_("This does not go on any more."))
    if event is not None and event.over_at <= by.now:
        raise Refused(_("This is over already."))


def _refuse_door(offer: Offer, found: Door) -> None:
    if found == Door.NOT_YET:
        raise Refused(_("You cannot sign up yet. Look at the moment when it opens."))
    if found == Door.CLOSED:
        raise Refused(_("Signing up is closed."))
    if found == Door.FULL:
        raise Refused(_full(offer))


def _full(offer: Offer) -> str:
    return ngettext("The place is taken.", "All %(number)s places are taken.", offer.places) % {"number": offer.places}
