"""The reminder of an important event (A2): a scheduled announcement of its owner, which she can change, hold or send.

The post does what posts do: it goes out at its moment when its author may still publish it, and is held where not.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kring.agenda.models import Event, Reminder, ReminderState
from kring.agenda.notices import ReminderReady
from kring.agenda.permissions import can_edit_event, target_of
from kring.agenda.rules import Moments, makes_sense, reminder_moments
from kring.agenda.wording import hours_of
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import RoleKind, Viewer
from kring.notifications.actions import notify
from kring.notifications.rules import next_window
from kring.people.actions.audience import make_audience
from kring.people.viewers import viewer_for
from kring.posts import actions as posts
from kring.posts.actions import Content
from kring.posts.models import Post
from kring.posts.permissions import can_edit_post
from kring.posts.permissions import target_of as target_of_post
from kring.posts.rules import Kind, State
from kring.school.calendars import calendar_of


def moments_of(event: Event, *, now: datetime) -> Moments | None:
    """Return when the reminder of this event is made ready and goes out, by the agreement in force at `now` (A2, H1).

    None when it is not important, cancelled or not published, or when it would come too late to make sense.
    """
    if not event.is_important or event.is_cancelled or event.visible_from is None:
        return None
    policy = policy_for(event.school_id, at=now)
    weeks = policy.reminder.weeks
    first = event.starts_on - timedelta(weeks=weeks + 4)
    calendar = calendar_of(event.school, first=first, last=event.starts_on)

    def opens_on(day: date) -> time | None:
        windows = policy.contact_hours.on(day.isoweekday())
        return windows[0].starts if windows else None

    moments = reminder_moments(
        event.starts_on, weeks=weeks, zone=event.school.zone, opens_on=opens_on, is_school_day=calendar.is_school_day
    )
    if moments is None or not makes_sense(
        now, sends_at=moments.sends_at, published_at=event.visible_from, begins_at=event.begins_at
    ):
        return None
    return moments


@transaction.atomic
def prepare_reminder(*, event: Event, now: datetime) -> Reminder | None:
    """Make the reminder ready as the event's owner would, at most once per event; return it when it is new.

    Only by the clock. When the owner may not write it any more, it stands ready for office and management instead:
    never dropped, never sent in her name.
    """
    moments = moments_of(event, now=now)
    if moments is None or now < moments.ready_at:
        return None
    try:
        with transaction.atomic():
            reminder = Reminder.objects.create(
                school_id=event.school_id, event=event, sends_at=moments.sends_at, made_at=now
            )
    except IntegrityError:
        return None
    by = viewer_for(event.owner.user if event.owner else None, now=now)
    try:
        with transaction.atomic():
            reminder.post = _draft(by, event, at=_at(event, moments.sends_at, now))
    except (NotAllowed, Refused):
        reminder.state = ReminderState.STUCK
    reminder.save()
    _tell(event, reminder, now=now)
    return reminder


@transaction.atomic
def take_up_reminder(*, by: Viewer, reminder: Reminder) -> Post:
    """Write the reminder as one's own, because its owner may not any more; it goes out at its moment."""
    event = reminder.event
    require(can_edit_event(by, event))
    mine = Reminder.objects.filter(pk=reminder.pk, state=ReminderState.STUCK)
    if not mine.update(state=ReminderState.READY):
        raise Refused(_("A colleague has taken this up already."))
    post = _draft(by, event, at=_at(event, reminder.sends_at, by.now))
    mine = Reminder.objects.filter(pk=reminder.pk)
    mine.update(post=post)
    audit.record(by=by, what="agenda.reminder_taken_up", about=event)
    return post


@transaction.atomic
def hold_reminder(*, by: Viewer, reminder: Reminder) -> None:
    """Let the reminder not go out by itself: the post is a draft again, of whoever held it."""
    require(can_edit_event(by, reminder.event))
    if reminder.post is None or reminder.post.state != State.SCHEDULED:
        raise Refused(_("The reminder is not waiting to go out any more."))
    posts.stop_post(by=by, post=reminder.post)
    Reminder.objects.filter(pk=reminder.pk).update(state=ReminderState.HELD)
    audit.record(by=by, what="agenda.reminder_held", about=reminder.event)


