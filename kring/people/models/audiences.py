"""For whom something is, and under which keys other systems know people."""

from __future__ import annotations

from django.db import models

from kring.people.models.adults import Person
from kring.people.models.children import Child
from kring.people.models.team import RoleChoice
from kring.school.models import Group, School


class ExternalRef(models.Model):
    """The key under which another system knows a person, child or group. Imports match on this and nothing else."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="external_refs")
    source = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    key = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="external_refs")
    child = models.ForeignKey(Child, on_delete=models.CASCADE, null=True, blank=True, related_name="external_refs")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, blank=True, related_name="external_refs")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "source", "kind", "key"], name="external_key_once")]

    class Privacy:
        purpose = "To recognise the same person in the next import."
        keep = "With what it points to."
        personal = ("key", "person", "child")
        impersonal = ("id", "school", "source", "kind", "group")


class Audience(models.Model):
    """Whom something is for. Resolved when it is read; never copied into lists of recipients."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    whole_school = models.BooleanField(default=False)
    layers = models.ManyToManyField("school.Layer", blank=True, related_name="+")
    groups = models.ManyToManyField(Group, blank=True, related_name="+")
    persons = models.ManyToManyField(Person, blank=True, related_name="+")
    children = models.ManyToManyField(Child, blank=True, related_name="+")  # means: their full guardians of that moment

    class Privacy:
        purpose = "To know for whom something is meant."
        keep = "With what it belongs to."
        personal = ("persons", "children")
        impersonal = ("id", "school", "whole_school", "layers", "groups")


class AudienceRole(models.Model):
    """Everybody with this kind of role at the school belongs to the audience; a row, so that the database can join."""

    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=30, choices=RoleChoice)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["audience", "kind"], name="role_once_in_audience")]

    class Privacy:
        purpose = "To know for whom something is meant."
        keep = "With its audience."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "audience", "kind")
