"""What is asked in a request, and the documents that go with it until it is placed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kring.agenda.models import Offer
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.help_requests import rights
from kring.help_requests.models.requests import HelpRequest
from kring.help_requests.rules import MAX_LABEL, MAX_PLACES
from kring.school.models import School


class TaskQuerySet(models.QuerySet["Task"]):
    """Questions about what is asked."""

    def visible_to(self, viewer: Viewer) -> TaskQuerySet:
        """Return the tasks of requests that the viewer may open."""
        return self.filter(request__in=HelpRequest.objects.visible_to(viewer).values("pk"))


class Task(Named):
    """Something to do, or a stretch of time, with a number of places. A request without tasks takes any number.

    Once placed, `offer` hands the places out (kring/agenda): one of 6 is never given twice.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="tasks")
    label = models.CharField(max_length=MAX_LABEL, blank=True)
    places = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField(default=0)
    offer = models.OneToOneField(Offer, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = TaskQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=MAX_PLACES), name="task_has_places"),
            models.UniqueConstraint(fields=["request", "position"], name="task_place_once"),
        ]

    class Privacy:
        purpose = "To say what help is asked for, and how much of it."
        keep = "With its request."
        personal = ("label",)
        impersonal = ("id", "public_id", "school", "request", "places", "position", "offer")

    def __str__(self) -> str:
        return f"Task {self.pk}"


class RequestDocumentQuerySet(models.QuerySet["RequestDocument"]):
    """Questions about documents that were handed in."""

    def visible_to(self, viewer: Viewer) -> RequestDocumentQuerySet:
        """Return those of requests that are hers, or that she reviews. Once placed, they belong to post or message."""
        own = HelpRequest.objects.filter(rights.asked_by(viewer) | rights.reviewed_by(viewer))
        return self.filter(request__in=own.values("pk"))


class RequestDocument(Named):
    """A document that goes with a request until it is placed; then post or message has it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = RequestDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    class Privacy:
        purpose = "To know which documents belong to a request for help."
        keep = "With its request."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "request", "document", "position")
