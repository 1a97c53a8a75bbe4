"""What people are told about rounds and conversations."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kring.core.viewer import GROUP_TEACHERS, Viewer
from kring.meetings.models import Booking, Party, Round
from kring.meetings.permissions import is_chosen_by_families, opens_for
from kring.notifications.live import Topic as LiveTopic
from kring.notifications.notice import NoticeKind
from kring.notifications.rules import Topic
from kring.people.models import Enrolment, Guardianship, TeamRole, User, current_on


class RoundChanged(LiveTopic):
    """A moment of a round was taken or came free: open pages of who may know the round fetch it."""

    name = "round"

    @classmethod
    def listeners(cls, key: str, *, among: Collection[int], now: datetime) -> Iterable[int]:
        """Return the logins with a child in a group of the round, and those who work at the school: two queries."""
        found = Round.objects.for_pages().ready().filter(public_id=key).first()
        if found is None:
            return ()
        today = found.school.today(now)
        seats = Enrolment.objects.filter(current_on(today), group__in=found.audience.groups.all())
        held = Guardianship.objects.filter(current_on(today), child__in=seats.values("child_id"))
        team = TeamRole.objects.filter(current_on(today), school=found.school)
        who = Q(persons__in=held.values("person_id")) | Q(persons__in=team.values("person_id"))
        return User.objects.filter(who, pk__in=list(among)).values_list("pk", flat=True).distinct()


class OfRound(NoticeKind):
    """What guardians are told about a round: it leads to choosing."""

    model = "meetings.Round"
    subject: Round

    def topic(self) -> Topic:
        """Return that the school needs an answer."""
        return Topic.QUESTIONS

    def icon(self) -> str:
        """Return a calendar with a clock."""
        return "calendar-clock"

    def link(self) -> str:
        """Return the page where she chooses."""
        return reverse("meetings:choose", args=[self.subject.public_id])

    def still_relevant(self) -> bool:
        """Say whether the round still goes on, and choosing does not close before she reads it."""
        return self.subject.state == "ready" and self.subject.closes_at > timezone.now()

    def waits(self, viewer: Viewer) -> bool:
        """Say whether families choose, and she is asked to come and has no conversation yet."""
        if not is_chosen_by_families(viewer, self.subject):
            return False
        return Party.objects.own_of(viewer).without_booking().filter(round=self.subject).exists()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the school along."""
        return Round.objects.select_related("school")


class RoundOpenedEarly(OfRound):
    """Choosing has opened for families with several children (C3)."""

    name = "meetings.opened_early"

    def title(self) -> str:
        """Say that she can choose, a while before others."""
        return _("Choose your conversations: %(round)s") % {"round": self.subject.name}

    def text(self) -> str:
        """Say why it is earlier."""
        return _("You have several children at our school, so you can choose first.")

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she is one of those who choose earlier and still has to."""
        return opens_for(viewer, self.subject) < self.subject.opens_at and self.waits(viewer)


class RoundOpened(OfRound):
    """Choosing has opened for everybody (C2)."""

    name = "meetings.opened"

    def title(self) -> str:
        """Say that she can choose."""
        return _("Choose a time for your conversation: %(round)s") % {"round": self.subject.name}

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she still has to choose and was not told earlier."""
        was_told = self.subject.told_early_at is not None and opens_for(viewer, self.subject) < self.subject.opens_at
        return not was_told and self.waits(viewer)


