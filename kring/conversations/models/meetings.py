"""Proposing moments to talk, and what was agreed."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.conversations.models.messages import Message
from kring.conversations.models.talks import Conversation, SideChoice
from kring.conversations.rules import ProposalState
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Child, Person
from kring.school.models import Group, School


class ProposalChoice(models.TextChoices):
    """The words for each state."""

    OPEN = ProposalState.OPEN.value, _("Open")
    AGREED = ProposalState.AGREED.value, _("Agreed")
    DECLINED = ProposalState.DECLINED.value, _("Does not suit")
    WITHDRAWN = ProposalState.WITHDRAWN.value, _("Withdrawn")


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Questions about proposals."""

    def visible_to(self, viewer: Viewer) -> ProposalQuerySet:
        """Return the proposals in messages this viewer reads."""
        return self.filter(message__in=Message.objects.visible_to(viewer).values("pk"))

    def open(self) -> ProposalQuerySet:
        """Return those of which a moment can still be chosen."""
        return self.filter(state=ProposalState.OPEN)


class Proposal(Named):
    """Up to three moments to talk, in a message of their own. Choosing one is once: see Meeting."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="proposals")
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="proposal")
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=10, choices=SideChoice)
    minutes = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, choices=ProposalChoice, default=ProposalChoice.OPEN)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation"], condition=Q(state="open"), name="one_open_proposal")
        ]

    class Privacy:
        purpose = "To agree when to talk."
        keep = "With its conversation."
        personal = ("by", "place")
        impersonal = ("id", "public_id", "school", "conversation", "message", "side", "minutes", "state")


class Moment(Named):
    """One of the moments of a proposal."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="moments")
    starts_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [models.UniqueConstraint(fields=["proposal", "starts_at"], name="moment_once")]

    class Privacy:
        purpose = "To agree when to talk."
        keep = "With its conversation."
        personal = ("starts_at",)
        impersonal = ("id", "public_id", "proposal")


class MeetingQuerySet(models.QuerySet["Meeting"]):
    """Questions about agreed moments."""

    def visible_to(self, viewer: Viewer) -> MeetingQuerySet:
        """Return the meetings of conversations this viewer takes part in: both sides see the same row."""
        return self.filter(conversation__in=Conversation.objects.visible_to(viewer).values("pk"))

    def standing(self) -> MeetingQuerySet:
        """Return those that were not cancelled."""
        return self.filter(cancelled_at__isnull=True)

    def between(self, first: datetime, last: datetime) -> MeetingQuerySet:
        """Return those that begin from `first` and before `last` (both aware), in order."""
        rows = self.standing().filter(starts_at__gte=first, starts_at__lt=last)
        return rows.select_related("conversation", "group", "child", "with_staff").order_by("starts_at", "pk")


class Meeting(Named):
    """A moment that a family and the team agreed on: one proposal gives one at most."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="meetings")
    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="meeting")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    with_staff = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    with_family = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=80, blank=True)
    agreed_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "starts_at"], name="meeting_when")]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_start")]

    class Privacy:
        purpose = "To know when a parent and a teacher talk."
        keep = "With its conversation."
        personal = ("child", "with_staff", "with_family", "starts_at", "ends_at", "place", "cancelled_by")
        impersonal = (
            "id",
            "public_id",
            "school",
            "conversation",
            "proposal",
            "group",
            "agreed_at",
            "cancelled_at",
        )
