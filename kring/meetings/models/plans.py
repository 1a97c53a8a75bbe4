"""One search for a plan of all conversations of a round, and the times it found."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.meetings.models.parties import Party
from kring.meetings.models.rounds import Round, Slot
from kring.meetings.rules import RunState
from kring.people.models import Person
from kring.school.models import School


class RunChoice(models.TextChoices):
    """The words for how far a plan is."""

    QUEUED = RunState.QUEUED.value, _("Waits to begin")
    RUNNING = RunState.RUNNING.value, _("Is being planned")
    DONE = RunState.DONE.value, _("Ready to look at")
    FAILED = RunState.FAILED.value, _("Did not succeed")
    PUBLISHED = RunState.PUBLISHED.value, _("Made known to families")


class PlanRunQuerySet(models.QuerySet["PlanRun"]):
    """Questions about plans."""

    def visible_to(self, viewer: Viewer) -> PlanRunQuerySet:
        """Return those of schools of which the viewer is office or management."""
        return self.filter(school_id__in=viewer.managed_school_ids)

    def published(self) -> PlanRunQuerySet:
        """Return those whose times families know."""
        return self.filter(state=RunState.PUBLISHED)

    def going(self) -> PlanRunQuerySet:
        """Return those that wait for the worker or are being planned."""
        return self.filter(state__in=[RunState.QUEUED, RunState.RUNNING])


class PlanRun(Named):
    """One search for a plan of a round, with the best plan it has so far in PlannedMeeting.

    `progress` is in thousandths of its time. `figures` are the measures of the plan (solver/plans.py) and the numbers
    that people compare: served, adjoining families, wishes kept, minutes of waiting, idle minutes of teachers.
    `beat_at` is when the worker last said that it lives. `based_on` is the plan of which locked times were kept.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="runs")
    based_on = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=RunChoice, default=RunChoice.QUEUED)
    seconds = models.PositiveSmallIntegerField(default=30)
    seed = models.PositiveIntegerField(default=0)
    progress = models.PositiveSmallIntegerField(default=0)
    stop_asked = models.BooleanField(default=False)
    figures = models.JSONField(default=dict, blank=True)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True, blank=True)
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    objects = PlanRunQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state__in=[RunState.QUEUED.value, RunState.RUNNING.value]),
                name="one_plan_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(state=RunState.PUBLISHED.value), name="one_plan_published"
            ),
        ]

    class Privacy:
        purpose = "To plan all conversations of a round at once, and to compare plans before families see one."
        keep = "With its round."
        personal = ("made_by",)
        impersonal = (
            "id", "public_id", "school", "round", "based_on", "state", "seconds", "seed", "progress", "stop_asked",
            "figures", "made_at", "began_at", "beat_at", "ended_at", "published_at",
        )  # fmt: skip


class PlannedMeetingQuerySet(models.QuerySet["PlannedMeeting"]):
    """Questions about planned times."""

    def visible_to(self, viewer: Viewer) -> PlannedMeetingQuerySet:
        """Return those of schools of which the viewer is office or management."""
        return self.filter(run__school_id__in=viewer.managed_school_ids)

    def for_pages(self) -> PlannedMeetingQuerySet:
        """Bring along party, child, and where and when it is."""
        return self.select_related("slot__sitting__group", "party__child", "party__group", "party__person")


class PlannedMeeting(Named):
    """The time that a plan gives a party: from `slot` on, as many moments as the party needs. Not yet a booking."""

    run = models.ForeignKey(PlanRun, on_delete=models.CASCADE, related_name="planned")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="+")
    slot = models.ForeignKey(Slot, on_delete=models.CASCADE, related_name="+")
    is_locked = models.BooleanField(default=False)
    by_hand = models.BooleanField(default=False)

    objects = PlannedMeetingQuerySet.as_manager()

    class Meta:
        ordering = ["slot__starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "party"], name="planned_once"),
            models.UniqueConstraint(fields=["run", "slot"], name="planned_moment_once"),
        ]

    class Privacy:
        purpose = "To look at a plan, and to change it by hand, before families see it."
        keep = "With its round."
        personal = ("party",)
        impersonal = ("id", "public_id", "run", "slot", "is_locked", "by_hand")
