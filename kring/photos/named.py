"""Which children are in a photo, where it was used outside Kring, and the condition under which a use may be shown.

Consent is asked in the query, at every request: a withdrawal hides in the same moment, wherever the photo stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kring.consents.reading import is_given
from kring.core.kept import KeptExists, outer
from kring.people.models import Child, Person
from kring.photos import rules
from kring.school.models import School

if TYPE_CHECKING:
    from kring.photos.models import Photo


class PeopleSaid(models.TextChoices):
    """What was said about who can be recognised."""

    UNSAID = rules.People.UNSAID.value, _("Nobody said yet who is in it")
    NOBODY = rules.People.NOBODY.value, _("Nobody can be recognised")
    NAMED = rules.People.NAMED.value, _("Named")


@dataclass(frozen=True, slots=True)
class Sight:
    """Who is in photos, by the photo's key, and the pairs (child, purpose) whose consent stands."""

    people: dict[int, rules.InPhoto]
    given: frozenset[tuple[int | None, str]]


class PersonInPhotoQuerySet(models.QuerySet["PersonInPhoto"]):
    """Questions about who is in photos."""

    def sight_of(self, photos: Sequence[Photo], *, codes: Iterable[str], today: date) -> Sight:
        """Return who is in each of these photos, and for whom which consent stands today. One query; none unless
        somebody was named."""
        asked = list(codes)
        found: dict[int, list[int | None]] = {photo.pk: [] for photo in photos}
        given: set[tuple[int | None, str]] = set()
        if any(photo.people == PeopleSaid.NAMED for photo in photos):
            stands = [ExpressionWrapper(is_given(code, today=today), BooleanField()) for code in asked]
            rows = self.filter(photo__in=list(found)).order_by("pk")
            for photo_id, child_id, *may in rows.values_list("photo_id", "child_id", *stands):
                found[photo_id].append(child_id)
                given.update((child_id, code) for code, may_be in zip(asked, may, strict=True) if may_be)
        people = {photo.pk: rules.InPhoto(rules.People(photo.people), tuple(found[photo.pk])) for photo in photos}
        return Sight(people, frozenset(given))


class PersonInPhoto(models.Model):
    """A child can be recognised on a photo: somebody of the team said so. No machine ever looks for faces.

    When the child's own row is gone `child` is empty, and the photo is shown to nobody: no consent stands for it.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    photo = models.ForeignKey("photos.Photo", on_delete=models.CASCADE, related_name="persons")
    child = models.ForeignKey(Child, on_delete=models.SET_NULL, null=True, related_name="+")
    named_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PersonInPhotoQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["photo", "child"], name="child_once_in_a_photo")]

    class Privacy:
        purpose = "To show a photo only where everybody in it may be shown."
        keep = "As long as the photo."
        personal = ("photo", "child", "named_by")
        impersonal = ("id", "school")


class UsedElsewhereQuerySet(models.QuerySet["UsedElsewhere"]):
    """Questions about photos outside Kring."""

    def still_there(self) -> UsedElsewhereQuerySet:
        """Return what nobody has taken down."""
        return self.filter(taken_down_at=None)

    def to_take_down(self, today: date) -> UsedElsewhereQuerySet:
        """Return what is still there although a child in the photo may not be shown there any more."""
        persons = PersonInPhoto.objects.filter(photo_id=OuterRef("photo_id"))
        return self.still_there().filter(Exists(persons.filter(~is_given(OuterRef("code"), today=today))))


class UsedElsewhere(models.Model):
    """Somebody used the photo outside Kring: on the website, in the newsletter. Kring cannot take it down there."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    photo = models.ForeignKey("photos.Photo", on_delete=models.CASCADE, related_name="elsewhere")
    code = models.CharField(max_length=30)
    marked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = UsedElsewhereQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["photo", "code"], condition=Q(taken_down_at__isnull=True), name="once_in_a_place_elsewhere"
            )
        ]

    class Privacy:
        purpose = "To know where a photo has to be taken down when consent is withdrawn."
        keep = "As long as the photo."
        personal = ("photo", "marked_by", "taken_down_by")
        impersonal = ("id", "school", "code", "at", "taken_down_at")


def may_be_shown(today: date) -> Q:
    """Return the condition on a PhotoUse that everybody in the photo may be shown today to whom the use is for.

    Beyond its own group a photo of which nobody said who is in it is never shown. To one child's guardians alone goes
    what shows no other child, whatever consent says.
    """
    is_said = ~Q(photo__people=PeopleSaid.UNSAID)
    others = KeptExists(_others, columns=("photo_id", "only_for_id"))
    not_in_group = KeptExists(_without_consent, rules.APP_GROUP, today, columns=("photo_id",))
    not_in_school = KeptExists(_without_consent, rules.APP_SCHOOL, today, columns=("photo_id",))
    everybody_may = (
        Q(purpose=rules.APP_GROUP) & ~Q(not_in_group)
        | Q(purpose=rules.APP_SCHOOL) & ~Q(not_in_school)
        | Q(purpose=rules.OWN_GUARDIANS) & ~Q(others)
    )
    # Apart, so that a database can decide about a use before it fetches the photo: PostgreSQL read them all otherwise.
    return (Q(purpose=rules.APP_GROUP) | is_said) & everybody_may


def _without_consent(code: str, today: date) -> models.QuerySet:
    return PersonInPhoto.objects.filter(~is_given(code, today=today), photo_id=outer())


def _others() -> models.QuerySet:
    photo, child = outer(), outer()
    return PersonInPhoto.objects.filter(photo_id=photo).filter(Q(child__isnull=True) | ~Q(child_id=child))
