"""Who comes together, what they booked, who is where, and who waits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from kring.core.models import Named
from kring.core.viewer import Level, Viewer
from kring.meetings.models.rounds import Round, Slot
from kring.meetings.rules import RoundState, Span
from kring.people.models import Audience, Child, KeepApart, Person, User
from kring.school.models import Group, School


class PartyQuerySet(models.QuerySet["Party"]):
    """Questions about who comes together."""

    def visible_to(self, viewer: Viewer) -> PartyQuerySet:
        """Return her own parties, those of her groups once the round is ready, for office and management all."""
        found = Q(school_id__in=viewer.managed_school_ids)
        found |= Q(group_id__in=viewer.taught_group_ids, round__state=RoundState.READY)
        if viewer.spans:
            found |= Q(pk__in=self.model._default_manager.own_of(viewer).values("pk"))
        return self.filter(found)

    def own_of(self, viewer: Viewer) -> PartyQuerySet:
        """Return the parties to which the viewer belongs as a guardian today, of rounds that are set ready."""
        return self._of_guardian(viewer).filter(round__state=RoundState.READY)

    def in_calendar_of(self, viewer: Viewer) -> PartyQuerySet:
        """Return those of hers that have a time, or had one that does not go on, also of a round that is cancelled."""
        had = Q(gone_from__isnull=False)
        planned = Q(round__state=RoundState.READY, booking__isnull=False)
        states = [RoundState.READY, RoundState.CANCELLED]
        return self._of_guardian(viewer).filter(had | planned, round__state__in=states)

    def _of_guardian(self, viewer: Viewer) -> PartyQuerySet:
        """Return the parties to which the viewer belongs as a guardian today, in whatever state their round is.

        A full guardian belongs to the common party of her child, unless she has one of her own or is kept apart from
        another guardian of the child. A limited guardian only has one of her own, when the school invited her.
        """
        current = [span for span in viewer.spans if span.is_current]
        own = list(viewer.persons.values())
        full = {span.child_id for span in current if span.level == Level.FULL}
        some = {span.child_id for span in current}
        if not some:
            return self.none()
        mine = self.model._default_manager.filter(
            round=models.OuterRef("round"), child=models.OuterRef("child"), person_id__in=own
        )
        apart = KeepApart.objects.filter(Q(first__in=own) | Q(second__in=own), child=models.OuterRef("child"))
        common = Q(person__isnull=True, child_id__in=full) & ~Q(models.Exists(mine)) & ~Q(models.Exists(apart))
        alone = Q(person_id__in=own, child_id__in=some)
        return self.filter(common | alone)

    def invited(self) -> PartyQuerySet:
        """Return those that are asked to come."""
        return self.filter(not_needed=False)

    def without_booking(self) -> PartyQuerySet:
        """Return those that are asked to come and have no conversation yet."""
        return self.invited().filter(booking__isnull=True)

    def without_wishes(self) -> PartyQuerySet:
        """Return those that are asked to come, have no conversation, and said nothing of when they can come."""
        return self.without_booking().filter(wish_set__isnull=True)

    def for_pages(self) -> PartyQuerySet:
        """Bring along round, school, child, group and what was booked."""
        return self.select_related("round__school", "child", "group", "person", "booking__slot__sitting")


class Party(Named):
    """Who comes together to talk about one child in one round.

    Without `person` it is the full guardians of that moment together, those with a party of their own left out: asked
    when needed, never copied. With `person` it is that guardian alone.

    Its conversation is one thing in a calendar, whatever happens to its time: `talk_version` goes up with each change
    (iCalendar's SEQUENCE), and `gone_from` and `gone_until` say what time it had, from when that is given back or
    cancelled until another one is taken.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="parties")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    not_needed = models.BooleanField(default=False)
    is_double = models.BooleanField(default=False)
    note = models.CharField(max_length=120, blank=True)
    choose_until = models.DateTimeField(null=True, blank=True)  # later than the round closes: the school cancelled
    talk_version = models.PositiveIntegerField(default=0)
    talk_changed_at = models.DateTimeField(null=True, blank=True)
    gone_from = models.DateTimeField(null=True, blank=True)
    gone_until = models.DateTimeField(null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ["group__name", "child__first_name", "pk"]
        indexes = [models.Index(fields=["child", "round"], name="party_of_child")]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "child"], condition=Q(person__isnull=True), name="common_party_once"
            ),
            models.UniqueConstraint(
                fields=["round", "child", "person"], condition=Q(person__isnull=False), name="own_party_once"
            ),
        ]

    class Privacy:
        purpose = "To know who is asked to come and talk about which child."
        keep = "With its round."
        personal = ("child", "person", "not_needed", "is_double", "note", "gone_from", "gone_until")
        impersonal = (
            "id", "public_id", "school", "round", "group", "audience", "choose_until", "talk_version",
            "talk_changed_at",
        )  # fmt: skip

    @property
    def slots_needed(self) -> int:
        """Return how many moments in a row it takes."""
        return 2 if self.is_double else 1

    @property
    def booked(self) -> Booking | None:
        """Return what it booked, or None."""
        return getattr(self, "booking", None)


