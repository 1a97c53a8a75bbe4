"""How many photos somebody was handed to keep, day by day. The limit of a day is held in one statement."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F

from kring.people.models import User

KEEP_DAYS = 2


class HandedOutQuerySet(models.QuerySet["HandedOut"]):
    """Questions about what was handed out."""

    def take(self, user_id: int, day: date, number: int, *, most: int) -> int | None:
        """Count `number` photos for this day unless that makes more than `most`; returns how many it were before.

        None when they do not fit any more. One statement decides, so that two downloads at once cannot both count
        from the same number.
        """
        self.bulk_create([self.model(user_id=user_id, day=day)], ignore_conflicts=True)
        mine = self.filter(user_id=user_id, day=day)
        if not mine.filter(number__lte=most - number).update(number=F("number") + number):
            return None
        return mine.get().number - number

    def forgotten_on(self, today: date) -> HandedOutQuerySet:
        """Return what no limit asks about any more."""
        return self.filter(day__lt=today - timedelta(days=KEEP_DAYS))


class HandedOut(models.Model):
    """So many photos did this login download on one day (a date at the school)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    number = models.PositiveIntegerField(default=0)

    objects = HandedOutQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "day"], name="handed_out_once_a_day")]

    class Privacy:
        purpose = "To stop who takes very many photos in one day (security.md, I13)."
        keep = "2 days."
        personal = ("user", "day", "number")
        impersonal = ("id",)
