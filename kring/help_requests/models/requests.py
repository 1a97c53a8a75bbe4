"""A request for help: who asks what, how far it is, and who reads the replies."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kring.conversations.models import Conversation
from kring.core.models import Named
from kring.core.public_id import LENGTH
from kring.core.viewer import Viewer
from kring.help_requests import rights
from kring.help_requests.rules import (
    DRAFTS_LAST,
    MAX_KEPT,
    MAX_NOTE,
    MAX_TITLE,
    MAX_WISH,
    Asker,
    Source,
    State,
)
from kring.people.models import Person
from kring.posts.models import Post
from kring.posts.rules import State as PostState
from kring.school.models import Group, School


class AskerChoice(models.TextChoices):
    """The words for each asker."""

    COUNCIL = Asker.COUNCIL.value, _("Parent council")
    CLASS_PARENT = Asker.CLASS_PARENT.value, _("Class parent")


class StateChoice(models.TextChoices):
    """The words for each state."""

    DRAFT = State.DRAFT.value, _("Draft")
    SUBMITTED = State.SUBMITTED.value, _("Handed in")
    ASKED_BACK = State.ASKED_BACK.value, _("There is a question about it")
    DECLINED = State.DECLINED.value, _("Not placed")
    PLACED = State.PLACED.value, _("Placed")
    CLOSED = State.CLOSED.value, _("Closed")


class SourceChoice(models.TextChoices):
    """The words for each source."""

    APP = Source.APP.value, _("In Kring")
    MAIL = Source.MAIL.value, _("By mail")


class HelpRequestQuerySet(models.QuerySet["HelpRequest"]):
    """Questions about requests for help."""

    def visible_to(self, viewer: Viewer) -> HelpRequestQuerySet:
        """Return what the viewer may open: her own, what she reviews or handles, and what was placed for her."""
        found = rights.asked_by(viewer) | rights.reviewed_by(viewer) | self._handled(viewer)
        return self.filter(found | self._placed_for(viewer))

    def asked_by(self, viewer: Viewer) -> HelpRequestQuerySet:
        """Return her own requests, also those of a role that she does not have any more."""
        return self.filter(rights.asked_by(viewer))

    def not_asked_by(self, viewer: Viewer) -> HelpRequestQuerySet:
        """Return those of others: nobody is asked to help herself."""
        return self.exclude(asked_by_id__in=list(viewer.persons.values()))

    def reviewed_by(self, viewer: Viewer) -> HelpRequestQuerySet:
        """Return what goes through her hands by the agreement (O1, O2), drafts of others left out."""
        return self.filter(rights.reviewed_by(viewer))

    def handled_by(self, viewer: Viewer) -> HelpRequestQuerySet:
        """Return those of which she reads the replies: she is named and still has the work or role, or the agreement
        lets everybody with the asker's role read them."""
        return self.filter(self._handled(viewer))

    def placed_for(self, viewer: Viewer) -> HelpRequestQuerySet:
        """Return what was placed where she reads it: in a post, or in a group conversation."""
        return self.filter(self._placed_for(viewer))

    def of_school(self, school_id: int) -> HelpRequestQuerySet:
        """Return those of one school."""
        return self.filter(school_id=school_id)

    def waiting(self) -> HelpRequestQuerySet:
        """Return what waits for a reviewer: handed in, or placed in something that was taken back."""
        lost = Q(state=State.PLACED, post__isnull=True, conversation__isnull=True)
        lost |= Q(state=State.PLACED, post__state=PostState.DRAFT)
        return self.filter(Q(state=State.SUBMITTED) | lost)

    def running(self) -> HelpRequestQuerySet:
        """Return what stands with families and takes replies."""
        return self.filter(state=State.PLACED)

    def settled(self) -> HelpRequestQuerySet:
        """Return what needs nobody any more, or waits with who asked."""
        return self.filter(state__in=[State.CLOSED, State.DECLINED, State.ASKED_BACK])

    def with_todo(self) -> HelpRequestQuerySet:
        """Bring along `todo`: how many replies are not ticked off. For who handles them."""
        return self.annotate(todo=models.Count("replies", filter=Q(replies__ticked_at__isnull=True)))

    def for_her(self) -> HelpRequestQuerySet:
        """Return what waits for who asked: a mail to confirm, a question to answer."""
        return self.filter(Q(state=State.ASKED_BACK) | Q(state=State.DRAFT, source=Source.MAIL))

    def unconfirmed(self, *, before: datetime) -> HelpRequestQuerySet:
        """Return drafts that came by mail before that moment (aware) and that nobody confirmed."""
        return self.filter(state=State.DRAFT, source=Source.MAIL, made_at__lt=before)

    def for_pages(self) -> HelpRequestQuerySet:
        """Bring along what every page names."""
        return self.select_related("school", "group", "asked_by", "reviewed_by", "post__audience", "conversation")

    def newest_first(self) -> HelpRequestQuerySet:
        """Return the rows as a list shows them."""
        return self.order_by("-made_at", "-pk")

    def _handled(self, viewer: Viewer) -> Q:
        return rights.handled_by(viewer, Responder.objects.staying())

    def _placed_for(self, viewer: Viewer) -> Q:
        placed = Q(state__in=[State.PLACED, State.CLOSED])
        posts = Post.objects.readable_by(viewer).values("pk")
        talks = Conversation.objects.visible_to(viewer).values("pk")
        return placed & (Q(post__in=posts) | Q(conversation__in=talks))


