"""What people are told when the calendar of a year is published: one line, for all of it."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kring.agenda.models import YearPublished
from kring.notifications.notice import NoticeKind


class CalendarReady(NoticeKind):
    """The calendar of a school year stands ready."""

    name = "agenda.year_ready"
    model = "agenda.YearPublished"
    to_team = True
    subject: YearPublished

    def title(self) -> str:
        """Return which year."""
        return _("The agenda for %(year)s is ready") % {"year": self.subject.year.name}

    def text(self) -> str:
        """Say that changes are told."""
        return _("Have a look at what is coming. When something changes, you get a message.")

    def icon(self) -> str:
        """Return the icon of an agenda."""
        return "calendar"

    def link(self) -> str:
        """Return the agenda; the room that draws it stands above this one."""
        try:
            return reverse("home:agenda")
        except NoReverseMatch:
            return "/"

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the year along, for its name."""
        return super().subjects().select_related("year", "school")
