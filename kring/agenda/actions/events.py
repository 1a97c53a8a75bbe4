"""Putting something in the agenda, changing it, letting it not go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from kring.agenda.actions.reminders import forget_reminder
from kring.agenda.models import Event, Series
from kring.agenda.notices import EventAdded, EventCancelled, EventChanged
from kring.agenda.permissions import Target, can_edit_event, can_make_event, target_of
from kring.agenda.rules import MAX_TEXT, MAX_TITLE, Category, EventState, RsvpBy, Span, days_of_series, span_fault
from kring.agenda.wording import fault_sentence
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.notifications.notice import NoticeKind
from kring.people.actions.audience import aim_audience, make_audience
from kring.people.models import Audience
from kring.school.calendars import calendar_of
from kring.school.models import Group, Layer, School, SchoolYear

TOLD = ("title", "text", "place", "starts_on", "ends_on", "starts", "ends")
KEPT = (*TOLD, "category", "is_important", "rsvp", "rsvp_until")
SHARED = ("title", "text", "place", "starts", "ends", "category", "is_important", "rsvp")


@dataclass(frozen=True, slots=True)
class EventInput:
    """What was typed. Days and hours are the school's own; `rsvp_until` is the last day one can answer, or None."""

    title: str
    starts_on: date
    target: Target
    ends_on: date | None = None
    starts: time | None = None
    ends: time | None = None
    text: str = ""
    place: str = ""
    category: str = Category.ACTIVITY
    is_important: bool = False
    rsvp: str = RsvpBy.NOBODY
    rsvp_until: date | None = None

    @property
    def span(self) -> Span:
        """Return its days and hours, for the rules."""
        return Span(self.starts_on, self.ends_on or self.starts_on, self.starts, self.ends)


@dataclass(frozen=True, slots=True)
class Again:
    """How often it comes back, and until which day."""

    repeat: str
    until: date


@transaction.atomic
def make_event(
    *, by: Viewer, school: School, what: EventInput, publish: bool = True, again: Again | None = None
) -> Event:
    """Put something in the agenda, and tell whom it is for; without `publish` it stays in the plan of the year (A1).

    With `again` it comes back on the days that have school; everybody is told once. Returns the first one.
    Raises NotAllowed for an audience that is not hers (S2), Refused for days and hours that cannot be.
    """
    require(can_make_event(by, school.pk, what.target, policy_for(school.pk, at=by.now)))
    _refuse_impossible(school, what)
    days, series = [what.starts_on], None
    if again is not None:
        days = _days_again(school, what, again)
        series = Series.objects.create(school=school, repeat=again.repeat, until=again.until)
    made = []
    for day in days:
        event = Event(school=school, owner_id=by.person_at(school.pk), series=series, created_at=by.now)
        event.audience = audience_for(school, what.target)
        _fill(event, what, shift=(day - what.starts_on).days)
        if publish:
            event.state, event.visible_from = EventState.PUBLISHED, by.now
        event.save()
        made.append(event)
    audit.record(by=by, what="agenda.event_made", about=made[0], category=what.category, number=len(made))
    if publish:
        tell(EventAdded, made[0], by=by)
    return made[0]


@transaction.atomic
def publish_event(*, by: Viewer, event: Event) -> None:
    """Let everybody it is for see a planned event, and tell them; publishing it twice tells once."""
    require(can_edit_event(by, event))
    require(can_make_event(by, event.school_id, target_of(event), policy_for(event.school_id, at=by.now)))
    planned = Event.objects.planned().filter(pk=event.pk)
    if not planned.update(state=EventState.PUBLISHED, visible_from=by.now):
        return
    event.refresh_from_db()
    audit.record(by=by, what="agenda.event_published", about=event)
    tell(EventAdded, event, by=by)


