"""What the worker does with the outbox, first half: who is told, by which channel, and when (expand).

At least once, and idempotent. Each step may stop anywhere and run again: a recipient has one Delivery per channel
(unique). The second half is sending.py. See docs/decisions/0002-outbox.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kring.agreements.current import policy_for
from kring.core.viewer import Level, Viewer
from kring.notifications.devices import with_device
from kring.notifications.hours import quiet_hours
from kring.notifications.live import hint
from kring.notifications.models import Delivery, DeliveryState, Notice, NoticeState, Preference, TopicChoice
from kring.notifications.notice import NoticeKind, kind_named
from kring.notifications.notices import InboxChanged, of_notice
from kring.notifications.rules import Channel, Digest, Mail, Planned, Wishes, digest_moment, plan
from kring.people.audiences import families_of, guardians_of, team_of
from kring.people.models import Person, User
from kring.people.viewers import viewers_for
from kring.school.models import School

CHUNK = 50
WAITED = timedelta(minutes=5)  # a notice that was made so long before its moment was kept for it
LEVELS = (Level.FULL, Level.LIMITED)
log = structlog.get_logger(__name__)


def live_notice(notice: Notice) -> NoticeKind | None:
    """Return what there is to tell, or None when the subject is gone or it need not be told any more."""
    kind = kind_named(notice.kind)
    told = kind.about(notice.subject_id) if kind else None
    return told if told is not None and told.still_relevant() else None


def expand(notice: Notice) -> int:
    """Write the deliveries of a due notice, for who may see it at this moment; return how many are new.

    Works in chunks, each in its own transaction with nothing slow inside, so that pages never wait for it.
    """
    if notice.state in (NoticeState.EXPANDED, NoticeState.DROPPED):
        return 0
    told = live_notice(notice)
    made = 0
    if told is not None:
        for users in _chunks(_recipients(notice, told)):
            made += _write_deliveries(notice, told, users)
    if made:
        hint(InboxChanged, of_notice(notice))
    Notice.objects.filter(pk=notice.pk).update(
        state=NoticeState.DROPPED if told is None else NoticeState.EXPANDED, settled_at=timezone.now()
    )
    log.info("notice.expanded", notice=notice.pk, kind=notice.kind, deliveries=made, dropped=told is None)
    return made


def _recipients(notice: Notice, told: NoticeKind) -> list[User]:
    """Return the logins the audience addresses now, without the sender and without who has been told already."""
    today = notice.school.today(timezone.now())
    persons: QuerySet[Person] = Person.objects.none()
    if told.to_guardians:
        persons = guardians_of(notice.audience, on=today, levels=LEVELS)
    if told.to_team:
        persons |= team_of(notice.audience, on=today)
    already = Delivery.objects.filter(notice=notice).values("user_id")
    users = User.objects.filter(is_active=True, pk__in=persons.values("user_id"))
    addressed = list(told.narrow(users).exclude(pk__in=already).order_by("pk"))
    beyond = told.beyond().exclude(pk__in=already).exclude(pk__in=[user.pk for user in addressed])
    return [user for user in [*addressed, *beyond.order_by("pk")] if user.pk != notice.by_id]


def _chunks(users: list[User]) -> Iterator[list[User]]:
    for start in range(0, len(users), CHUNK):
        yield users[start : start + CHUNK]


def _write_deliveries(notice: Notice, told: NoticeKind, users: list[User]) -> int:
    now = timezone.now()
    viewers = viewers_for(users, now=now)
    seers = [user for user in users if told.may_see(viewers[user.pk])]
    staff = _told_as_staff(notice, told, seers, viewers)
    rows = [
        _delivery(notice, user, planned, now=now, as_staff=user.pk in staff)
        for user, plans in _plans(notice, told, seers, viewers, staff, now=now)
        for planned in plans
    ]
    # All channels of a chunk are written at once, so who has one row has them all: a second run can skip her.
    with transaction.atomic():
        Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def _told_as_staff(notice: Notice, told: NoticeKind, users: list[User], viewers: dict[int, Viewer]) -> set[int]:
    """Return who of `users` is told for her work at the school: then its contact hours count for her (H1).

    Who works there and is addressed as a parent too is told as a parent.
    """
    working = {user.pk for user in users if viewers[user.pk].is_staff_at(notice.school_id)}
    decided = {pk: told.told_as_staff(viewers[pk]) for pk in working}
    if told.to_guardians and None in decided.values():
        family = _family_logins(notice, working, on=notice.school.today(viewers[next(iter(working))].now))
    else:
        family = set()
    return {pk for pk, as_staff in decided.items() if (pk not in family if as_staff is None else as_staff)}


def _family_logins(notice: Notice, user_ids: set[int], *, on: date) -> set[int | None]:
    family = families_of(notice.audience, on=on, levels=LEVELS).filter(user_id__in=user_ids)
    return set(family.values_list("user_id", flat=True))


def gathers_until(notice: Notice, *, now: datetime) -> datetime | None:
    """Return until when what was kept for this moment waits for the rest of it: the next whole minute (aware).

    At eight o'clock comes everything that families wrote in the evening, each message with a notice of its own; who is
    told of them is told once. None for what happened just now.
    """
    if notice.not_before - notice.made_at < WAITED:
        return None
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def _plans(
    notice: Notice,
    told: NoticeKind,
    users: list[User],
    viewers: dict[int, Viewer],
    staff: set[int],
    *,
    now: datetime,
) -> Iterator[tuple[User, list[Planned]]]:
    """Yield for each of `users` by which channels she is told, and when."""
    school, gathers = notice.school, gathers_until(notice, now=now)
    keys = [user.pk for user in users]
    preferences, choices = Preference.objects.of(keys), TopicChoice.objects.about(told.topic(), keys)
    quiet = quiet_hours(school, [viewers[pk] for pk in staff], preferences, now=now)
    devices, emphasis, breaks = with_device(keys), told.has_emphasis(), told.breaks_quiet()
    usual = Digest(policy_for(school.pk, at=now).digest.default)
    for user in users:
        yield (
            user,
            plan(
                now=now,
                by_mail=told.by_mail,
                has_address=bool(user.email),
                has_push=user.pk in devices,
                has_emphasis=emphasis,
                breaks_quiet=breaks,
                mails_all=told.mails_all(),
                in_inbox=told.in_inbox,
                held_until=quiet.held_until(user.pk, as_staff=user.pk in staff) or gathers,
                wishes=wishes_of(preferences.get(user.pk), choices.get(user.pk), school=school, usual=usual, now=now),
            ),
        )


def wishes_of(
    preference: Preference | None, choice: TopicChoice | None, *, school: School, usual: Digest, now: datetime
) -> Wishes:
    """Return what somebody chose, or what counts for who chose nothing; `usual` is the school's digest (S7)."""
    digest = Digest(preference.digest) if preference and preference.digest else usual
    return Wishes(
        push=choice.push if choice else True,
        mail=Mail(choice.mail) if choice else Mail.AUTO,
        digest_at=digest_moment(now, digest=digest, zone=school.zone),
    )


def _delivery(notice: Notice, user: User, planned: Planned, *, now: datetime, as_staff: bool) -> Delivery:
    stands_there = planned.channel == Channel.INBOX
    return Delivery(
        school_id=notice.school_id,
        notice=notice,
        user=user,
        channel=planned.channel,
        state=DeliveryState.SENT if stands_there else DeliveryState.WAITING,
        next_try=planned.at,
        bundle=planned.bundle,
        as_staff=as_staff,
        settled_at=now if stands_there else None,
    )
