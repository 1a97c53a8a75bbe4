"""Events, the series they belong to, and the documents that go with them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.agenda.rights import for_group_or_wider, is_out, may_read, works_on
from kring.agenda.rules import MAX_TEXT, MAX_TITLE, Category, EventState, RsvpBy, Span
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.people.models import Audience, Person
from kring.school.models import Group, School


class CategoryChoice(models.TextChoices):
    """The words for each category."""

    ACTIVITY = Category.ACTIVITY.value, _("Activity")
    CELEBRATION = Category.CELEBRATION.value, _("Celebration")
    OUTING = Category.OUTING.value, _("Outing")
    PARENTS_EVENING = Category.PARENTS_EVENING.value, _("Parents' evening")
    CONVERSATIONS = Category.CONVERSATIONS.value, _("Conversation weeks")
    STUDY_DAY = Category.STUDY_DAY.value, _("Study day")
    HOLIDAY = Category.HOLIDAY.value, _("No school")
    TESTS = Category.TESTS.value, _("Tests")
    COUNCIL = Category.COUNCIL.value, _("Council meeting")
    OTHER = Category.OTHER.value, _("Something else")


ICONS = {
    Category.ACTIVITY: "star",
    Category.CELEBRATION: "party-popper",
    Category.OUTING: "bus",
    Category.PARENTS_EVENING: "users",
    Category.CONVERSATIONS: "messages-square",
    Category.STUDY_DAY: "graduation-cap",
    Category.HOLIDAY: "calendar-x-2",
    Category.TESTS: "clipboard-check",
    Category.COUNCIL: "landmark",
    Category.OTHER: "calendar",
}


class EventStateChoice(models.TextChoices):
    """The words for each state."""

    PLANNED = EventState.PLANNED.value, _("Planned, not visible yet")
    PUBLISHED = EventState.PUBLISHED.value, _("Published")


class RsvpChoice(models.TextChoices):
    """The words for who says whether they come."""

    NOBODY = RsvpBy.NOBODY.value, _("Nobody needs to answer")
    PERSON = RsvpBy.PERSON.value, _("Each adult answers")
    FAMILY = RsvpBy.FAMILY.value, _("Each family answers, with how many")


class Repeat(models.TextChoices):
    """How often an event of a series comes back."""

    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month, on the same weekday")


class Series(models.Model):
    """Events that come back. Each is a row of its own: it can be changed, cancelled and answered by itself."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    repeat = models.CharField(max_length=12, choices=Repeat)
    until = models.DateField()

    class Privacy:
        purpose = "To know which events belong together."
        keep = "With its events."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "school", "repeat", "until")


