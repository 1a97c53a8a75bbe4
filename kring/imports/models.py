"""One row per upload. Between preview and apply, for an hour at most, it also holds what was read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.school.models import School

KEPT_FOR = timedelta(hours=1)
SOURCE = "oneroster"


class State(models.TextChoices):
    """Where an import stands."""

    READY = "ready", _("Ready to check")
    CHOOSE = "choose", _("Waiting for the school")
    FAULTY = "faulty", _("Not usable")
    APPLIED = "applied", _("Applied")
    CANCELLED = "cancelled", _("Put aside")
    EXPIRED = "expired", _("Expired")


class ImportQuerySet(models.QuerySet["Import"]):
    """Questions about imports."""

    def visible_to(self, viewer: Viewer) -> ImportQuerySet:
        """Return the imports of the schools of which the viewer is office or management."""
        return self.filter(school_id__in=viewer.managed_school_ids)

    def waiting(self) -> ImportQuerySet:
        """Return imports that still hold what was read."""
        return self.filter(state__in=[State.READY, State.CHOOSE, State.FAULTY])

    def past_their_hour(self, now: datetime) -> ImportQuerySet:
        """Return imports that were neither applied nor put aside in time."""
        return self.waiting().filter(expires_at__lte=now)

    def applied_with_grades(self, school: School) -> ImportQuerySet:
        """Return what was applied at the school, the latest first."""
        return self.filter(school=school, state=State.APPLIED).order_by("-applied_at")

    def for_history(self, school: School) -> ImportQuerySet:
        """Return the latest imports of the school, without what was read."""
        return self.filter(school=school).select_related("by").defer("roster", "faults", "by__email", "by__phone")


class Import(Named):
    """An upload and what became of it. `roster` and `faults` are emptied when it is applied, put aside or expired."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="imports")
    source = models.CharField(max_length=40, default=SOURCE)
    state = models.CharField(max_length=12, choices=State, default=State.READY)
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    version = models.CharField(max_length=8, blank=True)
    files = models.JSONField(default=list, blank=True)  # name, rows, bulk or delta
    schools = models.JSONField(default=list, blank=True)  # key and name of each school in the file
    others = models.JSONField(default=list, blank=True)  # other schools in the file: name, classes
    grades = models.JSONField(default=dict, blank=True)  # code -> year level, as the school confirmed it
    counts = models.JSONField(default=dict, blank=True)
    roster = models.JSONField(null=True, blank=True)
    faults = models.JSONField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-read_at", "-pk"]
        indexes = [models.Index(fields=["school", "-read_at"])]

    class Privacy:
        purpose = "To let the school check a roster before it counts, and to tell later what an import did."
        keep = "What was read: until applied or put aside, 1 hour at most. The counts: 2 years."
        personal = ("by", "roster", "faults")
        impersonal = (
            "id",
            "public_id",
            "school",
            "source",
            "state",
            "read_at",
            "expires_at",
            "applied_at",
            "version",
            "files",
            "schools",
            "others",
            "grades",
            "counts",
        )
