"""Illness, being late, and whatever else keeps a child away on the day itself (N2, S9)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.absences.circle import of_family, of_team, taught_children
from kring.absences.rules import MAX_NOTE, Reason, Source
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Audience, Child, Person
from kring.school.models import School


class ReasonChoice(models.TextChoices):
    """The words for each reason."""

    ILL = Reason.ILL.value, _("Ill")
    LATE = Reason.LATE.value, _("Late")
    OTHER = Reason.OTHER.value, _("Other reason")
    MISSING = Reason.MISSING.value, _("Not here, no message")


class SourceChoice(models.TextChoices):
    """How the school knows, in words."""

    APP = Source.APP.value, _("Kring")
    PHONE = Source.PHONE.value, _("telephone")
    TEAM = Source.TEAM.value, _("the teacher")


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Questions about children who are away."""

    def visible_to(self, viewer: Viewer) -> AbsenceQuerySet:
        """Return those of her own children, of children she teaches, and of schools she keeps."""
        return self.filter(of_family(viewer) | of_team(viewer))

    def of_own_children(self, viewer: Viewer) -> AbsenceQuerySet:
        """Return those of the children she is a full guardian of; what is a question still is the school's."""
        return self.filter(of_family(viewer)).exclude(reason=Reason.MISSING)

    def children_of(self, viewer: Viewer) -> models.QuerySet[Child]:
        """Return the children who sit in her groups today."""
        return Child.objects.filter(pk__in=taught_children(viewer))

    def seen_as_team(self, viewer: Viewer) -> AbsenceQuerySet:
        """Return those of children she teaches, and of schools she keeps."""
        return self.filter(of_team(viewer))

    def standing(self) -> AbsenceQuerySet:
        """Return those that were not taken back."""
        return self.filter(cancelled_at__isnull=True)

    def on(self, school: School, day: date) -> AbsenceQuerySet:
        """Return who is away from the school on `day`."""
        rows = self.standing().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day), school=school, starts_on__lte=day)
        return rows.select_related("child", "reported_by", "seen_by").order_by("child__last_name", "child__first_name")

    def between(self, school: School, first: date, last: date) -> AbsenceQuerySet:
        """Return what touches the days `first` to `last` at the school."""
        rows = self.standing().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=first), school=school)
        return rows.filter(starts_on__lte=last).select_related("child").order_by("starts_on", "pk")

    def not_over(self, day: date) -> AbsenceQuerySet:
        """Return what goes on on `day` or is still to come, in order."""
        rows = self.standing().filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))
        return rows.select_related("child", "school", "seen_by").order_by("starts_on", "pk")

    def open_illness(self, school: School) -> AbsenceQuerySet:
        """Return illness that nobody ended. Whether it is time to ask, `asks_still_ill` says."""
        return self.standing().filter(school=school, reason=Reason.ILL, ends_on__isnull=True).select_related("child")

    def over_before(self, day: date, school: School) -> AbsenceQuerySet:
        """Return what ended at the school before `day`; what nobody ended counts from its first day."""
        ended = Q(ends_on__lt=day) | Q(ends_on__isnull=True, starts_on__lt=day)
        return self.filter(ended, school=school)


class Absence(Named):
    """A child is ill, late, or away for another reason; `ends_on` is the last day, open until it is well.

    `back_at` is the hour (the school's own) at which it comes, on its only day. `confirmed_on` is the last day on which
    a guardian said that it is still ill, `asked_on` the last day on which she was asked.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(max_length=10, choices=ReasonChoice)
    source = models.CharField(max_length=10, choices=SourceChoice)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    back_at = models.TimeField(null=True, blank=True)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    reported_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField()
    asked_on = models.DateField(null=True, blank=True)
    confirmed_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    team_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "starts_on"], name="absence_when"),
            models.Index(fields=["school", "ends_on"], name="absence_until"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="child_back_after_leaving"
            ),
            models.UniqueConstraint(
                fields=["child", "starts_on"], condition=Q(cancelled_at__isnull=True), name="absence_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["child"],
                condition=Q(cancelled_at__isnull=True, ends_on__isnull=True),
                name="one_open_absence",
            ),
        ]

    class Privacy:
        purpose = "To know which children are not at school, so that nobody has to look for them."
        keep = "3 months, or as long as the school chose."
        personal = (
            "child",
            "reason",
            "starts_on",
            "ends_on",
            "back_at",
            "note",
            "reported_by",
            "confirmed_on",
            "seen_by",
        )
        impersonal = (
            "id",
            "public_id",
            "school",
            "source",
            "reported_at",
            "asked_on",
            "cancelled_at",
            "seen_at",
            "audience",
            "team_audience",
        )

    def __str__(self) -> str:
        return f"Absence {self.pk}"
