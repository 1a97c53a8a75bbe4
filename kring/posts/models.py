"""Posts, the dated things in them, and who has read or answered them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.files.models import Document
from kring.people.models import Audience, Child, KeepApart, Person
from kring.posts.evening import Evening as Evening  # noqa: PLC0414
from kring.posts.pictured import PostPhoto as PostPhoto  # noqa: PLC0414  the room has one face
from kring.posts.rights import AUTHORS as AUTHORS  # noqa: PLC0414
from kring.posts.rights import GroupOfAudience as GroupOfAudience  # noqa: PLC0414
from kring.posts.rights import author_schools, is_out, may_read, works_on
from kring.posts.rules import Kind, State
from kring.school.models import School


class PostKind(models.TextChoices):
    """The words for each kind of post."""

    GROUP = Kind.GROUP.value, _("Group post")
    HOMEWORK = Kind.HOMEWORK.value, _("Homework")
    GOALS = Kind.GOALS.value, _("Learning goals")
    OUTING = Kind.OUTING.value, _("Outing")
    BRING = Kind.BRING.value, _("To bring")
    STAFF = Kind.STAFF.value, _("Teacher away")
    KWINK = Kind.KWINK.value, _("Kwink of the week")
    ANNOUNCEMENT = Kind.ANNOUNCEMENT.value, _("Announcement")


ICONS = {
    Kind.GROUP: "images",
    Kind.HOMEWORK: "book-open",
    Kind.GOALS: "sprout",
    Kind.OUTING: "bus",
    Kind.BRING: "backpack",
    Kind.STAFF: "user-x",
    Kind.KWINK: "lightbulb",
    Kind.ANNOUNCEMENT: "megaphone",
}


class PostState(models.TextChoices):
    """The words for each state."""

    DRAFT = State.DRAFT.value, _("Draft")
    SCHEDULED = State.SCHEDULED.value, _("Scheduled")
    PUBLISHED = State.PUBLISHED.value, _("Published")
    WITHDRAWN = State.WITHDRAWN.value, _("Withdrawn")


class PostQuerySet(models.QuerySet["Post"]):
    """Questions about posts."""

    def readable_by(self, viewer: Viewer) -> PostQuerySet:
        """Return what has been published to this viewer: the feed. Drafts and the fifteen seconds are left out."""
        return self.filter(is_out(viewer) & may_read(viewer))

    def visible_to(self, viewer: Viewer) -> PostQuerySet:
        """Return what the viewer may open: what she may read, and for the team also what they prepare or withdrew."""
        return self.filter(is_out(viewer) & may_read(viewer) | works_on(viewer))

    def worked_on_by(self, viewer: Viewer) -> PostQuerySet:
        """Return what the viewer made, or what goes to her groups (to her school, for office and management)."""
        return self.filter(works_on(viewer))

    def withdrawn_before(self, viewer: Viewer) -> PostQuerySet:
        """Return withdrawn posts that the viewer could read: she is told that, not what it said."""
        return self.filter(Q(state=State.WITHDRAWN, visible_from__lte=F("withdrawn_at")) & may_read(viewer))

    def drafts_of(self, viewer: Viewer) -> PostQuerySet:
        """Return the viewer's own drafts, newest first."""
        own = self.filter(state=State.DRAFT, author_id__in=viewer.persons.values())
        return own.filter(school_id__in=author_schools(viewer)).order_by("-saved_at")

    def scheduled(self) -> PostQuerySet:
        """Return what goes out by itself, the first one first."""
        return self.filter(state=State.SCHEDULED).order_by("publish_at", "pk")

    def due(self, now: datetime) -> PostQuerySet:
        """Return what was ordered for `now` (aware) or before and is not out yet; what is held comes last, so that it
        never keeps the rest waiting."""
        due = self.filter(state=State.SCHEDULED, publish_at__lte=now)
        return due.order_by(F("held_since").asc(nulls_first=True), "publish_at", "pk")

    def for_group(self, group_id: int) -> PostQuerySet:
        """Return posts whose audience names the group itself (not its layer or the whole school)."""
        return self.filter(audience__in=GroupOfAudience.objects.filter(group_id=group_id).values("audience_id"))

    def calamities(self, *, school_id: int, since: datetime) -> PostQuerySet:
        """Return the calamity messages (S8) that the school sent at `since` (aware) or later, withdrawn ones too."""
        sent = self.exclude(calamity_reason="").filter(state__in=[State.PUBLISHED, State.WITHDRAWN])
        return sent.filter(school_id=school_id, created_at__gte=since)

    def newest_first(self) -> PostQuerySet:
        """Return the rows as a feed shows them."""
        return self.order_by("-visible_from", "-pk")

    def before(self, moment: datetime, pk: int) -> PostQuerySet:
        """Return what stands below the post with that `visible_from` and key in `newest_first`."""
        return self.filter(Q(visible_from__lt=moment) | Q(visible_from=moment, pk__lt=pk))

    def matching(self, text: str) -> PostQuerySet:
        """Return posts that contain each word of `text`: in the title, the message, or a dated item without a child."""
        found = self
        items = PostItem.objects.filter(post=OuterRef("pk"), child__isnull=True)
        for word in text.split()[:8]:
            in_items = Exists(items.filter(Q(text__icontains=word) | Q(place__icontains=word)))
            found = found.filter(Q(title__icontains=word) | Q(source__icontains=word) | in_items)
        return found

    def unread_by(self, viewer: Viewer) -> PostQuerySet:
        """Return what the viewer has not read yet."""
        read = Reading.objects.filter(person_id__in=viewer.persons.values()).values("post_id")
        return self.exclude(pk__in=read)


