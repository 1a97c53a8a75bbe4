"""What people are told about the agenda. Titles are for the inbox; mail and push carry no content."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.agenda.coming import events_on
from kring.agenda.models import Event, Signup
from kring.agenda.rules import SignupState
from kring.agenda.wording import changed_sentence, when_of
from kring.agenda.year_notices import CalendarReady as CalendarReady  # noqa: PLC0414  found here with all others
from kring.agreements.current import policy_for
from kring.core.viewer import Viewer
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic
from kring.posts.notices import TomorrowTold


class EventAdded(NoticeKind):
    """Something new stands in the agenda. Told to whom it is for, and to their team."""

    name = "agenda.added"
    model = "agenda.Event"
    to_team = True
    subject: Event

    def title(self) -> str:
        """Return the name of the event."""
        return _("In the agenda: %(what)s") % {"what": self.subject.title}

    def text(self) -> str:
        """Return when it is."""
        return when_of(self.subject)

    def icon(self) -> str:
        """Return the icon of its category."""
        return self.subject.icon

    def link(self) -> str:
        """Return the page of the event."""
        return reverse("agenda:event", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether it still goes on and is not over."""
        return not self.subject.is_planned and not self.subject.is_cancelled and self._is_coming()

    def _is_coming(self) -> bool:
        return self.subject.over_at > timezone.now()

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it was published to her."""
        return Event.objects.readable_by(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Any) -> models.QuerySet[Any]:
        """Return those of the events that were published to the viewer."""
        return cls.subjects().readable_by(viewer).filter(pk__in=list(keys))  # type: ignore[attr-defined]

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the school along, for its days."""
        return super().subjects().select_related("school")


class EventChanged(EventAdded):
    """An event changed: says what. An outing with emphasis, where the agreement has it so (S6)."""

    name = "agenda.changed"

    def title(self) -> str:
        """Return the name of the event."""
        return _("Changed: %(what)s") % {"what": self.subject.title}

    def text(self) -> str:
        """Return what changed."""
        return changed_sentence(self.subject)

    def has_emphasis(self) -> bool:
        """Say whether it is an outing, and the agreement gives changes of those emphasis (S6)."""
        is_outing = self.subject.category == "outing"
        return is_outing and "outing_change" in policy_for(self.subject.school_id, at=timezone.now()).emphasis.kinds


class EventCancelled(EventChanged):
    """An event does not go on."""

    name = "agenda.cancelled"

    def title(self) -> str:
        """Return the name of the event."""
        return _("Does not go on: %(what)s") % {"what": self.subject.title}

    def text(self) -> str:
        """Return when it was to be, and why not."""
        return ". ".join(part for part in (when_of(self.subject), self.subject.reason) if part)

    def still_relevant(self) -> bool:
        """Say whether it is still cancelled, and its day is still coming."""
        return self.subject.is_cancelled and self._is_coming()


TOLD_OF_EVENTS = (EventAdded, EventChanged, EventCancelled)  # what opening the event's page answers


class ReminderReady(NoticeKind):
    """The draft of a reminder stands ready for the owner of the event (A2)."""

    name = "agenda.reminder_ready"
    model = "agenda.Reminder"
    to_guardians = True  # the audience is one person by name
    to_team = True

    def title(self) -> str:
        """Return for what the reminder is."""
        return _("A reminder stands ready: %(what)s") % {"what": self.subject.event.title}

    def text(self) -> str:
        """Say that it goes out by itself, or that somebody must take it up."""
        if self.subject.post_id is None:
            return _("Nobody can send it by themselves. Will you?")
        return _("It goes out by itself. You can change it, hold it or send it now.")

    def icon(self) -> str:
        """Return the icon of a bell."""
        return "bell"

    def link(self) -> str:
        """Return the page of the event, where the reminder stands."""
        return reverse("agenda:event", args=[self.subject.event.public_id])

    def topic(self) -> Topic:
        """Return the work of the team."""
        return Topic.TEAM

    def still_relevant(self) -> bool:
        """Say whether the event is still coming."""
        event = self.subject.event
        return not event.is_cancelled and event.begins_at > timezone.now()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the event along."""
        return super().subjects().select_related("event__school")


class DayTold(TomorrowTold):
    """The evening before: that there is something tomorrow, in a message or in the agenda."""

    name = "agenda.tomorrow"

    def tells_of(self, viewer: Viewer) -> int | None:
        """Return the school that tells her; None when nothing is on."""
        schools = [super().tells_of(viewer), *(event.school_id for event in events_on(viewer, self.subject.day))]
        return min((pk for pk in schools if pk is not None), default=None)

    def number_on(self, viewer: Viewer) -> int:
        """Return how many messages and events say something about that day."""
        return super().number_on(viewer) + len(events_on(viewer, self.subject.day))


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
