"""A round of conversations: what is planned, who sits where and when, and the moments that gives."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.agenda.models import Event
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.meetings.rules import Filling, RoundKind, RoundState, Span
from kring.people.models import Audience, Person
from kring.school.models import Group, School


class KindChoice(models.TextChoices):
    """The words for each kind of round."""

    REPORT = RoundKind.REPORT.value, _("Report conversations")
    ADVICE = RoundKind.ADVICE.value, _("Secondary-school advice conversations")
    ACQUAINTANCE = RoundKind.ACQUAINTANCE.value, _("Start conversations")
    PROGRESS = RoundKind.PROGRESS.value, _("Progress conversations")
    REQUEST = RoundKind.REQUEST.value, _("Conversations on request")


class StateChoice(models.TextChoices):
    """The words for each state of a round."""

    DRAFT = RoundState.DRAFT.value, _("In preparation")
    READY = RoundState.READY.value, _("Set ready")
    CANCELLED = RoundState.CANCELLED.value, _("Cancelled")


class FillingChoice(models.TextChoices):
    """The words for who fills the moments of a round."""

    AGREED = Filling.AGREED.value, _("As the agreement says")
    FAMILIES = Filling.FAMILIES.value, _("Families choose themselves")
    SCHOOL = Filling.SCHOOL.value, _("Families give wishes, the school plans all at once")


def _parties() -> Any:
    # The table of parties stands in parties.py, which knows this file; its queries are asked here too.
    return Round._meta.get_field("parties").related_model._default_manager  # type: ignore[union-attr]


class RoundQuerySet(models.QuerySet["Round"]):
    """Questions about rounds."""

    def visible_to(self, viewer: Viewer) -> RoundQuerySet:
        """Return the rounds the viewer may know of.

        Office and management see those of their school, in preparation too; who works there those that are set ready;
        a guardian those that are set ready and invite a child of hers.
        """
        found = Q(school_id__in=viewer.managed_school_ids)
        found |= Q(school_id__in=viewer.staff_school_ids, state=RoundState.READY)
        if viewer.spans:
            found |= Q(pk__in=_parties().own_of(viewer).values("round_id"))
        return self.filter(found)

    def ready(self) -> RoundQuerySet:
        """Return those that are set ready."""
        return self.filter(state=RoundState.READY)

    def near(self, children: Iterable[int], since: datetime, until: datetime) -> RoundQuerySet:
        """Return those set ready in which a party about these children has no time yet, with a session that begins
        between the moments (aware). Who may see one is asked after that."""
        asked = _parties().without_booking().filter(child_id__in=list(children)).values("round_id")
        there = Sitting.objects.filter(starts_at__gte=since, starts_at__lt=until).values("round_id")
        return self.ready().filter(pk__in=asked).filter(pk__in=there)

    def not_over_at(self, now: datetime) -> RoundQuerySet:
        """Return those with a moment that is still to come, or without any moment yet."""
        later = Slot.objects.filter(ends_at__gt=now).values("round_id")
        return self.filter(Q(pk__in=later) | ~Q(pk__in=Slot.objects.values("round_id")))

    def for_pages(self) -> RoundQuerySet:
        """Bring along the school."""
        return self.select_related("school", "audience")


class Round(Named):
    """One round of conversations of a school. `gap_minutes` is what a family needs from one room to the next.

    All moments are aware. Who books earlier is the agreement's (C3), unless `is_early` is off for this round.
    Who fills it is the agreement's (C2), unless `filling` says otherwise; from `opens_at` to `closes_at` families book,
    or give their wishes.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=KindChoice)
    name = models.CharField(max_length=80)
    minutes = models.PositiveSmallIntegerField()
    gap_minutes = models.PositiveSmallIntegerField(default=5)
    with_child = models.BooleanField(default=False)
    by_video = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True)
    is_early = models.BooleanField(default=True)
    filling = models.CharField(max_length=10, choices=FillingChoice, default=FillingChoice.AGREED, blank=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    weeks = models.ManyToManyField(Event, related_name="+")  # the weeks of the agenda in which it is held (C1)
    state = models.CharField(max_length=10, choices=StateChoice, default=StateChoice.DRAFT)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    told_early_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-opens_at", "pk"]
        indexes = [models.Index(fields=["school", "state", "opens_at"], name="round_when")]
        constraints = [models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="round_closes_after_open")]

    class Privacy:
        purpose = "To plan when families and teachers talk."
        keep = "Until the end of the school year after it."
        personal = ("made_by",)
        impersonal = (
            "id", "public_id", "school", "audience", "kind", "name", "minutes", "gap_minutes", "with_child",
            "by_video", "note", "is_early", "filling", "opens_at", "closes_at", "weeks", "state", "made_at",
            "told_early_at", "told_at", "reminded_at", "ready_at",
        )  # fmt: skip

    def __str__(self) -> str:
        return self.name


