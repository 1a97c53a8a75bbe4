# ruff: noqa: RUF009  # the defaults are frozen dataclasses, so sharing one object between policies is safe
"""What a school agreed, as values that rules receive. Pure: no Django, no words, no database, no clock.

`Policy` has one attribute per clause of both tables of the agreements design; each attribute is one of the small
frozen dataclasses of `values.py`. `clauses/` says which clause each setting belongs to, and prints the sentence that
people read from the same values.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from kring.agreements.settings import Kind, Unreadable, kinds_of_settings
from kring.agreements.values import (
    FUNCTIONAL_KINDS,
    POST_KINDS,
    PURPOSES,
    ROLES,
    STAFF_ROLES,
    BookingOpening,
    Calamity,
    ClassParentRequests,
    ClosingDate,
    ConsentPurposes,
    ConsentReaders,
    ContactHours,
    ConversationKinds,
    CouncilRequests,
    Digest,
    Directory,
    Emphasis,
    ExpectedAnswer,
    FunctionalKinds,
    GroupConversations,
    Kwink,
    LeadTime,
    Leave,
    LeaveInApp,
    MedicalVisit,
    ParentPhotos,
    PhotoDownload,
    Reactions,
    Reminder,
    SchoolContact,
    SensitiveTopics,
    SiblingPriority,
    SickAndLate,
    SickInApp,
    Switch,
    UrgentPhone,
    WeeklyGuideline,
    WidePosting,
    YearPlanning,
)
from kring.core.viewer import GROUP_TEACHERS, RoleKind

__all__ = ["FUNCTIONAL_KINDS", "POST_KINDS", "PURPOSES", "ROLES", "STAFF_ROLES", "Advice", "Policy", "role_kinds"]

Severity = Literal["inform", "advise", "refuse"]


@dataclass(frozen=True, slots=True)
class Advice:
    """What a rule has to say about something written: which sentence (`code`), from which clause, how strongly.

    Only "refuse" stops anybody. `values` fill the sentence; the room that shows it has the words.
    """

    code: str
    clause: str
    severity: Severity = "advise"
    values: Mapping[str, Any] = field(default_factory=dict)


def role_kinds(roles: Iterable[str]) -> frozenset[RoleKind]:
    """Return the kinds of role that the words of a setting mean; "teacher" stands for duo and substitute as well."""
    found: set[RoleKind] = set()
    for role in roles:
        found |= GROUP_TEACHERS if role == "teacher" else {RoleKind(role)}
    return frozenset(found)


@dataclass(frozen=True)
class Policy:
    """Everything a school agreed. Rules take what they need from it; nothing in it is about a person."""

    weekly_guideline: WeeklyGuideline = WeeklyGuideline()
    photo_preferred: Switch = Switch()
    anonymous_work: Switch = Switch()
    functional_kinds: FunctionalKinds = FunctionalKinds()
    kwink: Kwink = Kwink()
    lead_time: LeadTime = LeadTime()
    year_planning: YearPlanning = YearPlanning()
    reminder: Reminder = Reminder()
    sensitive_topics: SensitiveTopics = SensitiveTopics()
    sick_and_late: SickAndLate = SickAndLate()
    medical_visit: MedicalVisit = MedicalVisit()
    leave: Leave = Leave()
    parent_messages: Switch = Switch()
    group_conversations: GroupConversations = GroupConversations()
    parent_photos: ParentPhotos = ParentPhotos()
    consent_readers: ConsentReaders = ConsentReaders()
    contact_hours: ContactHours = ContactHours()
    expected_answer: ExpectedAnswer = ExpectedAnswer()
    receipts: Switch = Switch()
    urgent_phone: UrgentPhone = UrgentPhone()
    council_requests: CouncilRequests = CouncilRequests()
    class_parent_requests: ClassParentRequests = ClassParentRequests()
    conversation_kinds: ConversationKinds = ConversationKinds()
    booking_opening: BookingOpening = BookingOpening()
    sibling_priority: SiblingPriority = SiblingPriority()
    reactions: Reactions = Reactions()
    wide_posting: WidePosting = WidePosting()
    photo_download: PhotoDownload = PhotoDownload()
    closing_date: ClosingDate = ClosingDate()
    consent_purposes: ConsentPurposes = ConsentPurposes()
    emphasis: Emphasis = Emphasis()
    digest: Digest = Digest()
    calamity: Calamity = Calamity()
    sick_in_app: SickInApp = SickInApp()
    leave_in_app: LeaveInApp = LeaveInApp()
    directory: Directory = Directory()
    school_contact: SchoolContact = SchoolContact()
    newsletter: Switch = Switch()

    @property
    def sick_phone(self) -> str:
        """Return the number for sick reports, or nothing when the school gave none."""
        return self.sick_and_late.phone or self.school_contact.phone

    @property
    def urgent_number(self) -> str:
        """Return the number for urgent matters in lesson time, or nothing when the school gave none."""
        return self.urgent_phone.number or self.school_contact.phone


DEFAULTS = Policy()


def settings_of() -> Iterator[tuple[str, Kind]]:
    """Yield every setting as its path ("lead_time.number") with its kind, in the order of `Policy`."""
    for group in dataclasses.fields(Policy):
        for name, kind in kinds_of_settings(getattr(DEFAULTS, group.name)).items():
            yield f"{group.name}.{name}", kind


KINDS: dict[str, Kind] = dict(settings_of())
FILLED_IN = frozenset(path for path, kind in KINDS.items() if kind.filled_in)


def value_at(policy: Policy, path: str) -> Any:
    """Return the value of the setting at `path`."""
    group, name = path.split(".")
    return getattr(getattr(policy, group), name)


def with_values(policy: Policy, changes: Mapping[str, Any]) -> Policy:
    """Return the policy with other values (already read) at some paths."""
    groups: dict[str, dict[str, Any]] = {}
    for path, value in changes.items():
        group, name = path.split(".")
        groups.setdefault(group, {})[name] = value
    return dataclasses.replace(
        policy, **{group: dataclasses.replace(getattr(policy, group), **some) for group, some in groups.items()}
    )


def policy_from(stored: Mapping[str, Any]) -> Policy:
    """Return the policy for stored values (path -> JSON).

    A setting that is not among them, because a later release added it, takes its default; so does a value that a
    later release no longer knows.
    """
    changes: dict[str, Any] = {}
    for path, kind in KINDS.items():
        if path in stored:
            try:
                changes[path] = kind.read(stored[path])
            except Unreadable:
                continue
    return with_values(DEFAULTS, changes)


def stored_values(policy: Policy) -> dict[str, Any]:
    """Return every setting of the policy as JSON can hold it (path -> JSON)."""
    return {path: kind.store(value_at(policy, path)) for path, kind in KINDS.items()}


def contradictions(policy: Policy) -> dict[str, str]:
    """Return what does not hold together: path of the setting -> code of the sentence."""
    found: dict[str, str] = {}
    closing = policy.closing_date
    try:
        # 2027 has no 29 February, so the date exists in every year.
        date(2027, closing.month, closing.day)
    except ValueError:
        found["closing_date.day"] = "no_such_day"
    if policy.consent_purposes.window == "renewal_month" and not policy.consent_purposes.purposes:
        found["consent_purposes.purposes"] = "choose_one"
    if not policy.contact_hours.windows:
        found["contact_hours.windows"] = "no_windows"
    return found
