"""The outbox: what happened, and who has been told by which channel."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kring.core.models import Named
from kring.core.viewer import Viewer
from kring.notifications.choices import Nudge as Nudge  # noqa: PLC0414  the room has one face
from kring.notifications.choices import OwnHours as OwnHours  # noqa: PLC0414
from kring.notifications.choices import Preference as Preference  # noqa: PLC0414
from kring.notifications.choices import TopicChoice as TopicChoice  # noqa: PLC0414
from kring.notifications.rules import Bundle, Channel
from kring.people.models import Audience, User
from kring.school.models import School


class NoticeState(models.TextChoices):
    """Where an event stands on its way to people."""

    WAITING = "waiting", _("Waiting")
    QUEUED = "queued", _("Queued")
    EXPANDED = "expanded", _("Recipients known")
    DROPPED = "dropped", _("No longer needed")


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Questions about events."""

    def due(self, now: datetime) -> NoticeQuerySet:
        """Return what waits and may be told at `now` (aware), oldest first."""
        return self.filter(state=NoticeState.WAITING, not_before__lte=now).order_by("not_before", "pk")

    def lost(self, since: datetime) -> NoticeQuerySet:
        """Return what was handed to a task before `since` (aware) and never settled."""
        return self.filter(state=NoticeState.QUEUED, not_before__lt=since)


class Notice(models.Model):
    """Something happened that people must hear of: one row, written in the transaction of the change itself."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    audience = models.ForeignKey(Audience, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    not_before = models.DateTimeField()
    state = models.CharField(max_length=10, choices=NoticeState, default=NoticeState.WAITING)
    made_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["not_before"], condition=Q(state="waiting"), name="notice_due"),
            models.Index(fields=["kind", "subject_id"], name="notice_about"),
        ]

    class Privacy:
        purpose = "To tell people of something after it was saved, also when the server stops halfway."
        keep = "3 months."
        personal = ("by",)
        impersonal = (
            "id",
            "school",
            "kind",
            "subject_id",
            "audience",
            "not_before",
            "state",
            "made_at",
            "settled_at",
        )


class DeliveryState(models.TextChoices):
    """Where one message to one person stands."""

    WAITING = "waiting", _("Waiting")
    QUEUED = "queued", _("Queued")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")
    DROPPED = "dropped", _("No longer needed")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    """Questions about what was told to whom."""

    def visible_to(self, viewer: Viewer) -> DeliveryQuerySet:
        """Return what stands in the viewer's own inbox."""
        return self.filter(user_id=viewer.user_id, channel=Channel.INBOX)

    def unread(self) -> DeliveryQuerySet:
        """Return what has not been read."""
        return self.filter(read_at__isnull=True)

    def newest_first(self) -> DeliveryQuerySet:
        """Return the rows as an inbox shows them, with their events and schools."""
        return self.select_related("notice", "school").order_by("-pk")

    def older_than(self, public_id: str) -> DeliveryQuerySet:
        """Return the rows below the one with `public_id`; all of them when that one is not in this set."""
        before = self.filter(public_id=public_id).values_list("pk", flat=True).first()
        return self if before is None else self.filter(pk__lt=before)

    def due(self, now: datetime) -> DeliveryQuerySet:
        """Return what waits to be sent at `now` (aware), longest waiting first."""
        return self.filter(state=DeliveryState.WAITING, next_try__lte=now).order_by("next_try", "pk")

    def lost(self, since: datetime) -> DeliveryQuerySet:
        """Return what was handed to a task before `since` (aware) and never settled."""
        return self.filter(state=DeliveryState.QUEUED, next_try__lt=since)

    def to_be_sent(self, keys: list[int]) -> DeliveryQuerySet:
        """Return those of the rows with primary keys `keys` that one task has taken and not yet settled."""
        return self.filter(pk__in=keys, state=DeliveryState.QUEUED).select_related("notice", "school", "user")

    def bundled(self) -> DeliveryQuerySet:
        """Return what goes out together with others."""
        return self.exclude(bundle=Bundle.ALONE)

    def going_along(self, rows: Iterable[Delivery], now: datetime) -> DeliveryQuerySet:
        """Return everything that is due at `now` (aware) and belongs in one message with one of these bundled rows:
        the same login, school and channel. Taken by a task or not: only unsettled ones."""
        same = Q(pk__in=[])
        for user_id, school_id, channel in {(row.user_id, row.school_id, row.channel) for row in rows}:
            same |= Q(user_id=user_id, school_id=school_id, channel=channel)
        unsettled = self.bundled().filter(state__in=[DeliveryState.WAITING, DeliveryState.QUEUED], next_try__lte=now)
        return unsettled.filter(same).select_related("notice", "school", "user").order_by("pk")

    def held(self) -> DeliveryQuerySet:
        """Return what waits for the end of quiet hours."""
        return self.filter(bundle=Bundle.HELD, state=DeliveryState.WAITING)

    def for_overviews(self) -> DeliveryQuerySet:
        """Return what waits for the overview of a day or a week (S7)."""
        return self.filter(bundle=Bundle.DIGEST, state=DeliveryState.WAITING)

    def wanting(self, digest: str, *, is_usual: bool) -> DeliveryQuerySet:
        """Return the rows of logins that chose this digest, and if it is the usual one of those that chose nothing."""
        chose = Preference.objects.exclude(digest="").values("user_id")
        same = Q(user_id__in=Preference.objects.filter(digest=digest).values("user_id"))
        return self.filter(same | ~Q(user_id__in=chose)) if is_usual else self.filter(same)

    def bouncing(self, user_ids: Iterable[int]) -> set[int]:
        """Return those of the logins to whom the newest mail was given up on, hours of trying included."""
        mails = self.filter(user_id__in=list(user_ids), channel=Channel.EMAIL)
        moments = mails.values("user_id").annotate(
            sent=models.Max("settled_at", filter=Q(state=DeliveryState.SENT)),
            failed=models.Max("settled_at", filter=Q(state=DeliveryState.FAILED)),
        )
        return {row["user_id"] for row in moments if row["failed"] and (not row["sent"] or row["failed"] > row["sent"])}

    def read_by_now(self, rows: Iterable[Delivery]) -> set[tuple[int, int]]:
        """Return (notice, login) of those of `rows` whose line in the inbox has been read meanwhile."""
        rows = list(rows)
        lines = self.filter(
            channel=Channel.INBOX,
            read_at__isnull=False,
            notice_id__in={row.notice_id for row in rows},
            user_id__in={row.user_id for row in rows},
        )
        return set(lines.values_list("notice_id", "user_id"))