class HelpRequest(Named):
    """Somebody asks families for help. What she handed in (`title`, `text`) may be changed by who places it; then
    `handed_title` and `handed_text` keep her own words. Day and hours are the school's own.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_as = models.CharField(max_length=20, choices=AskerChoice)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=5, choices=SourceChoice, default=SourceChoice.APP)
    state = models.CharField(max_length=12, choices=StateChoice, default=StateChoice.DRAFT)
    title = models.CharField(max_length=MAX_TITLE, blank=True)
    text = models.TextField(max_length=MAX_KEPT, blank=True)
    handed_title = models.CharField(max_length=MAX_TITLE, blank=True)
    handed_text = models.TextField(max_length=MAX_KEPT, blank=True)
    day = models.DateField(null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    wish = models.CharField(max_length=MAX_WISH, blank=True)  # for whom it is meant, in her words
    asks_number = models.BooleanField(default=False)
    left_out = models.PositiveSmallIntegerField(default=0)  # pictures in a mail that were not taken along
    note = models.CharField(max_length=MAX_NOTE, blank=True)  # the question back, or why it is not placed
    reviewed_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    placed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    thanks = models.CharField(max_length=MAX_NOTE, blank=True)
    post = models.OneToOneField(Post, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    conversation = models.OneToOneField(
        Conversation, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    token = models.CharField(max_length=LENGTH + 8, null=True, blank=True)  # of the form: sent twice is made once

    objects = HelpRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "state"], name="help_of_school"),
            models.Index(fields=["asked_by", "state"], name="help_of_asker"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["asked_by", "token"], name="help_asked_once"),
            models.CheckConstraint(
                condition=Q(asked_as="class_parent", group__isnull=False) | Q(asked_as="parent_council", group=None),
                name="class_parent_asks_in_a_group",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["placed", "closed"]) | Q(placed_at__isnull=False), name="help_placed_at"
            ),
        ]

    class Privacy:
        purpose = "To ask families for help, through the teacher or the office."
        keep = (
            "Until the closing date after the school year, plus 1 year; an unconfirmed draft that came by mail 60 days."
        )
        personal = (
            "asked_by",
            "title",
            "text",
            "handed_title",
            "handed_text",
            "wish",
            "note",
            "reviewed_by",
            "thanks",
        )
        impersonal = (
            "id",
            "public_id",
            "school",
            "asked_as",
            "group",
            "source",
            "state",
            "day",
            "starts",
            "ends",
            "asks_number",
            "left_out",
            "made_at",
            "sent_at",
            "placed_at",
            "reminded_at",
            "closed_at",
            "post",
            "conversation",
            "token",
        )

    def __str__(self) -> str:
        return f"HelpRequest {self.pk}"

    @property
    def is_open(self) -> bool:
        """Say whether it takes replies."""
        return self.state == State.PLACED

    @property
    def was_changed(self) -> bool:
        """Say whether who placed it changed her words."""
        return bool(self.handed_text) and (self.handed_title, self.handed_text) != (self.title, self.text)

    @property
    def forgotten_at(self) -> datetime:
        """Return when a draft that came by mail and is not confirmed is thrown away."""
        return self.made_at + DRAFTS_LAST


class ResponderQuerySet(models.QuerySet["Responder"]):
    """Questions about who reads replies."""

    def visible_to(self, viewer: Viewer) -> ResponderQuerySet:
        """Return the responders of requests that the viewer may open: who replies knows who reads it."""
        return self.filter(request__in=HelpRequest.objects.visible_to(viewer).values("pk"))

    def staying(self) -> ResponderQuerySet:
        """Return those who were not removed."""
        return self.filter(removed_at__isnull=True)

    def named(self) -> ResponderQuerySet:
        """Return those who were not removed with their names, the first named first."""
        return self.staying().select_related("person").order_by("added_at", "pk")


class Responder(models.Model):
    """Somebody is named in a request to handle its replies, until she is removed."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(HelpRequest, on_delete=models.CASCADE, related_name="responders")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ResponderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["request", "person"], condition=Q(removed_at__isnull=True), name="responder_once"
            )
        ]

    class Privacy:
        purpose = "To know who reads the replies to a request for help."
        keep = "With its request."
        personal = ("person", "added_at", "removed_at")
        impersonal = ("id", "school", "request")