class Post(Named):
    """One message to one or more groups, layers or the whole school.

    `source` is what was typed, `body` the safe HTML made of it. `version` changes with everything a card shows.
    `week` is the Monday of a Kwink of the week.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="posts")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="posts")
    kind = models.CharField(max_length=20, choices=PostKind)
    state = models.CharField(max_length=12, choices=PostState, default=PostState.DRAFT)
    title = models.CharField(max_length=120, blank=True)
    source = models.TextField(blank=True, max_length=10_000)
    body = models.TextField(blank=True)
    typed = models.JSONField(default=dict, blank=True)  # the dated rows as they were typed, also half-filled ones
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    week = models.DateField(null=True, blank=True)
    fragment_url = models.CharField(max_length=200, blank=True)  # a piece of a higher room, fetched by htmx
    emphasis = models.BooleanField(default=False)
    is_newsletter = models.BooleanField(default=False)  # mailed to everybody (S15)
    calamity_reason = models.CharField(max_length=200, blank=True)  # why everybody had to be told at once (S8)
    calamity_token = models.CharField(max_length=16, null=True, blank=True)  # of its form: sent twice is one
    is_pupils_work = models.BooleanField(default=False)
    photos_checked = models.BooleanField(default=False)
    held_since = models.DateTimeField(null=True, blank=True)  # its author may no longer publish: somebody takes it over
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    saved_at = models.DateTimeField(default=timezone.now)
    publish_at = models.DateTimeField(null=True, blank=True)
    visible_from = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=200, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "-visible_from", "-id"], name="post_feed"),
            models.Index(fields=["publish_at"], condition=Q(state="scheduled"), name="post_due"),
            models.Index(fields=["author", "state"], name="post_of_author"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["school", "week"],
                condition=Q(kind="kwink", state__in=["scheduled", "published"], week__isnull=False),
                name="one_kwink_a_week",
            ),
            models.UniqueConstraint(fields=["school", "calamity_token"], name="one_calamity_of_a_form"),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(visible_from__isnull=False, audience__isnull=False),
                name="published_to_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="scheduled") | Q(publish_at__isnull=False, audience__isnull=False),
                name="scheduled_for_a_moment",
            ),
        ]

    class Privacy:
        purpose = "To tell families what happened in the group and what is coming."
        keep = "Until the closing date after the school year, plus 1 year."
        personal = ("author", "title", "source", "body", "typed", "withdrawn_by", "reason", "calamity_reason")
        impersonal = (
            "id",
            "public_id",
            "school",
            "kind",
            "state",
            "audience",
            "week",
            "fragment_url",
            "emphasis",
            "is_newsletter",
            "calamity_token",
            "is_pupils_work",
            "photos_checked",
            "held_since",
            "version",
            "created_at",
            "saved_at",
            "publish_at",
            "visible_from",
            "changed_at",
            "withdrawn_at",
        )

    def __str__(self) -> str:
        return f"Post {self.pk}"

    @property
    def css_kind(self) -> str:
        """Return the name of the kind's colour."""
        return "notice" if self.kind == Kind.ANNOUNCEMENT else self.kind

    @property
    def icon(self) -> str:
        """Return the icon of the kind."""
        return ICONS[Kind(self.kind)]

    def can_be_undone(self, now: datetime) -> bool:
        """Say whether nobody has been able to read it yet at `now` (aware)."""
        return self.state == State.PUBLISHED and self.visible_from is not None and now < self.visible_from