class SittingQuerySet(models.QuerySet["Sitting"]):
    """Questions about who sits where and when."""

    def visible_to(self, viewer: Viewer) -> SittingQuerySet:
        """Return the sittings that office and management keep, those of the viewer's groups, and her own."""
        ready = Q(round__state=RoundState.READY)
        own = Q(teachers__in=list(viewer.persons.values()), school_id__in=viewer.staff_school_ids)
        found = self.filter(
            Q(school_id__in=viewer.managed_school_ids) | (ready & (Q(group_id__in=viewer.taught_group_ids) | own))
        )
        return found.distinct()

    def held_by(self, viewer: Viewer) -> SittingQuerySet:
        """Return the sittings in which the viewer herself sits ready, of rounds that are set ready, in order."""
        seats = Sitting.teachers.through.objects.filter(person_id__in=list(viewer.persons.values()))
        here = {"school_id__in": viewer.staff_school_ids, "round__state": RoundState.READY}
        return self.filter(pk__in=seats.values("sitting_id"), **here).order_by("starts_at", "pk")

    def near(self, persons: Iterable[int], since: datetime, until: datetime) -> SittingQuerySet:
        """Return those in which one of these persons sits ready and that begin between the moments (aware). Who may see
        one is asked after that."""
        return self.filter(teachers__in=list(persons), starts_at__gte=since, starts_at__lt=until)

    def of_teacher_between(self, person: Person, since: datetime, before: datetime) -> SittingQuerySet:
        """Return the sittings of this teacher, of rounds that are set ready, that begin from `since` and before
        `before` (both aware), in order, with `coming`: how many families come."""
        seats = Sitting.teachers.through.objects.filter(person=person)
        found = self.filter(pk__in=seats.values("sitting_id"), starts_at__gte=since, starts_at__lt=before)
        coming = models.Count("slots__booking", filter=Q(slots__booking__party__isnull=False))
        rows = found.filter(round__state=RoundState.READY).select_related("round__school", "group", "school")
        return rows.prefetch_related("teachers").annotate(coming=coming).order_by("starts_at", "pk")

    def with_teachers(self) -> SittingQuerySet:
        """Bring along group and teachers, in one more query."""
        return self.select_related("group").prefetch_related("teachers")


class Sitting(Named):
    """One or two teachers sit ready for a group, in one place, from `starts_at` to `ends_at`.

    Duo teachers who both attend are one sitting with two teachers; of whom either will do, two sittings. `version` goes
    up with what changes about it in a calendar (iCalendar's SEQUENCE).
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="sittings")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    teachers = models.ManyToManyField(Person, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = models.CharField(max_length=60, blank=True)
    video_link = models.URLField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(null=True, blank=True)

    coming: int  # how many families come, where `of_teacher_between` found it

    objects = SittingQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "group__name", "pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="sitting_ends_after_start")]

    class Privacy:
        purpose = "To know who receives families, where and when."
        keep = "With its round."
        personal = ("teachers", "video_link")
        impersonal = (
            "id", "public_id", "school", "round", "group", "starts_at", "ends_at", "place", "version", "changed_at",
        )  # fmt: skip

    @property
    def span(self) -> Span:
        """Return its time."""
        return Span(self.starts_at, self.ends_at)


class SlotQuerySet(models.QuerySet["Slot"]):
    """Questions about moments."""

    def visible_to(self, viewer: Viewer) -> SlotQuerySet:
        """Return the moments of visible sittings, and for a guardian those of the groups that invite a child of hers.

        That a moment is taken is visible to all of them; by whom is a question to Booking.
        """
        found = Q(sitting__in=Sitting.objects.visible_to(viewer).values("pk"))
        if viewer.spans:
            here = {"round": models.OuterRef("round"), "group": models.OuterRef("sitting__group")}
            own = _parties().own_of(viewer).filter(**here)
            found |= Q(models.Exists(own))
        return self.filter(found)

    def standing(self, keys: Iterable[str]) -> SlotQuerySet:
        """Return the moments with these public ids, with what booking needs."""
        return self.filter(public_id__in=list(keys)).select_related("sitting", "round__school")

    def with_booking(self) -> SlotQuerySet:
        """Bring along sitting and what it is taken by."""
        return self.select_related("sitting__group", "booking")


class Slot(Named):
    """One moment of a sitting. It is free while no Booking has it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="slots")
    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "pk"]
        indexes = [models.Index(fields=["round", "starts_at"], name="slot_of_round")]
        constraints = [
            models.UniqueConstraint(fields=["sitting", "starts_at"], name="slot_once_in_a_sitting"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"),
        ]

    class Privacy:
        purpose = "To know at which moments a family can come."
        keep = "With its round."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "public_id", "school", "round", "sitting", "starts_at", "ends_at")

    @property
    def span(self) -> Span:
        """Return its time."""
        return Span(self.starts_at, self.ends_at)
