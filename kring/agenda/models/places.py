"""Places to fill: one race-safe way for helpers at an event and for help requests.

An `Offer` has a number of places, a `Signup` is somebody who takes one or more (or waits for them), and each `Place`
has a number that exists once per offer: that constraint, not a count, is why nobody gets the 7th of 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import models
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from kring.agenda.models.events import Event
from kring.agenda.rules import MOST_PLACES, Door, OfferKind, SignupState, door
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.school.models import School


class OfferKindChoice(models.TextChoices):
    """The words for each kind."""

    TASK = OfferKind.TASK.value, _("A task")
    TIME = OfferKind.TIME.value, _("A stretch of time")
    SEATS = OfferKind.SEATS.value, _("Seats in cars")


class SignupStateChoice(models.TextChoices):
    """The words for each state."""

    HELD = SignupState.HELD.value, _("Has a place")
    WAITING = SignupState.WAITING.value, _("On the waiting list")
    RETURNED = SignupState.RETURNED.value, _("Gave it back")


class OfferQuerySet(models.QuerySet["Offer"]):
    """Questions about places to fill."""

    def visible_to(self, viewer: Viewer) -> OfferQuerySet:
        """Return the places of events that the viewer may open.

        Those of a room above (help requests) have no event: that room asks whether its own thing is visible.
        """
        return self.filter(event__in=Event.objects.visible_to(viewer).values("pk"))

    def with_counts(self) -> OfferQuerySet:
        """Bring along `taken` (places with a number) and `waiting` (people on the waiting list)."""
        return self.annotate(
            taken=Count("filled", distinct=True),
            waiting=Count("signups", filter=Q(signups__state=SignupState.WAITING), distinct=True),
        )

    def in_order(self) -> OfferQuerySet:
        """Return the rows as a page shows them."""
        return self.order_by("position", "day", F("starts").asc(nulls_first=True), "pk")


class Offer(Named):
    """A number of places of one kind, that anybody whom the thing is for can take.

    `event` is empty for a room above; such a room keeps its own relation to the row, and `link` is the path of its page
    (for notices). `most_each` is how many one person can take. Day and hours are the school's own and only told.
    `turn` goes up with every change of the list: whoever changes it takes her turn first.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, blank=True, related_name="offers")
    link = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=10, choices=OfferKindChoice, default=OfferKindChoice.TASK)
    title = models.CharField(max_length=120)
    day = models.DateField(null=True, blank=True)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    places = models.PositiveSmallIntegerField()
    most_each = models.PositiveSmallIntegerField(default=1)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    has_waiting_list = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveIntegerField(default=0)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=MOST_PLACES), name="offer_has_places"),
            models.CheckConstraint(condition=Q(most_each__gte=1), name="offer_gives_one_at_least"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="offer_closes_after_opening",
            ),
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(starts__isnull=False, ends__gt=F("starts")),
                name="offer_hours_in_order",
            ),
        ]

    class Privacy:
        purpose = "To say what help is asked for, and how much of it."
        keep = "With what it belongs to."
        personal = ("title",)
        impersonal = (
            "id",
            "public_id",
            "school",
            "event",
            "link",
            "kind",
            "day",
            "starts",
            "ends",
            "places",
            "most_each",
            "opens_at",
            "closes_at",
            "closed_at",
            "has_waiting_list",
            "position",
            "turn",
        )

    def __str__(self) -> str:
        return f"Offer {self.pk}"

    def door(self, now: datetime, *, taken: int, waiting: int = 0) -> Door:
        """Say whether places can be taken at `now` (aware), when so many are taken and so many people wait."""
        return door(
            now=now,
            opens_at=self.opens_at,
            closes_at=self.closes_at,
            is_closed=self.closed_at is not None,
            free=self.places - taken,
            has_waiting_list=self.has_waiting_list,
            is_awaited=waiting > 0,
        )


class SignupQuerySet(models.QuerySet["Signup"]):
    """Questions about who takes places."""

    def visible_to(self, viewer: Viewer) -> SignupQuerySet:
        """Return the viewer's own, and all of events that she works on. Other parents see numbers, not names."""
        mine = Q(person_id__in=list(viewer.persons.values()))
        return self.filter(mine | Q(offer__event__in=Event.objects.worked_on_by(viewer).values("pk")))

    def mine(self, viewer: Viewer) -> SignupQuerySet:
        """Return those of the viewer herself that stand."""
        return self.current().filter(person_id__in=list(viewer.persons.values()))

    def of(self, offers: Iterable[Offer]) -> SignupQuerySet:
        """Return those of these offers, with who it is. The room that asks has checked who may see the list."""
        return self.filter(offer__in=[offer.pk for offer in offers]).select_related("person", "offer")

    def current(self) -> SignupQuerySet:
        """Return who has places or waits for them."""
        return self.exclude(state=SignupState.RETURNED)

    def held(self) -> SignupQuerySet:
        """Return who has places."""
        return self.filter(state=SignupState.HELD)

    def waiting(self) -> SignupQuerySet:
        """Return who waits, in order of the list."""
        return self.filter(state=SignupState.WAITING).order_by("said_at", "pk")


class Signup(Named):
    """Somebody takes `amount` places of an offer, or waits for them.

    `name` in words is for somebody who answered at the school gate; then `person` is empty and `added_by` says who
    wrote it down.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="signups")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    amount = models.PositiveSmallIntegerField(default=1)
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=SignupStateChoice, default=SignupStateChoice.HELD)
    said_at = models.DateTimeField()
    moved_up_at = models.DateTimeField(null=True, blank=True)
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = SignupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["offer", "person"],
                condition=Q(state__in=["held", "waiting"], person__isnull=False),
                name="signed_up_once",
            ),
            models.CheckConstraint(condition=Q(person__isnull=False) ^ ~Q(name=""), name="signup_of_somebody"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="signup_of_one_at_least"),
        ]

    class Privacy:
        purpose = "To know who helps."
        keep = "With what it belongs to."
        personal = ("person", "name", "amount", "note", "state", "said_at", "moved_up_at", "added_by")
        impersonal = ("id", "public_id", "school", "offer")

    def __str__(self) -> str:
        return f"Signup {self.pk}"

    @property
    def who(self) -> str:
        """Return the name: of the person, or the words that were written down."""
        return self.person.display_name if self.person else self.name


class Place(models.Model):
    """One place that is taken: each number once per offer."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="filled")
    signup = models.ForeignKey(Signup, on_delete=models.CASCADE, related_name="filled")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["offer", "number"], name="each_place_once"),
            models.CheckConstraint(condition=Q(number__gte=1, number__lte=MOST_PLACES), name="place_has_a_number"),
        ]

    class Privacy:
        purpose = "To give each place to one person."
        keep = "With its offer."
        personal = ("signup",)
        impersonal = ("id", "offer", "number")
