"""Documents that a room attaches to something. Who may have one, is asked by that room."""

from __future__ import annotations

from django.db import models

from kring.core.models import Named
from kring.files.rules import PICTURE
from kring.people.models import Person
from kring.school.models import School


class DocumentQuerySet(models.QuerySet["Document"]):
    """All queries about documents. There is no `visible_to` here: the room that attached one asks its own."""

    def stored_as(self, names: list[str]) -> models.QuerySet[Document, str]:
        """Return which of these stored names belong to a document."""
        return self.filter(storage_name__in=names).values_list("storage_name", flat=True)


class Document(Named):
    """One file: its real kind, a safe name, and a random name on disk."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    added_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    storage_name = models.CharField(max_length=80, unique=True)

    objects = DocumentQuerySet.as_manager()

    class Privacy:
        purpose = "To hand out a letter, a form or a list that belongs to a message."
        keep = "As long as what it is attached to."
        personal = ("added_by", "name", "storage_name")
        impersonal = ("id", "public_id", "school", "added_at", "media_type", "size")

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """Say whether a page shows it, because it was made here from pixels only."""
        return self.media_type == PICTURE
