"""Who works where, on which days, and who is away."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS as WEEKDAY_NAMES
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import RoleKind, Viewer
from kring.people.models.adults import Person
from kring.school.models import WEEKDAYS, Board, Group, School


class RoleChoice(models.TextChoices):
    """The words for each kind of role."""

    TEACHER = RoleKind.TEACHER.value, _("Teacher")
    DUO = RoleKind.DUO.value, _("Duo teacher")
    SUBSTITUTE = RoleKind.SUBSTITUTE.value, _("Substitute")
    OFFICE = RoleKind.OFFICE.value, _("Office")
    MANAGEMENT = RoleKind.MANAGEMENT.value, _("Management")
    CARE_COORDINATOR = RoleKind.CARE_COORDINATOR.value, _("Care coordinator")
    CLASS_PARENT = RoleKind.CLASS_PARENT.value, _("Class parent")
    PARENT_COUNCIL = RoleKind.PARENT_COUNCIL.value, _("Parent council")
    PARTICIPATION_COUNCIL = RoleKind.PARTICIPATION_COUNCIL.value, _("Participation council")
    BOARD_ADMIN = RoleKind.BOARD_ADMIN.value, _("Board administrator")


class TeamRoleQuerySet(models.QuerySet["TeamRole"]):
    """Questions about roles."""

    def visible_to(self, viewer: Viewer) -> TeamRoleQuerySet:
        """Return the roles at the schools that the viewer keeps, and at the boards she administers."""
        return self.filter(
            Q(school_id__in=viewer.managed_school_ids)
            | Q(board_id__in=viewer.administered_board_ids)
            | Q(school__board_id__in=viewer.administered_board_ids, kind=RoleKind.MANAGEMENT.value)
        )

    def management_under(self, board: Board) -> TeamRoleQuerySet:
        """Return the roles of management at the schools of the board."""
        return self.filter(school__board=board, kind=RoleKind.MANAGEMENT.value)


class TeamRole(Named):
    """A person does something at a school, in a group or for a board, from `starts_on` to `ends_on` (or open)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="team_roles")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="team_roles")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="team_roles")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_roles")
    kind = models.CharField(max_length=30, choices=RoleChoice)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = TeamRoleQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["group", "ends_on"]), models.Index(fields=["person", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=False, board__isnull=True)
                | Q(school__isnull=True, board__isnull=False, group__isnull=True, kind=RoleKind.BOARD_ADMIN.value),
                name="role_of_school_or_board",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="role_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "group"],
                condition=Q(ends_on__isnull=True, group__isnull=False),
                name="role_once_in_a_group",
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=Q(ends_on__isnull=True, group__isnull=True),
                name="role_once_without_group",
            ),
        ]

    class Privacy:
        purpose = "To know who works with which group and who may do what."
        keep = "With its person."
        personal = ("person", "kind", "starts_on", "ends_on")
        impersonal = ("id", "public_id", "school", "board", "group")


class Weeks(models.TextChoices):
    """In which ISO weeks a working day counts."""

    EVERY = "every", _("Every week")
    ODD = "odd", _("Odd weeks")
    EVEN = "even", _("Even weeks")


class WorkingDay(models.Model):
    """A role is carried out on this weekday (1 = Monday). A role without rows works every school day."""

    role = models.ForeignKey(TeamRole, on_delete=models.CASCADE, related_name="working_days")
    weekday = models.PositiveSmallIntegerField(validators=WEEKDAYS)
    weeks = models.CharField(max_length=5, choices=Weeks, default=Weeks.EVERY)

    class Meta:
        ordering = ["weekday"]
        constraints = [models.UniqueConstraint(fields=["role", "weekday"], name="working_day_once")]

    class Privacy:
        purpose = "To leave people in peace on the days they do not work."
        keep = "With its role."
        personal = ("weekday", "weeks")
        impersonal = ("id", "role")

    @property
    def name(self) -> str:
        """Return the weekday, with the weeks when it is not every week: "maandag (oneven weken)"."""
        day = str(WEEKDAY_NAMES[self.weekday - 1])
        return day if self.weeks == Weeks.EVERY else f"{day} ({self.get_weeks_display().lower()})"


class StaffAbsenceQuerySet(models.QuerySet["StaffAbsence"]):
    """Questions about colleagues who are away."""

    def visible_to(self, viewer: Viewer) -> StaffAbsenceQuerySet:
        """Return the absences at the schools where the viewer works."""
        return self.filter(school_id__in=viewer.staff_school_ids)


class StaffAbsence(Named):
    """A member of staff is away from `starts_on` to `ends_on`, with or without a substitute. The reason is not kept."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="staff_absences")
    substitute = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = StaffAbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start")
        ]

    class Privacy:
        purpose = "To tell families who stands before the group."
        keep = "3 months."
        personal = ("person", "substitute", "starts_on", "ends_on")
        impersonal = ("id", "public_id", "school")
