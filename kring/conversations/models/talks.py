"""Conversations and the people who are named in them."""

from __future__ import annotations

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kring.conversations.rights import Where, seen_by, side_of_team
from kring.conversations.rules import MAX_PURPOSE, MAX_SUBJECT, Kind, Side
from kring.core.models import Named
from kring.core.public_id import LENGTH
from kring.core.viewer import Viewer
from kring.people.models import Audience, Child, Person
from kring.school.models import Group, School


class KindChoice(models.TextChoices):
    """The words for each kind."""

    TEAM = Kind.TEAM.value, _("Conversation with the team")
    DIRECT = Kind.DIRECT.value, _("Conversation between parents")
    GROUP = Kind.GROUP.value, _("Group conversation")


class SideChoice(models.TextChoices):
    """The words for each side."""

    FAMILY = Side.FAMILY.value, _("Family")
    TEAM = Side.TEAM.value, _("Team")


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Questions about conversations."""

    def visible_to(self, viewer: Viewer, where: Where | None = None) -> ConversationQuerySet:
        """Return the conversations this viewer takes part in today; office and management in what they asked a group.

        `where` is what `where_among(viewer)` says; a kept statement hands it in.
        """
        return self.filter(seen_by(viewer, Participant.objects.all(), where))

    def as_team(self, viewer: Viewer, where: Where | None = None) -> ConversationQuerySet:
        """Return those in which the viewer belongs to the team of the group."""
        return self.filter(side_of_team(viewer, where))

    def open_groups(self) -> ConversationQuerySet:
        """Return group conversations that have not been closed."""
        return self.filter(kind=Kind.GROUP, closed_at__isnull=True)

    def newest_first(self) -> ConversationQuerySet:
        """Return the rows as a list shows them: the last message on top."""
        return self.order_by("-last_message_at", "-pk")

    def below(self, conversation: Conversation) -> ConversationQuerySet:
        """Return what stands below `conversation` in `newest_first`."""
        moment = conversation.last_message_at
        return self.filter(Q(last_message_at__lt=moment) | Q(last_message_at=moment, pk__lt=conversation.pk))

    def for_pages(self) -> ConversationQuerySet:
        """Bring along what every page names."""
        return self.select_related("school", "group", "child", "opened_by")

    def named_in(self, person_ids: list[int]) -> ConversationQuerySet:
        """Return those in which one of these persons is named and stays."""
        held = Participant.objects.filter(conversation=OuterRef("pk"), person_id__in=person_ids, until__isnull=True)
        return self.filter(Exists(held))


class Conversation(Named):
    """Some people write each other within one group of one school year.

    `team`: one or more guardians, named as participants, and the team of the group, which is never named: who teaches
    the group today takes part. `direct`: two guardians of the group, both named. `group`: all full guardians of the
    group and its team; participants only keep what somebody chose for herself (muting).
    `audience` holds the families, `team_audience` the team; both are for notices.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="conversations")
    kind = models.CharField(max_length=10, choices=KindChoice)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="conversations")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    subject = models.CharField(max_length=MAX_SUBJECT, blank=True)
    purpose = models.CharField(max_length=MAX_PURPOSE, blank=True)  # why a group conversation is there (P2)
    opened_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    opened_side = models.CharField(max_length=10, choices=SideChoice)
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()  # the newest `visible_from` of what was sent
    settled_until = models.DateTimeField(null=True, blank=True)  # the team: nothing before this waits for an answer
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    summary = models.TextField(blank=True, max_length=2_000)
    fragment_url = models.CharField(max_length=200, blank=True)  # a piece of a higher room, fetched by htmx
    version = models.PositiveBigIntegerField(default=0)  # one more at each change that an open page shows
    whole_version = models.PositiveBigIntegerField(default=0)  # the last change that was not one of words only
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    team_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=LENGTH + 8, null=True, blank=True)  # of the form: sent twice is started once
    pair_key = models.CharField(max_length=120, null=True, blank=True, unique=True)  # two people write in one place

    objects = ConversationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["group", "kind", "-last_message_at"], name="talks_of_group"),
            models.Index(fields=["closes_at"], condition=Q(closed_at__isnull=True), name="talk_closes"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["opened_by", "token"], name="talk_started_once"),
            models.CheckConstraint(
                condition=~Q(kind="group") | Q(closes_at__isnull=False, child__isnull=True), name="group_talk_closes"
            ),
            models.CheckConstraint(condition=~Q(kind="direct") | Q(pair_key__isnull=False), name="direct_has_a_pair"),
        ]

    class Privacy:
        purpose = "To let parents and the team of a group write each other in the closed place of the group."
        keep = "Until the closing date after the school year, plus 1 year."
        personal = ("child", "subject", "purpose", "opened_by", "closed_by", "summary", "pair_key")
        impersonal = (
            "id",
            "public_id",
            "school",
            "kind",
            "group",
            "opened_side",
            "created_at",
            "last_message_at",
            "settled_until",
            "closes_at",
            "closed_at",
            "fragment_url",
            "version",
            "whole_version",
            "audience",
            "team_audience",
            "token",
        )

    def __str__(self) -> str:
        return f"Conversation {self.pk}"

    @property
    def is_closed(self) -> bool:
        """Say whether nobody writes in it any more."""
        return self.closed_at is not None


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Questions about who is named in a conversation."""

    def visible_to(self, viewer: Viewer) -> ParticipantQuerySet:
        """Return who is named in the conversations this viewer takes part in."""
        return self.filter(conversation__in=Conversation.objects.visible_to(viewer).values("pk"))

    def staying(self) -> ParticipantQuerySet:
        """Return those who have not left."""
        return self.filter(until__isnull=True)

    def families(self) -> ParticipantQuerySet:
        """Return the guardians among them who have not left, in the order of their names."""
        rows = self.staying().filter(side=Side.FAMILY).select_related("person")
        return rows.order_by("person__last_name", "person__first_name", "pk")


class Participant(models.Model):
    """A person is named in a conversation, from `since`, until she left or was left out."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    side = models.CharField(max_length=10, choices=SideChoice, default=SideChoice.FAMILY)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    muted_until = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person", "until"], name="participant_of")]
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="named_once_in_a_talk")]

    class Privacy:
        purpose = "To know between whom a conversation is."
        keep = "With its conversation."
        personal = ("person", "since", "until", "muted_until")
        impersonal = ("id", "school", "conversation", "side")
