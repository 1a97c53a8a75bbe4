# ruff: noqa: RUF009  # the defaults are frozen dataclasses, so sharing one object between policies is safe
"""The settings of every clause with their defaults, grouped as the rules use them. Pure: no Django, no words.

The defaults are the values of the demo document; `filled_in` marks those that the document does not say.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Any

from kring.agreements.settings import (
    Choice,
    Clock,
    Email,
    Flag,
    Number,
    Phone,
    Several,
    Text,
    Texts,
    Web,
    Window,
    Windows,
    setting,
)

POST_KINDS = ("group", "homework", "goals", "outing", "bring", "staff", "kwink", "announcement")
FUNCTIONAL_KINDS = ("homework", "goals", "outing", "bring", "staff", "kwink")
ROLES = ("teacher", "office", "management", "care_coordinator", "class_parent", "parent_council")
STAFF_ROLES = ("teacher", "office", "management", "care_coordinator")
REACTIONS = ("none", "heart", "comments")
PURPOSES = (
    "app_group", "app_school", "website", "newsletter", "school_guide", "social_media", "class_photo",
    "photographer_address", "board", "lesson_recording",
)  # fmt: skip


def _yes(filled_in: bool = False) -> Any:
    return setting(True, Flag(filled_in=filled_in))


def _no() -> Any:
    return setting(False, Flag())


def _choice(*options: str) -> Any:
    return setting(options[0], Choice(options=options))


def _several(options: tuple[str, ...], *default: str, at_least: int = 0, filled_in: bool = False) -> Any:
    return setting(default, Several(options=options, at_least=at_least, filled_in=filled_in))


def _number(default: int, low: int, high: int, *, filled_in: bool = False) -> Any:
    return setting(default, Number(low=low, high=high, filled_in=filled_in))


def _reaction(default: str) -> Any:
    return setting(default, Choice(options=REACTIONS))


@dataclass(frozen=True)
class WeeklyGuideline:
    """G1 and S13: how many group posts a group aims at in a week; "none" has no dots at all."""

    mode: str = _choice("target", "minimum", "none")
    number: int = _number(2, 1, 10)
    thursday_hint: bool = _no()


@dataclass(frozen=True)
class Switch:
    """A clause that is only on or off."""

    on: bool = _yes()


@dataclass(frozen=True)
class YearPlanning:
    """A1: whether the calendar is ready at the start of the year, and what a calendar outside Kring may hold of it."""

    on: bool = _yes()
    feed_details: bool = setting(False, Flag(filled_in=True))


@dataclass(frozen=True)
class FunctionalKinds:
    """F1: which practical messages there are, and who may write an announcement."""

    kinds: tuple[str, ...] = _several(FUNCTIONAL_KINDS, *FUNCTIONAL_KINDS)
    announcement_by: tuple[str, ...] = _several(ROLES, "teacher", "office", "management", at_least=1)


@dataclass(frozen=True)
class Kwink:
    """F2: for the whole school or per group, and on which weekday (1 = Monday) a week of the series comes out."""

    whole_school: bool = _yes()
    weekday: int = _number(1, 1, 5, filled_in=True)


@dataclass(frozen=True)
class LeadTime:
    """F3: days between the moment of publication and the day of what has to be brought."""

    number: int = _number(2, 0, 30)
    unit: str = _choice("calendar", "school")


@dataclass(frozen=True)
class Reminder:
    """A2: weeks before an event marked important."""

    weeks: int = _number(3, 1, 12, filled_in=True)


@dataclass(frozen=True)
class SensitiveTopics:
    """N1: whether writing about progress, results or behaviour gets a friendly hint."""

    hint: bool = _yes()


@dataclass(frozen=True)
class SickAndLate:
    """N2: by phone or in the app, before `until`. An empty `phone` means the number of the school (S14)."""

    way: str = _choice("phone", "app")
    until: time = setting(time(8, 45), Clock())
    phone: str = setting("", Phone())


@dataclass(frozen=True)
class MedicalVisit:
    """N3: whether a planned visit is reported in the app; if not, by phone."""

    in_app: bool = _yes()


@dataclass(frozen=True)
class Leave:
    """N4: with the school's form or in the app."""

    way: str = _choice("form", "app")
    form_url: str = setting("", Web())


@dataclass(frozen=True)
class GroupConversations:
    """P2 and S11: whether they are there, who opens one, after how many days it closes."""

    on: bool = _yes()
    opened_by: tuple[str, ...] = _several(ROLES, "teacher", "class_parent", at_least=1, filled_in=True)
    closes_after_days: int = _number(14, 1, 365, filled_in=True)


@dataclass(frozen=True)
class ParentPhotos:
    """P3: whether parents may share photos of activities in a conversation."""

    allowed: bool = _no()


@dataclass(frozen=True)
class ConsentReaders:
    """P4: who reads the photo consents besides the group's own team."""

    office: bool = _no()
    management: bool = _no()

    @property
    def roles(self) -> list[str]:
        """Return the roles that read them, of "office" and "management"."""
        return [role for role, reads in (("office", self.office), ("management", self.management)) if reads]


@dataclass(frozen=True)
class ContactHours:
    """H1 and S12: when the team is reached, and what happens to a message sent at another hour."""

    windows: tuple[Window, ...] = setting(tuple(Window(day, time(8), time(17)) for day in range(1, 6)), Windows())
    own_working_days: bool = _yes()
    outside: str = _choice("held", "shown")
    per_person: bool = _no()

    def on(self, weekday: int) -> tuple[Window, ...]:
        """Return the windows of a weekday (1 = Monday) in order."""
        return tuple(window for window in self.windows if window.weekday == weekday)


