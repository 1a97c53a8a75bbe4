"""The log: one row per event, never changed, without a foreign key to its subject so that it outlives it."""

from __future__ import annotations

from django.db import models

from kring.core.viewer import Viewer


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    """Questions about the log."""

    def visible_to(self, viewer: Viewer) -> AuditEventQuerySet:
        """Return what management of a school may read: the events of that school."""
        schools = [school_id for school_id in viewer.managed_school_ids if viewer.is_management(school_id)]
        return self.filter(school_id__in=schools)

    def at_school(self, school_id: int) -> AuditEventQuerySet:
        """Return the events of one school."""
        return self.filter(school_id=school_id)

    def beginning_with(self, beginnings: tuple[str, ...]) -> AuditEventQuerySet:
        """Return the events whose name begins with one of `beginnings`; all of them when it is empty."""
        condition = models.Q()
        for beginning in beginnings:
            condition |= models.Q(what__startswith=beginning)
        return self.filter(condition)


class AuditEvent(models.Model):
    """Somebody did something to something. `about` is `room.Model:public_id`; `details` holds no personal data."""

    at = models.DateTimeField(db_index=True)
    school_id = models.BigIntegerField(null=True, db_index=True)
    user_id = models.BigIntegerField(null=True)
    what = models.CharField(max_length=60)
    about = models.CharField(max_length=80, blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]

    class Privacy:
        purpose = "To answer who did what, for the school and for the 72-hour notice (GDPR art. 33)."
        keep = "12 months."
        personal = ("user_id",)
        impersonal = ("id", "at", "school_id", "what", "about", "details")
