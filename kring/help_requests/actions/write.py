"""Writing a request for help, handing it in, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.files.actions import remove_document, store_document
from kring.files.models import Document
from kring.help_requests import rules
from kring.help_requests.actions.telling import tell_reviewers
from kring.help_requests.models import HelpRequest, RequestDocument, Responder, Task
from kring.help_requests.notices import HandedIn
from kring.help_requests.people import candidates
from kring.help_requests.permissions import Seat, can_ask, can_call_back, can_discard, can_write
from kring.help_requests.rules import Asker, Route, State, route_for
from kring.help_requests.wording import refuse
from kring.people.models import Person
from kring.school.models import Group, School


@dataclass(frozen=True, slots=True)
class Content:
    """What is asked. Day and hours are the school's own; a task is its name and how many places it has."""

    title: str = ""
    text: str = ""
    day: date | None = None
    starts: time | None = None
    ends: time | None = None
    wish: str = ""
    asks_number: bool = False
    tasks: tuple[tuple[str, int], ...] = ()
    responder_ids: tuple[str, ...] = field(default_factory=tuple)  # public ids of Person


def write_request(
    *,
    by: Viewer,
    seat: Seat,
    content: Content,
    hand_in: bool,
    request: HelpRequest | None = None,
    uploads: Sequence[UploadedFile] = (),
    token: str = "",
) -> HelpRequest:
    """Keep a request as a draft, or hand it in to who places it by the agreement (O1, O2).

    Without `request` it begins a new one; the same `token` is kept once. Raises NotAllowed for who does not have this
    role, Refused with a sentence for what does not fit. The files stand on disk before the rows say so, outside the
    transaction; nothing of it stays when one part is refused.
    """
    require(can_write(by, request) if request is not None else can_ask(by, seat))
    school = School.objects.get(pk=seat.school_id)
    people = _chosen(seat, content, school, by)
    if hand_in:
        refuse(fault_in(content=content, people=people, school=school, by=by))
    have = RequestDocument.objects.filter(request=request).count() if request else 0
    if have + len(uploads) > rules.MAX_DOCUMENTS:
        raise Refused(_("At most %(number)d documents go with a request.") % {"number": rules.MAX_DOCUMENTS})
    documents: list[Document] = []
    try:
        for upload in uploads:
            documents.append(store_document(by=by, school=school, upload=upload))
        return _keep(by, seat, content, people, documents, hand_in=hand_in, request=request, token=token)
    except BaseException:
        drop_loose(by=by, documents=documents)
        raise


def fault_in(*, content: Content, people: Sequence[Person], school: School, by: Viewer) -> rules.Fault | None:
    """Return why the request is not complete or cannot be asked, with who is named for the replies, or None."""
    return rules.fault_of(
        title=content.title,
        text=content.text,
        day=content.day,
        starts=content.starts,
        ends=content.ends,
        tasks=content.tasks,
        responders=len(people),
        today=school.today(by.now),
    )


def _chosen(seat: Seat, content: Content, school: School, by: Viewer) -> list[Person]:
    """Return who is named for the replies. Raises NotAllowed for who cannot be named."""
    able = {person.public_id: person for person in candidates(seat, on=school.today(by.now))}
    if any(public_id not in able for public_id in content.responder_ids):
        raise NotAllowed
    return [able[public_id] for public_id in dict.fromkeys(content.responder_ids)]


@transaction.atomic
def _keep(
    by: Viewer,
    seat: Seat,
    content: Content,
    people: Sequence[Person],
    documents: Sequence[Document],
    *,
    hand_in: bool,
    request: HelpRequest | None,
    token: str,
) -> HelpRequest:
    own = by.person_at(seat.school_id)
    if request is None:
        known = HelpRequest.objects.for_pages().filter(asked_by_id=own, token=token or None)
        if token and (found := known.first()):
            drop_loose(by=by, documents=documents)
            return found
        request = HelpRequest(
            school_id=seat.school_id,
            asked_by_id=own,
            asked_as=seat.asked_as,
            group=Group.objects.get(pk=seat.group_id) if seat.group_id else None,
            made_at=by.now,
            token=token or None,
        )
    elif not HelpRequest.objects.filter(pk=request.pk, state=request.state).update(state=request.state):
        raise Refused(_("This request was handed in a moment ago, perhaps in another window."))
    fill(request, content)
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:  # the same form, sent twice at once
        if token and (again := HelpRequest.objects.for_pages().filter(asked_by_id=own, token=token).first()):
            drop_loose(by=by, documents=documents)
            return again
        raise
    put_tasks(request, content.tasks)
    name_responders(request, people, by=by)
    attach(request, documents)
    if hand_in:
        _hand_in(by, request)
    return request


