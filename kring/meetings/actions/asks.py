"""A family asks for another time than the plan gave it; who helps the family moves it, or says why it stays."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.meetings.models import Ask, Booking, Party, Slot
from kring.meetings.notices import AskDeclined, AskedForTeam, RoundChanged
from kring.meetings.permissions import can_answer, can_ask, can_withdraw
from kring.meetings.rules import AskState
from kring.notifications.actions import notify
from kring.notifications.live import hint

LONGEST = 200


def ask_for_time(*, by: Viewer, party: Party, slot: Slot | None, note: str) -> Ask:
    """Ask for another time: this moment, or none in particular, and in a few words what would suit.

    Raises Refused without either, for a moment that is not free, and when a question of this party is open already:
    the other guardian was first.
    """
    require(can_ask(by, party))
    note = note.strip()[:LONGEST]
    if slot is None and not note:
        raise Refused(_("Choose a time, or write what would suit you."))
    if slot is not None:
        _refuse_slot(by, party, slot)
    try:
        with transaction.atomic():
            ask = Ask.objects.create(
                school_id=party.school_id, round=party.round, party=party, slot=slot, note=note,
                asked_by_id=by.person_at(party.school_id), asked_at=by.now,
            )  # fmt: skip
            audit.record(by=by, what="meeting.asked_other_time", about=party)
            school = party.round.school
            notify(AskedForTeam(ask), audience=party.round.audience, school=school, not_before=by.now, by=by)
            hint(RoundChanged, party.round.public_id)
    except IntegrityError:
        raise Refused(_("A question for another time is open already. Take it back to ask another one.")) from None
    return ask


def _refuse_slot(by: Viewer, party: Party, slot: Slot) -> None:
    require(slot.round_id == party.round_id and slot.sitting.group_id == party.group_id)
    if slot.starts_at <= by.now or Booking.objects.filter(slot=slot).exists():
        raise Refused(_("This time was just taken."))


@transaction.atomic
def withdraw_ask(*, by: Viewer, ask: Ask) -> None:
    """Take a question back: the conversation stays at its time. Twice is once; what was answered stays answered."""
    require(can_withdraw(by, ask))
    if Ask.objects.open().filter(pk=ask.pk).update(state=AskState.WITHDRAWN, answered_at=by.now):
        audit.record(by=by, what="meeting.ask_withdrawn", about=ask.party)
        hint(RoundChanged, ask.party.round.public_id)


@transaction.atomic
def decline_ask(*, by: Viewer, ask: Ask, answer: str) -> None:
    """Say in a sentence why the conversation stays at its time; the family is told that there is an answer.

    Raises Refused without a sentence, and when it was answered or taken back meanwhile.
    """
    require(can_answer(by, ask))
    answer = answer.strip()[:LONGEST]
    if not answer:
        raise Refused(_("Write in a sentence why it stays as it is."))
    party = ask.party
    changed = {"state": AskState.DECLINED, "answer": answer, "answered_at": by.now}
    if not Ask.objects.open().filter(pk=ask.pk).update(answered_by_id=by.person_at(party.school_id), **changed):
        raise Refused(_("This question was answered or taken back meanwhile. Look again."))
    for name, value in changed.items():
        setattr(ask, name, value)
    audit.record(by=by, what="meeting.ask_declined", about=party)
    notify(AskDeclined(ask), audience=party.audience, school=party.round.school, not_before=by.now, by=by)
    hint(RoundChanged, party.round.public_id)


def settle_ask(*, by: Viewer, party: Party) -> None:
    """Mark the open question of a party as answered by another time. Inside the transaction that gives it that time."""
    answered = {"answered_by_id": by.person_at(party.school_id), "answered_at": by.now}
    Ask.objects.open().filter(party=party).update(state=AskState.MOVED, **answered)
