"""What people are told about conversations. Titles are for the inbox; mail and push carry no content."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.conversations.models import Conversation, Meeting, Message, Reading, Report
from kring.conversations.reach import administrators_of, asker_of, logins_of
from kring.conversations.rules import Kind, Side
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.notifications.live import Topic
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic as About
from kring.people.models import Child, User
from kring.school.models import Group, School


class ConversationChanged(Topic):
    """Something was said or done in a conversation: open pages of who takes part fetch it."""

    name = "conversation"

    @classmethod
    def listeners(cls, key: str, *, among: Collection[int], now: datetime) -> Iterable[int]:
        """Return the logins that take part at `now`: two queries."""
        for pk, kind, group_id, child_id, zone in rows_of("conversations.of_hint", _of_hint, key):
            on = School(timezone=zone).today(now)
            found = rows_of("conversations.listeners", _listeners, pk, Kind(kind), group_id, child_id, on, list(among))
            return [user_id for (user_id,) in found]
        return ()


def _of_hint(key: str) -> models.QuerySet[Conversation, Any]:
    rows = Conversation.objects.filter(public_id=key)
    return rows.values_list("pk", "kind", "group_id", "child_id", "school__timezone")


def _listeners(
    pk: int, kind: Kind, group_id: int, child_id: int | None, on: date, among: Sequence[int]
) -> models.QuerySet[User, Any]:
    child = None if child_id is None else Child(pk=child_id)
    conversation = Conversation(pk=pk, kind=kind, group=Group(pk=group_id), child=child)
    return logins_of(conversation, on=on).filter(pk__in=among).values_list("pk")


class TalkNotice(NoticeKind):
    """What all notices about a conversation have in common. `side` says to whom this one is told."""

    side = Side.FAMILY

    def icon(self) -> str:
        """Return the icon of conversations."""
        return "messages-square"

    def link(self) -> str:
        """Return the conversation, at its newest words."""
        return reverse("conversations:talk", args=[self.subject.conversation.public_id])

    def topic(self) -> About:
        """Return what it is about, as far as people choose by which channel they hear of it."""
        return About.CONVERSATIONS

    def told_as_staff(self, viewer: Viewer) -> bool | None:
        """Say that the team hears it in its hours, and a teacher who is told as a parent in hers."""
        return self.side == Side.TEAM

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those who take part today: who else the audience addresses is not asked one by one."""
        conversation = self.subject.conversation
        return users.filter(pk__in=logins_of(conversation, on=conversation.school.today(timezone.now())).values("pk"))


class MessageForTeam(TalkNotice):
    """Somebody wrote to the team of a group."""

    name = "conversations.to_team"
    model = "conversations.Message"
    to_guardians = False
    to_team = True
    side = Side.TEAM

    def title(self) -> str:
        """Return from whom it is, by side and group: the words themselves stand in the conversation."""
        return _("New message to the team of %(group)s") % {"group": self.subject.conversation.group.name}

    def text(self) -> str:
        """Return the subject line of the conversation."""
        return str(self.subject.conversation.subject or self.subject.conversation.purpose)

    def still_relevant(self) -> bool:
        """Say whether the words still stand."""
        return not self.subject.is_deleted

    def beyond(self) -> models.QuerySet[User]:
        """Return who asked the whole group for the school (S11): no audience of the group has her."""
        conversation = self.subject.conversation
        if self.side != Side.TEAM or conversation.kind != Kind.GROUP:
            return User.objects.none()
        asker = asker_of(conversation, on=conversation.school.today(timezone.now()))
        return User.objects.filter(is_active=True, pk__in=asker.values("user_id"))

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she takes part, on this side, has not read it yet, and did not mute the conversation."""
        message = self.subject
        if not Message.objects.visible_to(viewer).unread_by(viewer).filter(pk=message.pk).exists():
            return False
        own = message.conversation.participants.filter(person_id__in=list(viewer.persons.values()))
        if own.filter(muted_until__gt=viewer.now).exists():
            return False
        # A teacher who is a guardian in her own group is told once: as what she is in this conversation.
        as_team = Conversation.objects.as_team(viewer).filter(pk=message.conversation_id).exists()
        as_family = not as_team or own.families().exists()
        return as_family == (self.side == Side.FAMILY)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the messages with what title and link need."""
        return Message.objects.select_related("conversation__group", "conversation__school", "author")


class MessageForFamily(MessageForTeam):
    """The team, another guardian in the conversation, or somebody in a group conversation wrote."""

    name = "conversations.to_family"
    to_guardians = True
    to_team = False
    side = Side.FAMILY

    def title(self) -> str:
        """Return from whom it is."""
        conversation = self.subject.conversation
        if conversation.kind == Kind.DIRECT:
            return _("New message from a parent of %(group)s") % {"group": conversation.group.name}
        if conversation.kind == Kind.GROUP:
            return _("New message in a conversation of %(group)s") % {"group": conversation.group.name}
        return _("New message from the team of %(group)s") % {"group": conversation.group.name}

    def sender(self) -> str:
        """Return who of the team wrote. A parent is never named: her name says on whose child a teacher is called."""
        message = self.subject
        return str(message.author.display_name) if message.author and message.side == Side.TEAM else ""


