"""Secret addresses to which requests for help are mailed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.help_requests.models.requests import AskerChoice
from kring.help_requests.rules import TOKEN_LENGTH
from kring.people.models import Person
from kring.school.models import Group, School


class IntakeAddressQuerySet(models.QuerySet["IntakeAddress"]):
    """Questions about addresses."""

    def visible_to(self, viewer: Viewer) -> IntakeAddressQuerySet:
        """Return her own. Nobody else sees an address, office and management neither."""
        return self.filter(person_id__in=list(viewer.persons.values()))

    def standing(self) -> IntakeAddressQuerySet:
        """Return those that were not ended. Whether the role still holds, is asked each time one is used."""
        return self.filter(ended_at__isnull=True).select_related("school", "person__user", "group")


class IntakeAddress(Named):
    """What is mailed to `token`@… becomes a draft of this person. The token is the only thing that is trusted about a
    mail, and all it can do is make a draft that waits for her.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    asked_as = models.CharField(max_length=20, choices=AskerChoice)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    token = models.CharField(max_length=TOKEN_LENGTH, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    objects = IntakeAddressQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "group"],
                condition=Q(ended_at__isnull=True, group__isnull=False),
                name="one_address_in_a_group",
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(ended_at__isnull=True, group__isnull=True), name="one_address_of_council"
            ),
        ]

    class Privacy:
        purpose = "To take in requests for help that are sent by mail."
        keep = "Until it is renewed or ended; with its person."
        personal = ("person", "token", "made_at", "ended_at", "last_used_at")
        impersonal = ("id", "public_id", "school", "asked_as", "group")

    def __str__(self) -> str:
        return f"IntakeAddress {self.pk}"
