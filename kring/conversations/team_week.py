"""Who the team of a group is and when it reads: what stands above and under the box of a message (H1, H2, H4)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kring.agreements.policy import Policy
from kring.conversations.hours import read_by_team, teachers_of
from kring.people.models import TeamRole
from kring.people.rules import works_on
from kring.school.calendars import calendar_of
from kring.school.models import Group

SCHOOL_WEEK = range(1, 6)


@dataclass(frozen=True, slots=True)
class Day:
    """One weekday of a teacher: its letters, whether she works, and whether it is the day on which it is read."""

    letters: str
    css: str


@dataclass(frozen=True, slots=True)
class Teacher:
    """One teacher of the group this week."""

    name: str
    works: str
    days: tuple[Day, ...]


@dataclass(frozen=True, slots=True)
class TeamWeek:
    """The team of a group as a parent sees it. `read_from` is empty when somebody can read it now."""

    teachers: tuple[Teacher, ...]
    read_from: datetime | None
    is_in_lessons: bool
    urgent: str
    answer: str

    @property
    def dial(self) -> str:
        """Return the urgent number as a telephone dials it."""
        return "".join(sign for sign in self.urgent if sign.isdigit() or sign == "+")


def team_week(group: Group, *, now: datetime, policy: Policy) -> TeamWeek:
    """Return the team of the group at `now` (aware). The same number of queries whatever its size."""
    school, today = group.school, group.school.today(now)
    read_from = read_by_team(group, now=now)
    read_on = school.today(read_from or now)
    calendar = calendar_of(school, first=today, last=today)
    in_lessons = any(
        hours.weekday == today.isoweekday()
        and school.moment(today, hours.starts) <= now < school.moment(today, hours.ends)
        for hours in group.lesson_hours.all()
    )
    monday = read_on - timedelta(days=read_on.isoweekday() - 1)
    return TeamWeek(
        teachers=tuple(_teacher(role, monday, read_on.isoweekday()) for role in teachers_of(group, on=today)),
        read_from=read_from,
        is_in_lessons=in_lessons and calendar.is_school_day(today, group_id=group.pk),
        urgent=policy.urgent_number,
        answer=answer_words(policy),
    )


def _teacher(role: TeamRole, monday: date, next_day: int) -> Teacher:
    pairs = [(day.weekday, day.weeks) for day in role.working_days.all()]
    on = [day for day in SCHOOL_WEEK if works_on(monday + timedelta(days=day - 1), pairs)]
    days = tuple(Day(letters(day), "" if day not in on else "next" if day == next_day else "on") for day in SCHOOL_WEEK)
    return Teacher(role.person.display_name, days_words(on), days)


def letters(weekday: int) -> str:
    """Return the short name of a weekday (1 = Monday)."""
    return str(WEEKDAYS_ABBR[weekday - 1]).lower()


def days_words(days: Iterable[int]) -> str:
    """Return weekdays (1 = Monday) as people say them: "works Tue-Thu", "works Mon and Fri"."""
    days = sorted(days)
    if not days:
        return _("does not work this week")
    if len(days) == len(SCHOOL_WEEK):
        return _("works every day")
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return _("works %(first)s-%(last)s") % {"first": letters(days[0]), "last": letters(days[-1])}
    names = [letters(day) for day in days]
    if len(names) == 1:
        return _("works on %(day)s") % {"day": names[0]}
    return _("works %(days)s and %(last)s") % {"days": ", ".join(names[:-1]), "last": names[-1]}


def answer_words(policy: Policy) -> str:
    """Return when an answer may be expected (H2), as one sentence."""
    answer = policy.expected_answer
    if answer.mode == "week":
        return _("You get an answer within a week.")
    if answer.mode == "working_days":
        return ngettext(
            "You get an answer within %(number)s working day.",
            "You get an answer within %(number)s working days.",
            answer.working_days,
        ) % {"number": answer.working_days}
    return _("You get an answer when the lessons allow.")
