"""What people are told about posts. Titles are for the inbox; mail and push carry no content."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agreements.current import policy_for
from kring.core.viewer import Level, Viewer
from kring.notifications.live import Topic as Live
from kring.notifications.models import Preference
from kring.notifications.notice import NoticeKind, Outside
from kring.notifications.rules import Topic
from kring.people.audiences import guardians_of, team_of
from kring.people.models import User
from kring.posts.models import Evening, Post
from kring.posts.reach import reached_children
from kring.posts.rules import Kind, State
from kring.posts.tomorrow import number_on, tells_of


class PostsChanged(Live):
    """A post was changed or withdrawn: open pages of who it is for look whether they show it. That there is a new one
    they hear from their inbox, at the moment from which it can be read.
    """

    name = "posts"
    tells_key = False

    @classmethod
    def listeners(cls, key: str, *, among: Collection[int], now: datetime) -> Iterable[int]:
        """Return the logins whom the post addresses at `now`, and the team that reads along."""
        post = Post.objects.select_related("school", "audience").filter(public_id=key).first()
        if post is None or post.audience is None:
            return ()
        on = post.school.today(now)
        levels = [Level.FULL, Level.LIMITED] if post.audience.whole_school else [Level.FULL]
        families = guardians_of(post.audience, on=on, levels=levels)
        told = Q(persons__in=families.values("pk")) | Q(persons__in=team_of(post.audience, on=on).values("pk"))
        return User.objects.filter(told, pk__in=list(among)).values_list("pk", flat=True).distinct()


class PostPublished(NoticeKind):
    """A post can be read. Told to its audience, by mail too when it has emphasis."""

    name = "posts.published"
    model = "posts.Post"

    def title(self) -> str:
        """Return the post's own title; of a withdrawn one only that it was."""
        if self.subject.state == State.WITHDRAWN:
            return _("This message was withdrawn")
        return self.subject.title or str(self.subject.get_kind_display())

    def text(self) -> str:
        """Return its kind; of a withdrawn one the reason."""
        if self.subject.state == State.WITHDRAWN:
            return str(self.subject.reason)
        return str(self.subject.get_kind_display())

    def sender(self) -> str:
        """Return who wrote it."""
        return str(self.subject.author.display_name) if self.subject.author else ""

    def link(self) -> str:
        """Return the page of the post."""
        return reverse("posts:read", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether the post still stands and is not wholly past: what waited for an overview or for the end of
        quiet hours says nothing any more when its day is over. Undone and withdrawn posts are not told."""
        post = self.subject
        if post.state != State.PUBLISHED:
            return False
        last = post.items.aggregate(last=models.Max("until_date"))["last"] if post.kind != Kind.GROUP else None
        return last is None or bool(last >= post.school.today(timezone.now()))

    def topic(self) -> Topic:
        """Return news for what happened, and practical for what is coming."""
        return Topic.NEWS if self.subject.kind == Kind.GROUP else Topic.PRACTICAL

    def has_emphasis(self) -> bool:
        """Say whether it goes out with emphasis: the agreement's kinds (S6), or the teacher asked for it (F3)."""
        post = self.subject
        kinds = policy_for(post.school_id, at=post.visible_from or post.saved_at).emphasis.kinds
        return bool(post.emphasis or post.kind in kinds)

    def mails_all(self) -> bool:
        """Say whether it is the newsletter: everybody gets a mail (S15)."""
        return bool(self.subject.is_newsletter)

    def outside(self, viewer: Viewer) -> Outside | None:
        """Say that the newsletter is there; of everything else nothing."""
        if not self.subject.is_newsletter or self.has_emphasis():
            return None
        school = {"school": self.subject.school.name}
        return Outside(
            _("Newsletter of %(school)s") % school,
            _("There is a new newsletter of %(school)s.") % school,
            _("Read the newsletter"),
        )

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she may read it as published: only then she is told."""
        return Post.objects.readable_by(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Any) -> models.QuerySet[Any]:
        """Return those of the posts that the viewer may read as published, and those she could until they were
        withdrawn: the line in her inbox says that, and why, not what it said."""
        found = Post.objects.readable_by(viewer) | Post.objects.withdrawn_before(viewer)
        return found.filter(pk__in=list(keys))


class OutingChanged(PostPublished):
    """An outing that was announced has changed (S6)."""

    name = "posts.outing_changed"

    def text(self) -> str:
        """Say that it is a change."""
        return super().text() if self.subject.state == State.WITHDRAWN else _("Outing changed")

    def has_emphasis(self) -> bool:
        """Say whether the agreement gives changes emphasis (S6)."""
        return "outing_change" in policy_for(self.subject.school_id, at=self.subject.changed_at).emphasis.kinds


class PostReminder(PostPublished):
    """The team asks once more to read a post: told to the families of whom nobody has read it."""

    name = "posts.reminded"

    def text(self) -> str:
        """Say that it was not read yet."""
        return super().text() if self.subject.state == State.WITHDRAWN else _("Not read yet")

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she can read it, has not, and nobody else did for one of her children."""
        if not Post.objects.readable_by(viewer).unread_by(viewer).filter(pk=self.subject.pk).exists():
            return False
        return any(child.pk in viewer.own_child_ids for child in self._missing())

    def _missing(self) -> list[Any]:
        if not hasattr(self, "_not_reached"):
            self._not_reached = reached_children(self.subject, on=self.subject.school.today(timezone.now())).missing
        return self._not_reached


class CalamityTold(PostPublished):
    """Something that cannot wait (S8): told to families and team, whatever their hours."""

    name = "posts.calamity"
    to_team = True

    def has_emphasis(self) -> bool:
        """Say yes: by device and mail both."""
        return True

    def breaks_quiet(self) -> bool:
        """Say yes: it waits for nobody's quiet hours."""
        return True


class TomorrowTold(NoticeKind):
    """The evening before: that there is something tomorrow. Leads to the first page, where it stands."""

    name = "posts.tomorrow"
    model = "posts.Evening"
    in_inbox = False
    subject: Evening

    def title(self) -> str:
        """Return what it says; it stands in no inbox, because it is stale the next day."""
        return _("Something is on tomorrow")

    def link(self) -> str:
        """Return the first page."""
        return "/"

    def topic(self) -> Topic:
        """Return the topic of its own, so that it can be chosen by itself."""
        return Topic.TOMORROW

    def still_relevant(self) -> bool:
        """Say whether that day is still coming."""
        return self.subject.day > self.subject.school.today(timezone.now())

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether something is on for a child of hers, and this is the school that tells her."""
        return self.tells_of(viewer) == self.subject.school_id

    def tells_of(self, viewer: Viewer) -> int | None:
        """Return the school that tells her; None when nothing is on. A room above counts more."""
        return tells_of(viewer, self.subject.day)

    def number_on(self, viewer: Viewer) -> int:
        """Return how many things are on. A room above counts more."""
        return number_on(viewer, self.subject.day)

    def outside(self, viewer: Viewer) -> Outside:
        """Return how many things there are; not which, nor for whom."""
        number = self.number_on(viewer)
        line = ngettext(
            "There is %(number)s thing on for tomorrow.", "There are %(number)s things on for tomorrow.", number
        )
        return Outside(_("Something is on tomorrow"), line % {"number": number}, _("See what"))

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those who chose this hour; who chose nothing is told at the usual one."""
        return Preference.objects.telling_tomorrow_at(self.subject.hour, users)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the school along, for its day."""
        return super().subjects().select_related("school")


TOLD_OF_POSTS = (PostPublished, OutingChanged, PostReminder, CalamityTold)
"""Every kind that is about one post: reading it settles them all."""
