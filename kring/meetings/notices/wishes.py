"""What people are told in a round that the school fills: wishes, and questions for another time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.core.viewer import GROUP_TEACHERS, MANAGERS, Viewer
from kring.meetings.models import Ask, Party
from kring.meetings.notices.rounds import MeetingCancelled, OfRound
from kring.meetings.permissions import is_chosen_by_families, is_planned
from kring.meetings.rules import AskState
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic
from kring.people.models import TeamRole, User, current_on


class WishesOpened(OfRound):
    """Families can say when they can come; the school then plans all conversations (C2)."""

    name = "meetings.wishes_opened"

    def title(self) -> str:
        """Ask when she can come."""
        return _("Say when you can come: %(round)s") % {"round": self.subject.name}

    def text(self) -> str:
        """Say what happens then."""
        return _("The school plans all conversations at once, with your wishes.")

    def still_relevant(self) -> bool:
        """Say whether wishes still count before she reads it."""
        return super().still_relevant() and not is_planned(self.subject)

    def waits(self, viewer: Viewer) -> bool:
        """Say whether the school plans, and she is asked to come and gave no wishes yet."""
        if is_chosen_by_families(viewer, self.subject):
            return False
        return Party.objects.own_of(viewer).without_wishes().filter(round=self.subject).exists()

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she still has to give them."""
        return self.waits(viewer)


class WishReminder(WishesOpened):
    """Who gave no wishes is asked once more."""

    name = "meetings.wishes_reminder"

    def title(self) -> str:
        """Say that her wishes are still open."""
        return _("You have not said yet when you can come: %(round)s") % {"round": self.subject.name}

    def text(self) -> str:
        """Say what happens without them."""
        return _("Without wishes every time counts as fine.")


class MeetingCalledOff(MeetingCancelled):
    """The school cancelled a conversation in a round that it fills itself: it looks for another time."""

    name = "meetings.called_off"

    def title(self) -> str:
        """Say that it does not go on, and what now."""
        return _("Your conversation does not go on: the school looks for another time")


class AskDeclined(NoticeKind):
    """A family asked for another time, and its conversation stays as it is. Who is moved hears that instead."""

    name = "meetings.ask_declined"
    model = "meetings.Ask"
    subject: Ask

    def topic(self) -> Topic:
        """Return that it is practical."""
        return Topic.PRACTICAL

    def icon(self) -> str:
        """Return the icon of a day."""
        return "calendar-check"

    def title(self) -> str:
        """Say that there is an answer; it stands on the page."""
        return _("There is an answer to your question for another time")

    def text(self) -> str:
        """Return which round it is."""
        return str(self.subject.round.name)

    def link(self) -> str:
        """Return the page of the round."""
        return reverse("meetings:choose", args=[self.subject.round.public_id])

    def still_relevant(self) -> bool:
        """Say whether it still stays as it is."""
        return self.subject.state == AskState.DECLINED

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it was asked for a conversation of hers as a guardian."""
        return type(self).visible_to(viewer, [self.subject.pk]).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return those of her own parties."""
        return cls.subjects().filter(pk__in=list(keys), party__in=Party.objects.own_of(viewer).values("pk"))

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the round along."""
        return Ask.objects.select_related("round")


class AskedForTeam(NoticeKind):
    """A family asks for another time: for who teaches the group, office and management. Stands in the inbox."""

    name = "meetings.asked_for_team"
    model = "meetings.Ask"
    by_mail = False
    to_guardians = False
    to_team = True
    subject: Ask

    def topic(self) -> Topic:
        """Return that it is about work."""
        return Topic.TEAM

    def icon(self) -> str:
        """Return a calendar with a clock."""
        return "calendar-clock"

    def title(self) -> str:
        """Say in which group."""
        return _("A family of %(group)s asks for another time") % {"group": self.subject.party.group.name}

    def text(self) -> str:
        """Return which round it is."""
        return str(self.subject.round.name)

    def link(self) -> str:
        """Return the page on which that family is helped."""
        ask = self.subject
        return reverse("meetings:party", args=[ask.round.school.public_id, ask.round.public_id, ask.party.public_id])

    def still_relevant(self) -> bool:
        """Say whether it waits for an answer."""
        return self.subject.state == AskState.OPEN

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those who teach the group, office and management."""
        today = self.subject.round.school.today(timezone.now())
        helps = Q(group=self.subject.party.group_id, kind__in=GROUP_TEACHERS) | Q(kind__in=MANAGERS)
        roles = TeamRole.objects.filter(helps, current_on(today), school=self.subject.school_id)
        return users.filter(persons__in=roles.values("person_id"))

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring along what title and link need."""
        return Ask.objects.select_related("round__school", "party__group")
