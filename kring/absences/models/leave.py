"""Leave: asked for by a guardian, decided by management, never through the teacher (N4, S10)."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from kring.absences.circle import of_family, of_team
from kring.absences.rules import MAX_WHY, LeaveKind, LeaveState
from kring.core.models import Named
from kring.core.public_id import LENGTH
from kring.core.viewer import RoleKind, Viewer
from kring.files.models import Document
from kring.people.models import Audience, Child, Person
from kring.school.models import School


class LeaveKindChoice(models.TextChoices):
    """The grounds of the law in words."""

    WEDDING = LeaveKind.WEDDING.value, _("Wedding")
    DEATH = LeaveKind.DEATH.value, _("Death or serious illness in the family")
    MOVING = LeaveKind.MOVING.value, _("Moving house")
    JUBILEE = LeaveKind.JUBILEE.value, _("Jubilee in the family")
    RELIGIOUS = LeaveKind.RELIGIOUS.value, _("Religious feast or duty")
    WORK = LeaveKind.WORK.value, _("Holiday, because of the work of a parent")
    FIVE = LeaveKind.FIVE.value, _("Some hours less for a five-year-old")
    OTHER = LeaveKind.OTHER.value, _("Something else that weighs")


class LeaveStateChoice(models.TextChoices):
    """The words for each state."""

    ASKED = LeaveState.ASKED.value, _("Management decides")
    GRANTED = LeaveState.GRANTED.value, _("Granted")
    DECLINED = LeaveState.DECLINED.value, _("Not granted")
    WITHDRAWN = LeaveState.WITHDRAWN.value, _("Withdrawn")


def _managed(viewer: Viewer) -> list[int]:
    return [role.school_id for role in viewer.roles if role.kind == RoleKind.MANAGEMENT and role.school_id is not None]


class LeaveRequestQuerySet(models.QuerySet["LeaveRequest"]):
    """Questions about requests for leave."""

    def visible_to(self, viewer: Viewer) -> LeaveRequestQuerySet:
        """Return those about her own children, and those of schools whose management she is. Never to a teacher."""
        return self.filter(of_family(viewer) | Q(school_id__in=_managed(viewer)))

    def decided_by(self, viewer: Viewer) -> LeaveRequestQuerySet:
        """Return those of schools whose management she is."""
        return self.filter(school_id__in=_managed(viewer))

    def of_own_children(self, viewer: Viewer) -> LeaveRequestQuerySet:
        """Return those of the children she is a full guardian of."""
        return self.filter(of_family(viewer))

    def away_as_team_sees(self, viewer: Viewer) -> LeaveRequestQuerySet:
        """Return what was granted, for the team of the children and the office: who is away on which days, not why."""
        columns = ("pk", "school_id", "child_id", "first_day", "last_day", "state", "child__first_name")
        rows = self.filter(of_team(viewer), state=LeaveState.GRANTED).select_related("child")
        return rows.only(*columns, "child__infix", "child__last_name", "child__public_id", "child__school_id")

    def on(self, school: School, day: date) -> LeaveRequestQuerySet:
        """Return what covers `day` at the school."""
        rows = self.filter(school=school, first_day__lte=day, last_day__gte=day)
        return rows.order_by("child__last_name", "child__first_name")

    def between(self, school: School, first: date, last: date) -> LeaveRequestQuerySet:
        """Return what touches the days `first` to `last` at the school."""
        return self.filter(school=school, first_day__lte=last, last_day__gte=first).order_by("first_day", "pk")

    def granted_in(self, first: date, last: date) -> LeaveRequestQuerySet:
        """Return what was granted and touches the days `first` to `last`, both included, in order."""
        rows = self.filter(state=LeaveState.GRANTED, first_day__lte=last, last_day__gte=first)
        return rows.order_by("first_day", "pk")

    def waiting_first(self) -> LeaveRequestQuerySet:
        """Return all for a list: what waits on top, the nearest term first."""
        is_asked = models.Case(models.When(state=LeaveState.ASKED, then=0), default=1)
        rows = self.annotate(order=is_asked).select_related("child", "school", "asked_by")
        return rows.order_by("order", "decide_by", "-asked_at")

    def not_over(self, day: date) -> LeaveRequestQuerySet:
        """Return what is still to come or goes on on `day`, and what still waits."""
        rows = self.filter(Q(last_day__gte=day) | Q(state=LeaveState.ASKED)).exclude(state=LeaveState.WITHDRAWN)
        return rows.select_related("child", "school").order_by("first_day", "pk")

    def over_before(self, day: date, school: School) -> LeaveRequestQuerySet:
        """Return what ended at the school before `day`."""
        return self.filter(school=school, last_day__lt=day)


class LeaveRequest(Named):
    """A guardian asks for leave from `first_day` to `last_day`, both included, on a ground that the law knows."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, related_name="+")
    first_day = models.DateField()
    last_day = models.DateField()
    lessons = models.PositiveSmallIntegerField()  # school days in it, when it was asked for
    kind = models.CharField(max_length=20, choices=LeaveKindChoice)
    why = models.TextField(max_length=MAX_WHY, blank=True)
    state = models.CharField(max_length=10, choices=LeaveStateChoice, default=LeaveStateChoice.ASKED)
    asked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField()
    decide_by = models.DateField()
    decided_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(max_length=MAX_WHY, blank=True)
    token = models.CharField(max_length=LENGTH, null=True, blank=True)
    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")
    team_audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="+")

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school", "state", "decide_by"], name="leave_waiting"),
            models.Index(fields=["school", "last_day"], name="leave_when"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="leave_ends_after_start"),
            models.UniqueConstraint(fields=["child", "token"], name="leave_asked_once"),
            models.UniqueConstraint(
                fields=["child", "first_day"], condition=Q(state__in=["asked", "granted"]), name="one_leave_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"]) | Q(decided_at__isnull=False), name="leave_was_decided"
            ),
        ]

    class Privacy:
        purpose = "To let management decide about leave, as the law asks."
        keep = (
            "Words and documents: 3 months after the leave, or as long as the school chose. The rest: until the end "
            "of the school year, plus 1 year."
        )
        personal = (
            "child",
            "first_day",
            "last_day",
            "lessons",
            "kind",
            "why",
            "asked_by",
            "decided_by",
            "decision",
        )
        impersonal = (
            "id",
            "public_id",
            "school",
            "state",
            "asked_at",
            "decide_by",
            "decided_at",
            "token",
            "audience",
            "team_audience",
        )

    def __str__(self) -> str:
        return f"LeaveRequest {self.pk}"

    @property
    def is_open(self) -> bool:
        """Say whether it waits for a decision."""
        return self.state == LeaveState.ASKED


class LeaveDocumentQuerySet(models.QuerySet["LeaveDocument"]):
    """Questions about what was sent along."""

    def visible_to(self, viewer: Viewer) -> LeaveDocumentQuerySet:
        """Return what she sent along herself, and what she decides about. The other guardian does not see it."""
        own = Q(request__asked_by_id__in=list(viewer.persons.values())) & Q(
            request__in=LeaveRequest.objects.of_own_children(viewer).values("pk")
        )
        return self.filter(own | Q(request__in=LeaveRequest.objects.decided_by(viewer).values("pk")))


class LeaveDocument(Named):
    """A statement of an employer, an invitation, an announcement: sent along with a request."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    request = models.ForeignKey(LeaveRequest, on_delete=models.CASCADE, related_name="documents")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)

    objects = LeaveDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["document"], name="leave_document_once")]

    class Privacy:
        purpose = "To let management read what belongs to a request for leave."
        keep = "3 months after the leave, or as long as the school chose."
        personal = ("document",)
        impersonal = ("id", "public_id", "school", "request", "position")
