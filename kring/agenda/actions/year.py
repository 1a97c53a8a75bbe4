"""Preparing a school year where no parent sees it, and publishing it at once (A1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.agenda.actions.events import set_moments
from kring.agenda.models import Event, Offer, YearPublished
from kring.agenda.permissions import Target, can_plan_year
from kring.agenda.rules import Category, EventState, Span, span_fault
from kring.agenda.wording import fault_sentence
from kring.agenda.year_notices import CalendarReady
from kring.agreements.current import policy_for
from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Audience
from kring.school.models import Group, Layer, School, SchoolYear

MOST_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Planned:
    """One event of the plan. Days and hours are the school's own; `key` is that of the file it comes from."""

    title: str
    first: date
    last: date
    target: Target
    starts: time | None = None
    ends: time | None = None
    text: str = ""
    place: str = ""
    category: str = Category.ACTIVITY
    is_important: bool = False
    key: str = ""
    copied_from: Event | None = field(default=None, compare=False)

    @property
    def span(self) -> Span:
        """Return its days and hours, for the rules."""
        return Span(self.first, self.last, self.starts, self.ends)

    @classmethod
    def copy_of(cls, event: Event, *, first: date, last: date, target: Target) -> Planned:
        """Return the same event on other days and for `target`.

        Who comes is asked again, and help too, with all places free. Its documents stay behind: they are of that year.
        """
        return cls(
            title=event.title, first=first, last=last, target=target, starts=event.starts, ends=event.ends,
            text=event.text, place=event.place, category=event.category, is_important=event.is_important,
            copied_from=event,
        )  # fmt: skip


@transaction.atomic
def plan_events(*, by: Viewer, school: School, year: SchoolYear, events: Sequence[Planned]) -> int:
    """Put events in the plan of the year, all or nothing, and return how many. No parent sees or hears of them.

    Raises Refused, naming the event, for days and hours that cannot be, and for one that a colleague put there.
    """
    require(can_plan_year(by, school, policy_for(school.pk, at=by.now)) and year.school_id == school.pk)
    _refuse_impossible(school, year, events)
    made = [_new(by, school, one, audience) for one, audience in zip(events, _audiences(school, events), strict=True)]
    try:
        with transaction.atomic():
            Event.objects.bulk_create(made)
    except IntegrityError:
        raise Refused(_("A colleague took over the same calendar just now. Look at the plan again.")) from None
    _ask_for_help_again(made)
    audit.record(by=by, what="agenda.year_planned", about=year, school_id=school.pk, number=len(made))
    return len(made)


@transaction.atomic
def publish_year(*, by: Viewer, school: School, year: SchoolYear) -> YearPublished:
    """Let everybody see the plan of a year, all of it at once, and tell the whole school that it stands ready: once.

    Raises Refused when there is nothing to publish, also because a colleague just did it.
    """
    require(can_plan_year(by, school, policy_for(school.pk, at=by.now)) and year.school_id == school.pk)
    plan = Event.objects.of_school(school).planned().standing().filter(
        starts_on__gte=year.starts_on, starts_on__lte=year.ends_on
    )  # fmt: skip
    # One statement: what is published is counted, and who comes second finds nothing.
    number = plan.update(state=EventState.PUBLISHED, visible_from=by.now)
    if not number:
        raise Refused(_("There is nothing in the plan of this year that families do not see yet."))
    audience = make_audience(school=school, whole_school=True)
    told = YearPublished.objects.create(
        school=school, year=year, audience=audience, by_id=by.person_at(school.pk), at=by.now, number=number
    )
    audit.record(by=by, what="agenda.year_published", about=told, number=number)
    notify(CalendarReady(told), audience=audience, school=school, not_before=by.now, by=by)
    return told


def _refuse_impossible(school: School, year: SchoolYear, events: Sequence[Planned]) -> None:
    if len(events) > MOST_AT_ONCE:
        raise Refused(_("That is more than %(most)s at once.") % {"most": MOST_AT_ONCE})
    groups = set(Group.objects.filter(school=school, school_year=year).values_list("pk", flat=True))
    layers = set(Layer.objects.filter(school=school).values_list("pk", flat=True))
    for one in events:
        fault = span_fault(one.span, year=(year.starts_on, year.ends_on))
        if not one.title.strip():
            raise Refused(_("An event without a name cannot stand in the plan."))
        if fault:
            raise Refused(f"{one.title}: {fault_sentence(fault)}")
        if one.target.is_empty or one.target.group_ids - groups or one.target.layer_ids - layers:
            raise Refused(_("%(title)s: choose for whom it is.") % {"title": one.title})


def _audiences(school: School, events: Sequence[Planned]) -> list[Audience]:
    """Return an audience of its own for each event, in three statements for all of them."""
    made = Audience.objects.bulk_create(Audience(school=school, whole_school=one.target.whole_school) for one in events)
    to_group, to_layer = Audience.groups.through, Audience.layers.through
    to_group.objects.bulk_create(
        to_group(audience=audience, group_id=pk)
        for audience, one in zip(made, events, strict=True)
        for pk in one.target.group_ids
    )
    to_layer.objects.bulk_create(
        to_layer(audience=audience, layer_id=pk)
        for audience, one in zip(made, events, strict=True)
        for pk in one.target.layer_ids
    )
    return made


def _new(by: Viewer, school: School, one: Planned, audience: Audience) -> Event:
    event = Event(
        school=school, audience=audience, owner_id=by.person_at(school.pk), created_at=by.now, import_key=one.key,
        copied_from=one.copied_from,
    )  # fmt: skip
    put_on(event, one)
    old = one.copied_from
    if old is not None:
        event.rsvp, event.rsvp_until = old.rsvp, _shifted(old.rsvp_until, school, _days_between(old, event))
    return event


def _days_between(old: Event, new: Event) -> timedelta:
    """Return how many days later the new event begins."""
    return new.starts_on - old.starts_on


def _shifted(moment: datetime | None, school: School, by: timedelta) -> datetime | None:
    """Return the moment (aware) so many days later at the same hour on the clock of the school, or None."""
    if moment is None:
        return None
    local = moment.astimezone(school.zone)
    return school.moment(local.date() + by, local.time())


def _ask_for_help_again(made: Sequence[Event]) -> None:
    """Give each copied event the tasks and places of the old one, all free, shifted with it. Two statements."""
    copies = {event.copied_from_id: event for event in made if event.copied_from_id}
    if not copies:
        return
    found = []
    for offer in Offer.objects.filter(event__in=list(copies)).select_related("event").order_by("position", "pk"):
        if offer.event is None:
            continue
        event = copies[offer.event.pk]
        later = _days_between(offer.event, event)
        found.append(
            Offer(
                school_id=event.school_id, event=event, kind=offer.kind, title=offer.title, places=offer.places,
                day=offer.day + later if offer.day else None, starts=offer.starts, ends=offer.ends,
                most_each=offer.most_each, opens_at=_shifted(offer.opens_at, event.school, later),
                closes_at=_shifted(offer.closes_at, event.school, later), has_waiting_list=offer.has_waiting_list,
                position=offer.position,
            )
        )  # fmt: skip
    Offer.objects.bulk_create(found)


def put_on(event: Event, one: Planned) -> None:
    """Put what is planned on an event; the caller saves it."""
    event.title, event.text, event.place = one.title.strip(), one.text.strip(), one.place.strip()
    event.category, event.is_important = one.category, one.is_important
    event.starts_on, event.ends_on, event.starts, event.ends = one.first, one.last, one.starts, one.ends
    set_moments(event)