class EventQuerySet(models.QuerySet["Event"]):
    """Questions about events."""

    def readable_by(self, viewer: Viewer) -> EventQuerySet:
        """Return what was published to this viewer, cancelled ones too: they stand struck through."""
        return self.filter(is_out(viewer) & may_read(viewer))

    def visible_to(self, viewer: Viewer) -> EventQuerySet:
        """Return the events the viewer may open: what she may read, and for the team also what they plan."""
        return self.filter(is_out(viewer) & may_read(viewer) | works_on(viewer))

    def worked_on_by(self, viewer: Viewer) -> EventQuerySet:
        """Return what the viewer made, what is for her groups, and for office and management all of the school."""
        return self.filter(works_on(viewer))

    def planned(self) -> EventQuerySet:
        """Return what no parent sees yet."""
        return self.filter(state=EventState.PLANNED)

    def published(self) -> EventQuerySet:
        """Return what was published."""
        return self.filter(state=EventState.PUBLISHED)

    def standing(self) -> EventQuerySet:
        """Return what was not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def of_school(self, school: School) -> EventQuerySet:
        """Return the events of one school."""
        return self.filter(school=school)

    def between(self, first: date, last: date) -> EventQuerySet:
        """Return the events of which at least one day lies from `first` to `last`, both included, in order of day."""
        return self.filter(starts_on__lte=last, ends_on__gte=first).in_order()

    def beginning_on(self, school: School, day: date) -> EventQuerySet:
        """Return what begins on `day` at the school, was published and goes on."""
        return self.published().standing().filter(school=school, starts_on=day, ends_on__gte=day)

    def in_order(self) -> EventQuerySet:
        """Return the rows by day; what lasts all day comes first."""
        return self.order_by("starts_on", F("starts").asc(nulls_first=True), "title", "pk")

    def matching(self, text: str) -> EventQuerySet:
        """Return events that contain each word of `text`, in the title, the text or the place."""
        found = self
        for word in text.split()[:8]:
            found = found.filter(Q(title__icontains=word) | Q(text__icontains=word) | Q(place__icontains=word))
        return found

    def for_group(self, group_id: int) -> EventQuerySet:
        """Return events whose audience names the group itself."""
        groups = Audience.groups.through.objects.filter(group_id=group_id)
        return self.filter(audience__in=groups.values("audience_id"))

    def for_group_or_wider(self, group: Group) -> EventQuerySet:
        """Return events for the group itself, for a layer that it belongs to, or for its whole school."""
        return self.filter(for_group_or_wider(group))

    def with_names(self) -> EventQuerySet:
        """Bring along what a page names: school, owner, and the groups and layers it is for. Two more queries."""
        return self.select_related("school", "owner", "audience").prefetch_related(
            "audience__groups", "audience__layers__levels"
        )

    def without_reminder(self, now: datetime, *, until: datetime) -> EventQuerySet:
        """Return important events that begin after `now` and before `until` (aware) and have no reminder yet."""
        coming = self.published().standing().filter(is_important=True, begins_at__gt=now, begins_at__lt=until)
        rows = coming.filter(reminder__isnull=True).order_by("begins_at", "pk")
        return rows.select_related("school", "owner__user", "audience")

    def for_keys(self, keys: list[str], school: School) -> models.QuerySet[Event, Any]:
        """Return the events of a school that an import made under these keys."""
        return self.filter(school=school, import_key__in=keys)


class Event(Named):
    """Something that is on at school. Days and hours are the school's own; `ends_on` is the last day.

    Without `starts` it lasts all day. `begins_at` and `over_at` (exclusive) are the same as aware moments; actions set
    them. `version` goes up with every change that people are told of (iCalendar's SEQUENCE). Cancelled events stay.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="events")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    series = models.ForeignKey(Series, on_delete=models.SET_NULL, null=True, blank=True, related_name="events")
    copied_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    import_key = models.CharField(max_length=255, blank=True)  # of the file it came from: read again is not twice
    category = models.CharField(max_length=20, choices=CategoryChoice, default=CategoryChoice.ACTIVITY)
    state = models.CharField(max_length=12, choices=EventStateChoice, default=EventStateChoice.PLANNED)
    title = models.CharField(max_length=MAX_TITLE)
    text = models.TextField(blank=True, max_length=MAX_TEXT)
    place = models.CharField(max_length=120, blank=True)
    is_important = models.BooleanField(default=False)  # a reminder goes out before it (A2)
    starts_on = models.DateField()
    ends_on = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    begins_at = models.DateTimeField()
    over_at = models.DateTimeField()
    rsvp = models.CharField(max_length=10, choices=RsvpChoice, default=RsvpChoice.NOBODY)
    rsvp_until = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    visible_from = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    changed = models.JSONField(default=list, blank=True)  # names of the fields of the last change: what people are told
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "starts_on", "ends_on"], name="event_days"),
            models.Index(fields=["begins_at"], condition=Q(is_important=True), name="event_important"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="event_ends_after_start"),
            models.CheckConstraint(
                condition=Q(starts__isnull=False) | Q(ends__isnull=True), name="event_end_needs_a_start"
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends_on__gt=F("starts_on")) | Q(ends__gt=F("starts")),
                name="event_hours_in_order",
            ),
            models.CheckConstraint(condition=Q(over_at__gte=F("begins_at")), name="event_over_after_start"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(visible_from__isnull=False), name="event_published_at"
            ),
            models.UniqueConstraint(
                fields=["school", "import_key"], condition=~Q(import_key=""), name="event_imported_once"
            ),
        ]

    class Privacy:
        purpose = "To tell families and team what is on at school."
        keep = "Until the closing date after the school year, plus 1 year."
        personal = ("owner", "title", "text", "place", "cancelled_by", "reason")
        impersonal = (
            "id",
            "public_id",
            "school",
            "audience",
            "series",
            "copied_from",
            "import_key",
            "category",
            "state",
            "is_important",
            "starts_on",
            "ends_on",
            "starts",
            "ends",
            "begins_at",
            "over_at",
            "rsvp",
            "rsvp_until",
            "version",
            "created_at",
            "visible_from",
            "changed_at",
            "changed",
            "cancelled_at",
        )

    def __str__(self) -> str:
        return f"Event {self.pk}"

    @property
    def span(self) -> Span:
        """Return its days and hours, for the rules."""
        return Span(self.starts_on, self.ends_on, self.starts, self.ends)

    @property
    def is_cancelled(self) -> bool:
        """Say whether it does not go on."""
        return self.cancelled_at is not None

    @property
    def is_planned(self) -> bool:
        """Say whether no parent sees it yet."""
        return self.state == EventState.PLANNED

    @property
    def is_all_day(self) -> bool:
        """Say whether it has no hours."""
        return self.starts is None

    @property
    def icon(self) -> str:
        """Return the icon of its category."""
        return ICONS[Category(self.category)]

    @property
    def last_day_to_answer(self) -> date | None:
        """Return the last day on which one can answer, at the school; None when that is until it begins."""
        if self.rsvp_until is None:
            return None
        return (self.rsvp_until - timedelta(microseconds=1)).astimezone(self.school.zone).date()

    def takes_answers(self, now: datetime) -> bool:
        """Say whether one can answer at `now` (aware): asked for, not closed, not cancelled, not begun."""
        until = self.rsvp_until or self.begins_at
        return self.rsvp != RsvpBy.NOBODY and not self.is_cancelled and now < min(until, self.begins_at)


class EventDocumentQuerySet(models.QuerySet["EventDocument"]):
    """Questions about attached documents."""

    def visible_to(self, viewer: Viewer) -> EventDocumentQuerySet:
        """Return the documents of events that the viewer may open."""
        return self.filter(event__in=Event.objects.visible_to(viewer).values("pk"))


class EventDocument(Named):
    """A document that belongs to an event; handed out to whom the event is visible."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = EventDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    class Privacy:
        purpose = "To know which documents belong to an event."
        keep = "With its event."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "event", "document", "position")
