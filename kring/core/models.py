"""What every table has in common."""

from __future__ import annotations

from django.db import models

from kring.core.public_id import LENGTH, make_public_id


class Named(models.Model):
    """A row that appears in an address: it has a random `public_id`."""

    public_id = models.CharField(max_length=LENGTH, unique=True, default=make_public_id, editable=False)

    class Meta:
        abstract = True


class Installation(models.Model):
    """One row per database: says whether it was made as a demo. Decides about demo accounts on the sign-in page."""

    is_demo = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_installation")]

    class Privacy:
        purpose = "To know whether this database holds invented data only."
        keep = "As long as the installation exists."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "is_demo", "made_at")


class PeriodicRun(models.Model):
    """The last slot in which a job of config/schedule.py was started. Unique, so that no slot is started twice."""

    name = models.CharField(max_length=60)
    slot = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "slot"], name="each_slot_once")]

    class Privacy:
        purpose = "To let several workers share the clock."
        keep = "Until the next slot."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "name", "slot")
