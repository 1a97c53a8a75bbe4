"""What is written, what goes with it, and what each reader has read."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from kring.conversations.models.talks import Conversation, ConversationQuerySet, SideChoice
from kring.conversations.rights import Where, hidden_persons, side_of_team
from kring.conversations.rules import MAX_TEXT, DayPart, PromiseState, Side, editable_until
from kring.core.models import Named
from kring.core.public_id import LENGTH
from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.people.models import Person
from kring.school.models import Group, School

NEWCOMER_READS = timedelta(days=30)  # what a colleague who joins a group finds unread


class MessageQuerySet(models.QuerySet["Message"]):
    """Questions about messages."""

    def visible_to(self, viewer: Viewer, where: Where | None = None) -> MessageQuerySet:
        """Return the messages this viewer reads: those of her conversations that have arrived, and what her own side
        has on its way. Words of somebody who is kept apart from her are left out. `where`: see `where_among`.
        """
        # Pending words of the team are seen by all of the team, those of a family by the family they are written with.
        as_team = Conversation.objects.as_team(viewer, where).values("pk")
        pending = Q(side=Side.TEAM, conversation__in=as_team)
        pending |= Q(side=Side.FAMILY) & ~Q(conversation__in=as_team)
        pending |= Q(author_id__in=list(viewer.persons.values()))
        found = self.filter(conversation__in=Conversation.objects.visible_to(viewer, where).values("pk"))
        found = found.filter(Q(visible_from__lte=viewer.now) | pending)
        return found.exclude(author_id__in=hidden_persons(viewer))

    def due(self, now: datetime) -> MessageQuerySet:
        """Return what waited for its moment, and that moment came: open pages have not heard of it yet."""
        return self.filter(is_held=True, visible_from__lte=now)

    def arrived(self, now: datetime) -> MessageQuerySet:
        """Return what can be read at `now` (aware) and was not taken away."""
        return self.filter(visible_from__lte=now, deleted_at__isnull=True)

    def newest_first(self) -> MessageQuerySet:
        """Return the rows from the last one up, as a page is fetched."""
        return self.order_by("-visible_from", "-pk")

    def before(self, message: Message) -> MessageQuerySet:
        """Return what stands above `message` in a conversation."""
        moment = message.visible_from
        return self.filter(Q(visible_from__lt=moment) | Q(visible_from=moment, pk__lt=message.pk))

    def after(self, message: Message) -> MessageQuerySet:
        """Return what stands below `message` in a conversation."""
        moment = message.visible_from
        return self.filter(Q(visible_from__gt=moment) | Q(visible_from=moment, pk__gt=message.pk))

    def matching(self, text: str) -> MessageQuerySet:
        """Return messages that contain each word of `text`, without those that were taken away."""
        found = self.filter(deleted_at__isnull=True)
        for word in text.split()[:8]:
            found = found.filter(source__icontains=word)
        return found

    def for_pages(self) -> MessageQuerySet:
        """Bring along what a page names: the author and the documents, in one more query."""
        return self.select_related("author").prefetch_related("documents__document")

    def unread_by(
        self, viewer: Viewer, where: Where | None = None, *, since: tuple[datetime, datetime] | None = None
    ) -> MessageQuerySet:
        """Return what arrived and others wrote, later than this viewer has read. Use it on visible conversations.

        Of what was said before a colleague joined a group, the last month is new to her. `since` is what
        `read_before(viewer)` says; a kept statement hands it in.
        """
        as_newcomer, as_member = since or read_before(viewer)
        persons = list(viewer.persons.values())
        mark = Receipt.objects.filter(conversation=OuterRef("conversation_id"), person_id__in=persons)
        unread_from = Case(
            When(conversation__in=Conversation.objects.as_team(viewer, where).values("pk"), then=_moment(as_newcomer)),
            default=_moment(as_member),
            output_field=DateTimeField(),
        )
        read = Coalesce(Subquery(mark.values("read_until")[:1]), unread_from)
        found = self.arrived(viewer.now).exclude(author_id__in=persons).exclude(author_id__in=hidden_persons(viewer))
        return found.annotate(read_mark=read).filter(visible_from__gt=F("read_mark"))


def _moment(moment: datetime) -> Cast:
    # With its type: in a kept plan PostgreSQL would take it for a text.
    return Cast(Value(moment), DateTimeField())


def read_before(viewer: Viewer) -> tuple[datetime, datetime]:
    """Return before which moment a colleague, and a family, need not have read anything (aware)."""
    return viewer.now - NEWCOMER_READS, viewer.now - timedelta(days=3650)


class Message(Named):
    """Somebody's words in a conversation, or (deleted) that there were some.

    `source` is what was typed, `body` the safe HTML of it. Readers on the other side have it from `visible_from` on:
    later than `sent_at` when it waits for the hours in which they can be reached (H1, S12).
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=10, choices=SideChoice)
    source = models.TextField(blank=True, max_length=MAX_TEXT)
    body = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    visible_from = models.DateTimeField()
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    reply_to = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=LENGTH + 8, null=True, blank=True)  # of the form: sent twice is kept once
    version = models.PositiveBigIntegerField(default=0)  # of its conversation, when its words were last changed
    is_held = models.BooleanField(default=False)  # waits for `visible_from`; then the clock tells open pages

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["conversation", "visible_from", "id"], name="message_order"),
            models.Index(fields=["conversation", "version"], name="message_changed"),
            models.Index(fields=["visible_from"], condition=Q(is_held=True), name="message_held"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "author", "token"], name="message_sent_once"),
            models.CheckConstraint(
                condition=Q(deleted_at__isnull=True) | Q(source="", body=""), name="deleted_message_is_empty"
            ),
        ]

    class Privacy:
        purpose = "To let people of one group write each other."
        keep = "With its conversation."
        personal = ("author", "source", "body")
        impersonal = (
            "id",
            "public_id",
            "school",
            "conversation",
            "side",
            "sent_at",
            "visible_from",
            "edited_at",
            "deleted_at",
            "reply_to",
            "token",
            "version",
            "is_held",
        )

    def __str__(self) -> str:
        return f"Message {self.pk}"

    @property
    def is_deleted(self) -> bool:
        """Say whether it was taken away."""
        return self.deleted_at is not None

    def is_pending(self, now: datetime) -> bool:
        """Say whether the other side cannot read it yet at `now` (aware)."""
        return now < self.visible_from

    @property
    def editable_until(self) -> datetime:
        """Return until when its author may change it."""
        return editable_until(sent_at=self.sent_at, visible_from=self.visible_from)


