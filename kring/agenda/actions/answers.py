"""Saying whether one comes."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agenda.models import Event, Rsvp
from kring.agenda.permissions import can_answer, can_take_back_answer
from kring.agenda.rules import Answer, RsvpBy
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer

MOST = 20


@transaction.atomic
def answer_event(*, by: Viewer, event: Event, answer: str, number: int = 1) -> Rsvp:
    """Say whether she comes, and for a family with how many; answering again changes it.

    Raises Refused once answering is closed, and for a number that cannot be.
    """
    require(can_answer(by, event))
    _refuse_closed(by, event)
    coming = answer == Answer.YES
    if event.rsvp == RsvpBy.PERSON:
        number = 1
    if coming and not 1 <= number <= MOST:
        raise Refused(_("Choose a number from 1 to %(most)s.") % {"most": MOST})
    said = {"answer": Answer.YES if coming else Answer.NO, "number": number if coming else 0, "answered_at": by.now}
    person_id = by.persons[event.school_id]
    mine = Rsvp.objects.filter(event=event, person_id=person_id)
    if not mine.update(**said):
        try:
            with transaction.atomic():
                Rsvp.objects.create(school_id=event.school_id, event=event, person_id=person_id, **said)
        except IntegrityError:  # a second tap was quicker
            mine.update(**said)
    audit.record(by=by, what="agenda.answered", about=event, answer=str(said["answer"]))
    return mine.get()


@transaction.atomic
def take_back_answer(*, by: Viewer, answer: Rsvp) -> None:
    """Have no answer any more. Raises Refused once answering is closed."""
    require(can_take_back_answer(by, answer))
    _refuse_closed(by, answer.event)
    answer.delete()
    audit.record(by=by, what="agenda.answer_taken_back", about=answer.event)


def _refuse_closed(by: Viewer, event: Event) -> None:
    if event.is_cancelled:
        raise Refused(_("This does not go on any more."))
    if not event.takes_answers(by.now):
        raise Refused(_("You can no longer answer here. Tell the teacher if something changes."))
