"""Photos and for whom each is shown. The pictures themselves are files; see processing.py and store.py."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from kring.agreements.current import closing_dates
from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.people.models import Audience, Child, Person
from kring.people.reading import readable
from kring.photos import rules
from kring.photos.handed import HandedOut as HandedOut  # noqa: PLC0414  the room has one face
from kring.photos.named import PeopleSaid as PeopleSaid  # noqa: PLC0414
from kring.photos.named import PersonInPhoto as PersonInPhoto  # noqa: PLC0414
from kring.photos.named import UsedElsewhere as UsedElsewhere  # noqa: PLC0414
from kring.photos.named import may_be_shown
from kring.photos.wording import sentence
from kring.school.models import Group, School


def of_the_team(viewer: Viewer, prefix: str = "") -> Q:
    """Return the condition that the viewer works with the photo's group today: its teachers, office and management."""
    taught = Q(**{f"{prefix}group_id__in": viewer.taught_group_ids})
    return taught | Q(**{f"{prefix}school_id__in": viewer.managed_school_ids})


class PhotoState(models.TextChoices):
    """Where a photo stands between upload and picture."""

    WAITING = rules.State.WAITING.value, _("Waits")
    PROCESSING = rules.State.PROCESSING.value, _("Being made ready")
    READY = rules.State.READY.value, _("Ready")
    FAILED = rules.State.FAILED.value, _("Failed")


class PhotoQuerySet(models.QuerySet["Photo"]):
    """All queries about photos."""

    def visible_to(self, viewer: Viewer) -> PhotoQuerySet:
        """Return the photos she may open now: those of her own groups, and those shown to her and not hidden.

        Before publication, and when a child in it may not be shown any more, only the team of the group sees a photo.
        Limited guardians get no photos (house.md, 8).
        """
        uses = PhotoUse.objects.shown_to(viewer).filter(photo=OuterRef("pk"))
        return self.filter(of_the_team(viewer) | Exists(uses))

    def workable_by(self, viewer: Viewer) -> PhotoQuerySet:
        """Return the photos that she may describe, show and remove: those of her own groups."""
        return self.filter(of_the_team(viewer))

    def in_order(self, public_ids: list[str]) -> list[Photo]:
        """Return the photos with those names, in that order; names that are not among them are left out."""
        found = {photo.public_id: photo for photo in self.filter(public_id__in=public_ids).select_related("group")}
        return [found[name] for name in rules.once(public_ids) if name in found]

    def ready(self) -> PhotoQuerySet:
        """Return the photos that can be looked at."""
        return self.filter(state=PhotoState.READY)

    def unfinished_of(self, person_id: int | None) -> PhotoQuerySet:
        """Return the uploads of this person that the worker has not finished."""
        return self.filter(added_by_id=person_id, state__in=[PhotoState.WAITING, PhotoState.PROCESSING])

    def unused(self) -> PhotoQuerySet:
        """Return the photos that were never shown to anybody but the team, here or elsewhere."""
        elsewhere = UsedElsewhere.objects.filter(photo=OuterRef("pk"))
        return self.filter(~Exists(PhotoUse.objects.filter(photo=OuterRef("pk"))) & ~Exists(elsewhere))

    def kept_back_on(self, today: date) -> PhotoQuerySet:
        """Return the photos that were placed but are shown to nobody, or to fewer: a child in it may not be shown."""
        standing = PhotoUse.objects.filter(photo=OuterRef("pk"), hidden_at=None)
        return self.filter(Exists(standing.filter(~may_be_shown(today))))

    def to_take_down(self, today: date) -> PhotoQuerySet:
        """Return the photos that stand outside Kring where a child in it may not be shown any more."""
        return self.filter(Exists(UsedElsewhere.objects.to_take_down(today).filter(photo=OuterRef("pk"))))

    def with_uploads(self, names: list[str]) -> models.QuerySet[Photo, str]:
        """Return which of these stored uploads still belong to a photo."""
        return self.filter(upload_name__in=names).values_list("upload_name", flat=True)

    def with_keys(self, keys: list[str]) -> models.QuerySet[Photo, str]:
        """Return which of these keys of renditions belong to a photo."""
        return self.filter(key__in=[key for key in keys if key]).values_list("key", flat=True)

    def stuck(self, now: datetime) -> PhotoQuerySet:
        """Return the photos that the worker should have finished long before `now`."""
        return self.filter(
            state__in=[PhotoState.WAITING, PhotoState.PROCESSING], touched_at__lt=now - rules.STUCK_AFTER
        )


