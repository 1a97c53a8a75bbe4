"""Children, the groups they sit in, and the adults who look after them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Level, Viewer
from kring.people.models.adults import Person, current_on, not_over_on
from kring.school.models import YEAR_LEVELS, Group, School


def _ended(day: date) -> models.QuerySet:
    return Enrolment.objects.filter(ends_on__lt=day).values("child_id")


def _not_ended(day: date) -> models.QuerySet:
    return Enrolment.objects.filter(not_over_on(day)).values("child_id")


class ChildQuerySet(models.QuerySet["Child"]):
    """Questions about children."""

    def visible_to(self, viewer: Viewer) -> ChildQuerySet:
        """Return the viewer's own children, those of her groups today, and for office and management all."""
        # A day begins in the zone of the school; one zone serves the teachers of a school year well enough here.
        today = School().today(viewer.now)
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
            found = found.filter(
                Q(first_name__icontains=word) | Q(infix__icontains=word) | Q(last_name__icontains=word)
            )
        return found

    def kept_by(self, viewer: Viewer, school: School) -> ChildQuerySet:
        """Return the children of one school, for its office and management; nobody for anybody else."""
        return self.filter(school=school) if viewer.is_manager(school.pk) else self.none()

    def sitting_on(self, day: date, *, group: Group | None = None) -> ChildQuerySet:
        """Return the children who sit in a group (or in `group`) on `day`. Last year's group does not count."""
        seats = Enrolment.objects.filter(current_on(day), group__school_year__ends_on__gte=day)
        if group is not None:
            seats = seats.filter(group=group)
        return self.filter(pk__in=seats.values("child_id"))

    def without_group(self, day: date) -> ChildQuerySet:
        """Return the children who are expected somewhere but sit in no group on `day`: not yet placed, or moved up.

        A child whose last enrolment was ended on purpose has left the school and is not asked about.
        """
        seats = Enrolment.objects.filter(current_on(day) | Q(starts_on__gt=day), group__school_year__ends_on__gte=day)
        return self.exclude(pk__in=seats.values("child_id")).not_gone_on(day)

    def gone_on(self, day: date) -> ChildQuerySet:
        """Return the children whose enrolments all ended before `day`: they left the school."""
        return self.filter(pk__in=_ended(day)).exclude(pk__in=_not_ended(day))

    def not_gone_on(self, day: date) -> ChildQuerySet:
        """Return all but those who left the school before `day`."""
        return self.exclude(Q(pk__in=_ended(day)) & ~Q(pk__in=_not_ended(day)))

    def without_guardian(self, day: date) -> ChildQuerySet:
        """Return the children whom nobody looks after on `day` with a level that sees anything."""
        held = Guardianship.objects.filter(current_on(day), level__in=[Level.FULL, Level.LIMITED])
        return self.exclude(pk__in=held.values("child_id"))

    def with_seats(self, day: date) -> ChildQuerySet:
        """Bring along `seats_now` (with group) and `guardians_now` (with person), in two more queries."""
        seats = Enrolment.objects.filter(current_on(day), group__school_year__ends_on__gte=day).select_related("group")
        guardians = Guardianship.objects.filter(current_on(day)).select_related("person")
        return self.prefetch_related(
            models.Prefetch("enrolments", seats, to_attr="seats_now"),
            models.Prefetch("guardianships", guardians, to_attr="guardians_now"),
        )


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


class KeptByOffice(models.QuerySet):
    """Rows that only office and management of their school look at one by one."""

    def visible_to(self, viewer: Viewer) -> KeptByOffice:
        """Return the rows of the schools that the viewer keeps."""
        return self.filter(school_id__in=viewer.managed_school_ids)


class Enrolment(Named):
    """A child sits in a group from `starts_on` to `ends_on` (last day, or open). The year level is the child's."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="enrolments")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="enrolments")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="enrolments")
    year_level = models.PositiveSmallIntegerField(validators=YEAR_LEVELS)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = KeptByOffice.as_manager()

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
        impersonal = ("id", "public_id", "school", "group")


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

    objects = KeptByOffice.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "person"], condition=Q(ends_on__isnull=True), name="guardian_once_per_child"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="guardianship_ends_after_start",
            ),
        ]

    class Privacy:
        purpose = "To show a child's things to the adults who may see them, and to nobody else."
        keep = "With its child."
        personal = ("child", "person", "relation", "authority", "level", "ground", "set_by", "starts_on", "ends_on")
        impersonal = ("id", "public_id", "school")


class KeepApartQuerySet(KeptByOffice):
    """Questions about who is kept apart."""

    def hidden_from(self, viewer: Viewer) -> models.QuerySet[Person]:
        """Return the persons who are never shown to this viewer: those who are kept apart from her.

        A school where she works is left out: there she sees everybody whom her work shows her.
        """
        own = [pk for school_id, pk in viewer.persons.items() if school_id not in viewer.staff_school_ids]
        firsts, seconds = self.filter(second__in=own).values("first"), self.filter(first__in=own).values("second")
        # Not two conditions with "or": SQLite would look at every person there is.
        return Person.objects.filter(pk__in=firsts.union(seconds))


class KeepApart(Named):
    """Two guardians of a child are never shown to each other and never planned in one session."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="kept_apart")
    first = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    objects = KeepApartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["child", "first", "second"], name="kept_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=models.F("second")), name="kept_apart_in_order"),
        ]

    class Privacy:
        purpose = "Safety: two guardians must not meet through the app."
        keep = "With its child."
        personal = ("child", "first", "second")
        impersonal = ("id", "public_id", "school")