@transaction.atomic
def change_event(
    *, by: Viewer, event: Event, what: EventInput, version: int | None = None, following: bool = False
) -> Event:
    """Change an event and tell whom it is for what changed; `following` changes what comes after it in its series too
    (not the days). `version` is what she saw when she began: a colleague's change in between is not overwritten.

    Raises NotAllowed, also for a new audience that is not hers, and Refused.
    """
    require(can_edit_event(by, event))
    if what.target != target_of(event):
        require(can_make_event(by, event.school_id, what.target, policy_for(event.school_id, at=by.now)))
    _refuse_impossible(event.school, what)
    if event.is_cancelled:
        raise Refused(_("This does not go on any more. Let it go on first, then change it."))
    expected = Event.objects.filter(pk=event.pk, version=event.version if version is None else version)
    if not expected.update(version=F("version") + 1):
        raise Refused(_("A colleague changed this just now. Look at it again, then change what you want."))
    event.refresh_from_db()
    changed = _fill(event, what)
    change_target(event.audience, what.target)
    told = [name for name in changed if name in TOLD]
    event.changed = told
    if told and not event.is_planned:
        event.changed_at = by.now
    event.save()
    audit.record(by=by, what="agenda.event_changed", about=event, fields=changed)
    if changed:
        forget_reminder(by=by, event=event)
    if following and event.series_id is not None:
        _change_following(by, event, what)
    if told and not event.is_planned:
        tell(EventChanged, event, by=by)
    return event


@transaction.atomic
def cancel_event(*, by: Viewer, event: Event, reason: str = "", following: bool = False) -> None:
    """Let an event not go on: it stays in the agenda, struck through, and whom it is for are told. `following` cancels
    what comes after it in its series too. Cancelling twice tells once."""
    require(can_edit_event(by, event))
    rows = Event.objects.standing().filter(pk=event.pk)
    if following and event.series_id is not None:
        rows = Event.objects.standing().filter(series_id=event.series_id, starts_on__gte=event.starts_on)
    going = list(rows)
    gone = {"cancelled_at": by.now, "cancelled_by": by.person_at(event.school_id), "reason": reason.strip()[:200]}
    if not rows.update(version=F("version") + 1, **gone):
        return
    event.refresh_from_db()
    audit.record(by=by, what="agenda.event_cancelled", about=event, number=len(going))
    for one in going:
        forget_reminder(by=by, event=one)
    if not event.is_planned:
        tell(EventCancelled, event, by=by)


@transaction.atomic
def revive_event(*, by: Viewer, event: Event) -> None:
    """Let a cancelled event go on after all, and tell whom it is for."""
    require(can_edit_event(by, event))
    cancelled = Event.objects.filter(pk=event.pk, cancelled_at__isnull=False)
    fresh = {"cancelled_at": None, "cancelled_by": None, "reason": "", "changed": ["back"], "changed_at": by.now}
    if not cancelled.update(version=F("version") + 1, **fresh):
        return
    event.refresh_from_db()
    audit.record(by=by, what="agenda.event_revived", about=event)
    if not event.is_planned:
        tell(EventChanged, event, by=by)


@transaction.atomic
def remove_event(*, by: Viewer, event: Event) -> None:
    """Throw away what is only planned. Raises Refused for what was published: that can be cancelled."""
    require(can_edit_event(by, event))
    if not event.is_planned:
        raise Refused(_("Families have seen this. Let it not go on instead; then it stays, struck through."))
    audit.record(by=by, what="agenda.event_removed", about=event)
    audience = event.audience
    event.delete()
    audience.delete()


def tell(kind: type[NoticeKind], event: Event, *, by: Viewer) -> None:
    """Tell whom the event is for, unless it is over; the caller is in the transaction of the change."""
    if event.over_at > by.now:
        notify(kind(event), audience=event.audience, school=event.school, not_before=by.now, by=by)


def audience_for(school: School, target: Target) -> Audience:
    """Make an audience of the event's own."""
    return make_audience(
        school=school,
        groups=Group.objects.filter(school=school, pk__in=target.group_ids),
        layers=Layer.objects.filter(school=school, pk__in=target.layer_ids),
        whole_school=target.whole_school,
    )