class Photo(Named):
    """One picture: re-encoded, turned upright, without any metadata. The upload itself is not kept."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    touched_at = models.DateTimeField()  # when its state last changed
    state = models.CharField(max_length=10, choices=PhotoState, default=PhotoState.WAITING)
    fault = models.CharField(max_length=20, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    alt = models.CharField(max_length=rules.MAX_ALT, blank=True)
    width = models.PositiveIntegerField(default=0)  # upright, in pixels, as uploaded or as last cropped or covered
    height = models.PositiveIntegerField(default=0)
    content_hash = models.CharField(max_length=64)  # SHA-256 of the upload, to recognise the same file
    upload_name = models.CharField(max_length=60, blank=True)  # the upload, until the worker has read it
    key = models.CharField(max_length=32, blank=True)  # random; the renditions are stored under it
    alteration = models.TextField(blank=True)  # the crop or cover that the worker has yet to do (frames.py)
    people = models.CharField(max_length=10, choices=PeopleSaid, default=PeopleSaid.UNSAID)
    said_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    said_at = models.DateTimeField(null=True, blank=True)
    is_work = models.BooleanField(default=False)  # finished work of pupils (G3)
    no_name_checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PhotoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=PhotoState.READY) | (~Q(key="") & Q(width__gt=0, height__gt=0, upload_name="")),
                name="ready_photo_has_pictures",
            ),
            # Whoever is to be cropped or covered is seen by nobody until that is done.
            models.CheckConstraint(
                condition=Q(alteration="") | (~Q(state=PhotoState.READY) & ~Q(key="")),
                name="altered_photo_is_not_shown",
            ),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="photo_key_once"),
        ]
        indexes = [
            models.Index(fields=["school", "group", "-added_at"], name="photo_group"),
            models.Index(fields=["state", "touched_at"], condition=~Q(state=PhotoState.READY), name="photo_unfinished"),
        ]

    class Privacy:
        purpose = "To show children's days and work to those for whom the school placed it."
        keep = "Until removed or the group's retention ends; 60 days when never placed; the upload at most 24 hours."
        personal = (
            "group",
            "added_by",
            "alt",
            "key",
            "upload_name",
            "content_hash",
            "alteration",
            "people",
            "said_by",
            "no_name_checked_by",
        )
        impersonal = (
            "id",
            "public_id",
            "school",
            "added_at",
            "touched_at",
            "state",
            "fault",
            "tries",
            "width",
            "height",
            "said_at",
            "is_work",
        )

    def box(self, size: int) -> tuple[int, int]:
        """Return width and height in pixels of the rendition `size` (400, 800 or 1600)."""
        return rules.box(self.width, self.height, size)

    @property
    def sources(self) -> list[tuple[int, int]]:
        """Return (size, width in pixels) of each rendition that was made, for `srcset`."""
        return [(size, self.box(size)[0]) for size in rules.sizes_for(self.width, self.height)]

    @property
    def fault_sentence(self) -> str:
        """Return what is wrong and the way out, in the reader's language; empty when nothing is."""
        return sentence(self.fault)

    @property
    def is_ready(self) -> bool:
        """Say whether it can be looked at."""
        return self.state == PhotoState.READY

    @property
    def is_failed(self) -> bool:
        """Say whether it will not become a picture by itself."""
        return self.state == PhotoState.FAILED

    @property
    def can_retry(self) -> bool:
        """Say whether trying again makes sense: there is something to make it of, and the fault was ours."""
        return self.is_failed and bool(self.upload_name or self.alteration) and self.fault in rules.PASSING

    @property
    def said_mark(self) -> str:
        """Return a mark that changes when somebody says anew who is in it."""
        return self.said_at.isoformat() if self.said_at else ""

    @property
    def edition(self) -> str:
        """Return a mark that changes with the picture, for its address: a page that stands open keeps what it had."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:8]


def _today(viewer: Viewer) -> date:
    # A day begins in the zone of the school; one zone serves the end of a guardianship well enough here.
    return School().today(viewer.now)


class UsePurpose(models.TextChoices):
    """The consent that a use needs."""

    OWN_GUARDIANS = rules.OWN_GUARDIANS, _("For one child's guardians alone")
    APP_GROUP = rules.APP_GROUP, _("For the group")
    APP_SCHOOL = rules.APP_SCHOOL, _("For more than the group")


class PhotoUseQuerySet(models.QuerySet["PhotoUse"]):
    """All queries about for whom photos are shown."""

    def shown_to(self, viewer: Viewer) -> PhotoUseQuerySet:
        """Return what is shown to her as a reader: published, not hidden, hers to read, and every child in it may be
        shown. No limited guardians."""
        return self.filter(self._is_shown(viewer), may_be_shown(_today(viewer)), hidden_at=None)

    def visible_to(self, viewer: Viewer) -> PhotoUseQuerySet:
        """Return the uses whose photo may stand on a page for her: shown to her, or not yet but of her own group.

        What may not be shown any more stands on no page of readers, for the team neither: it would think it is seen.
        """
        return self.filter(
            self._is_shown(viewer) | of_the_team(viewer, "photo__"),
            may_be_shown(_today(viewer)),
            hidden_at=None,
            photo__state=PhotoState.READY,
        )

    @staticmethod
    def _is_shown(viewer: Viewer) -> Q:
        may_read = readable(viewer, closes_on=closing_dates(viewer), moment="shown_from", limited="none")
        return may_read & Q(shown_from__lte=viewer.now)

    def of_audiences(self, audience_ids: Sequence[int]) -> PhotoUseQuerySet:
        """Return what stands in the messages for these audiences, in order.

        Among them those that stand in the message for one child's guardians alone.
        """
        return self.filter(within_id__in=audience_ids).order_by("position", "pk")


class PhotoUse(models.Model):
    """That a photo is shown to an audience from a moment on. Who that is, is asked at each request.

    `within` is the audience of the message in which it stands: the same one, or a wider one when only the photo's own
    group gets to see it, or only the guardians of the child `only_for`. `purpose` is the consent that it needs; empty
    for one child's guardians.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="uses")
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="photo_uses")
    purpose = models.CharField(max_length=30, choices=UsePurpose, blank=True)
    within = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="photos_within")
    only_for = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    shown_from = models.DateTimeField()
    hidden_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = PhotoUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["photo", "audience"], name="photo_once_per_audience"),
            models.CheckConstraint(condition=Q(purpose__in=UsePurpose.values), name="use_has_a_known_purpose"),
            models.CheckConstraint(
                condition=Q(purpose=rules.OWN_GUARDIANS, only_for__isnull=False)
                | ~Q(purpose=rules.OWN_GUARDIANS) & Q(only_for__isnull=True),
                name="use_for_one_child_has_the_child",
            ),
        ]
        indexes = [models.Index(fields=["within", "position"], name="photo_use_order")]

    class Privacy:
        purpose = "To decide at every request whether a photo may be shown, and who checked that it may."
        keep = "As long as the photo."
        personal = ("photo", "audience", "within", "only_for", "checked_by")
        impersonal = ("id", "school", "position", "purpose", "shown_from", "hidden_at")
