"""Answers as rows that are only ever added, and what stands: the newest answer of each person.

See docs/decisions/0007-consents.md for why there are both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import get_language

from kring.agreements.current import policies_seen_by
from kring.core.models import Named
from kring.core.viewer import RoleKind, Viewer
from kring.people.models import Authority, Child, Enrolment, Guardianship, KeepApart, Person, current_on
from kring.school.models import Group, School, SchoolYear

CODE = 30  # the longest word of agreements.values.PURPOSES has 20


def schools_read_by(viewer: Viewer) -> frozenset[int]:
    """Return the schools whose consents she reads as office or management, because their agreement says so (P4)."""
    policies = policies_seen_by(viewer, viewer.managed_school_ids)
    found = set()
    for school_id, policy in policies.items():
        if viewer.has_role(map(RoleKind, policy.consent_readers.roles), school_id=school_id):
            found.add(school_id)
    return frozenset(found)


def children_answered_by(viewer: Viewer) -> frozenset[int]:
    """Return the children for whom she answers: of whom she is a full guardian with authority today."""
    return frozenset(span.child_id for span in viewer.spans if span.may_answer)


def answered_by(viewer: Viewer) -> models.QuerySet[Child]:
    """Return the same children as rows, for a page."""
    return Child.objects.filter(pk__in=children_answered_by(viewer)).select_related("school")


def read_by(viewer: Viewer, *, today: date) -> Q:
    """Return the condition on a Child whose consents she reads for her work: who sits in her groups, and by P4."""
    seats = Enrolment.objects.filter(
        current_on(today), group__in=viewer.taught_group_ids, group__school_year__ends_on__gte=today
    )
    return Q(pk__in=seats.values("child_id")) | Q(school_id__in=schools_read_by(viewer))


def kept_apart_from(viewer: Viewer) -> frozenset[int]:
    """Return the children of whom she is kept apart from another guardian: she is told of her own answers only."""
    own = list(viewer.persons.values())
    rows = KeepApart.objects.filter(Q(first__in=own) | Q(second__in=own), child_id__in=children_answered_by(viewer))
    return frozenset(rows.values_list("child_id", flat=True))


def with_authority_on(day: date) -> Q:
    """Return the condition on a row with child and person that this person answers for this child on `day`."""
    held = Guardianship.objects.filter(
        current_on(day), child_id=OuterRef("child_id"), person_id=OuterRef("person_id"), authority=Authority.YES
    )
    return Q(Exists(held))


def guardians_with_authority(child: Child, *, on: date) -> models.QuerySet[Person]:
    """Return the adults who answer for the child on `on`, whatever their level: a paper may come from each."""
    held = Guardianship.objects.filter(current_on(on), child=child, authority=Authority.YES)
    return Person.objects.filter(pk__in=held.values("person_id"))


def groups_of(child: Child, *, on: date) -> list[Group]:
    """Return the groups in which the child sits on `on`; after it left, its last one."""
    seats = Enrolment.objects.filter(child=child)
    now = list(Group.objects.filter(pk__in=seats.filter(current_on(on)).values("group_id")))
    return now or list(Group.objects.filter(pk__in=seats.order_by("-starts_on").values("group_id")[:1]))


class PurposeTextQuerySet(models.QuerySet["PurposeText"]):
    """Questions about words."""

    def newest_of(self, school: School) -> dict[str, PurposeText]:
        """Return purpose -> the last version of its words. One query."""
        return {text.code: text for text in self.filter(school=school).order_by("version")}


class PurposeText(models.Model):
    """The words that people answered to. `words` is language -> {"name", "text"}; new words are a new row."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=CODE)
    version = models.PositiveIntegerField()
    words = models.JSONField()
    since = models.DateTimeField()

    objects = PurposeTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "code", "version"], name="purpose_text_version_once")]

    class Privacy:
        purpose = "To prove which words somebody said yes or no to (GDPR art. 7)."
        keep = "As long as an answer to it is kept."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "school", "code", "version", "words", "since")


class AnswerQuerySet(models.QuerySet["Answer"]):
    """Questions about what was answered."""

    def visible_to(self, viewer: Viewer) -> AnswerQuerySet:
        """Return her own, and those of the schools where she is a reader by P4. A teacher sees only what stands."""
        own = Q(person_id__in=viewer.persons.values(), child_id__in=children_answered_by(viewer))
        return self.filter(own | Q(school_id__in=schools_read_by(viewer)))

    def history(self, child: Child) -> AnswerQuerySet:
        """Return the child's answers, newest first, with who and on which words."""
        return self.filter(child=child).select_related("person", "entered_by", "text").order_by("-at", "pk")

    def changed_since(self, moment: datetime) -> AnswerQuerySet:
        """Return what was changed since `moment`: no first answers, and no yes that was said again."""
        return self.filter(at__gte=moment, previous__isnull=False).exclude(is_yes=F("previous__is_yes"))


