"""Persons, logins, children, who looks after whom, who works where."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Level, RoleKind, Viewer
from kring.people.users import User as User  # noqa: PLC0414  the login lives in its own file, the room has one face
from kring.school.models import WEEKDAYS, YEAR_LEVELS, Board, Group, School


def current_on(day: date) -> Q:
    """Return the condition that a row with `starts_on` and `ends_on` (last day, or open) holds on `day`."""
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class PersonQuerySet(models.QuerySet["Person"]):
    """Questions about adults."""

    def visible_to(self, viewer: Viewer) -> PersonQuerySet:
        """Return the persons that office and management keep, and the viewer herself."""
        return self.filter(Q(school_id__in=viewer.managed_school_ids) | Q(pk__in=viewer.persons.values()))

    def matching(self, text: str) -> PersonQuerySet:
        """Return persons whose name or e-mail address contains each word of `text`."""
        found = self
        for word in text.split():
            found = found.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
            )
        return found


class Person(Named):
    """An adult as one school (or, for a board's administrator, one board) knows her.

    Two persons are never merged because they share an address or an e-mail address.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="persons")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="persons")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="persons")
    first_name = models.CharField(max_length=60)
    infix = models.CharField(max_length=20, blank=True)
    last_name = models.CharField(max_length=80)
    called = models.CharField(max_length=60, blank=True)  # "Juf Anouk": what children and parents say
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=30, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        indexes = [models.Index(fields=["school", "last_name", "first_name"])]
        constraints = [
            models.UniqueConstraint(fields=["school", "user"], name="one_person_per_school_and_login"),
            models.CheckConstraint(
                condition=Q(school__isnull=False) ^ Q(board__isnull=False), name="person_of_school_or_board"
            ),
        ]

    class Privacy:
        purpose = "To reach the adults around a child and to show who wrote something."
        keep = "Until the last role and guardianship ended, plus 2 years."
        personal = ("user", "first_name", "infix", "last_name", "called", "email", "phone", "joined_at")
        impersonal = ("id", "public_id", "school", "board")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the whole name: Marloes van den Heuvel."""
        return " ".join(part for part in (self.first_name, self.infix, self.last_name) if part)

    @property
    def display_name(self) -> str:
        """Return what parents see for staff: "Juf Anouk" when the school filled it in, else the whole name."""
        return self.called or self.name


class ChildQuerySet(models.QuerySet["Child"]):
    """Questions about children."""

    def visible_to(self, viewer: Viewer) -> ChildQuerySet:
        """Return the viewer's own children, those of her groups today, and for office and management all."""
        today = viewer.now.date()
        in_my_groups = Enrolment.objects.filter(current_on(today), group_id__in=viewer.taught_group_ids)
        return self.filter(
            Q(pk__in=viewer.own_child_ids)
            | Q(school_id__in=viewer.managed_school_ids)
            | Q(pk__in=in_my_groups.values("child_id"))
        )

    def listed_for(self, viewer: Viewer) -> ChildQuerySet:
        """Return what may stand in a list or picker: a shielded child only for its own family, team and office."""
        return self.visible_to(viewer)

    def matching(self, text: str) -> ChildQuerySet:
        """Return children whose name contains each word of `text`."""
        found = self
        for word in text.split():
            found = found.filter(Q(first_name__icontains=word) | Q(last_name__icontains=word))
        return found


class Child(Named):
    """A pupil as one school knows it.

    `shielded`: in no list, picker, search, count or export outside its family, the team and the office.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="children")
    first_name = models.CharField(max_length=60)
    infix = models.CharField(max_length=20, blank=True)
    last_name = models.CharField(max_length=80)
    birth_date = models.DateField(null=True, blank=True)  # only for the age rules of leave (Leerplichtwet)
    shielded = models.BooleanField(default=False)

    objects = ChildQuerySet.as_manager()

    class Meta:
        ordering = ["last_name", "first_name", "pk"]
        indexes = [models.Index(fields=["school", "last_name", "first_name"])]

    class Privacy:
        purpose = "To know whom a message, a photo or an absence is about."
        keep = "Until the last enrolment ended, plus 2 years."
        personal = ("first_name", "infix", "last_name", "birth_date", "shielded")
        impersonal = ("id", "public_id", "school")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """Return the whole name."""
        return " ".join(part for part in (self.first_name, self.infix, self.last_name) if part)


class Enrolment(models.Model):
    """A child sits in a group from `starts_on` to `ends_on` (last day, or open). The year level is the child's."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="enrolments")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="enrolments")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="enrolments")
    year_level = models.PositiveSmallIntegerField(validators=YEAR_LEVELS)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "pk"]
        indexes = [models.Index(fields=["group", "ends_on"])]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "group"], condition=Q(ends_on__isnull=True), name="child_once_in_a_group"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="enrolment_ends_after_start",
            ),
        ]

    class Privacy:
        purpose = "To know which group a child belongs to, and when."
        keep = "With its child."
        personal = ("child", "year_level", "starts_on", "ends_on")
        impersonal = ("id", "school", "group")


