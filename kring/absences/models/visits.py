"""Planned visits to a doctor, dentist or other medical institution (N3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.absences.circle import of_family, of_team
from kring.absences.rules import MAX_NOTE, MAX_PICKED_UP, VisitKind
from kring.core.models import Named
from kring.core.public_id import LENGTH
from kring.core.viewer import Viewer
from kring.people.models import Audience, Child, Person
from kring.school.models import School


class VisitKindChoice(models.TextChoices):
    """The words for each kind."""

    DOCTOR = VisitKind.DOCTOR.value, _("Doctor")
    DENTIST = VisitKind.DENTIST.value, _("Dentist")
    ORTHODONTIST = VisitKind.ORTHODONTIST.value, _("Orthodontist")
    HOSPITAL = VisitKind.HOSPITAL.value, _("Hospital")
    THERAPY = VisitKind.THERAPY.value, _("Speech therapy or physiotherapy")
    OTHER = VisitKind.OTHER.value, _("Other care")


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    """Questions about planned visits."""

    def visible_to(self, viewer: Viewer) -> AppointmentQuerySet:
        """Return those of her own children, of children she teaches, and of schools she keeps."""
        return self.filter(of_family(viewer) | of_team(viewer))

    def of_own_children(self, viewer: Viewer) -> AppointmentQuerySet:
        """Return those of the children she is a full guardian of."""
        return self.filter(of_family(viewer))

    def seen_as_team(self, viewer: Viewer) -> AppointmentQuerySet:
        """Return those of children she teaches, and of schools she keeps."""
        return self.filter(of_team(viewer))

    def standing(self) -> AppointmentQuerySet:
        """Return those that were not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def on(self, school: School, day: date) -> AppointmentQuerySet:
        """Return the visits of one day at the school, in order."""
        first, last = school.moment(day), school.moment(day + timedelta(days=1))
        rows = self.standing().filter(school=school, starts_at__gte=first, starts_at__lt=last)
        return rows.select_related("child", "reported_by", "seen_by").order_by("starts_at", "pk")

    def starting(self, since: datetime, until: datetime) -> AppointmentQuerySet:
        """Return what starts at `since` or later and before `until` (both aware), in order."""
        return self.filter(starts_at__gte=since, starts_at__lt=until).order_by("starts_at", "pk")

    def coming(self, now: datetime) -> AppointmentQuerySet:
        """Return what is not over at `now` (aware), withdrawn or not, in order."""
        rows = self.filter(ends_at__gt=now)
        return rows.select_related("child", "school", "seen_by").order_by("starts_at", "pk")

    def over_before(self, moment: datetime, school: School) -> AppointmentQuerySet:
        """Return what ended at the school before `moment` (aware)."""
        return self.filter(school=school, ends_at__lt=moment)


class Appointment(Named):
    """One child goes to a doctor, dentist or other care. Two children that go together have a row each.

    Of a whole day `starts_at` is when the lessons begin and `ends_at` the end of the day.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    whole_day = models.BooleanField(default=False)
    kind = models.CharField(max_length=20, choices=VisitKindChoice)
    note = models.CharField(max_length=MAX_NOTE, blank=True)
    picked_up_by = models.CharField(max_length=MAX_PICKED_UP, blank=True)
    reported_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    seen_at = models.DateTimeField(null=True, blank=True)
    token = models.CharField(max_length=LENGTH, null=True, blank=True)  # of the form: sent twice is reported once
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    team_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "starts_at"], name="visit_when"),
            models.Index(fields=["child", "ends_at"], name="visit_of_child"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="visit_ends_after_start"),
            models.UniqueConstraint(fields=["child", "token"], name="visit_reported_once"),
            models.UniqueConstraint(
                fields=["child", "starts_at"], condition=Q(withdrawn_at__isnull=True), name="one_visit_at_a_time"
            ),
        ]

    class Privacy:
        purpose = "To let the teachers of a child know when it is at a doctor or dentist."
        keep = "3 months after the visit, or as long as the school chose."
        personal = (
            "child",
            "starts_at",
            "ends_at",
            "whole_day",
            "kind",
            "note",
            "picked_up_by",
            "reported_by",
            "seen_by",
        )
        impersonal = (
            "id",
            "public_id",
            "school",
            "reported_at",
            "changed_at",
            "withdrawn_at",
            "seen_at",
            "token",
            "audience",
            "team_audience",
        )

    def __str__(self) -> str:
        return f"Appointment {self.pk}"
