"""What this room tells people."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.conversations.models import Meeting
from kring.conversations.notices import TalkNotice


class MeetingInDoubt(TalkNotice):
    """The teacher of an appointment is away: it may not go on."""

    name = "cover.meeting_in_doubt"
    model = "conversations.Meeting"

    def title(self) -> str:
        """Say what is the matter, not whose child it is about."""
        return _("An appointment may not go on: the teacher is away")

    def text(self) -> str:
        """Say what comes next."""
        return _("The school lets you know. You can propose another moment in the conversation.")

    def icon(self) -> str:
        """Return the icon of a day."""
        return "calendar-clock"

    def has_emphasis(self) -> bool:
        """Say that it must be read soon: somebody may be on her way."""
        return True

    def still_relevant(self) -> bool:
        """Say whether the appointment stands and is still to come."""
        return self.subject.cancelled_at is None and self.subject.starts_at > timezone.now()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Return the meetings with their conversations."""
        return Meeting.objects.select_related("conversation__group", "conversation__school")
