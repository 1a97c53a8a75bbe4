"""Preparing a school year: calendars that were read from a file, and the moments at which a year was published (A1)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Audience, Person
from kring.school.models import School, SchoolYear

KEPT_FOR = timedelta(hours=1)


class ReadState(models.TextChoices):
    """Where a calendar from a file stands."""

    READY = "ready", _("Ready to check")
    APPLIED = "applied", _("Taken over")
    CANCELLED = "cancelled", _("Put aside")
    EXPIRED = "expired", _("Expired")


class CalendarReadQuerySet(models.QuerySet["CalendarRead"]):
    """Questions about calendars from files."""

    def visible_to(self, viewer: Viewer) -> CalendarReadQuerySet:
        """Return those of the schools of which the viewer is office or management."""
        return self.filter(school_id__in=viewer.managed_school_ids)

    def waiting(self, now: datetime) -> CalendarReadQuerySet:
        """Return those that can still be taken over at `now` (aware)."""
        return self.filter(state=ReadState.READY, expires_at__gt=now)

    def past_their_hour(self, now: datetime) -> CalendarReadQuerySet:
        """Return those that nobody took over in time."""
        return self.filter(state=ReadState.READY, expires_at__lte=now)


class CalendarRead(Named):
    """A file that was read, and what became of it. `rows` and `faults` are emptied when it no longer waits.

    `whom` are the words of the choice for whom everything is that names nobody.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=ReadState, default=ReadState.READY)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, blank=True)
    whom = models.CharField(max_length=60, default="school")
    read_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    made = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    rows = models.JSONField(null=True, blank=True)
    faults = models.JSONField(null=True, blank=True)

    objects = CalendarReadQuerySet.as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]
        indexes = [models.Index(fields=["school", "-read_at"], name="calendar_read_when")]

    class Privacy:
        purpose = "To let the school check a calendar before it counts."
        keep = "What was read: until taken over or put aside, 1 hour at most. The counts: 2 years."
        personal = ("by", "name", "rows", "faults")
        impersonal = (
            "id",
            "public_id",
            "school",
            "year",
            "state",
            "whom",
            "read_at",
            "expires_at",
            "applied_at",
            "made",
            "changed",
        )


class YearPublishedQuerySet(models.QuerySet["YearPublished"]):
    """Questions about published years."""

    def visible_to(self, viewer: Viewer) -> YearPublishedQuerySet:
        """Return those of the viewer's schools: that the calendar stands ready is for everybody."""
        return self.filter(school_id__in=viewer.school_ids)


class YearPublished(Named):
    """The plan of a year became visible, `number` events at once; people are told of this and not of each event."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    number = models.PositiveIntegerField()

    objects = YearPublishedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    class Privacy:
        purpose = "To tell families once that the calendar of a year stands ready."
        keep = "As long as the school year is kept."
        personal = ("by",)
        impersonal = ("id", "public_id", "school", "year", "audience", "at", "number")