class ChooseReminder(OfRound):
    """Who has not chosen is asked once more."""

    name = "meetings.reminder"

    def title(self) -> str:
        """Say that a choice is still open."""
        return _("You have not chosen a time yet: %(round)s") % {"round": self.subject.name}

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether she still has to choose."""
        return opens_for(viewer, self.subject) <= viewer.now and self.waits(viewer)


class RoundCancelled(OfRound):
    """A round does not go on."""

    name = "meetings.cancelled_round"

    def title(self) -> str:
        """Say that it does not go on."""
        return _("The conversations are cancelled: %(round)s") % {"round": self.subject.name}

    def link(self) -> str:
        """Return the first page: there is nothing to choose any more."""
        return reverse("home:news")

    def still_relevant(self) -> bool:
        """Say whether it was cancelled."""
        return self.subject.state == "cancelled"

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether a child of hers was invited."""
        children = [span.child_id for span in viewer.spans if span.is_current]
        return Party.objects.invited().filter(round=self.subject, child__in=children).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return those of the rounds that invited a child of hers: a cancelled round has no page for her any more."""
        children = [span.child_id for span in viewer.spans if span.is_current]
        invited = Party.objects.invited().filter(child__in=children)
        return cls.subjects().filter(pk__in=list(keys)).filter(pk__in=invited.values("round_id"))


class _OfBooking(NoticeKind):
    """What a family is told about its own conversation."""

    model = "meetings.Booking"
    subject: Booking

    def topic(self) -> Topic:
        """Return that it is practical."""
        return Topic.PRACTICAL

    def icon(self) -> str:
        """Return the icon of a day."""
        return "calendar-check"

    def link(self) -> str:
        """Return the page of the round."""
        return reverse("meetings:choose", args=[self.subject.round.public_id])

    def text(self) -> str:
        """Return which round it is."""
        return str(self.subject.round.name)

    def still_relevant(self) -> bool:
        """Say whether it is still to come."""
        return self.subject.party_id is not None and self.subject.starts_at > timezone.now()

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it is a conversation of hers as a guardian."""
        return Booking.objects.own_of(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring along what the title needs."""
        return Booking.objects.for_pages()


class MeetingBooked(_OfBooking):
    """The school, or the other guardian, chose a time."""

    name = "meetings.booked"

    def title(self) -> str:
        """Say that there is a time."""
        return _("There is a time for your conversation")


class MeetingMoved(_OfBooking):
    """The conversation is at another time or place."""

    name = "meetings.moved"

    def title(self) -> str:
        """Say that it changed."""
        return _("Your conversation is at another time")

    def has_emphasis(self) -> bool:
        """Say that she must read it soon."""
        return True


class HostChanged(_OfBooking):
    """Somebody else receives the family, at the same time."""

    name = "meetings.host_changed"

    def title(self) -> str:
        """Say that it goes on, with somebody else."""
        return _("Your conversation goes on, with another teacher")


class DayBefore(_OfBooking):
    """Tomorrow is the conversation."""

    name = "meetings.day_before"

    def title(self) -> str:
        """Say that it is tomorrow; time, room and link stand on the page."""
        return _("Tomorrow you have a conversation at school")


class MomentOffered(NoticeKind):
    """A moment came free for who waits for one."""

    name = "meetings.offered"
    model = "meetings.Booking"
    subject: Booking

    def topic(self) -> Topic:
        """Return that the school needs an answer."""
        return Topic.QUESTIONS

    def icon(self) -> str:
        """Return a calendar with a clock."""
        return "calendar-clock"

    def title(self) -> str:
        """Say that there is a moment, and that it is kept for a while."""
        return _("A time came free: it is kept for you for a while")

    def link(self) -> str:
        """Return the page of the round."""
        return reverse("meetings:choose", args=[self.subject.round.public_id])

    def has_emphasis(self) -> bool:
        """Say that she must read it soon."""
        return True

    def still_relevant(self) -> bool:
        """Say whether it is still kept for somebody."""
        return self.subject.held_until is not None and self.subject.held_until > timezone.now()

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it is kept for her."""
        return type(self).visible_to(viewer, [self.subject.pk]).exists()

    @classmethod
    def visible_to(cls, viewer: Viewer, keys: Iterable[int]) -> models.QuerySet[Any]:
        """Return those kept for her."""
        own = Party.objects.own_of(viewer).values("pk")
        return cls.subjects().filter(pk__in=list(keys), held_for__in=own)

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring the round along."""
        return Booking.objects.select_related("round")


class MeetingCancelled(NoticeKind):
    """The school cancelled a conversation: she chooses another time."""

    name = "meetings.cancelled"
    model = "meetings.Party"
    subject: Party

    def topic(self) -> Topic:
        """Return that the school needs an answer."""
        return Topic.QUESTIONS

    def icon(self) -> str:
        """Return a crossed-out day."""
        return "calendar-x-2"

    def title(self) -> str:
        """Say that it does not go on, and what now."""
        return _("Your conversation does not go on: choose another time")

    def link(self) -> str:
        """Return the page of the round."""
        return reverse("meetings:choose", args=[self.subject.round.public_id])

    def has_emphasis(self) -> bool:
        """Say that she must read it soon."""
        return True

    def still_relevant(self) -> bool:
        """Say whether she has no other time meanwhile."""
        return self.subject.booked is None

    def may_see(self, viewer: Viewer) -> bool:
        """Say whether it was hers."""
        return Party.objects.own_of(viewer).filter(pk=self.subject.pk).exists()

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring round and booking along."""
        return Party.objects.select_related("round", "booking")


class ChangedForTeam(NoticeKind):
    """A family changed or gave back its time: for who teaches the group. Stands in the inbox, and is worth no mail."""

    name = "meetings.changed_for_team"
    model = "meetings.Party"
    by_mail = False
    to_guardians = False
    to_team = True
    subject: Party

    def topic(self) -> Topic:
        """Return that it is about work."""
        return Topic.TEAM

    def icon(self) -> str:
        """Return the icon of a day."""
        return "calendar-check"

    def title(self) -> str:
        """Say in which group."""
        return _("A family of %(group)s changed its time") % {"group": self.subject.group.name}

    def text(self) -> str:
        """Return which round it is."""
        return str(self.subject.round.name)

    def link(self) -> str:
        """Return the families of the group."""
        place = [self.subject.round.school.public_id, self.subject.round.public_id, self.subject.group.public_id]
        return reverse("meetings:families", args=place)

    def narrow(self, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those who teach the group."""
        today = self.subject.round.school.today(timezone.now())
        roles = TeamRole.objects.filter(current_on(today), group=self.subject.group_id, kind__in=GROUP_TEACHERS)
        return users.filter(persons__in=roles.values("person_id"))

    @classmethod
    def subjects(cls) -> models.QuerySet[Any]:
        """Bring round and group along."""
        return Party.objects.select_related("round__school", "group")