class MessageDocumentQuerySet(models.QuerySet["MessageDocument"]):
    """Questions about attached documents."""

    def visible_to(self, viewer: Viewer) -> MessageDocumentQuerySet:
        """Return the documents of messages that the viewer reads."""
        standing = Message.objects.visible_to(viewer).filter(deleted_at__isnull=True)
        return self.filter(message__in=standing.values("pk"))


class MessageDocument(Named):
    """A document that the team sent along; handed out to whom the message is visible."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = MessageDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    class Privacy:
        purpose = "To know which documents belong to a message."
        keep = "With its conversation."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "message", "document", "position")


class PartChoice(models.TextChoices):
    """The words for the part of a day in which something was read."""

    MORNING = DayPart.MORNING.value, _("morning")
    AFTERNOON = DayPart.AFTERNOON.value, _("afternoon")
    EVENING = DayPart.EVENING.value, _("evening")


class Receipt(models.Model):
    """How far somebody has read a conversation. The day and its part are kept, never the minute (H3)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="receipts")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    read_until = models.DateTimeField()  # the `visible_from` of the last message that was read
    read_on = models.DateField()
    read_part = models.CharField(max_length=10, choices=PartChoice)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "person"], name="one_receipt_in_a_talk")]

    class Privacy:
        purpose = "To let who wrote know that it was read, and to show what is new."
        keep = "With its conversation; 3 months at most after the school year."
        personal = ("person", "read_until", "read_on", "read_part")
        impersonal = ("id", "school", "conversation")


class PromiseChoice(models.TextChoices):
    """The words for each state of a promise."""

    OPEN = PromiseState.OPEN.value, _("Promised")
    KEPT = PromiseState.KEPT.value, _("Answered")
    TAKEN_BACK = PromiseState.TAKEN_BACK.value, _("Taken back")


