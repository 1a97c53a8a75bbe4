"""Board, school, school year, groups, layers, hours and the days without school."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import GROUP_TEACHERS, Viewer

WEEKDAYS = [MinValueValidator(1), MaxValueValidator(7)]
YEAR_LEVELS = [MinValueValidator(1), MaxValueValidator(8)]


class BoardQuerySet(models.QuerySet["Board"]):
    """Questions about boards."""

    def visible_to(self, viewer: Viewer) -> BoardQuerySet:
        """Return the boards that the viewer administers."""
        return self.filter(pk__in=viewer.administered_board_ids)


class Board(Named):
    """The legal body above one or more schools."""

    name = models.CharField(max_length=120)

    objects = BoardQuerySet.as_manager()

    class Privacy:
        purpose = "To name who is responsible for the schools."
        keep = "As long as one of its schools is here."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "name")

    def __str__(self) -> str:
        return self.name


class Region(models.TextChoices):
    """The three regions of the Dutch school holidays."""

    NORTH = "noord", _("North")
    MIDDLE = "midden", _("Middle")
    SOUTH = "zuid", _("South")


class SchoolQuerySet(models.QuerySet["School"]):
    """Questions about schools."""

    def visible_to(self, viewer: Viewer) -> SchoolQuerySet:
        """Return the schools to which the viewer belongs in any way."""
        return self.filter(models.Q(pk__in=viewer.school_ids) | models.Q(board_id__in=viewer.administered_board_ids))

    def worked_at_by(self, viewer: Viewer) -> SchoolQuerySet:
        """Return the schools where the viewer is staff."""
        return self.filter(pk__in=viewer.staff_school_ids)

    def managed_by(self, viewer: Viewer) -> SchoolQuerySet:
        """Return the schools of which the viewer is office or management."""
        return self.filter(pk__in=viewer.managed_school_ids)


class School(Named):
    """One location. Every date and hour of the school is meant in `timezone`."""

    board = models.ForeignKey(Board, on_delete=models.PROTECT, related_name="schools")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=60, blank=True)
    city = models.CharField(max_length=80, blank=True)
    timezone = models.CharField(max_length=40, default="Europe/Amsterdam")
    region = models.CharField(max_length=10, choices=Region, default=Region.MIDDLE)
    needs_second_factor = models.BooleanField(default=True)
    push_names_sender = models.BooleanField(default=False)
    keep_absences_days = models.PositiveSmallIntegerField(default=90)  # after the day itself

    objects = SchoolQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    class Privacy:
        purpose = "To know which school something belongs to."
        keep = "As long as the school uses Kring."
        personal: tuple[str, ...] = ()
        impersonal = (
            "id",
            "public_id",
            "board",
            "name",
            "kind",
            "city",
            "timezone",
            "region",
            "needs_second_factor",
            "push_names_sender",
            "keep_absences_days",
        )

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        """Return the school's time zone."""
        return ZoneInfo(self.timezone)

    def today(self, now: datetime) -> date:
        """Return the day it is at the school at the moment `now` (aware)."""
        return now.astimezone(self.zone).date()

    def moment(self, day: date, at: time = time.min) -> datetime:
        """Return the aware moment of wall-clock time `at` on `day` at the school."""
        return datetime.combine(day, at, tzinfo=self.zone)


class SchoolYearQuerySet(models.QuerySet["SchoolYear"]):
    """Questions about school years."""

    def covering(self, day: date) -> SchoolYearQuerySet:
        """Return the years in which `day` lies, at most one per school."""
        return self.filter(starts_on__lte=day, ends_on__gte=day)


