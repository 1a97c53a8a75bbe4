"""What families wish before the school plans all conversations at once, and who asks for another time after it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.meetings.models.parties import Party
from kring.meetings.models.rounds import Round, Slot
from kring.meetings.rules import AskState, WishAnswer
from kring.people.models import Person
from kring.school.models import School


class WishChoice(models.TextChoices):
    """The words for how a stretch of time suits a family."""

    FINE = WishAnswer.FINE.value, _("Suits well")
    RATHER_NOT = WishAnswer.RATHER_NOT.value, _("Rather not")
    CANNOT = WishAnswer.CANNOT.value, _("Cannot")


class WishSetQuerySet(models.QuerySet["WishSet"]):
    """Questions about what families wish."""

    def visible_to(self, viewer: Viewer) -> WishSetQuerySet:
        """Return those of her own parties, and for office and management those of their school."""
        found = Q(school_id__in=viewer.managed_school_ids)
        if viewer.spans:
            found |= Q(party__in=Party.objects.own_of(viewer).values("pk"))
        return self.filter(found)


class WishSet(Named):
    """What one party wishes in one round. Without one, every time suits."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="wish_sets")
    party = models.OneToOneField(Party, on_delete=models.CASCADE, related_name="wish_set")
    by_video = models.BooleanField(default=False)
    given_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    given_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = WishSetQuerySet.as_manager()

    class Meta:
        ordering = ["given_at", "pk"]

    class Privacy:
        purpose = "To plan a conversation when a family can come."
        keep = "With its round."
        personal = ("party", "by_video", "given_by", "given_at", "changed_at")
        impersonal = ("id", "public_id", "school", "round")


class Wish(models.Model):
    """How a stretch of time suits. Times, not moments of a session, so that it stays true when a session is moved."""

    wish_set = models.ForeignKey(WishSet, on_delete=models.CASCADE, related_name="wishes")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=WishChoice)

    class Meta:
        ordering = ["starts_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["wish_set", "starts_at"], name="wish_once_for_a_time"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="wish_ends_after_start"),
        ]

    class Privacy:
        purpose = "To plan a conversation when a family can come."
        keep = "With its round."
        personal = ("starts_at", "ends_at", "answer")
        impersonal = ("id", "wish_set")


class AskChoice(models.TextChoices):
    """The words for what became of a question for another time."""

    OPEN = AskState.OPEN.value, _("Waits for an answer")
    MOVED = AskState.MOVED.value, _("Has another time")
    DECLINED = AskState.DECLINED.value, _("Stays as it is")
    WITHDRAWN = AskState.WITHDRAWN.value, _("Taken back")


class AskQuerySet(models.QuerySet["Ask"]):
    """Questions about who asks for another time."""

    def visible_to(self, viewer: Viewer) -> AskQuerySet:
        """Return those of visible parties: the family's own, those of her groups, for office and management all."""
        return self.filter(party__in=Party.objects.visible_to(viewer).values("pk"))

    def open(self) -> AskQuerySet:
        """Return those that wait for an answer."""
        return self.filter(state=AskState.OPEN)


class Ask(Named):
    """A party asks for another time than the published plan gave it; at most one question is open at a time."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="asks")
    party = models.ForeignKey(Party, on_delete=models.CASCADE, related_name="asks")
    slot = models.ForeignKey(Slot, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=AskChoice, default=AskChoice.OPEN)
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=200, blank=True)

    objects = AskQuerySet.as_manager()

    class Meta:
        ordering = ["asked_at", "pk"]
        indexes = [models.Index(fields=["round", "state"], name="ask_of_round")]
        constraints = [
            models.UniqueConstraint(fields=["party"], condition=Q(state=AskState.OPEN.value), name="one_open_ask"),
        ]

    class Privacy:
        purpose = "To find another time when the planned one does not suit."
        keep = "With its round."
        personal = ("party", "note", "asked_by", "asked_at", "answered_by", "answer")
        impersonal = ("id", "public_id", "school", "round", "slot", "state", "answered_at")
