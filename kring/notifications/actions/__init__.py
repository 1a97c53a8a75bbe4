"""Every write of the outbox that somebody asks for. What the worker does is in outbox.py and sending.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agreements.current import policy_for
from kring.agreements.settings import Window, Windows
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Operator, Viewer
from kring.notifications.live import hint
from kring.notifications.models import Delivery, Notice, NoticeState, Nudge, OwnHours, Preference, TopicChoice
from kring.notifications.notice import NoticeKind
from kring.notifications.notices import InboxChanged, of_reader
from kring.notifications.permissions import can_choose_own_hours
from kring.notifications.replanning import replan_digests
from kring.notifications.rules import TOMORROW_HOUR, Digest, Mail, Topic
from kring.notifications.unsubscribing import OVERVIEW, read_token
from kring.people.models import Audience, User
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
def choose_how_told(
    *,
    by: Viewer,
    digest: str,
    quiet: tuple[time, time] | None,
    tomorrow_hour: int | None,
    topics: Mapping[Topic, tuple[bool, str]],
) -> Preference:
    """Write down how the viewer wants to hear of things, and plan again what already waits for her overview.

    `digest` is a value of Digest, or "" for what her school does; `quiet` are the hours in which she is left in peace;
    `tomorrow_hour` is None for no reminder; `topics` has (push, mail) for each topic she chose about.
    """
    if by.user_id is None:
        raise NotAllowed
    values = {
        "digest": Digest(digest) if digest else "",
        "quiet_from": quiet[0] if quiet else None,
        "quiet_until": quiet[1] if quiet else None,
        "tomorrow": tomorrow_hour is not None,
        "tomorrow_hour": TOMORROW_HOUR if tomorrow_hour is None else tomorrow_hour,
    }
    preference, _made = Preference.objects.update_or_create(user_id=by.user_id, defaults=values)
    for topic, (push, mail) in topics.items():
        chosen = {"push": push, "mail": Mail(mail)}
        TopicChoice.objects.update_or_create(user_id=by.user_id, topic=topic, defaults=chosen)
    replan_digests(now=by.now, user_id=by.user_id)
    return preference


@transaction.atomic
def choose_own_hours(*, by: Viewer, school: School, windows: Sequence[Window]) -> None:
    """Write down the viewer's own contact windows at the school, where its agreement lets her have them (S12).

    None at all means those of the school again. Raises NotAllowed when she does not work there, or may not choose.
    """
    person_id = by.person_at(school.pk)
    if person_id is None or not can_choose_own_hours(by, school.pk, policy_for(school.pk, at=by.now)):
        raise NotAllowed
    mine = OwnHours.objects.filter(person_id=person_id)
    if not windows:
        mine.delete()
    else:
        stored = Windows().store(tuple(windows))
        OwnHours.objects.update_or_create(person_id=person_id, defaults={"school": school, "windows": stored})


@transaction.atomic
def turn_off_mail(*, token: str, now: datetime) -> bool:
    """Turn off the mails that a link under one of them names; say whether the link was one of ours.

    Needs no sign-in: the signed token is the right to do this one thing (RFC 8058). May be done twice.
    """
    found = read_token(token)
    if found is None or not User.objects.filter(pk=found[0]).exists():
        return False
    user_id, what = found
    if what == OVERVIEW:
        Preference.objects.update_or_create(user_id=user_id, defaults={"digest": Digest.NONE})
        replan_digests(now=now, user_id=user_id)
        return True
    for topic in what.split(","):
        TopicChoice.objects.update_or_create(user_id=user_id, topic=topic, defaults={"mail": Mail.NEVER})
    return True


@transaction.atomic
def remind_those_who_have_not(kind: NoticeKind, *, by: Viewer, audience: Audience, school: School) -> Notice:
    """Tell once more those of the audience who have not read, answered or booked; once a day at most for one subject.

    `kind` is a notice whose `may_see` says yes only to them; the room that offers the button has asked whether the
    viewer may. Raises Refused when somebody did it today already: two taps at once, or a colleague.
    """
    require(by.is_signed_in)
    day = school.today(by.now)
    try:
        with transaction.atomic():
            Nudge.objects.create(school=school, kind=kind.name, subject_id=kind.subject.pk, day=day, by_id=by.user_id)
    except IntegrityError:
        raise Refused(_("A reminder went out today already. Tomorrow you can send another.")) from None
    return notify(kind, audience=audience, school=school, not_before=by.now, by=by)


@transaction.atomic
def skip_past(*, by: Viewer, now: datetime) -> int:
    """Drop every notice that is due at `now`, so that data loaded with dates in the past mails nobody; return how many.

    Only for a command on the server.
    """
    require(isinstance(by, Operator))
    due = Notice.objects.filter(state=NoticeState.WAITING, not_before__lte=now)
    return due.update(state=NoticeState.DROPPED, settled_at=now)
