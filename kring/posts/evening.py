"""The evening before: what was told of tomorrow, once for each school, day and hour."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kring.core.viewer import Viewer
from kring.school.models import School


class EveningQuerySet(models.QuerySet["Evening"]):
    """Questions about evenings."""

    def visible_to(self, viewer: Viewer) -> EveningQuerySet:
        """Return those of the schools where the viewer has a child."""
        return self.filter(school_id__in=viewer.guardian_school_ids)


class Evening(models.Model):
    """At this hour (the school's wall clock) families who chose it are told that there is something on `day`."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    hour = models.PositiveSmallIntegerField()

    objects = EveningQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "day", "hour"], name="each_evening_hour_once"),
            models.CheckConstraint(condition=Q(hour__lte=23), name="evening_has_an_hour"),
        ]

    class Privacy:
        purpose = "To tell families of tomorrow once, at the hour they chose."
        keep = "3 months."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "school", "day", "hour")
