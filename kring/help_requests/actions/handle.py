"""What responders do with replies: tick off, thank, write down who said it at the gate, remind, close."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from kring.agenda.actions import add_by_hand as take_by_hand
from kring.agenda.actions import close_offer, take_off
from kring.agenda.models import Offer
from kring.agenda.rules import SignupState
from kring.audit import actions as audit
from kring.conversations.actions import send_message
from kring.conversations.permissions import can_write_in
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.help_requests import rules
from kring.help_requests.actions.telling import tell
from kring.help_requests.models import HelpRequest, Reply, Task
from kring.help_requests.notices import HelpClosed, HelpReminder, Thanked
from kring.help_requests.permissions import can_close, can_handle, can_tick
from kring.help_requests.rules import Says, State
from kring.notifications.actions import notify, remind_those_who_have_not
from kring.people.actions.audience import make_audience
from kring.people.models import Person


@transaction.atomic
def tick(*, by: Viewer, reply: Reply, done: bool) -> None:
    """Tick a reply off as dealt with, or put it back."""
    require(can_tick(by, reply))
    Reply.objects.filter(pk=reply.pk, ticked_at__isnull=done).update(ticked_at=by.now if done else None)


@transaction.atomic
def thank(*, by: Viewer, reply: Reply) -> None:
    """Thank somebody for a reply, once, and tick it off."""
    require(can_tick(by, reply) and reply.person is not None)
    if not Reply.objects.filter(pk=reply.pk, thanked_at__isnull=True).update(thanked_at=by.now):
        return
    Reply.objects.filter(pk=reply.pk, ticked_at__isnull=True).update(ticked_at=by.now)
    reply.refresh_from_db()
    audience = make_audience(school=reply.request.school, persons=[reply.person] if reply.person else [])
    notify(Thanked(reply), audience=audience, school=reply.request.school, not_before=by.now, by=by)


@transaction.atomic
def add_by_hand(
    *, by: Viewer, request: HelpRequest, name: str, task: Task | None = None, number: int = 1, text: str = ""
) -> Reply:
    """Write down somebody who said yes at the school gate; with places that are counted she gets them.

    Raises Refused when no place is left, and NotAllowed for who does not handle the replies.
    """
    require(can_handle(by, request))
    name, text = " ".join(name.split())[: rules.MAX_NAME], " ".join(text.split())
    if not name:
        raise Refused(_("Write down who it is."))
    if len(text) > rules.MAX_REPLY:
        raise Refused(_("Keep it to %(most)s signs.") % {"most": rules.MAX_REPLY})
    _take_placed(request)
    tasks = list(Task.objects.filter(request=request).select_related("offer"))
    if task is None and len(tasks) == 1:
        task = tasks[0]
    if tasks and task not in tasks:
        raise Refused(_("Choose what this person helps with."))
    number = max(1, min(number, rules.MAX_NUMBER))
    signup = None
    if task is not None and task.offer is not None:
        signup = take_by_hand(by=by, offer=task.offer, name=name, amount=number)
    row = Reply.objects.create(
        school_id=request.school_id,
        request=request,
        name=name,
        says=Says.CAN,
        task=task,
        number=number,
        text=text,
        signup=signup,
        made_at=by.now,
        added_by_id=by.person_at(request.school_id),
        ticked_at=by.now,
    )
    audit.record(by=by, what="help.added_by_hand", about=row)
    return row


@transaction.atomic
def give_place(*, by: Viewer, reply: Reply, task: Task) -> None:
    """Give a place to somebody who can help and has none yet. Raises Refused when none is left."""
    require(can_tick(by, reply) and task.request_id == reply.request_id)
    _take_placed(reply.request)
    if reply.says != Says.CAN or task.offer is None or (reply.signup and reply.signup.state == SignupState.HELD):
        raise Refused(_("This person has a place already, or did not say yes."))
    if reply.signup is not None:
        take_off(by=by, signup=reply.signup)
    signup = take_by_hand(by=by, offer=task.offer, name=reply.who, amount=reply.number)
    Reply.objects.filter(pk=reply.pk).update(signup=signup, task=task, ticked_at=by.now)
    audit.record(by=by, what="help.place_given", about=reply)


@transaction.atomic
def free_place(*, by: Viewer, reply: Reply) -> None:
    """Give the places of a reply back; who waits moves up. What was written by hand is gone then."""
    require(can_tick(by, reply))
    if reply.signup is not None and reply.signup.state != SignupState.RETURNED:
        take_off(by=by, signup=reply.signup)
    audit.record(by=by, what="help.place_freed", about=reply)
    if reply.person_id is None:
        reply.delete()
    else:
        Reply.objects.filter(pk=reply.pk).update(signup=None, task=None)


@transaction.atomic
def remind(*, by: Viewer, request: HelpRequest) -> None:
    """Ask those who have not replied once more: once for each request, by whoever handles the replies."""
    require(can_handle(by, request) and request.is_open)
    place = request.post or request.conversation
    if place is None or place.audience is None:
        raise Refused(_("It is not placed any more, so there is nobody to remind."))
    once = HelpRequest.objects.filter(pk=request.pk, state=State.PLACED, reminded_at__isnull=True)
    if not once.update(reminded_at=by.now):
        raise Refused(_("A reminder went out before. Once is enough."))
    remind_those_who_have_not(HelpReminder(request), by=by, audience=place.audience, school=request.school)
    audit.record(by=by, what="help.reminded", about=request)


@transaction.atomic
def close_request(*, by: Viewer, request: HelpRequest, thanks: str = "") -> None:
    """Take no more replies, with a line of thanks: it stands where the request stood, and who helps is told."""
    require(can_close(by, request))
    thanks = thanks.strip()
    if len(thanks) > rules.MAX_NOTE:
        raise Refused(_("Keep it to %(most)s signs.") % {"most": rules.MAX_NOTE})
    open_still = HelpRequest.objects.filter(pk=request.pk, state=State.PLACED)
    if not open_still.update(state=State.CLOSED, closed_at=by.now, thanks=thanks):
        raise Refused(_("It was closed a moment ago."))
    request.refresh_from_db()
    for offer in Offer.objects.filter(pk__in=Task.objects.filter(request=request).values("offer_id")):
        close_offer(by=by, offer=offer)
    audit.record(by=by, what="help.closed", about=request)
    conversation = request.conversation
    if thanks and conversation is not None and can_write_in(by, conversation):
        send_message(by=by, conversation=conversation, text=thanks, token=f"help{request.pk}")
    helping = Reply.objects.filter(request=request, says=Says.CAN, person__isnull=False)
    people = list(Person.objects.filter(pk__in=helping.values("person_id")))
    tell(HelpClosed(request), request, people, by=by)


def _take_placed(request: HelpRequest) -> None:
    if not HelpRequest.objects.filter(pk=request.pk, state=State.PLACED).update(state=State.PLACED):
        raise Refused(_("This request for help is closed."))