class BookingQuerySet(models.QuerySet["Booking"]):
    """Questions about what is booked."""

    def visible_to(self, viewer: Viewer) -> BookingQuerySet:
        """Return the bookings of visible parties, and those in one's own sittings."""
        found = Q(party__in=Party.objects.visible_to(viewer).values("pk"))
        found |= Q(school_id__in=viewer.managed_school_ids)
        if viewer.staff_school_ids:
            ready = Q(round__state=RoundState.READY)
            own = Slot.objects.filter(sitting__teachers__in=list(viewer.persons.values()))
            found |= ready & Q(school_id__in=viewer.staff_school_ids, slot__in=own.values("pk"))
            found |= ready & Q(slot__sitting__group_id__in=viewer.taught_group_ids)
        return self.filter(found)

    def of_families(self) -> BookingQuerySet:
        """Return conversations, without what is only kept free."""
        return self.filter(party__isnull=False)

    def own_of(self, viewer: Viewer) -> BookingQuerySet:
        """Return those to which she comes as a guardian."""
        return self.filter(party__in=Party.objects.own_of(viewer).values("pk"))

    def between(self, first: datetime, last: datetime) -> BookingQuerySet:
        """Return those that begin from `first` and before `last` (both aware), in order."""
        return self.filter(starts_at__gte=first, starts_at__lt=last).order_by("starts_at", "pk")

    def for_pages(self) -> BookingQuerySet:
        """Bring along round, school, party, child, and where it is."""
        return self.select_related(
            "round__school", "slot__sitting__group", "party__child", "party__group", "party__person"
        )


class Booking(Named):
    """A moment is taken: by a party, or without one because it is kept free.

    `slot` is unique: a moment has at most one. `party` is unique: it comes once in a round. `held_for` is who was
    offered a moment that came free, and may take it until `held_until`.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="bookings")
    slot = models.OneToOneField(Slot, on_delete=models.PROTECT, related_name="booking")
    party = models.OneToOneField(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="booking")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    by_video = models.BooleanField(default=False)
    booked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    booked_at = models.DateTimeField()
    held_for = models.ForeignKey(Party, on_delete=models.CASCADE, null=True, blank=True, related_name="offers")
    held_until = models.DateTimeField(null=True, blank=True)
    is_locked = models.BooleanField(default=False)
    reminded_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "starts_at"], name="booking_when"),
            models.Index(fields=["round", "starts_at"], name="booking_of_round"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_ends_after_start"),
            models.CheckConstraint(
                condition=Q(held_for__isnull=True, held_until__isnull=True)
                | Q(held_for__isnull=False, held_until__isnull=False, party__isnull=True),
                name="booking_held_or_taken",
            ),
        ]

    class Privacy:
        purpose = "To know when a family and a teacher talk."
        keep = "With its round."
        personal = ("party", "starts_at", "ends_at", "by_video", "booked_by", "held_for")
        impersonal = (
            "id", "public_id", "school", "round", "slot", "booked_at", "held_until", "is_locked", "reminded_at",
        )  # fmt: skip

    @property
    def span(self) -> Span:
        """Return its time."""
        return Span(self.starts_at, self.ends_at)


class OccupiedQuerySet(models.QuerySet["Occupied"]):
    """Questions about who is taken."""

    def of(self, persons: Iterable[int], logins: Iterable[int]) -> OccupiedQuerySet:
        """Return the rows of these persons and of these logins, at whatever school."""
        return self.filter(Q(person__in=list(persons)) | Q(user__in=list(logins)))

    def without_login(self) -> OccupiedQuerySet:
        """Return the rows of persons who got a login after they were written."""
        return self.filter(user__isnull=True, person__user__isnull=False)


class Occupied(models.Model):
    """A person is taken for five minutes (`tick`: since 1970), by one booking. Across rounds, and across schools too.

    One person cannot have the same tick twice, nor one login: a parent with children at two schools is two persons and
    one login. Written in the transaction of the booking itself.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, db_index=False, related_name="+")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, db_index=False, null=True, blank=True, related_name="+")
    tick = models.PositiveIntegerField()
    booking = models.ForeignKey(Booking, on_delete=models.CASCADE, related_name="occupied")

    objects = OccupiedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "tick"], name="person_in_one_place"),
            models.UniqueConstraint(fields=["user", "tick"], name="login_in_one_place"),
        ]

    class Privacy:
        purpose = "So that nobody has to be in two places at once."
        keep = "With its booking."
        personal = ("person", "user", "tick")
        impersonal = ("id", "booking")


class Waiting(models.Model):
    """A party without a moment that suits waits for one that comes free."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    party = models.OneToOneField(Party, on_delete=models.CASCADE, related_name="waiting")
    since = models.DateTimeField()

    class Meta:
        ordering = ["since", "pk"]

    class Privacy:
        purpose = "To offer a moment that comes free to who waits for it."
        keep = "Until the party has a moment, at most with its round."
        personal = ("party", "since")
        impersonal = ("id", "school")