class PromiseQuerySet(models.QuerySet["Promise"]):
    """Questions about promises."""

    def visible_to(self, viewer: Viewer) -> PromiseQuerySet:
        """Return the promises in conversations this viewer takes part in."""
        return self.filter(conversation__in=Conversation.objects.visible_to(viewer).values("pk"))

    def standing(self) -> PromiseQuerySet:
        """Return what is still to be kept, the earliest day first."""
        return self.filter(state=PromiseState.OPEN).order_by(F("until").asc(nulls_last=True), "pk")


class Promise(Named):
    """Somebody comes back to it (H3), with a day or without. A team has one together; a colleague may take it over."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="promises")
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    side = models.CharField(max_length=10, choices=SideChoice)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    taken_over_from = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    until = models.DateField(null=True, blank=True)  # the school's day
    state = models.CharField(max_length=10, choices=PromiseChoice, default=PromiseChoice.OPEN)
    made_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(state="open", side="team"), name="one_promise_of_a_team"
            ),
            models.UniqueConstraint(
                fields=["conversation", "person"], condition=Q(state="open"), name="one_promise_of_a_person"
            ),
        ]

    class Privacy:
        purpose = "To let who wrote know that an answer comes, and the team remember it."
        keep = "With its conversation."
        personal = ("person", "taken_over_from", "until")
        impersonal = ("id", "public_id", "school", "conversation", "message", "side", "state", "made_on", "settled_on")


class DraftQuerySet(models.QuerySet["DraftMessage"]):
    """Questions about what was not sent yet."""

    def visible_to(self, viewer: Viewer) -> DraftQuerySet:
        """Return the viewer's own."""
        return self.filter(person_id__in=list(viewer.persons.values()))


class DraftMessage(models.Model):
    """What somebody typed and did not send: in a conversation, or (with `group`) for one that is not there yet."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    text = models.TextField(max_length=30_000)  # more than may be sent, so that what is too long is not lost
    saved_at = models.DateTimeField()

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "conversation"], condition=Q(conversation__isnull=False), name="one_draft_in_a_talk"
            ),
            models.UniqueConstraint(
                fields=["person", "group"], condition=Q(group__isnull=False), name="one_draft_for_a_group"
            ),
            models.CheckConstraint(
                condition=Q(conversation__isnull=False) ^ Q(group__isnull=False), name="draft_has_one_place"
            ),
        ]

    class Privacy:
        purpose = "So that nothing typed is lost."
        keep = "Until it is sent; 30 days at most."
        personal = ("person", "text", "saved_at")
        impersonal = ("id", "school", "conversation", "group")


def with_news(
    conversations: ConversationQuerySet,
    viewer: Viewer,
    where: Where | None = None,
    *,
    since: tuple[datetime, datetime] | None = None,
) -> ConversationQuerySet:
    """Return the conversations that hold something this viewer has not read. One condition, no query of its own."""
    fresh = Message.objects.filter(conversation=OuterRef("pk")).unread_by(viewer, where, since=since)
    return conversations.filter(Exists(fresh))


def waiting(viewer: Viewer) -> ConversationQuerySet:
    """Return the conversations of her groups in which a family spoke last and the team said nothing yet (H2): no
    answer, no promise, and nobody said that there is nothing to answer.
    """
    last = Message.objects.filter(conversation=OuterRef("pk"), deleted_at__isnull=True).newest_first()
    # An answer that the team has ready for tomorrow is an answer.
    last = last.filter(Q(visible_from__lte=viewer.now) | Q(side=Side.TEAM))
    promised = Promise.objects.filter(conversation=OuterRef("pk"), side=Side.TEAM, state=PromiseState.OPEN)
    found = Conversation.objects.filter(side_of_team(viewer), kind="team", closed_at__isnull=True)
    found = found.annotate(
        last_side=Subquery(last.values("side")[:1]), last_moment=Subquery(last.values("visible_from")[:1])
    )
    unsettled = Q(settled_until__isnull=True) | Q(settled_until__lt=F("last_moment"))
    return found.filter(~Exists(promised), unsettled, last_side=Side.FAMILY).order_by("last_moment", "pk")


def promised(viewer: Viewer) -> PromiseQuerySet:
    """Return what the team of her groups promised and has not done, the earliest day first."""
    conversations = Conversation.objects.as_team(viewer).values("pk")
    return Promise.objects.filter(conversation__in=conversations, side=Side.TEAM).standing()
