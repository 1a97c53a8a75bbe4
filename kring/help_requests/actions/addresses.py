"""Secret addresses for requests by mail, and what comes in at one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from kring.audit import actions as audit
from kring.core.access import NotAllowed, require
from kring.core.viewer import Viewer
from kring.files.actions import remove_document, store_document
from kring.files.models import Document
from kring.help_requests import rules
from kring.help_requests.actions.telling import tell
from kring.help_requests.actions.write import attach, drop_loose, name_responders
from kring.help_requests.models import HelpRequest, IntakeAddress
from kring.help_requests.notices import MailCame
from kring.help_requests.permissions import Seat, can_ask, can_end_address
from kring.help_requests.rules import Asker, Source, State
from kring.people.viewers import viewer_for

SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 signs that nobody mixes up; mail servers do not keep capitals apart


class Unwanted(Exception):
    """A mail is not taken in: the address does not work (any more), or has had enough."""


@transaction.atomic
def make_address(*, by: Viewer, seat: Seat) -> IntakeAddress:
    """Return her secret address for requests asked as this; made when there is none."""
    own = by.person_at(seat.school_id)
    if own is None or not can_ask(by, seat):
        raise NotAllowed
    standing = IntakeAddress.objects.standing().filter(person_id=own, asked_as=seat.asked_as)
    standing = standing.filter(group_id=seat.group_id) if seat.group_id else standing.filter(group__isnull=True)
    if (found := standing.first()) is not None:
        return found
    try:
        with transaction.atomic():
            address = IntakeAddress.objects.create(
                school_id=seat.school_id,
                person_id=own,
                asked_as=seat.asked_as,
                group_id=seat.group_id,
                token="".join(secrets.choice(SIGNS) for _number in range(rules.TOKEN_LENGTH)),
                made_at=by.now,
            )
    except IntegrityError:  # a second window was quicker
        return standing.get()
    audit.record(by=by, what="help.address_made", about=address)
    return address


@transaction.atomic
def end_address(*, by: Viewer, address: IntakeAddress) -> None:
    """Let an address work no more; what is mailed to it is refused from this moment."""
    require(can_end_address(by, address))
    if IntakeAddress.objects.filter(pk=address.pk, ended_at__isnull=True).update(ended_at=by.now):
        audit.record(by=by, what="help.address_ended", about=address)


@transaction.atomic
def renew_address(*, by: Viewer, address: IntakeAddress) -> IntakeAddress:
    """End the address and make another, because it came into wrong hands."""
    end_address(by=by, address=address)
    return make_address(by=by, seat=seat_of_address(address))


def seat_of_address(address: IntakeAddress) -> Seat:
    """Return as what mails to the address ask."""
    return Seat(Asker(address.asked_as), address.school_id, address.group_id)


def who_owns(token: str, *, now: datetime) -> tuple[IntakeAddress, Viewer] | None:
    """Return the address with this token and who mails as it at `now` (aware), or None when it does not work: unknown,
    ended, its role is over, or the agreement does not have requests in Kring any more.
    """
    address = IntakeAddress.objects.standing().filter(token=token.lower()).first()
    if address is None or address.person.user is None:
        return None
    by = viewer_for(address.person.user, now=now)
    return (address, by) if can_ask(by, seat_of_address(address)) else None


def has_room(address: IntakeAddress, *, now: datetime) -> bool:
    """Say whether the address may take one more mail now: nobody fills a table by mail."""
    mailed = HelpRequest.objects.filter(asked_by_id=address.person_id, source=Source.MAIL)
    if mailed.filter(state=State.DRAFT).count() >= rules.MAX_WAITING_DRAFTS:
        return False
    return mailed.filter(made_at__gt=now - timedelta(days=1)).count() < rules.MAX_A_DAY


def take_in_mail(
    *, token: str, now: datetime, title: str, text: str, uploads: Sequence[UploadedFile] = (), left_out: int = 0
) -> HelpRequest:
    """Make a draft of a mail that came to the address with this token. It goes nowhere before she confirms it in Kring.

    Raises Unwanted when the address does not work, Refused with a sentence for a document that cannot be taken in.
    All of the mail is taken, or nothing of it.
    """
    found = who_owns(token, now=now)
    if found is None or not has_room(found[0], now=now):
        raise Unwanted
    address, by = found
    documents: list[Document] = []
    try:
        for upload in uploads:
            documents.append(store_document(by=by, school=address.school, upload=upload))
        return _put_draft(by, address, title, text, documents, left_out)
    except BaseException:
        drop_loose(by=by, documents=documents)
        raise


@transaction.atomic
def _put_draft(
    by: Viewer, address: IntakeAddress, title: str, text: str, documents: Sequence[Document], left_out: int
) -> HelpRequest:
    request = HelpRequest.objects.create(
        school_id=address.school_id,
        asked_by_id=address.person_id,
        asked_as=address.asked_as,
        group_id=address.group_id,
        source=Source.MAIL,
        title=title[: rules.MAX_TITLE],
        text=text[: rules.MAX_KEPT],
        left_out=min(left_out, 99),
        made_at=by.now,
    )
    name_responders(request, [address.person], by=by)
    attach(request, documents)
    IntakeAddress.objects.filter(pk=address.pk).update(last_used_at=by.now)
    audit.record(by=by, what="help.mail_came", about=request, documents=len(documents))
    # She is told of what came in her own name, so it is not "by" her.
    tell(MailCame(request), request, [address.person], by=Viewer(now=by.now))
    return request


@transaction.atomic
def forget_draft(*, request: HelpRequest, now: datetime) -> bool:
    """Throw a draft away that came by mail and that nobody confirmed for long. For the clock; may run twice."""
    if request.state != State.DRAFT or request.source != Source.MAIL or request.forgotten_at > now:
        return False
    by = viewer_for(request.asked_by.user if request.asked_by else None, now=now)
    documents = [row.document for row in request.documents.select_related("document")]
    audit.record(by=by, what="help.draft_forgotten", about=request)
    request.delete()
    for document in documents:
        remove_document(by=by, document=document)
    return True
