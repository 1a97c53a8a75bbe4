"""What happens with a request that was handed in: a question back, no, or a place where families read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agenda.actions import OfferInput, make_offer
from kring.agenda.rules import OfferKind
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.conversations.actions import open_group_conversation
from kring.conversations.rules.circle import default_closing
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.help_requests import rules
from kring.help_requests.actions.telling import tell
from kring.help_requests.actions.write import Content, fault_in, fill, name_responders, put_tasks
from kring.help_requests.models import HelpRequest, RequestDocument, Task
from kring.help_requests.notices import AskedBack, Declined, NamedAsResponder, Placed
from kring.help_requests.people import candidates
from kring.help_requests.permissions import (
    can_answer_asker,
    can_choose_responders,
    can_place,
    can_place_in_post,
    can_place_in_talk,
    seat_of,
)
from kring.help_requests.rules import State
from kring.help_requests.wording import refuse
from kring.people.models import Person
from kring.posts import actions as posts
from kring.posts.permissions import Target
from kring.posts.rules import Kind


@transaction.atomic
def ask_back(*, by: Viewer, request: HelpRequest, question: str) -> None:
    """Ask who wrote it something first; the request waits with her."""
    _answer(by, request, question, State.ASKED_BACK, _("Write what you want to know."))
    tell(AskedBack(request), request, [request.asked_by], by=by)


@transaction.atomic
def decline(*, by: Viewer, request: HelpRequest, reason: str) -> None:
    """Do not place it, and say why."""
    _answer(by, request, reason, State.DECLINED, _("Say why it is not placed: that is what she reads."))
    tell(Declined(request), request, [request.asked_by], by=by)


def _answer(by: Viewer, request: HelpRequest, words: str, state: State, missing: str) -> None:
    require(can_answer_asker(by, request))
    words = words.strip()
    if not words:
        raise Refused(missing)
    if len(words) > rules.MAX_NOTE:
        raise Refused(_("Keep it to %(most)s signs.") % {"most": rules.MAX_NOTE})
    values = {"state": state, "note": words, "reviewed_by_id": by.person_at(request.school_id)}
    if not HelpRequest.objects.filter(pk=request.pk, state=State.SUBMITTED).update(**values):
        raise Refused(_just_done())
    request.refresh_from_db()
    audit.record(by=by, what=f"help.{state}", about=request)


@transaction.atomic
def place_in_post(
    *, by: Viewer, request: HelpRequest, content: Content, target: Target, at: datetime | None = None
) -> HelpRequest:
    """Place the request as an announcement to `target`, now or at the moment `at` (aware). As with every post nobody
    can read it for fifteen seconds.

    Raises NotAllowed for who may not place it or not there (O1, O2, S2), Refused for what does not fit and when a
    colleague was quicker.
    """
    require(can_place(by, request) and can_place_in_post(by, request.school_id, target))
    if target.is_empty:
        raise Refused(_("Choose for whom this is."))
    if request.group_id is not None and target != Target(group_ids=frozenset({request.group_id})):
        raise NotAllowed
    documents, named = _prepare(by, request, content)
    post = posts.start_draft(
        by=by, school=request.school, kind=Kind.ANNOUNCEMENT, target=target, fragment_url=fragment_of(request)
    )
    post = posts.save_draft(
        by=by, post=post, content=posts.Content(title=request.title, source=request.text), target=target
    )
    posts.attach_stored(by=by, post=post, documents=documents)
    items = [] if request.day is None else [_item(request, request.day)]
    posts.order_post(by=by, post=post, items=items, at=at)
    HelpRequest.objects.filter(pk=request.pk).update(post=post)
    return _told(by, request, named, "post", at=at)


@transaction.atomic
def place_in_talk(*, by: Viewer, request: HelpRequest, content: Content, closes_on: date | None = None) -> HelpRequest:
    """Place the request in a group conversation of its group (O2). It closes on the day that the agreement gives (P2),
    but not before the day that help is needed.
    """
    require(can_place(by, request) and can_place_in_talk(by, request))
    if request.group is None:
        raise NotAllowed
    documents, named = _prepare(by, request, content)
    group, today = request.group, request.school.today(by.now)
    days = policy_for(request.school_id, at=by.now).group_conversations.closes_after_days
    closes_on = closes_on or default_closing(today, days=days, year_ends=group.school_year.ends_on)
    if request.day is not None:
        closes_on = min(max(closes_on, request.day), group.school_year.ends_on)
    conversation = open_group_conversation(
        by=by,
        group=group,
        purpose=request.title,
        text=request.text,
        closes_on=closes_on,
        fragment_url=fragment_of(request),
        documents=documents,
    )
    HelpRequest.objects.filter(pk=request.pk).update(conversation=conversation)
    return _told(by, request, named, "conversation")


def fragment_of(request: HelpRequest) -> str:
    """Return the path of the piece where one replies: it stands in the post or conversation."""
    return reverse("help_requests:answer", args=[request.public_id])


def _item(request: HelpRequest, day: date) -> posts.ItemInput:
    return posts.ItemInput(from_date=day, until_date=day, starts=request.starts, ends=request.ends, text=request.title)


def _prepare(by: Viewer, request: HelpRequest, content: Content) -> tuple[list[Document], list[Person]]:
    """Take the request, once, with the words of who places it; return its documents and who is named."""
    people = _people(by, request, content)
    refuse(fault_in(content=content, people=people, school=request.school, by=by))
    # No join here: PostgreSQL looks again at the row a colleague has just changed, but not at what a join had found.
    waits = HelpRequest.objects.filter(pk=request.pk, state=request.state)
    if request.state == State.PLACED:  # and taken back since: once more, but not twice
        waits = waits.filter(placed_at=request.placed_at)
    own = by.person_at(request.school_id)
    if not waits.update(state=State.PLACED, placed_at=by.now, reviewed_by_id=own, post=None, note=""):
        raise Refused(_just_done())
    request.refresh_from_db()
    fill(request, content)
    request.save()
    tasks = [(task.label, task.places) for task in Task.objects.filter(request=request)]
    if tasks != list(content.tasks):
        _drop_offers(request)
        put_tasks(request, content.tasks)
    name_responders(request, people, by=by)
    _open_places(by, request)
    rows = list(RequestDocument.objects.filter(request=request).select_related("document"))
    RequestDocument.objects.filter(request=request).delete()
    return [row.document for row in rows], people


def _people(by: Viewer, request: HelpRequest, content: Content) -> list[Person]:
    able = {person.public_id: person for person in candidates(seat_of(request), on=request.school.today(by.now))}
    if any(public_id not in able for public_id in content.responder_ids):
        raise NotAllowed
    return [able[public_id] for public_id in dict.fromkeys(content.responder_ids)]


def _drop_offers(request: HelpRequest) -> None:
    """Forget places of a request that was placed, taken back before anybody could read it, and changed since."""
    for task in Task.objects.filter(request=request, offer__isnull=False).select_related("offer"):
        if task.offer is not None:
            task.offer.delete()


def _open_places(by: Viewer, request: HelpRequest) -> None:
    for task in Task.objects.filter(request=request, offer__isnull=True):
        most = min(rules.MAX_NUMBER, task.places) if request.asks_number else 1
        what = OfferInput(
            title=task.label or request.title,
            places=task.places,
            kind=OfferKind.TASK,
            most_each=most,
            day=request.day,
            starts=request.starts,
            ends=request.ends,
        )
        task.offer = make_offer(
            by=by, school=request.school, what=what, link=fragment_of(request), position=task.position
        )
        task.save(update_fields=["offer"])


def _told(
    by: Viewer, request: HelpRequest, named: Sequence[Person], where: str, *, at: datetime | None = None
) -> HelpRequest:
    request.refresh_from_db()
    audit.record(by=by, what="help.placed", about=request, where=where, tasks=request.tasks.count())
    later = max(by.now, at or by.now) + timedelta(seconds=20)  # after the fifteen seconds in which it can be taken back
    tell(Placed(request), request, [request.asked_by], by=by, at=later)
    others = [person for person in named if person.pk != request.asked_by_id]
    tell(NamedAsResponder(request), request, others, by=by, at=later)
    return request


@transaction.atomic
def choose_responders(*, by: Viewer, request: HelpRequest, responder_ids: Sequence[str]) -> None:
    """Say anew who gets the replies. Who is not named any more reads none of them from that moment."""
    require(can_choose_responders(by, request))
    people = _people(by, request, Content(responder_ids=tuple(responder_ids)))
    if not people:
        raise Refused(_("Choose who gets the replies."))
    if len(people) > rules.MAX_RESPONDERS:
        raise Refused(_("At most %(people)s people can get the replies.") % {"people": rules.MAX_RESPONDERS})
    new = name_responders(request, people, by=by)
    audit.record(by=by, what="help.responders_chosen", about=request, number=len(people))
    if request.is_open:
        tell(NamedAsResponder(request), request, new, by=by)


def _just_done() -> str:
    return _("A colleague placed or answered it a moment ago. Look how it stands.")
