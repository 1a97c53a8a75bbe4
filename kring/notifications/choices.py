"""What people chose about how they are told, and the reminders of the team. Part of the models of this room."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.db.models import Q

from kring.core.viewer import Viewer
from kring.notifications.rules import TOMORROW_HOUR, Digest, Mail, Topic
from kring.people.models import Person, User
from kring.school.models import School

OF_FAMILIES = (Topic.NEWS, Topic.PRACTICAL, Topic.CONVERSATIONS, Topic.QUESTIONS)


class PreferenceQuerySet(models.QuerySet["Preference"]):
    """Questions about what people chose."""

    def visible_to(self, viewer: Viewer) -> PreferenceQuerySet:
        """Return the viewer's own."""
        return self.filter(user_id=viewer.user_id)

    def of(self, user_ids: Iterable[int]) -> dict[int, Preference]:
        """Return what each of these logins chose, by its key; who chose nothing is left out."""
        return {row.user_id: row for row in self.filter(user_id__in=list(user_ids))}

    def telling_tomorrow_at(self, hour: int, users: models.QuerySet[User]) -> models.QuerySet[User]:
        """Return those of `users` who want to hear about tomorrow at this hour."""
        chose = self.filter(tomorrow=True, tomorrow_hour=hour).values("user_id")
        if hour != TOMORROW_HOUR:
            return users.filter(pk__in=chose)
        return users.filter(Q(pk__in=chose) | ~Q(pk__in=self.values("user_id")))


class Preference(models.Model):
    """How often somebody wants an overview, when she is left in peace, and when she hears about tomorrow.

    One row per login; without one the school's default (S7) counts, there are no quiet hours, and tomorrow is told at
    the usual hour. Hours are wall-clock time of the school that tells.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=10, blank=True, choices=[(digest.value, digest.value) for digest in Digest])
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    tomorrow = models.BooleanField(default=True)
    tomorrow_hour = models.PositiveSmallIntegerField(default=TOMORROW_HOUR)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            ),
            models.CheckConstraint(condition=Q(tomorrow_hour__lte=23), name="tomorrow_at_an_hour"),
        ]

    class Privacy:
        purpose = "To tell somebody of things when and as often as she likes."
        keep = "With the login."
        personal = ("user", "digest", "quiet_from", "quiet_until", "tomorrow", "tomorrow_hour")
        impersonal = ("id",)


class TopicChoiceQuerySet(models.QuerySet["TopicChoice"]):
    """Questions about channels that people chose."""

    def visible_to(self, viewer: Viewer) -> TopicChoiceQuerySet:
        """Return the viewer's own."""
        return self.filter(user_id=viewer.user_id)

    def about(self, topic: str, user_ids: Iterable[int]) -> dict[int, TopicChoice]:
        """Return what each of these logins chose about the topic, by its key; who chose nothing is left out."""
        return {row.user_id: row for row in self.filter(topic=topic, user_id__in=list(user_ids))}

    def without_mail(self, user_ids: Iterable[int]) -> set[int]:
        """Return those of the logins that want no mail about any topic of families."""
        refused = self.filter(user_id__in=list(user_ids), topic__in=OF_FAMILIES, mail=Mail.NEVER)
        counted = refused.values("user_id").annotate(number=models.Count("pk")).filter(number=len(OF_FAMILIES))
        return set(counted.values_list("user_id", flat=True))


class TopicChoice(models.Model):
    """By which channels somebody wants to hear of one topic. Without a row: a device at once, mail as fits."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=20, choices=[(topic.value, topic.value) for topic in Topic])
    push = models.BooleanField(default=True)
    mail = models.CharField(max_length=10, default=Mail.AUTO, choices=[(mail.value, mail.value) for mail in Mail])

    objects = TopicChoiceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="one_choice_per_topic")]

    class Privacy:
        purpose = "To tell somebody of things by the channel she likes."
        keep = "With the login."
        personal = ("user", "topic", "push", "mail")
        impersonal = ("id",)


class OwnHoursQuerySet(models.QuerySet["OwnHours"]):
    """Questions about contact hours of one colleague."""

    def visible_to(self, viewer: Viewer) -> OwnHoursQuerySet:
        """Return the viewer's own."""
        return self.filter(person_id__in=viewer.persons.values())


class OwnHours(models.Model):
    """Contact windows of one member of staff, where the agreement lets her have her own (S12).

    `windows` is a list of [weekday, starts, ends] as in the agreement; 1 = Monday, wall-clock time of the school.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="+")
    windows = models.JSONField(default=list, blank=True)

    objects = OwnHoursQuerySet.as_manager()

    class Privacy:
        purpose = "To leave a colleague in peace outside the hours that she chose."
        keep = "With the person."
        personal = ("person", "windows")
        impersonal = ("id", "school")


class NudgeQuerySet(models.QuerySet["Nudge"]):
    """Questions about reminders that the team sent."""

    def about(self, kind: str, subject_id: int) -> NudgeQuerySet:
        """Return the reminders of this kind about one subject, newest first."""
        return self.filter(kind=kind, subject_id=subject_id).order_by("-day")


class Nudge(models.Model):
    """The team reminded who had not read, answered or booked something: once a day at most for one subject."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    day = models.DateField()
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = NudgeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id", "day"], name="reminded_once_a_day")]

    class Privacy:
        purpose = "To remind people of one thing no more than once a day."
        keep = "3 months."
        personal = ("by",)
        impersonal = ("id", "school", "kind", "subject_id", "day")
