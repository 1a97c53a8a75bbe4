"""Parents among each other: who is not listed, who blocked whom, and the short answers in a group conversation."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from kring.conversations.models.talks import Conversation
from kring.conversations.rules.circle import MAX_LABEL
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.school.models import School


class OwnQuerySet(models.QuerySet):
    """Rows that somebody chose for herself and that nobody else ever sees."""

    def visible_to(self, viewer: Viewer) -> OwnQuerySet:
        """Return the viewer's own."""
        return self.filter(person_id__in=list(viewer.persons.values()))


class Unlisted(models.Model):
    """A guardian does not want to stand in the directories of her groups (P1)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    objects = OwnQuerySet.as_manager()

    class Privacy:
        purpose = "To leave who wants that out of the directory of the group."
        keep = "Until she wants to be listed again; with its person."
        personal = ("person", "since")
        impersonal = ("id", "school")


class BlockQuerySet(OwnQuerySet):
    """Questions about who does not want messages of whom."""

    def between(self, sender_id: int, receiver_ids: Iterable[int]) -> BlockQuerySet:
        """Return the blocks of one of `receiver_ids` (keys of Person) against the sender."""
        return self.filter(blocked_id=sender_id, person_id__in=list(receiver_ids))

    def by(self, person_id: int, other_ids: Iterable[int]) -> BlockQuerySet:
        """Return the blocks of `person_id` against one of `other_ids`."""
        return self.filter(person_id=person_id, blocked_id__in=list(other_ids))


class Block(models.Model):
    """A guardian wants no direct messages of another one. Only she knows; the other one is not told."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    blocked = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    objects = BlockQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "blocked"], name="blocked_once"),
            models.CheckConstraint(condition=~Q(person=models.F("blocked")), name="nobody_blocks_herself"),
        ]

    class Privacy:
        purpose = "To leave somebody in peace."
        keep = "Until she lets go of it; with its persons."
        personal = ("person", "blocked", "since")
        impersonal = ("id", "school")


class ChoiceQuerySet(models.QuerySet["Choice"]):
    """Questions about the answers that can be given in a group conversation."""

    def visible_to(self, viewer: Viewer) -> ChoiceQuerySet:
        """Return the choices of conversations in which this viewer takes part."""
        return self.filter(conversation__in=Conversation.objects.visible_to(viewer).values("pk"))


class Choice(Named):
    """A short answer that can be given in a group conversation: "I can", "I can't"."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="choices")
    label = models.CharField(max_length=MAX_LABEL)
    position = models.PositiveSmallIntegerField()

    objects = ChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["conversation", "position"], name="choice_place_once")]

    class Privacy:
        purpose = "To let a group answer a short question with one tap (P2)."
        keep = "With its conversation."
        personal = ("label",)
        impersonal = ("id", "public_id", "school", "conversation", "position")

    def __str__(self) -> str:
        return f"Choice {self.pk}"


class AnswerQuerySet(OwnQuerySet):
    """Questions about who answered what."""

    def named(self) -> AnswerQuerySet:
        """Return the answers with who gave them, in the order of their names."""
        return self.select_related("person").order_by("person__last_name", "person__first_name", "pk")


class Answer(models.Model):
    """A guardian chose one of the answers. She may change it until the conversation closes."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="answers")
    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    answered_at = models.DateTimeField()

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_answer_of_a_person")]

    class Privacy:
        purpose = "To count who can and who cannot; who asked and the team also see who it is."
        keep = "With its conversation."
        personal = ("choice", "person", "answered_at")
        impersonal = ("id", "school", "conversation")