def set_moments(event: Event) -> None:
    """Put the aware moments on an event whose days and hours are set; the caller saves it."""
    school = event.school
    event.begins_at = school.moment(event.starts_on, event.starts or time.min)
    if event.starts is None:
        event.over_at = school.moment(event.ends_on + timedelta(1))
    elif event.ends is not None:
        event.over_at = school.moment(event.ends_on, event.ends)
    else:
        event.over_at = max(event.begins_at, school.moment(event.ends_on, event.starts))


def _fill(event: Event, what: EventInput, *, shift: int = 0) -> list[str]:
    """Put what was typed on the event, `shift` days later; return the names of the fields that changed."""
    before = {name: getattr(event, name) for name in KEPT}
    later = timedelta(1) * shift
    event.title, event.text, event.place = what.title.strip()[:MAX_TITLE], what.text.strip(), what.place.strip()[:120]
    event.category, event.is_important, event.rsvp = what.category, what.is_important, what.rsvp
    event.starts_on, event.ends_on = what.span.first + later, what.span.last + later
    event.starts, event.ends = what.starts, what.ends
    until = what.rsvp_until if what.rsvp != RsvpBy.NOBODY else None
    # The last day to answer counts whole.
    event.rsvp_until = event.school.moment(until + later + timedelta(1)) if until else None
    set_moments(event)
    return [name for name in KEPT if getattr(event, name) != before[name]]


def change_target(audience: Audience, target: Target) -> None:
    """Let the audience of an event be these; inside a transaction of the caller, who has checked the right to it."""
    aim_audience(
        audience=audience,
        whole_school=target.whole_school,
        group_ids=target.group_ids,
        layer_ids=target.layer_ids,
    )


def _change_following(by: Viewer, event: Event, what: EventInput) -> None:
    later = Event.objects.standing().filter(series=event.series, starts_on__gt=event.starts_on)
    for other in later.select_related("school", "audience"):
        changed = [name for name in SHARED if getattr(other, name) != getattr(event, name)]
        for name in changed:
            setattr(other, name, getattr(event, name))
        set_moments(other)
        other.changed = [name for name in changed if name in TOLD]
        if other.changed and not other.is_planned:
            other.changed_at = by.now
        other.version += 1
        other.save()
        change_target(other.audience, what.target)
        forget_reminder(by=by, event=other)


def _days_again(school: School, what: EventInput, again: Again) -> list[date]:
    if again.until <= what.starts_on:
        raise Refused(_("The day until which it comes back lies before the second time."))
    calendar = calendar_of(school, first=what.starts_on, last=again.until)
    days = days_of_series(
        what.starts_on, repeat=again.repeat, until=again.until, is_free=lambda day: bool(calendar.holiday_on(day))
    )
    if len(days) < 2:
        raise Refused(_("It does not come back before that day."))
    if fault := span_fault(Span(days[-1], days[-1]), year=years_of(school)):
        raise Refused(fault_sentence(fault))
    return days


def _refuse_impossible(school: School, what: EventInput) -> None:
    if not what.title.strip():
        raise Refused(_("Give it a name."))
    if len(what.text) > MAX_TEXT:
        raise Refused(_("The text is too long: at most %(most)s characters.") % {"most": MAX_TEXT})
    if what.target.is_empty:
        raise Refused(_("Choose for whom this is."))
    if fault := span_fault(what.span, year=years_of(school)):
        raise Refused(fault_sentence(fault))
    if what.rsvp != RsvpBy.NOBODY and what.rsvp_until is not None and what.rsvp_until > what.span.first:
        raise Refused(_("The last day to answer lies after the day itself."))


def years_of(school: School) -> tuple[date, date] | None:
    """Return the first and last day that the school's years cover, one year ahead of the last included."""
    years = list(SchoolYear.objects.filter(school=school))
    if not years:
        return None
    last = max(year.ends_on for year in years)
    return min(year.starts_on for year in years), last + timedelta(366)