class Relation(models.TextChoices):
    """What the adult is to the child."""

    MOTHER = "mother", _("Mother")
    FATHER = "father", _("Father")
    PARENT = "parent", _("Parent")
    GUARDIAN = "guardian", _("Guardian")
    FOSTER_PARENT = "foster_parent", _("Foster parent")
    STEP_PARENT = "step_parent", _("Step-parent")
    GRANDPARENT = "grandparent", _("Grandparent")
    OTHER = "other", _("Other")


class Authority(models.TextChoices):
    """Whether the adult has parental authority (gezag)."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNKNOWN = "unknown", _("Unknown")


class GuardianLevel(models.TextChoices):
    """How much this adult sees of the child (house.md, 8)."""

    FULL = Level.FULL.value, _("Full")
    LIMITED = Level.LIMITED.value, _("Limited")
    NONE = Level.NONE.value, _("None")


class Guardianship(Named):
    """An adult looks after a child. A family is never stored: it is never transitive."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="guardianships")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="guardianships")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="guardianships")
    relation = models.CharField(max_length=20, choices=Relation, default=Relation.PARENT)
    authority = models.CharField(max_length=10, choices=Authority, default=Authority.UNKNOWN)
    level = models.CharField(max_length=10, choices=GuardianLevel, default=GuardianLevel.FULL)
    ground = models.CharField(max_length=200, blank=True)
    set_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "person"], condition=Q(ends_on__isnull=True), name="guardian_once_per_child"
            )
        ]

    class Privacy:
        purpose = "To show a child's things to the adults who may see them, and to nobody else."
        keep = "With its child."
        personal = ("child", "person", "relation", "authority", "level", "ground", "set_by", "starts_on", "ends_on")
        impersonal = ("id", "public_id", "school")


class KeepApart(models.Model):
    """Two guardians of a child are never shown to each other and never planned in one session."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="kept_apart")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "first", "second"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="kept_apart_in_order"),
        ]

    class Privacy:
        purpose = "Safety: two guardians must not meet through the app."
        keep = "With its child."
        personal = ("child", "first", "second")
        impersonal = ("id", "school")


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


class TeamRole(Named):
    """A person does something at a school, in a group or for a board, from `starts_on` to `ends_on` (or open)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="team_roles")
    board = models.ForeignKey(Board, on_delete=models.PROTECT, null=True, blank=True, related_name="team_roles")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="team_roles")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="team_roles")
    kind = models.CharField(max_length=30, choices=RoleChoice)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["group", "ends_on"]), models.Index(fields=["person", "ends_on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(school__isnull=False, board__isnull=True)
                | Q(school__isnull=True, board__isnull=False, group__isnull=True, kind=RoleKind.BOARD_ADMIN.value),
                name="role_of_school_or_board",
            )
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


class StaffAbsence(Named):
    """A member of staff is away from `starts_on` to `ends_on`, with or without a substitute. The reason is not kept."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="staff_absences")
    substitute = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_on = models.DateField()
    ends_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=models.F("starts_on")), name="absence_ends_after_start")
        ]

    class Privacy:
        purpose = "To tell families who stands before the group."
        keep = "3 months."
        personal = ("person", "substitute", "starts_on", "ends_on")
        impersonal = ("id", "public_id", "school")


class ExternalRef(models.Model):
    """The key under which another system knows a person, child or group. Imports match on this and nothing else."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="external_refs")
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="external_refs")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="external_refs")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="external_refs")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "source", "kind", "key"], name="external_key_once")
        ]

    class Privacy:
        purpose = "To recognise the same person in the next import."
        keep = "With what it points to."
        personal = ("key", "person", "child")
        impersonal = ("id", "school", "source", "kind", "group")


class Audience(models.Model):
    """Whom something is for. Resolved when it is read; never copied into lists of recipients."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    whole_school = models.BooleanField(default=False)
    layers = models.ManyToManyField("school.Layer", blank=True, related_name="+")
    groups = models.ManyToManyField(Group, blank=True, related_name="+")
    persons = models.ManyToManyField(Person, blank=True, related_name="+")

    class Privacy:
        purpose = "To know for whom something is meant."
        keep = "With what it belongs to."
        personal = ("persons",)
        impersonal = ("id", "school", "whole_school", "layers", "groups")


class AudienceRole(models.Model):
    """Everybody with this kind of role at the school belongs to the audience; a row, so that the database can join."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=30, choices=RoleChoice)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "kind"], name="role_once_in_audience")]

    class Privacy:
        purpose = "To know for whom something is meant."
        keep = "With its audience."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "audience", "kind")
