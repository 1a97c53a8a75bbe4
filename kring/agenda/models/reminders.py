"""The reminder before an important event (A2): a row per event, so that it is made once."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.agenda.models.events import Event
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.posts.models import Post
from kring.school.models import School


class ReminderState(models.TextChoices):
    """What became of it."""

    READY = "ready", _("Goes out by itself")
    HELD = "held", _("Held")
    STUCK = "stuck", _("Waits for somebody")
    DROPPED = "dropped", _("Not needed any more")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Questions about reminders."""

    def visible_to(self, viewer: Viewer) -> ReminderQuerySet:
        """Return those of events that the viewer works on."""
        return self.filter(event__in=Event.objects.worked_on_by(viewer).values("pk"))


class Reminder(Named):
    """The reminder of one important event: an announcement that was drafted and goes out at `sends_at` (aware).

    The post itself says whether it is scheduled, stopped or out; `state` says what this room did. Without a post:
    nobody could write it (STUCK), or it came too late to make sense (DROPPED).
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="reminder")
    post = models.OneToOneField(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=10, choices=ReminderState, default=ReminderState.READY)
    sends_at = models.DateTimeField()
    made_at = models.DateTimeField()

    objects = ReminderQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["sends_at"], condition=Q(state="ready"), name="reminder_due")]

    class Privacy:
        purpose = "To remind families of something important once."
        keep = "With its event."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "event", "post", "state", "sends_at", "made_at")