class Delivery(Named):
    """One recipient is told of one event by one channel. Unique, so that nobody is told twice."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=10, choices=[(channel.value, channel.value) for channel in Channel])
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try = models.DateTimeField()
    bundle = models.CharField(max_length=10, blank=True, choices=[(bundle.value, bundle.value) for bundle in Bundle])
    as_staff = models.BooleanField(default=False)  # told for her work, so that the contact hours count (H1)
    settled_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["next_try"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["user", "channel", "-id"], name="delivery_inbox"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True, channel="inbox"), name="delivery_unread"),
        ]
        constraints = [models.UniqueConstraint(fields=["notice", "user", "channel"], name="told_once_by_each_channel")]

    class Privacy:
        purpose = "To reach each recipient once, and to show what is new in the inbox."
        keep = "3 months."
        personal = ("user", "state", "attempts", "next_try", "bundle", "as_staff", "settled_at", "read_at")
        impersonal = ("id", "public_id", "school", "notice", "channel")


class LiveHint(models.Model):
    """Something changed of which open pages are told (live.py). Written on SQLite only; PostgreSQL notifies."""

    topic = models.CharField(max_length=40)
    key = models.CharField(max_length=40)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["made_at"], name="live_hint_made")]

    class Privacy:
        purpose = "To let pages that stand open fetch what changed."
        keep = "A few minutes."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "topic", "key", "made_at")


SILENT = timedelta(days=60)  # security.md: a device that was not heard of for so long is forgotten
ENDED = timedelta(days=7)  # its sessions were ended, and nobody signed in there since
FAILING = timedelta(days=21)  # and one that refuses every push for so long


class PushSubscriptionQuerySet(models.QuerySet["PushSubscription"]):
    """Questions about devices that take push messages."""

    def visible_to(self, viewer: Viewer) -> PushSubscriptionQuerySet:
        """Return the viewer's own devices."""
        return self.filter(user_id=viewer.user_id) if viewer.is_signed_in else self.none()

    def alive(self) -> PushSubscriptionQuerySet:
        """Return those that may be sent to: a new password, or an office that ends her sessions, ends them too."""
        return self.filter(user__is_active=True, session_epoch=F("user__session_epoch"))

    def of_users(self, users: Iterable[int]) -> PushSubscriptionQuerySet:
        """Return the devices of these logins that may be sent to."""
        return self.alive().filter(user_id__in=list(users))

    def dead(self, now: datetime) -> PushSubscriptionQuerySet:
        """Return what can be forgotten at `now` (aware): ended with its sessions, failing for weeks, or silent."""
        # Who signs in again on the device within a week finds it as it was.
        ended = Q(user__is_active=False) | Q(seen_at__lt=now - ENDED) & ~Q(session_epoch=F("user__session_epoch"))
        silent = Q(seen_at__lt=now - SILENT) & (Q(succeeded_at__isnull=True) | Q(succeeded_at__lt=now - SILENT))
        return self.filter(ended | silent | Q(failing_since__lt=now - FAILING))


class PushSubscription(Named):
    """A browser on a device that takes push messages for one login. The address and keys are made by the browser."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    label = models.CharField(max_length=60)
    # The session it was made or last seen in, so that signing out there ends it. Not a key: a session that runs out
    # by itself (a working day, for staff) does not end the device.
    session_key = models.CharField(max_length=40, db_index=True)
    session_epoch = models.PositiveIntegerField()
    made_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    succeeded_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)

    objects = PushSubscriptionQuerySet.as_manager()

    class Privacy:
        purpose = "To send push messages to a device whose owner asked for them, and to show her which those are."
        keep = "Until she signs out there or takes it away; 60 days after it was last heard of."
        personal = ("user", "endpoint", "p256dh", "auth", "label", "session_key", "made_at", "seen_at", "succeeded_at")
        impersonal = ("id", "public_id", "session_epoch", "failures", "failing_since")