@transaction.atomic
def send_reminder_now(*, by: Viewer, reminder: Reminder) -> Post:
    """Let the reminder go out now instead of at its moment: as every post, fifteen seconds from now."""
    require(can_edit_event(by, reminder.event))
    post = reminder.post
    if post is None or post.state not in (State.SCHEDULED, State.DRAFT):
        raise Refused(_("The reminder is not waiting to go out any more."))
    if post.state == State.SCHEDULED:
        post = posts.stop_post(by=by, post=post)
    posts.order_post(by=by, post=post)
    Reminder.objects.filter(pk=reminder.pk).update(state=ReminderState.READY)
    audit.record(by=by, what="agenda.reminder_sent", about=reminder.event)
    return post


def forget_reminder(*, by: Viewer, event: Event) -> None:
    """Take back a reminder that has not gone out, because the event changed or does not go on; the clock makes a new
    one where it is due. What its owner wrote herself is kept: it is held, so that she can look at it.

    The caller is in the transaction of the change and has asked whether she may.
    """
    reminder = Reminder.objects.filter(event=event).select_related("post__author__user", "post__school").first()
    if reminder is None:
        return
    post = reminder.post
    if post is not None and post.state == State.PUBLISHED:
        return
    if post is not None:
        own = by if can_edit_post(by, post, target_of_post(post)) else _author(post, by.now)
        is_rewritten = post.saved_at > reminder.made_at
        if post.state == State.SCHEDULED:
            post = posts.stop_post(by=own, post=post)
        if is_rewritten and not event.is_cancelled:
            Reminder.objects.filter(pk=reminder.pk).update(state=ReminderState.HELD)
            return
        author = _author(post, by.now)
        if post.state == State.DRAFT:
            posts.discard_draft(by=author, post=post)
    reminder.delete()


def _at(event: Event, sends_at: datetime, now: datetime) -> datetime:
    """Return `sends_at`, or within contact hours an hour or more from `now` when that has passed."""
    soonest = now + timedelta(hours=1)
    if sends_at >= soonest:
        return sends_at
    calendar = calendar_of(event.school, first=event.school.today(now), last=event.ends_on)
    windows = policy_for(event.school_id, at=now).contact_hours.windows
    opens = next_window(soonest, zone=event.school.zone, windows=windows, works_on=calendar.is_school_day)
    return min(opens or soonest, max(soonest, event.begins_at - timedelta(hours=12)))


def _author(post: Post, now: datetime) -> Viewer:
    return viewer_for(post.author.user if post.author else None, now=now)


def _draft(by: Viewer, event: Event, *, at: datetime) -> Post:
    target = target_of(event)
    post = posts.start_draft(by=by, school=event.school, kind=Kind.ANNOUNCEMENT, target=target)
    content = Content(title=_("Coming up: %(what)s") % {"what": event.title}, source=_words(event))
    posts.save_draft(by=by, post=post, content=content, target=target)
    return posts.order_post(by=by, post=post, at=at)


def _words(event: Event) -> str:
    day = date_format(event.starts_on, "l j F")
    if event.ends_on != event.starts_on:
        day = _("%(first)s until %(last)s") % {"first": day, "last": date_format(event.ends_on, "l j F")}
    when = ", ".join(part for part in (day[:1].upper() + day[1:], hours_of(event), event.place) if part)
    return "\n\n".join(part for part in (f"{when}.", event.text) if part)


def _tell(event: Event, reminder: Reminder, *, now: datetime) -> None:
    owner = event.owner
    if reminder.post is not None and owner is not None:
        audience = make_audience(school=event.school, persons=[owner])
    else:
        audience = make_audience(school=event.school, roles=[RoleKind.OFFICE, RoleKind.MANAGEMENT])
    notify(ReminderReady(reminder), audience=audience, school=event.school, not_before=now)
