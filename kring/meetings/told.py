"""What people are told when all conversations of a round are planned: families their times, the team that they stand.

One notice for each of them, however many families: what it leads to is her own.
"""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.core.viewer import GROUP_TEACHERS, Viewer
from kring.meetings.models import Booking, Party, Round, Sitting
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic
from kring.people.models import TeamRole, User, current_on


class _OfPlan(NoticeKind):
    """What is told about the times of a round."""

    model = "meetings.Round"
    subject: Round

    def icon(self) -> str:
        """Return the icon of a day."""
        return "calendar-check"

    def link(self) -> str:
        """Return the page of the round, with her own times."""
        return reverse("meetings:choose", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether the round goes on."""
        return self.subject.state == "ready"

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the school along."""
        return Round.objects.select_related("school")


class PlanKnown(_OfPlan):
    """The school has planned the conversations: a family sees when it is expected."""

    name = "meetings.plan_known"

    def title(self) -> str:
        """Say that there is a time."""
        return _("Your conversation is planned: %(round)s") % {"round": self.subject.name}

    def text(self) -> str:
        """Say what to do when it does not suit."""
        return _("See when you are expected. Does it not suit? Ask for another time there.")

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she has a conversation in it."""
        return Booking.objects.own_of(viewer).filter(round=self.subject).exists()


class NoTimeYet(_OfPlan):
    """The school has planned the conversations, and found no time for this family yet."""

    name = "meetings.no_time_yet"

    def title(self) -> str:
        """Say that the school comes to her."""
        return _("There is no time for your conversation yet: the school contacts you")

    def text(self) -> str:
        """Return which round it is."""
        return str(self.subject.name)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether a party of hers is asked to come and has no time."""
        return Party.objects.own_of(viewer).without_booking().filter(round=self.subject).exists()


class PlanForTeam(_OfPlan):
    """The times of a round stand: for who sits ready in it. Stands in the inbox, and is worth no mail."""

    name = "meetings.plan_for_team"
    by_mail = False
    to_guardians = False
    to_team = True

    def topic(self) -> Topic:
        """Return that it is about work."""
        return Topic.TEAM

    def title(self) -> str:
        """Say that the times stand."""
        return _("The conversations are planned: %(round)s") % {"round": self.subject.name}

    def link(self) -> str:
        """Return the round, with her sheets of the day."""
        return reverse("meetings:round", args=[self.subject.school.public_id, self.subject.public_id])

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those who sit ready in the round, and who teach a group of it."""
        today = self.subject.school.today(timezone.now())
        groups = self.subject.audience.groups.values("pk")
        roles = TeamRole.objects.filter(current_on(today), group__in=groups, kind__in=GROUP_TEACHERS)
        seats = Sitting.teachers.through.objects.filter(sitting__round=self.subject)
        return users.filter(
            Q(persons__in=roles.values("person_id")) | Q(persons__in=seats.values("person_id"))
        ).distinct()