def fill(request: HelpRequest, content: Content) -> None:
    """Put what was typed on the request; the caller saves it."""
    request.title = " ".join(content.title.split())[: rules.MAX_TITLE]
    request.text = content.text.strip()[: rules.MAX_KEPT]
    request.day, request.starts, request.ends = content.day, content.starts, content.ends
    request.wish = " ".join(content.wish.split())[: rules.MAX_WISH]
    request.asks_number = content.asks_number


def put_tasks(request: HelpRequest, tasks: Sequence[tuple[str, int]]) -> None:
    """Let the request ask exactly these; not once places are handed out."""
    Task.objects.filter(request=request).delete()
    Task.objects.bulk_create(
        Task(school_id=request.school_id, request=request, label=label.strip(), places=places, position=position)
        for position, (label, places) in enumerate(tasks[: rules.MAX_TASKS])
    )


def name_responders(request: HelpRequest, people: Sequence[Person], *, by: Viewer) -> list[Person]:
    """Let exactly these people get the replies; return who is new."""
    staying = Responder.objects.staying().filter(request=request)
    wanted = {person.pk: person for person in people}
    staying.exclude(person_id__in=wanted).update(removed_at=by.now)
    have = set(staying.values_list("person_id", flat=True))
    new = [person for pk, person in wanted.items() if pk not in have]
    Responder.objects.bulk_create(
        Responder(school_id=request.school_id, request=request, person=person, added_at=by.now) for person in new
    )
    return new


def attach(request: HelpRequest, documents: Sequence[Document]) -> None:
    """Let the documents go with the request."""
    first = RequestDocument.objects.filter(request=request).count()
    RequestDocument.objects.bulk_create(
        RequestDocument(school_id=request.school_id, request=request, document=document, position=first + place)
        for place, document in enumerate(documents)
    )


def drop_loose(*, by: Viewer, documents: Sequence[Document]) -> None:
    """Throw away those of the documents that no request holds."""
    for document in documents:
        if not RequestDocument.objects.filter(document=document).exists():
            remove_document(by=by, document=document)


def _hand_in(by: Viewer, request: HelpRequest) -> None:
    values = {"state": State.SUBMITTED, "sent_at": by.now, "note": ""}
    values |= {"handed_title": request.title, "handed_text": request.text}
    waiting = HelpRequest.objects.filter(pk=request.pk, state__in=[State.DRAFT, State.ASKED_BACK])
    if not waiting.update(**values):
        raise Refused(_("This request was handed in a moment ago, perhaps in another window."))
    request.refresh_from_db()
    audit.record(by=by, what="help.handed_in", about=request, asked_as=request.asked_as, source=request.source)
    route = route_for(Asker(request.asked_as), policy_for(request.school_id, at=by.now))
    if route != Route.ITSELF:
        tell_reviewers(HandedIn(request), request, by=by)


@transaction.atomic
def call_back(*, by: Viewer, request: HelpRequest) -> None:
    """Take back what was handed in and nobody has placed: it is a draft again."""
    require(can_call_back(by, request))
    if not HelpRequest.objects.filter(pk=request.pk, state=State.SUBMITTED).update(state=State.DRAFT, sent_at=None):
        raise Refused(_("It was placed or answered a moment ago. Look how it stands."))
    audit.record(by=by, what="help.called_back", about=request)
    request.refresh_from_db()


@transaction.atomic
def discard_request(*, by: Viewer, request: HelpRequest) -> None:
    """Throw a request away that nobody placed, with its documents."""
    require(can_discard(by, request))
    documents = [row.document for row in request.documents.select_related("document")]
    audit.record(by=by, what="help.discarded", about=request, source=request.source)
    request.delete()
    for document in documents:
        remove_document(by=by, document=document)


@transaction.atomic
def detach_document(*, by: Viewer, attached: RequestDocument) -> None:
    """Take a document off a request that is still being written, and throw it away."""
    require(can_write(by, attached.request))
    document = attached.document
    attached.delete()
    remove_document(by=by, document=document)