@dataclass(frozen=True)
class ExpectedAnswer:
    """H2: when a parent may expect an answer. `working_days` counts only in that mode."""

    mode: str = _choice("lessons", "working_days", "week")
    working_days: int = _number(2, 1, 10)


@dataclass(frozen=True)
class UrgentPhone:
    """H4: the number in lesson time. Empty means the number of the school (S14)."""

    number: str = setting("", Phone())


@dataclass(frozen=True)
class CouncilRequests:
    """O1: by which way the parent council asks for help, and who of it reads the replies."""

    way: str = _choice("office", "management", "itself", "off")
    read_by: str = setting("named", Choice(options=("named", "council"), filled_in=True))


@dataclass(frozen=True)
class ClassParentRequests:
    """O2: by which way a class parent asks for help, and who of them reads the replies."""

    way: str = _choice("teacher", "itself", "off")
    read_by: str = setting("named", Choice(options=("named", "class_parents"), filled_in=True))


@dataclass(frozen=True)
class ConversationKinds:
    """C1: which conversations are planned in the app."""

    kinds: tuple[str, ...] = _several(("report", "advice", "acquaintance", "progress"), "report", "advice")


@dataclass(frozen=True)
class BookingOpening:
    """C2: whether all teachers open at one moment, who chooses the time, whether it may change until closing."""

    all_at_once: bool = _yes()
    chosen_by: str = _choice("parents", "school")
    change_until_closing: bool = _yes()


@dataclass(frozen=True)
class SiblingPriority:
    """C3: guardians of at least `children` children choose `days` earlier, with `gap_minutes` between."""

    days: int = _number(1, 0, 7)
    children: int = _number(2, 2, 5)
    gap_minutes: int = _number(5, 0, 30, filled_in=True)


@dataclass(frozen=True)
class Reactions:
    """S1: what readers can do under a message, per kind; "comments" includes the heart."""

    group: str = _reaction("heart")
    homework: str = _reaction("none")
    goals: str = _reaction("none")
    outing: str = _reaction("none")
    bring: str = _reaction("none")
    staff: str = _reaction("none")
    kwink: str = _reaction("none")
    announcement: str = _reaction("none")
    school_wide: str = _reaction("none")

    def to(self, kind: str, *, school_wide: bool = False) -> str:
        """Return what is possible under a post of `kind`; a school-wide post follows its own setting."""
        return self.school_wide if school_wide else str(getattr(self, kind))


@dataclass(frozen=True)
class WidePosting:
    """S2: who may post beyond her own groups; the council only with management's permission."""

    school: tuple[str, ...] = _several(STAFF_ROLES, "office", "management", at_least=1)
    layer: tuple[str, ...] = _several(STAFF_ROLES, "office", "management", at_least=1)
    other_groups: tuple[str, ...] = _several(STAFF_ROLES, "office", "management", at_least=1)
    council_may_post: bool = _no()


@dataclass(frozen=True)
class PhotoDownload:
    """S3: what guardians may keep, and whether that ends at the closing date (S4)."""

    one: bool = _yes()
    albums: bool = _yes()
    until_closing: bool = _yes()


@dataclass(frozen=True)
class ClosingDate:
    """S4: the day on which last year's groups, albums and conversations close."""

    month: int = _number(10, 8, 12)
    day: int = _number(1, 1, 31)


@dataclass(frozen=True)
class ConsentPurposes:
    """S5: what consent is asked for, in which words, when an answer may change, when it is asked again (month)."""

    purposes: tuple[str, ...] = _several(PURPOSES, *PURPOSES)
    texts: tuple[tuple[str, str], ...] = setting((), Texts(options=PURPOSES))
    window: str = _choice("always", "renewal_month")
    renewal_month: int = _number(9, 1, 12)


@dataclass(frozen=True)
class Emphasis:
    """S6: the kinds that go out with emphasis; "outing_change" is a change to an outing already announced."""

    kinds: tuple[str, ...] = _several(
        ("homework", "goals", "outing", "outing_change", "bring", "staff", "kwink", "announcement"),
        "outing_change", "staff",
    )  # fmt: skip


@dataclass(frozen=True)
class Digest:
    """S7: what people get who chose nothing themselves."""

    default: str = _choice("weekly", "daily", "none")


@dataclass(frozen=True)
class Calamity:
    """S8: who may send a calamity message."""

    senders: tuple[str, ...] = _several(STAFF_ROLES, "management", at_least=1)


@dataclass(frozen=True)
class SickInApp:
    """S9: holds when N2 says "app": the question of the next morning, and who receives a report."""

    still_ill: bool = _yes()
    receivers: tuple[str, ...] = _several(STAFF_ROLES, "teacher", "office", at_least=1)


@dataclass(frozen=True)
class LeaveInApp:
    """S10: holds when N4 says "app": within how many working days management decides."""

    working_days: int = _number(5, 1, 20, filled_in=True)


@dataclass(frozen=True)
class Directory:
    """S11: what parents of one group see of each other."""

    sees: str = _choice("names_and_children", "names", "nobody")


@dataclass(frozen=True)
class SchoolContact:
    """S14: how the page speaks of teachers, and where the school is reached."""

    address_form: str = _choice("teacher", "juf_meester")
    phone: str = setting("", Phone())
    office_hours: str = setting("", Text(most=80))
    email: str = setting("", Email())
    management_email: str = setting("", Email())
