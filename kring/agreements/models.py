"""Versions of what a school agreed, and who said that she read one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import Q

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Person, User
from kring.school.models import School


class State(models.TextChoices):
    """A draft is being written by management; a published version never changes again."""

    DRAFT = "draft"
    PUBLISHED = "published"


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Questions about versions."""

    def visible_to(self, viewer: Viewer) -> AgreementQuerySet:
        """Return the published versions of the viewer's schools and boards, and the drafts of schools she manages."""
        members = Q(school_id__in=viewer.school_ids) | Q(school__board_id__in=viewer.administered_board_ids)
        managed = [school_id for school_id in viewer.managed_school_ids if viewer.is_management(school_id)]
        return self.filter((Q(state=State.PUBLISHED) & members) | Q(state=State.DRAFT, school_id__in=managed))

    def published(self) -> AgreementQuerySet:
        """Return the versions, newest date first."""
        return self.filter(state=State.PUBLISHED).order_by("-in_force_from", "-number")

    def drafts(self) -> AgreementQuerySet:
        """Return what is being written."""
        return self.filter(state=State.DRAFT)

    def of_schools(self, school_ids: Iterable[int]) -> AgreementQuerySet:
        """Return what belongs to these schools."""
        return self.filter(school_id__in=list(school_ids))

    def begun(self, on: date) -> AgreementQuerySet:
        """Return the versions whose date is `on` or earlier; the first of them is the one in force on that day."""
        return self.published().filter(in_force_from__lte=on)

    def numbered(self, number: int) -> Agreement | None:
        """Return the version with this number, if it is among them."""
        return self.filter(number=number).first()


class Agreement(Named):
    """One version: the values of all settings, the school's own paragraphs, and the text as it was printed.

    `values` maps the path of a setting to JSON; `confirmed` lists the paths of filled-in values that management
    made its own; `paragraphs` is chapter -> language -> text; `printed` is language -> chapters (see `printing.py`).
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="agreements")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.PositiveIntegerField(null=True, blank=True)
    in_force_from = models.DateField(null=True, blank=True)
    values = models.JSONField(default=dict, blank=True)
    confirmed = models.JSONField(default=list, blank=True)
    paragraphs = models.JSONField(default=dict, blank=True)
    printed = models.JSONField(default=dict, blank=True)
    is_public = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school"], condition=Q(state="draft"), name="one_draft_per_school"),
            models.UniqueConstraint(fields=["school", "number"], name="agreement_number_once"),
            models.CheckConstraint(
                condition=Q(state="draft", number__isnull=True)
                | Q(state="published", number__gte=1, in_force_from__isnull=False, published_at__isnull=False),
                name="published_agreement_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["school", "-in_force_from", "-number"], name="agreement_in_force")]

    class Privacy:
        purpose = "To know and show what a school agreed, and by which version something was decided."
        keep = "As long as the school uses Kring."
        personal = ("published_by",)
        impersonal = (
            "id", "public_id", "school", "state", "number", "in_force_from", "values", "confirmed", "paragraphs",
            "printed", "is_public", "saved_at", "published_at",
        )  # fmt: skip

    def has_begun(self, on: date) -> bool:
        """Say whether it counts, or counted, on the day `on`; what is still being written has no date."""
        return self.in_force_from is not None and self.in_force_from <= on


class ConfirmationQuerySet(models.QuerySet["Confirmation"]):
    """Questions about who read what."""

    def visible_to(self, viewer: Viewer) -> ConfirmationQuerySet:
        """Return the viewer's own."""
        return self.filter(person_id__in=viewer.persons.values())

    def newest_of(self, *, person_id: int) -> Confirmation | None:
        """Return the newest version that the person confirmed, with its text."""
        return self.filter(person_id=person_id).select_related("agreement").order_by("-agreement__number").first()


class Confirmation(models.Model):
    """A person said that she read a version."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="confirmations")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "person"], name="confirmed_once")]

    class Privacy:
        purpose = "To show somebody what changed since she last read it, and to know that new guardians read it."
        keep = "With the person."
        personal = ("person", "at")
        impersonal = ("id", "school", "agreement")
