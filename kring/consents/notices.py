"""What people are told about consent. No title names a child, and nobody is told what another answered."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.consents.models import Reminder, Renewal, Withdrawal
from kring.consents.waiting import waiting_for
from kring.core.viewer import Viewer
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic


class _Asking(NoticeKind):
    """What guardians are told: it leads to the page with their own children."""

    def topic(self) -> Topic:
        """Return that the school needs an answer."""
        return Topic.QUESTIONS

    def icon(self) -> str:
        """Return a camera."""
        return "camera"

    def link(self) -> str:
        """Return the page with her own children."""
        return reverse("consents:own")

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the school along, for the day it is there."""
        return super().subjects().select_related("school")


class RenewalStarted(_Asking):
    """The school asks everybody with authority again."""

    name = "consents.renewal_started"
    model = "consents.Renewal"
    subject: Renewal

    def title(self) -> str:
        """Return what is asked."""
        return _("May your child be in photos? The school asks again")

    def text(self) -> str:
        """Say that nothing changes by itself."""
        return _("What you chose before counts until you change it.")


class Reminded(_Asking):
    """Who has not answered is asked once more."""

    name = "consents.reminded"
    model = "consents.Reminder"
    subject: Reminder

    def title(self) -> str:
        """Return what is asked."""
        return _("May your child be in photos? We do not have your answer yet")

    def text(self) -> str:
        """Say what counts meanwhile."""
        return _("As long as you have not chosen, it counts as no.")

    def still_relevant(self) -> bool:
        """Say whether it is not days late: then the next reminder does."""
        return bool(self.subject.at > timezone.now() - timedelta(days=2))

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she answers for a child in the group on which somebody still has to answer."""
        return super().may_see(viewer) and bool(waiting_for(viewer, group_id=self.subject.group_id))


class ConsentWithdrawn(NoticeKind):
    """A yes became a no: told to who reads the consents of the group."""

    name = "consents.withdrawn"
    model = "consents.Withdrawal"
    to_guardians = False
    to_team = True
    subject: Withdrawal

    def topic(self) -> Topic:
        """Return that it is about work."""
        return Topic.TEAM

    def title(self) -> str:
        """Return that something changed, and in which group."""
        return _("A consent changed in %(group)s") % {"group": self.subject.group.name}

    def text(self) -> str:
        """Say what to do."""
        return _("See what is no longer shown, and what to take down elsewhere.")

    def icon(self) -> str:
        """Return a camera."""
        return "camera"

    def link(self) -> str:
        """Return the page of what is no longer shown; the room of the photos has it, and stands above this one."""
        place = [self.subject.group.school.public_id, self.subject.group.public_id]
        try:
            return reverse("photos:hidden", args=place)
        except NoReverseMatch:
            return reverse("consents:group", args=place)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the group and its school along."""
        return super().subjects().select_related("group__school")