class SchoolYear(models.Model):
    """1 August to 31 July, both days included."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="years")
    name = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["school", "starts_on"], name="one_year_per_start"),
            models.CheckConstraint(condition=models.Q(ends_on__gt=models.F("starts_on")), name="year_ends_after_start"),
        ]

    class Privacy:
        purpose = "To know which groups and rights belong to which year."
        keep = "As long as the school uses Kring."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "school", "name", "starts_on", "ends_on")

    def __str__(self) -> str:
        return self.name


class GroupKind(models.TextChoices):
    """A class is where a child sits; an extra group is any other grouping."""

    CLASS = "class", _("Class")
    EXTRA = "extra", _("Extra group")


class GroupQuerySet(models.QuerySet["Group"]):
    """Questions about groups."""

    def visible_to(self, viewer: Viewer) -> GroupQuerySet:
        """Return the groups of the viewer's children and of her work; for office and management all of the school.

        Everyone who works at a school may know which groups it has; what is inside them is for each room to decide.
        """
        return self.filter(
            models.Q(pk__in={span.group_id for span in viewer.spans})
            | models.Q(pk__in={role.group_id for role in viewer.roles if role.group_id})
            | models.Q(school_id__in=viewer.staff_school_ids)
        )

    def taught_by(self, viewer: Viewer) -> GroupQuerySet:
        """Return the groups that the viewer teaches; office and management act for all groups of their school."""
        return self.filter(models.Q(pk__in=viewer.taught_group_ids) | models.Q(school_id__in=viewer.managed_school_ids))

    def in_year(self, day: date) -> GroupQuerySet:
        """Return the groups of the school year in which `day` lies, without those that stopped before it."""
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day),
            school_year__starts_on__lte=day,
            school_year__ends_on__gte=day,
        )

    def in_school_year(self, year: SchoolYear) -> GroupQuerySet:
        """Return the groups of this school year, ended ones too, in the order of their year levels and names."""
        return self.filter(school_year=year).order_by("name")

    def from_year(self, day: date) -> GroupQuerySet:
        """Return the groups that run on `day` or in a later school year."""
        return self.filter(
            models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=day), school_year__ends_on__gte=day
        ).select_related("school_year")

    def beside(self, group: Group) -> GroupQuerySet:
        """Return the other groups of the same school year."""
        return self.filter(school_year=group.school_year_id).exclude(pk=group.pk).select_related("school_year")

    def with_hours(self) -> GroupQuerySet:
        """Bring the lesson hours along, in one more query."""
        return self.prefetch_related("lesson_hours")


class Group(Named):
    """A group of one school year. `year_levels` are meant for it; a child's own level is that of its enrolment."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="groups")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=GroupKind, default=GroupKind.CLASS)
    year_levels = models.JSONField(default=list)
    ends_on = models.DateField(null=True, blank=True)  # only for a group that stops before its school year does

    objects = GroupQuerySet.as_manager()

    class Meta:
        ordering = ["-school_year__starts_on", "name"]
        constraints = [models.UniqueConstraint(fields=["school_year", "name"], name="group_name_once_a_year")]

    class Privacy:
        purpose = "To know who belongs together in a year."
        keep = "As long as something of the group is kept."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "school_year", "name", "kind", "year_levels", "ends_on")

    def __str__(self) -> str:
        return self.name

    @property
    def teacher_kinds(self) -> frozenset[str]:
        """Return the kinds of role that count as teacher of this group."""
        return frozenset(GROUP_TEACHERS)


class LayerQuerySet(models.QuerySet["Layer"]):
    """Questions about layers."""

    def visible_to(self, viewer: Viewer) -> LayerQuerySet:
        """Return the layers of the viewer's schools."""
        return self.filter(school_id__in=viewer.school_ids)


class Layer(Named):
    """The school's own set of year levels: lower, middle, upper school."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="layers")
    name = models.CharField(max_length=40)

    objects = LayerQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="layer_name_once")]

    class Privacy:
        purpose = "To address several year levels at once."
        keep = "As long as the school uses Kring."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "name")

    def __str__(self) -> str:
        return self.name


class LayerLevel(models.Model):
    """One year level in a layer; a row of its own so that the database can join on it."""

    layer = models.ForeignKey(Layer, on_delete=models.CASCADE, related_name="levels")
    year_level = models.PositiveSmallIntegerField(validators=YEAR_LEVELS)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["layer", "year_level"], name="level_once_in_layer")]

    class Privacy:
        purpose = "To know which year levels a layer has."
        keep = "With its layer."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "layer", "year_level")


class LessonHours(models.Model):
    """When a group has lessons on a weekday (1 = Monday), in the school's wall-clock time. No row: no lessons."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="lesson_hours")
    weekday = models.PositiveSmallIntegerField(validators=WEEKDAYS)
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        ordering = ["weekday"]
        constraints = [
            models.UniqueConstraint(fields=["group", "weekday"], name="lesson_hours_once_a_day"),
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="lessons_end_after_start"),
        ]

    class Privacy:
        purpose = "To say when a teacher cannot answer and when a visit means missing lessons."
        keep = "With its group."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "group", "weekday", "starts", "ends")

    @property
    def weekday_name(self) -> str:
        """Return the name of the weekday in the language of the page."""
        return str(WEEKDAY_NAMES[self.weekday - 1])


class HolidayQuerySet(models.QuerySet["Holiday"]):
    """Questions about the school's own changes to the calendar of its region."""

    def touching(self, first: date, last: date) -> HolidayQuerySet:
        """Return the rows of which at least one day lies from `first` to `last`, both included."""
        return self.filter(starts_on__lte=last, ends_on__gte=first)

    def visible_to(self, viewer: Viewer) -> HolidayQuerySet:
        """Return the rows that the viewer may change: those of the schools she keeps."""
        return self.filter(school_id__in=viewer.managed_school_ids)


class Holiday(Named):
    """A change to the region's calendar: free days added, or (with `is_school_day`) days on which there is school.

    Without `group` it is for the whole school; a group's row wins over the school's, the school's over the region's.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="holidays")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="holidays")
    name = models.CharField(max_length=80)
    starts_on = models.DateField()
    ends_on = models.DateField()
    is_school_day = models.BooleanField(default=False)

    objects = HolidayQuerySet.as_manager()

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="holiday_ends_after_start"
            )
        ]

    class Privacy:
        purpose = "To know on which days there is school."
        keep = "As long as the school uses Kring."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "group", "name", "starts_on", "ends_on", "is_school_day")
