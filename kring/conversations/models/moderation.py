"""What participants report to management, and when management looked at it, why."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.conversations.models.messages import Message, MessageDocument
from kring.conversations.models.talks import Conversation, Participant
from kring.conversations.rules import MAX_TEXT
from kring.conversations.rules.circle import MAX_REASON, ReportState, around
from kring.core.models import Named
from kring.core.viewer import RoleKind, Viewer
from kring.people.models import Person
from kring.school.models import School


class ReportStateChoice(models.TextChoices):
    """The words for each state of a report."""

    OPEN = ReportState.OPEN.value, _("Open")
    SETTLED = ReportState.SETTLED.value, _("Settled")


class ReportQuerySet(models.QuerySet["Report"]):
    """Questions about reports."""

    def visible_to(self, viewer: Viewer) -> ReportQuerySet:
        """Return the reports that the viewer judges: of the schools of which she is management, and those that fell to
        the board she administers. Never one about a conversation in which she took part. The office has no part in it.
        """
        schools = {role.school_id for role in viewer.roles if role.kind == RoleKind.MANAGEMENT and role.school_id}
        boards = viewer.administered_board_ids
        judged = self.filter(Q(school_id__in=schools) | Q(to_board=True, school__board_id__in=boards))
        own = list(viewer.persons.values())
        spoke = ReportedMessage.objects.filter(message__author_id__in=own)
        named = Participant.objects.filter(person_id__in=own)
        return (
            judged.exclude(reporter_id__in=own)
            .exclude(pk__in=spoke.values("report_id"))
            .exclude(conversation__in=named.values("conversation_id"))
            .exclude(conversation__in=Conversation.objects.visible_to(viewer).values("pk"))
        )

    def made_by(self, viewer: Viewer) -> ReportQuerySet:
        """Return what the viewer reported herself."""
        return self.filter(reporter_id__in=list(viewer.persons.values()))

    def open(self) -> ReportQuerySet:
        """Return what still waits for management."""
        return self.filter(state=ReportState.OPEN)

    def in_order(self) -> ReportQuerySet:
        """Return the open ones first, and among them the oldest first; then what was settled last."""
        return self.order_by("state", "-settled_at", "made_at", "pk")

    def for_pages(self) -> ReportQuerySet:
        """Bring along what a page names, and count the reported messages: `number`."""
        rows = self.select_related("school", "conversation__group", "reporter", "settled_by")
        return rows.annotate(number=models.Count("messages"))


class Report(Named):
    """Somebody who takes part in a conversation among parents asks management to look at some messages in it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="reports")
    reporter = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True, max_length=MAX_REASON)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ReportStateChoice, default=ReportStateChoice.OPEN)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    outcome = models.TextField(blank=True, max_length=MAX_REASON)  # what the reporter is told
    # Everybody of management took part in the conversation when it was reported: the board's administrator judges it.
    to_board = models.BooleanField(default=False)

    objects = ReportQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "state", "made_at"], name="reports_of_school")]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "reporter"], condition=Q(state="open"), name="one_open_report_of_a_person"
            )
        ]

    class Privacy:
        purpose = "To let management step in when parents do not treat each other well."
        keep = "With its conversation; the copied words until it is settled."
        personal = ("reporter", "reason", "settled_by", "outcome")
        impersonal = ("id", "public_id", "school", "conversation", "made_at", "state", "settled_at", "to_board")

    def __str__(self) -> str:
        return f"Report {self.pk}"


class ReportedMessage(models.Model):
    """A message that was reported, with the words as they stood then: taking them away afterwards hides nothing."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="messages")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")
    words = models.TextField(blank=True, max_length=MAX_TEXT)  # empty again once the report is settled

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "message"], name="reported_once")]

    class Privacy:
        purpose = "To know what was reported."
        keep = "The words until the report is settled; the row with its report."
        personal = ("words",)
        impersonal = ("id", "school", "report", "message")


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Questions about when management looked into a reported conversation."""

    def visible_to(self, viewer: Viewer) -> ReadingQuerySet:
        """Return the readings of conversations in which the viewer takes part: they are told of it."""
        return self.filter(report__conversation__in=Conversation.objects.visible_to(viewer).values("pk"))

    def lasting(self, viewer: Viewer, report: Report) -> ReadingQuerySet:
        """Return what lets this viewer read in the report now."""
        if not viewer.is_signed_in:
            return self.none()
        return self.filter(report=report, person__user_id=viewer.user_id, until__gt=viewer.now)


class Reading(Named):
    """Management read the reported messages, for a reason, until `until`. Every participant is told."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    reason = models.TextField(max_length=MAX_REASON)
    at = models.DateTimeField()
    until = models.DateTimeField()

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    class Privacy:
        purpose = "To account for it when management reads in a conversation of others."
        keep = "With its report."
        personal = ("person", "reason")
        impersonal = ("id", "public_id", "school", "report", "at", "until")

    def __str__(self) -> str:
        return f"Reading {self.pk}"


def documents_for_moderator(viewer: Viewer) -> models.QuerySet[MessageDocument]:
    """Return what went along with messages that were reported, while the viewer may read in the report."""
    lasting = Reading.objects.filter(person__user_id=viewer.user_id or 0, until__gt=viewer.now)
    reports = Report.objects.visible_to(viewer).open().filter(pk__in=lasting.values("report_id"))
    reported = ReportedMessage.objects.filter(report__in=reports.values("pk"))
    return MessageDocument.objects.filter(message__in=reported.values("message_id"))


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as management sees it: with its words, and whether it is one of the reported ones."""

    message: Message
    words: str
    is_reported: bool


def shown_to_moderator(report: Report, *, viewer: Viewer) -> list[Shown]:
    """Return the reported messages with a few around each, oldest first; nothing without a reading that still lasts,
    and nothing once the report is settled. The one way for who takes no part to read in a conversation. Six queries.
    """
    may_read = Report.objects.visible_to(viewer).open().filter(pk=report.pk)
    if not (may_read.exists() and Reading.objects.lasting(viewer, report).exists()):
        return []
    copied = dict(report.messages.values_list("message_id", "words"))
    every = Message.objects.filter(conversation_id=report.conversation_id, visible_from__lte=viewer.now)
    keys = list(every.order_by("visible_from", "pk").values_list("pk", flat=True))
    rows = Message.objects.filter(pk__in=around(keys, copied)).select_related("author")
    rows = rows.prefetch_related("documents__document")
    return [
        Shown(message=row, words=copied.get(row.pk, row.source), is_reported=row.pk in copied)
        for row in rows.order_by("visible_from", "pk")
    ]
