"""Asking for leave, withdrawing it, and deciding (N4, S10). The teacher hears of it when it was granted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.absences.circle import groups_of
from kring.absences.models import LeaveDocument, LeaveRequest
from kring.absences.notices import LeaveAsked, LeaveAskedToFamily, LeaveDecided, LeaveGrantedToTeam
from kring.absences.permissions import asked_it, can_decide, can_report_for, can_withdraw_leave, is_family
from kring.absences.rules import MAX_DOCUMENTS, MAX_WHY, LeaveKind, LeaveState, days_in, decide_by, leave_fault
from kring.absences.wording import fault_sentence
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.files.actions import remove_document, store_document
from kring.files.models import Document
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Child
from kring.photos.actions import keep_as_document
from kring.photos.anew import is_picture
from kring.school.calendars import calendar_of

TERM_LOOKS_AHEAD = timedelta(days=120)


def ask_leave(
    *,
    by: Viewer,
    child: Child,
    first_day: date,
    last_day: date,
    kind: LeaveKind,
    why: str,
    uploads: Sequence[UploadedFile] = (),
    token: str = "",
) -> LeaveRequest:
    """Ask management for leave from `first_day` to `last_day`, both included (S10). Management alone is told, and the
    other full guardian without the words.

    Raises NotAllowed for a child that is not hers; Refused when the school has a form for it (N4), for days that do not
    fit, leave that was asked for already and documents of the wrong kind. The same `token` is kept once. The files
    stand on disk before the rows say so, outside the transaction.
    """
    require(can_report_for(by, child))
    if policy_for(child.school_id, at=by.now).leave.way != "app":
        raise Refused(_("At our school leave is asked for with a form."), clause="N4")
    known = LeaveRequest.objects.filter(child=child, token=token).first() if token else None
    if known is not None:
        return known
    lessons = _lessons(by, child, first_day, last_day)
    if not why.strip():
        raise Refused(_("Write in a few words why you ask for leave."))
    if len(why.strip()) > MAX_WHY:
        raise Refused(_("That is more than %(most)s characters. Make it shorter.") % {"most": MAX_WHY})
    documents = _take_in(by, child, uploads)
    try:
        return _write_down(by, child, first_day, last_day, kind, why.strip(), lessons, documents, token)
    except BaseException:
        _drop(by, documents)
        raise


def _lessons(by: Viewer, child: Child, first: date, last: date) -> int:
    """Return the number of school days in it, or raise Refused."""
    school = child.school
    today = school.today(by.now)
    lessons = 0
    if first <= last <= first + timedelta(days=400):
        groups = groups_of(child, on=today)
        group_id = groups[0].pk if groups else None
        calendar = calendar_of(school, first=first, last=last)
        lessons = sum(calendar.is_school_day(day, group_id=group_id) for day in days_in(first, last))
    fault = leave_fault(first, last, today=today, lessons=lessons)
    if fault is not None:
        raise Refused(fault_sentence(fault))
    return lessons


def _take_in(by: Viewer, child: Child, uploads: Sequence[UploadedFile]) -> list[Document]:
    if len(uploads) > MAX_DOCUMENTS:
        raise Refused(_("You can send at most %(number)d documents along.") % {"number": MAX_DOCUMENTS})
    documents: list[Document] = []
    try:
        for number, upload in enumerate(uploads, start=1):
            if is_picture(upload):  # a letter in a photo: without the place where it was taken
                kept = keep_as_document(by=by, school=child.school, upload=upload, number=number)
            else:
                kept = store_document(by=by, school=child.school, upload=upload, from_family=True)
            documents.append(kept)
    except BaseException:
        _drop(by, documents)
        raise
    return documents


def _drop(by: Viewer, documents: Sequence[Document]) -> None:
    for document in documents:
        if not LeaveDocument.objects.filter(document=document).exists():
            remove_document(by=by, document=document)


@transaction.atomic
def _write_down(
    by: Viewer,
    child: Child,
    first: date,
    last: date,
    kind: LeaveKind,
    why: str,
    lessons: int,
    documents: Sequence[Document],
    token: str,
) -> LeaveRequest:
    school = child.school
    today = school.today(by.now)
    standing = LeaveRequest.objects.filter(child=child, state__in=(LeaveState.ASKED, LeaveState.GRANTED))
    if standing.between(school, first, last).exists():
        raise Refused(_asked_already(child))
    calendar = calendar_of(school, first=today, last=today + TERM_LOOKS_AHEAD)
    term = policy_for(school.pk, at=by.now).leave_in_app.working_days
    try:
        with transaction.atomic():
            row = LeaveRequest.objects.create(
                school=school,
                child=child,
                first_day=first,
                last_day=last,
                lessons=lessons,
                kind=kind,
                why=why,
                asked_by_id=by.person_at(school.pk),
                asked_at=by.now,
                decide_by=decide_by(today, working_days=term, is_free=lambda day: not calendar.is_school_day(day)),
                token=token or None,
                audience=make_audience(school=school, children=[child]),
                team_audience=make_audience(school=school, groups=groups_of(child, on=today)),
            )
    except IntegrityError:
        raise Refused(_asked_already(child)) from None
    LeaveDocument.objects.bulk_create(
        LeaveDocument(school=school, request=row, document=document, position=place)
        for place, document in enumerate(documents)
    )
    audit.record(by=by, what="leave.asked", about=row, days=lessons)
    notify(LeaveAsked(row), audience=row.team_audience, school=school, not_before=by.now, by=by)
    notify(LeaveAskedToFamily(row), audience=row.audience, school=school, not_before=by.now, by=by)
    return row


def _asked_already(child: Child) -> str:
    return _("For %(child)s leave was asked for already on some of those days.") % {"child": child.first_name}


@transaction.atomic
def withdraw_leave(*, by: Viewer, request: LeaveRequest) -> None:
    """Withdraw a request that waits. Raises NotAllowed for who did not ask it, Refused when it was just decided."""
    if request.state == LeaveState.WITHDRAWN:
        return
    require(asked_it(by, request) and is_family(by, request.child_id))
    if not can_withdraw_leave(by, request) or not _turn(request, {"state": LeaveState.WITHDRAWN}):
        raise Refused(_("Management has just decided. Talk with the school if the leave is not needed any more."))
    audit.record(by=by, what="leave.withdrawn", about=request)


@transaction.atomic
def decide_leave(*, by: Viewer, request: LeaveRequest, grant: bool, decision: str = "") -> LeaveRequest:
    """Grant or decline a request, once. Declining needs a reason, which stands in the letter.

    Both guardians are told; the teachers when it was granted. Raises NotAllowed for who is not management and for
    leave of her own child, Refused without a reason and when somebody decided or withdrew meanwhile.
    """
    require(can_decide(by, request) or (not request.is_open and by.is_management(request.school_id)))
    decision = decision.strip()
    if not grant and not decision:
        raise Refused(_("Write why the leave is not granted: it stands in the letter."))
    if len(decision) > MAX_WHY:
        raise Refused(_("That is more than %(most)s characters. Make it shorter.") % {"most": MAX_WHY})
    fresh = {
        "state": LeaveState.GRANTED if grant else LeaveState.DECLINED,
        "decision": decision,
        "decided_by_id": by.person_at(request.school_id),
        "decided_at": by.now,
    }
    if not _turn(request, fresh):
        raise Refused(_("This request was decided or withdrawn in the meantime."))
    request.refresh_from_db()
    audit.record(by=by, what="leave.granted" if grant else "leave.declined", about=request, days=request.lessons)
    school = request.school
    notify(LeaveDecided(request), audience=request.audience, school=school, not_before=by.now, by=by)
    if grant and request.last_day >= school.today(by.now):
        notify(LeaveGrantedToTeam(request), audience=request.team_audience, school=school, not_before=by.now, by=by)
    return request


def _turn(request: LeaveRequest, fresh: Mapping[str, object]) -> bool:
    """Turn a request that waits into another state, once."""
    return LeaveRequest.objects.filter(pk=request.pk, state=LeaveState.ASKED).update(**fresh) == 1
