"""Who comes to an event."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.agenda.models.events import Event
from kring.agenda.rules import Answer
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.school.models import School


class AnswerChoice(models.TextChoices):
    """The words for each answer."""

    YES = Answer.YES.value, _("I am coming")
    NO = Answer.NO.value, _("I am not coming")


class RsvpQuerySet(models.QuerySet["Rsvp"]):
    """Questions about answers."""

    def visible_to(self, viewer: Viewer) -> RsvpQuerySet:
        """Return the viewer's own answers, and all to events that she works on. Parents do not see each other's."""
        mine = Q(person_id__in=list(viewer.persons.values()))
        return self.filter(mine | Q(event__in=Event.objects.worked_on_by(viewer).values("pk")))

    def of(self, event: Event) -> RsvpQuerySet:
        """Return the answers to one event, with who gave them, by name."""
        rows = self.filter(event=event).select_related("person")
        return rows.order_by("person__last_name", "person__first_name", "pk")


class Rsvp(models.Model):
    """One person's answer, for herself or for her family; answering again changes it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="rsvps")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    answer = models.CharField(max_length=5, choices=AnswerChoice)
    number = models.PositiveSmallIntegerField(default=0)  # how many come, the one who answers included; 0 with "no"
    answered_at = models.DateTimeField()

    objects = RsvpQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["event", "person"], name="one_answer_each"),
            models.CheckConstraint(
                condition=Q(answer="no", number=0) | Q(answer="yes", number__gte=1, number__lte=20),
                name="answer_and_number_agree",
            ),
        ]

    class Privacy:
        purpose = "To know how many people come."
        keep = "With its event."
        personal = ("person", "answer", "number", "answered_at")
        impersonal = ("id", "school", "event")
