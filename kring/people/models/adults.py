"""Adults as one school knows them, and how a stretch of days is asked for."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from kring.core.models import Named
from kring.core.viewer import STAFF, Viewer
from kring.people.users import User
from kring.school.models import Board, School


def not_over_on(day: date) -> Q:
    """Return the condition that a row with `ends_on` (last day, or open) holds on `day`, or begins later."""
    return Q(ends_on__isnull=True) | Q(ends_on__gte=day)


def current_on(day: date) -> Q:
    """Return the condition that a row with `starts_on` and `ends_on` (last day, or open) holds on `day`."""
    return Q(starts_on__lte=day) & not_over_on(day)


def held_on(row: str, day: date) -> Q:
    """Return the condition that a joined row (`guardianships`, `team_roles`, `enrolments`) holds on `day`."""
    return Q(**{f"{row}__starts_on__lte": day}) & (
        Q(**{f"{row}__ends_on__isnull": True}) | Q(**{f"{row}__ends_on__gte": day})
    )


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
                Q(first_name__icontains=word)
                | Q(infix__icontains=word)
                | Q(last_name__icontains=word)
                | Q(email__icontains=word)
            )
        return found

    def kept_by(self, viewer: Viewer, school: School) -> PersonQuerySet:
        """Return the persons of one school, for its office and management; nobody for anybody else."""
        return self.filter(school=school) if viewer.is_manager(school.pk) else self.none()

    def guardians_on(self, day: date) -> PersonQuerySet:
        """Return those who look after a child on `day`."""
        return self.filter(pk__in=Person.objects.filter(held_on("guardianships", day)).values("pk"))

    def guardians_who_read_on(self, day: date) -> PersonQuerySet:
        """Return the guardians with a level that lets them see anything on `day`."""
        held = Person.objects.filter(held_on("guardianships", day), guardianships__level__in=["full", "limited"])
        return self.filter(pk__in=held.values("pk"))

    def team_on(self, day: date) -> PersonQuerySet:
        """Return those who work at the school on `day`."""
        held = Person.objects.filter(held_on("team_roles", day), team_roles__kind__in=STAFF)
        return self.filter(pk__in=held.values("pk"))

    def guardians_of(self, child: models.Model) -> PersonQuerySet:
        """Return everybody who is or was guardian of the child."""
        return self.filter(guardianships__child=child).distinct()

    def first_few(self, number: int) -> PersonQuerySet:
        """Return at most `number` of them, in order, as a set that a form can look one up in."""
        return self.filter(pk__in=list(self.values_list("pk", flat=True)[:number]))

    def not_joined(self) -> PersonQuerySet:
        """Return those without a login yet."""
        return self.filter(user__isnull=True)

    def with_work(self, day: date) -> PersonQuerySet:
        """Bring along `roles_now` (with group and working days) and `children_now`, in three more queries."""
        roles = self._related("team_roles").filter(current_on(day)).select_related("group")
        children = self._related("guardianships").filter(current_on(day)).select_related("child")
        return self.prefetch_related(
            models.Prefetch("team_roles", roles.prefetch_related("working_days"), to_attr="roles_now"),
            models.Prefetch("guardianships", children, to_attr="children_now"),
        )

    def with_absences(self, day: date) -> PersonQuerySet:
        """Bring along `away_now`: the absences that hold on `day`, in one more query."""
        rows = self._related("staff_absences").filter(starts_on__lte=day, ends_on__gte=day)
        return self.prefetch_related(
            models.Prefetch("staff_absences", rows.select_related("substitute"), to_attr="away_now")
        )

    def _related(self, name: str) -> models.QuerySet:
        return Person._meta.get_field(name).related_model._default_manager.all()  # type: ignore[union-attr]


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