class PostItemQuerySet(models.QuerySet["PostItem"]):
    """Questions about dated things."""

    def visible_to(self, viewer: Viewer) -> PostItemQuerySet:
        """Return the items of posts the viewer may open, without those that name a shielded child of another family."""
        return self.filter(post__in=Post.objects.visible_to(viewer).values("pk")).naming_for(viewer)

    def readable_by(self, viewer: Viewer) -> PostItemQuerySet:
        """Return the items of what has been published to the viewer: for "tomorrow" and "this week"."""
        return self.filter(is_out(viewer, post="post__") & may_read(viewer, post="post__")).naming_for(viewer)

    def naming_for(self, viewer: Viewer) -> PostItemQuerySet:
        """Leave out what names a shielded child to anyone but its own family, its teachers, office and management."""
        own = {span.child_id for span in viewer.spans if span.level == "full"}
        taught = GroupOfAudience.objects.filter(group_id__in=viewer.taught_group_ids).values("audience_id")
        return self.filter(
            Q(child__isnull=True)
            | Q(child__shielded=False)
            | Q(child_id__in=own)
            | Q(school_id__in=viewer.managed_school_ids)
            | Q(post__audience__in=taught)
        )

    def beginning_on(self, school_id: int, day: date) -> PostItemQuerySet:
        """Return what begins on `day` at the school, in messages that were published."""
        return self.filter(school_id=school_id, from_date=day, until_date__gte=day, post__state=State.PUBLISHED)

    def between(self, first: date, last: date) -> PostItemQuerySet:
        """Return the items of which at least one day lies from `first` to `last`, both included, in order of day."""
        return self.filter(from_date__lte=last, until_date__gte=first).order_by("from_date", "starts", "position", "pk")


class PostItem(models.Model):
    """One dated thing in a post. Days and hours are the school's own; `until_date` is the last day, both included."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=20, choices=PostKind)
    position = models.PositiveSmallIntegerField(default=0)
    from_date = models.DateField()
    until_date = models.DateField()
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    absent = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    substitute = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=120, blank=True)

    objects = PostItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["school", "until_date"], name="item_day")]
        constraints = [
            models.CheckConstraint(condition=Q(until_date__gte=F("from_date")), name="item_ends_after_start"),
        ]

    class Privacy:
        purpose = "To show families what is coming on which day."
        keep = "With its post."
        personal = ("child", "absent", "substitute", "text")
        impersonal = (
            "id",
            "school",
            "post",
            "kind",
            "position",
            "from_date",
            "until_date",
            "starts",
            "ends",
            "place",
        )


class PostDocumentQuerySet(models.QuerySet["PostDocument"]):
    """Questions about attached documents."""

    def visible_to(self, viewer: Viewer) -> PostDocumentQuerySet:
        """Return the documents of posts that the viewer may open."""
        return self.filter(post__in=Post.objects.visible_to(viewer).values("pk"))


class PostDocument(Named):
    """A document that belongs to a post; handed out to whom the post is visible."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = PostDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]

    class Privacy:
        purpose = "To know which documents belong to a post."
        keep = "With its post."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "post", "document", "position")


class Reading(models.Model):
    """A person has read a post. Only the day is kept: nobody is watched by the minute."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="readings")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    read_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "post"], name="read_once")]

    class Privacy:
        purpose = "To know which families have not been reached."
        keep = "With its post."
        personal = ("person", "read_on")
        impersonal = ("id", "school", "post")


class Reaction(models.Model):
    """A person gave a post a heart (S1)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="reactions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "post"], name="one_heart_each")]

    class Privacy:
        purpose = "To tell the team that a post was liked, as a number."
        keep = "With its post."
        personal = ("person",)
        impersonal = ("id", "school", "post")


class CommentQuerySet(models.QuerySet["Comment"]):
    """Questions about comments."""

    def visible_to(self, viewer: Viewer) -> CommentQuerySet:
        """Return what stands under posts she may open; nothing by whom she is kept apart from: it carries a name."""
        found = self.filter(withdrawn_at__isnull=True, post__in=Post.objects.visible_to(viewer).values("pk"))
        return found.exclude(author__in=KeepApart.objects.hidden_from(viewer).values("pk"))


class Comment(Named):
    """A short plain sentence under a post, where the agreement has comments (S1)."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.CharField(max_length=400)
    made_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]

    class Privacy:
        purpose = "To let families answer under a post."
        keep = "With its post."
        personal = ("author", "text")
        impersonal = ("id", "public_id", "school", "post", "made_at", "withdrawn_at")