class Answer(Named):
    """Somebody with authority said yes or no: who, when, to which words, and by whose hand.

    Never changed: a trigger refuses it. Never taken out: each row is held by the one after it, the newest by Standing.
    """

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=CODE)
    text = models.ForeignKey(PurposeText, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_yes = models.BooleanField()
    at = models.DateTimeField()
    entered_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    on_paper = models.BooleanField(default=False)
    # The database refuses to let go of it; deleting a whole chain at the end of its time is one statement.
    previous = models.OneToOneField("self", on_delete=models.DO_NOTHING, null=True, related_name="next")

    objects = AnswerQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["child", "-at"], name="answer_history")]
        constraints = [
            models.UniqueConstraint(
                fields=["child", "code", "person"], condition=Q(previous__isnull=True), name="one_first_answer"
            ),
            models.CheckConstraint(
                condition=Q(on_paper=True) | Q(entered_by__isnull=True) | Q(entered_by=F("person")),
                name="own_answer_by_own_hand",
            ),
        ]

    class Privacy:
        purpose = "To prove for what consent was given, by whom, when and on which words (GDPR art. 7)."
        keep = "While the child is at the school, plus 2 years."
        personal = ("child", "person", "is_yes", "at", "entered_by", "on_paper")
        impersonal = ("id", "public_id", "school", "code", "text", "previous")

    @property
    def words(self) -> dict[str, str]:
        """Return the words it was given to ("name" and "text"), in the language of the page."""
        kept: dict[str, dict[str, str]] = self.text.words
        return kept.get(get_language() or "") or next(iter(kept.values()))


class StandingQuerySet(models.QuerySet["Standing"]):
    """Questions about what counts."""

    def visible_to(self, viewer: Viewer) -> StandingQuerySet:
        """Return her own, and those of the schools where she is a reader by P4; who sees what counts: reading.py."""
        own = Q(person_id__in=viewer.persons.values(), child_id__in=children_answered_by(viewer))
        return self.filter(own | Q(school_id__in=schools_read_by(viewer)))

    def counting_on(self, day: date) -> StandingQuerySet:
        """Return the newest answers of those who have authority over the child on `day`."""
        return self.filter(with_authority_on(day))

    def counted(self, child_ids: Iterable[int], *, on: date) -> models.QuerySet[Standing, tuple]:
        """Return child, purpose, yes or no and moment of the answers that count on `on`, oldest first."""
        rows = self.counting_on(on).filter(child_id__in=list(child_ids)).order_by("at", "pk")
        return rows.values_list("child_id", "code", "is_yes", "at")

    def answers(self, child_ids: Iterable[int], codes: Iterable[str], *, on: date) -> dict[tuple[int, str], list[bool]]:
        """Return (child, purpose) -> the answers that count on `on`. One query."""
        found: dict[tuple[int, str], list[bool]] = defaultdict(list)
        for child_id, code, is_yes, _at in self.counted(child_ids, on=on).filter(code__in=list(codes)):
            found[child_id, code].append(is_yes)
        return found

    def last_answered(self, child_ids: Iterable[int], *, on: date) -> dict[int, dict[str, datetime]]:
        """Return child -> purpose -> when somebody with authority last answered. One query."""
        found: dict[int, dict[str, datetime]] = defaultdict(dict)
        for child_id, code, _is_yes, at in self.counted(child_ids, on=on):
            found[child_id][code] = at
        return found

    def chosen_by(self, person_ids: Iterable[int], child_ids: Iterable[int]) -> dict[int, dict[str, datetime]]:
        """Return child -> purpose -> when one of these persons last answered. One query."""
        found: dict[int, dict[str, datetime]] = defaultdict(dict)
        rows = self.filter(person_id__in=list(person_ids), child_id__in=list(child_ids))
        for child_id, code, at in rows.values_list("child_id", "code", "at"):
            found[child_id][code] = at
        return found

    def just_lapsed(self, *, on: date) -> StandingQuerySet:
        """Return each yes that does not count any more on `on`, and of which nobody took note."""
        return self.filter(is_yes=True, lapsed_at__isnull=True).exclude(with_authority_on(on))

    def of(self, child: Child, person_id: int) -> dict[str, Standing]:
        """Return purpose -> the newest answer of this person."""
        rows = self.filter(child=child, person_id=person_id).select_related("answer__text")
        return {row.code: row for row in rows}


