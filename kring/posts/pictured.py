"""Which photos stand in a post, in which order, and which of them not everybody sees whom the post is for."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kring.people.models import Child
from kring.photos.models import Photo
from kring.school.models import School


class PostPhoto(models.Model):
    """A photo of a post, in its order. For whom it is shown, and from when, is its PhotoUse in the room `photos`.

    `only_for` and `own_group` are what the writer chose for it, until the post is placed: only this child's guardians,
    or only the photo's own group.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("posts.Post", on_delete=models.CASCADE, related_name="photos")
    photo = models.ForeignKey(Photo, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField(default=0)
    # Without the child the photo leaves the post: it must not go to everybody instead.
    only_for = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    own_group = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["post", "photo"], name="photo_once_in_post"),
            models.CheckConstraint(
                condition=Q(only_for__isnull=True) | Q(own_group=False), name="post_photo_for_one_or_the_other"
            ),
        ]

    class Privacy:
        purpose = "To know which photos belong to a post, and for whom each is."
        keep = "With its post."
        personal = ("photo", "only_for")
        impersonal = ("id", "school", "post", "position", "own_group")
