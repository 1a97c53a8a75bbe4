"""The short replies to a request."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.agenda.models import Signup
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.help_requests.models.requests import HelpRequest
from kring.help_requests.models.tasks import Task
from kring.help_requests.rules import MAX_NAME, MAX_NUMBER, MAX_REPLY, Says
from kring.people.models import KeepApart, Person
from kring.school.models import School


class SaysChoice(models.TextChoices):
    """The words for each short reply."""

    CAN = Says.CAN.value, _("I can help")
    CANNOT = Says.CANNOT.value, _("I can't")


class ReplyQuerySet(models.QuerySet["Reply"]):
    """Questions about replies."""

    def visible_to(self, viewer: Viewer) -> ReplyQuerySet:
        """Return her own, and those of requests she handles, without those of who is kept apart from her."""
        own = Q(person_id__in=list(viewer.persons.values()))
        handled = Q(request__in=HelpRequest.objects.handled_by(viewer).values("pk"))
        hidden = Q(person__in=KeepApart.objects.hidden_from(viewer).values("pk"))
        return self.filter(own | handled & ~hidden)

    def of(self, viewer: Viewer) -> ReplyQuerySet:
        """Return her own replies."""
        return self.filter(person_id__in=list(viewer.persons.values()))

    def in_order(self) -> ReplyQuerySet:
        """Return what is still to be done first, the newest on top, with who it is."""
        rows = self.select_related("person", "task", "signup", "added_by")
        return rows.order_by(models.F("ticked_at").asc(nulls_first=True), "-made_at", "-pk")


class Reply(Named):
    """A short reply of one parent, or of somebody who said it at the school gate (`name`, then `added_by` wrote it).

    `signup` holds the places she has or waits for, when the request counts places.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="replies")
    task = models.ForeignKey(Task, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=MAX_NAME, blank=True)
    says = models.CharField(max_length=6, choices=SaysChoice)
    number = models.PositiveSmallIntegerField(default=1)
    text = models.CharField(max_length=MAX_REPLY, blank=True)
    made_at = models.DateTimeField()
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    ticked_at = models.DateTimeField(null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    signup = models.OneToOneField(Signup, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ReplyQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["request", "ticked_at"], name="replies_to_do")]
        constraints = [
            models.UniqueConstraint(
                fields=["request", "person"], condition=Q(person__isnull=False), name="one_reply_of_a_person"
            ),
            models.CheckConstraint(condition=Q(person__isnull=False) ^ ~Q(name=""), name="reply_of_somebody"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=MAX_NUMBER), name="reply_for_a_few"),
        ]

    class Privacy:
        purpose = "To know who helps. Read by the named responders only."
        keep = "With its request."
        personal = ("person", "name", "says", "number", "text", "made_at", "added_by", "ticked_at", "thanked_at")
        impersonal = ("id", "public_id", "school", "request", "task", "signup")

    def __str__(self) -> str:
        return f"Reply {self.pk}"

    @property
    def who(self) -> str:
        """Return the name: of the person, or the words that were written down."""
        return self.person.name if self.person else self.name