class AnswerPromised(TalkNotice):
    """Somebody comes back to it (H3): stands in the inbox, and is worth no mail."""

    name = "conversations.promised"
    model = "conversations.Promise"
    by_mail = False

    def title(self) -> str:
        """Say that an answer comes."""
        return _("Your message was read: an answer will come")

    def icon(self) -> str:
        """Return the icon of an answer."""
        return "reply"

    def still_relevant(self) -> bool:
        """Say whether it still stands."""
        return bool(self.subject.state == "open")

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the promises with their conversations."""
        return super().subjects().select_related("conversation__group", "conversation__school")


class MeetingAgreed(TalkNotice):
    """A moment to talk was agreed."""

    name = "conversations.meeting_agreed"
    model = "conversations.Meeting"

    def title(self) -> str:
        """Say that there is an appointment."""
        return _("An appointment was made")

    def icon(self) -> str:
        """Return the icon of a day."""
        return "calendar-check"

    def still_relevant(self) -> bool:
        """Say whether it still stands and is still to come."""
        return self.subject.cancelled_at is None

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the meetings with their conversations."""
        return Meeting.objects.select_related("conversation__group", "conversation__school")


class MeetingCancelled(MeetingAgreed):
    """An agreed moment does not go on."""

    name = "conversations.meeting_cancelled"

    def title(self) -> str:
        """Say that it does not go on."""
        return _("An appointment was cancelled")

    def still_relevant(self) -> bool:
        """Say whether it was cancelled."""
        return self.subject.cancelled_at is not None


class MeetingAgreedForTeam(MeetingAgreed):
    """The same, for the team of the group."""

    name = "conversations.meeting_agreed_team"
    to_guardians = False
    to_team = True
    side = Side.TEAM


class MeetingCancelledForTeam(MeetingCancelled):
    """The same, for the team of the group."""

    name = "conversations.meeting_cancelled_team"
    to_guardians = False
    to_team = True
    side = Side.TEAM


class GroupConversationClosed(NoticeKind):
    """A group conversation was closed: stands in the inbox with its outcome behind it, and is worth no mail."""

    name = "conversations.closed"
    model = "conversations.Conversation"
    by_mail = False

    def title(self) -> str:
        """Say that it is closed."""
        return _("A conversation of %(group)s is closed: see what came out of it") % {"group": self.subject.group.name}

    def text(self) -> str:
        """Return what it was about."""
        return str(self.subject.purpose)

    def icon(self) -> str:
        """Return the icon of something done."""
        return "circle-check"

    def topic(self) -> About:
        """Return that it is about conversations."""
        return About.CONVERSATIONS

    def link(self) -> str:
        """Return the conversation."""
        return reverse("conversations:talk", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it is closed."""
        return bool(self.subject.is_closed)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the conversations with their groups."""
        return Conversation.objects.select_related("group")


class ReportMade(NoticeKind):
    """Somebody reported messages: for management."""

    name = "conversations.report_made"
    model = "conversations.Report"
    to_guardians = False
    to_team = True

    def title(self) -> str:
        """Say in which group, not by whom or about whom."""
        return _("Messages in a conversation of %(group)s were reported") % {
            "group": self.subject.conversation.group.name
        }

    def icon(self) -> str:
        """Return the icon of a report."""
        return "flag"

    def topic(self) -> About:
        """Return that it is about conversations."""
        return About.CONVERSATIONS

    def beyond(self) -> models.QuerySet[User]:
        """Return who administers the board, when nobody at the school can judge it."""
        report = self.subject
        if not report.to_board:
            return User.objects.none()
        return administrators_of(report.school.board_id, on=report.school.today(timezone.now()))

    def link(self) -> str:
        """Return the report."""
        return reverse("conversations:report", args=[self.subject.school.public_id, self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it still waits."""
        return bool(self.subject.state == "open")

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the reports with what title and link need."""
        return Report.objects.select_related("school", "conversation__group")


class ReportSettled(NoticeKind):
    """Management looked at what somebody reported: for her alone."""

    name = "conversations.report_settled"
    model = "conversations.Report"

    def title(self) -> str:
        """Say that it was looked at."""
        return _("What you reported was looked at")

    def text(self) -> str:
        """Return the answer of management."""
        return str(self.subject.outcome)

    def icon(self) -> str:
        """Return the icon of a report."""
        return "flag"

    def topic(self) -> About:
        """Return that it is about conversations."""
        return About.CONVERSATIONS

    def link(self) -> str:
        """Return the conversation."""
        return reverse("conversations:talk", args=[self.subject.conversation.public_id])

    def still_relevant(self) -> bool:
        """Say whether it is settled."""
        return bool(self.subject.state == "settled")

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she reported it."""
        return Report.objects.made_by(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return those that she reported herself."""
        return Report.objects.made_by(viewer).filter(pk__in=list(keys))

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the reports with their conversations."""
        return Report.objects.select_related("school", "conversation__group")


class ReadByManagement(NoticeKind):
    """Management reads reported messages: everybody who takes part is told."""

    name = "conversations.read_by_management"
    model = "conversations.Reading"
    to_team = True

    def title(self) -> str:
        """Say that it happens, by whom, and why it can."""
        if self.subject.report.to_board:
            return _("The board of the school reads some messages of a conversation, because they were reported")
        return _("Management reads some messages of a conversation, because they were reported")

    def icon(self) -> str:
        """Return the icon of being seen."""
        return "eye"

    def topic(self) -> About:
        """Return that it is about conversations."""
        return About.CONVERSATIONS

    def link(self) -> str:
        """Return the conversation."""
        return reverse("conversations:talk", args=[self.subject.report.conversation.public_id])

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the readings with their conversations."""
        return Reading.objects.select_related("report__conversation__group")
