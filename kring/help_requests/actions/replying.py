"""What parents do with a request that was placed: a short reply, another one, or none any more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agenda.actions import take_off, take_place
from kring.agenda.models import Signup
from kring.agenda.rules import SignupState
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.help_requests import rules
from kring.help_requests.actions.telling import GATHER, tell
from kring.help_requests.models import HelpRequest, Reply, Task
from kring.help_requests.notices import RepliesCame
from kring.help_requests.people import readers_for
from kring.help_requests.permissions import can_reply
from kring.help_requests.rules import Says, State


@transaction.atomic
def reply(
    *, by: Viewer, request: HelpRequest, says: str, task: Task | None = None, number: int = 1, text: str = ""
) -> Reply:
    """Reply, or reply something else than before. Only the named responders read it.

    With places that are counted the reply takes them, or waits for them. Raises NotAllowed for whom it was not placed,
    Refused with a sentence: closed, full, too long, or nobody left who may read it.
    """
    _take_open(by, request)
    own = by.person_at(request.school_id)
    if own is None:
        raise NotAllowed
    text = " ".join(text.split())
    if len(text) > rules.MAX_REPLY:
        raise Refused(_("Keep it to %(most)s signs.") % {"most": rules.MAX_REPLY})
    readers = readers_for(request, own, on=request.school.today(by.now))
    if not readers:
        raise Refused(_("Nobody reads the replies to this any more. Ask the team of the group or the office."))
    tasks = list(Task.objects.filter(request=request).select_related("offer"))
    task = _task(tasks, task, says)
    number = number if request.asks_number and says == Says.CAN else 1
    if not 1 <= number <= rules.MAX_NUMBER:
        raise Refused(_("Choose a number from 1 to %(most)s.") % {"most": rules.MAX_NUMBER})
    mine = Reply.objects.filter(request=request, person_id=own).select_related("signup__offer").first()
    signup = _places(by, mine, task, says, number)
    said = {"says": says, "task": task, "number": number, "text": text, "signup": signup, "made_at": by.now}
    row = _write(request, own, said)
    # That she replied stands in no log: only the responders know. Nor does the notice say who it was.
    tell(RepliesCame(request), request, readers, by=by, at=by.now + GATHER)
    return row


def _task(tasks: list[Task], chosen: Task | None, says: str) -> Task | None:
    if says != Says.CAN or not tasks:
        return None
    if chosen is None and len(tasks) == 1:
        return tasks[0]
    found = next((task for task in tasks if chosen is not None and task.pk == chosen.pk), None)
    if found is None:
        raise Refused(_("Choose what you can help with."))
    return found


def _places(by: Viewer, mine: Reply | None, task: Task | None, says: str, number: int) -> Signup | None:
    """Return the places of this reply; those of an earlier one that does not fit any more are given back."""
    had = mine.signup if mine is not None else None
    if had is not None and had.state != SignupState.RETURNED:
        if task is not None and had.offer_id == task.offer_id and had.amount == number:
            return had
        take_off(by=by, signup=had)
    if task is None or task.offer is None or says != Says.CAN:
        return None
    return take_place(by=by, offer=task.offer, amount=number)


def _write(request: HelpRequest, own: int, said: Mapping[str, Any]) -> Reply:
    fresh = {**said, "ticked_at": None, "thanked_at": None}
    mine = Reply.objects.filter(request=request, person_id=own)
    if not mine.update(**fresh):
        try:
            with transaction.atomic():
                Reply.objects.create(school_id=request.school_id, request=request, person_id=own, **said)
        except IntegrityError:  # a second window was quicker
            mine.update(**fresh)
    return mine.get()


@transaction.atomic
def take_back_reply(*, by: Viewer, request: HelpRequest) -> None:
    """Have no reply any more; places are free again for others."""
    _take_open(by, request)
    mine = Reply.objects.of(by).filter(request=request).select_related("signup__offer").first()
    if mine is None:
        return
    if mine.signup is not None and mine.signup.state != SignupState.RETURNED:
        take_off(by=by, signup=mine.signup)
    mine.delete()


def _take_open(by: Viewer, request: HelpRequest) -> None:
    """Let the caller's transaction have the request while it takes replies: who closes it waits, or came first."""
    require(HelpRequest.objects.placed_for(by).filter(pk=request.pk).exists())
    if not HelpRequest.objects.filter(pk=request.pk, state=State.PLACED).update(state=State.PLACED):
        raise Refused(_("This request for help is closed: nothing more is needed."))
    require(can_reply(by, request))
