"""What people are told about the agenda. Titles are for the inbox; mail and push carry no content."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agenda.models import Signup
from kring.agenda.rules import SignupState
from kring.core.viewer import Viewer
from kring.notifications.notice import NoticeKind


class MovedUp(NoticeKind):
    """Somebody who waited has a place now."""

    name = "agenda.moved_up"
    model = "agenda.Signup"
    to_team = True

    def title(self) -> str:
        """Say that there is a place for her after all."""
        return _("There is a place for you after all: %(what)s") % {"what": self.subject.offer.title}

    def text(self) -> str:
        """Say that she can still give it back."""
        return _("Can't make it any more? Then give the place back.")

    def icon(self) -> str:
        """Return the icon of an agenda."""
        return "calendar"

    def link(self) -> str:
        """Return the page of the event, or of the room above."""
        offer = self.subject.offer
        if offer.link:
            return str(offer.link)
        return reverse("agenda:event", args=[offer.event.public_id]) if offer.event else "/"

    def still_relevant(self) -> bool:
        """Say whether she still has the place."""
        return bool(self.subject.state == SignupState.HELD)

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it is her own place."""
        return Signup.objects.mine(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring along what title and link say."""
        return super().subjects().select_related("offer__event")