class Standing(models.Model):
    """The newest answer of one person for a child and purpose, written with it. If it counts is asked each time."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    child = models.ForeignKey(Child, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=CODE)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    is_yes = models.BooleanField()
    at = models.DateTimeField()
    answer = models.OneToOneField(Answer, on_delete=models.PROTECT, related_name="standing")
    # When the clock found that who said yes has no authority over the child any more: so that the team hears it once.
    lapsed_at = models.DateTimeField(null=True, blank=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["child", "code", "person"], name="one_standing_answer")]

    class Privacy:
        purpose = "To decide at every request whether a child may be shown."
        keep = "With the answers."
        personal = ("child", "person", "is_yes", "at", "answer", "lapsed_at")
        impersonal = ("id", "school", "code")


class RenewalQuerySet(models.QuerySet["Renewal"]):
    """Questions about rounds."""

    def visible_to(self, viewer: Viewer) -> RenewalQuerySet:
        """Return the rounds of the schools where she answers for a child who goes there now."""
        schools = {span.school_id for span in viewer.spans if span.is_current and span.may_answer}
        return self.filter(school_id__in=schools)

    def asked_at(self, school: School, day: date) -> datetime | None:
        """Return when the school's round of the year in which `day` lies began; None while there is none."""
        renewal = self.in_year_of([school.pk], day).get(school.pk)
        return renewal.started_at if renewal else None

    def in_year_of(self, school_ids: Iterable[int], day: date) -> dict[int, Renewal]:
        """Return school -> its round of the school year in which `day` lies."""
        year = {"school_year__starts_on__lte": day, "school_year__ends_on__gte": day}
        return {row.school_id: row for row in self.filter(school_id__in=list(school_ids), **year)}


class Renewal(models.Model):
    """A round in which all guardians with authority are asked again. Earlier answers count until they are changed."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    school_year = models.ForeignKey(SchoolYear, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # none: the clock

    objects = RenewalQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "school_year"], name="one_renewal_a_year")]

    class Privacy:
        purpose = "To know since when an answer is asked again, and that it was asked."
        keep = "As long as the answers of that year."
        personal = ("started_by",)
        impersonal = ("id", "school", "school_year", "started_at")


class ReminderQuerySet(models.QuerySet["Reminder"]):
    """Questions about reminders."""

    def visible_to(self, viewer: Viewer) -> ReminderQuerySet:
        """Return the reminders of the groups in which she answers for a child now."""
        groups = {span.group_id for span in viewer.spans if span.is_current and span.may_answer}
        return self.filter(group_id__in=groups)

    def went_out(self, group: Group, day: date) -> bool:
        """Say whether the group was reminded on `day`."""
        return self.filter(group=group, day=day).exists()

    def by_the_clock_since(self, moment: datetime, groups: Sequence[Group]) -> dict[int, int]:
        """Return group -> how many reminders went out by themselves since `moment`."""
        rows = self.filter(at__gte=moment, by__isnull=True, group__in=groups).order_by().values("group_id")
        return {row["group_id"]: row["number"] for row in rows.annotate(number=models.Count("pk"))}


class Reminder(models.Model):
    """The guardians in a group who have not answered were reminded on `day`: once a day at most."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")  # none: the clock

    objects = ReminderQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "day"], name="one_reminder_a_day")]

    class Privacy:
        purpose = "To remind nobody twice a day."
        keep = "Until the end of the school year after it."
        personal = ("by",)
        impersonal = ("id", "school", "group", "day", "at")


class WithdrawalQuerySet(models.QuerySet["Withdrawal"]):
    """Questions about what the team is told."""

    def visible_to(self, viewer: Viewer) -> WithdrawalQuerySet:
        """Return those of the groups whose consents she reads for her work."""
        return self.filter(Q(group_id__in=viewer.taught_group_ids) | Q(school_id__in=schools_read_by(viewer)))


class Withdrawal(models.Model):
    """In this group a yes became a no: what its team is told. Of which child is not in it."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = WithdrawalQuerySet.as_manager()

    class Privacy:
        purpose = "To tell the team to take down what may no longer be shown."
        keep = "3 months, as notices."
        personal: tuple[str, ...] = ()
        impersonal = ("id", "school", "group", "at")
