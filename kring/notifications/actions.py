"""Every write of the outbox that somebody asks for. What the worker does with it is in outbox.py."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from kring.core.access import require
from kring.core.viewer import Operator, Viewer
from kring.notifications.live import hint
from kring.notifications.models import Delivery, Notice, NoticeState
from kring.notifications.notice import NoticeKind
from kring.notifications.notices import InboxChanged, of_reader
from kring.people.models import Audience
from kring.school.models import School


@transaction.atomic
def notify(
    kind: NoticeKind, *, audience: Audience, school: School, not_before: datetime, by: Viewer | None = None
) -> Notice:
    """Tell the audience of `kind`, not before the moment `not_before` (aware). Writes one row and sends nothing.

    Call it inside the transaction of the change. While an earlier notice of the same kind about the same subject is
    still waiting, that one is changed instead: a message that is rescheduled is told once. `by` is not told of her
    own doing.
    """
    about = Notice.objects.filter(kind=kind.name, subject_id=kind.subject.pk, state=NoticeState.WAITING)
    notice = about.first()
    if notice and about.filter(pk=notice.pk).update(audience=audience, not_before=not_before):
        notice.audience, notice.not_before = audience, not_before
        return notice
    return Notice.objects.create(
        school=school,
        kind=kind.name,
        subject_id=kind.subject.pk,
        audience=audience,
        not_before=not_before,
        by_id=by.user_id if by else None,
    )


@transaction.atomic
def mark_read(*, by: Viewer, delivery: Delivery) -> None:
    """Mark one line of the viewer's own inbox as read, at `by.now`."""
    require(by.is_signed_in and delivery.user_id == by.user_id)
    if Delivery.objects.visible_to(by).unread().filter(pk=delivery.pk).update(read_at=by.now):
        hint(InboxChanged, of_reader(by))


@transaction.atomic
def mark_all_read(*, by: Viewer) -> int:
    """Mark everything in the viewer's inbox as read; return how many lines changed."""
    require(by.is_signed_in)
    read = Delivery.objects.visible_to(by).unread().update(read_at=by.now)
    if read:
        hint(InboxChanged, of_reader(by))
    return read


@transaction.atomic
def mark_read_about(*, by: Viewer, kind: type[NoticeKind], subject_ids: Iterable[int]) -> int:
    """Mark what the inbox says about these subjects as read, because she read them elsewhere; return how many."""
    require(by.is_signed_in)
    about = Delivery.objects.visible_to(by).unread()
    read = about.filter(notice__kind=kind.name, notice__subject_id__in=list(subject_ids)).update(read_at=by.now)
    if read:
        hint(InboxChanged, of_reader(by))
    return read


@transaction.atomic
def skip_past(*, by: Viewer, now: datetime) -> int:
    """Drop every notice that is due at `now`, so that data loaded with dates in the past mails nobody; return how many.

    Only for a command on the server.
    """
    require(isinstance(by, Operator))
    due = Notice.objects.filter(state=NoticeState.WAITING, not_before__lte=now)
    return due.update(state=NoticeState.DROPPED, settled_at=now)
