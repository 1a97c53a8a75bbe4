"""What follows when a colleague is away: whom to tell, and in which words. Reads, writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kring.conversations.models import Meeting
from kring.core.viewer import GROUP_TEACHERS, Viewer
from kring.meetings.models import Sitting
from kring.meetings.permissions import can_keep_free
from kring.people.models import Person, TeamRole, current_on
from kring.school.models import Group, School

MOST_DAYS = 31
AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Draft:
    """The message for one group."""

    group: Group
    title: str
    text: str


class Way(StrEnum):
    """What becomes of a session of conversations whose teacher is away."""

    CANCEL = "cancel"  # families are told and choose again
    HAND_OVER = "hand_over"  # the substitute receives them
    ALONE = "alone"  # the other teacher of the session goes on
    LEAVE = "leave"


@dataclass(frozen=True, slots=True)
class Evening:
    """A session of a round of conversations in which she would sit ready; `ways` are what can be done about it."""

    sitting: Sitting
    coming: int
    others: list[Person]
    ways: list[Way]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that can follow; the page asks for each part."""

    drafts: list[Draft]
    meetings: list[Meeting]
    evenings: list[Evening]


def colleagues(viewer: Viewer, school: School) -> QuerySet[Person]:
    """Return for whom she may do this: everybody of the team for office and management, else herself and her duos."""
    today = school.today(viewer.now)
    team = Person.objects.filter(school=school).team_on(today).order_by("first_name", "last_name")
    if viewer.is_manager(school.pk):
        return team
    together = TeamRole.objects.filter(
        current_on(today), group_id__in=viewer.taught_group_ids, kind__in=GROUP_TEACHERS, school=school
    )
    return team.filter(Q(pk=viewer.person_at(school.pk) or 0) | Q(pk__in=together.values("person_id")))


def substitutes(school: School, today: date) -> QuerySet[Person]:
    """Return who can take over: everybody who works at the school."""
    return Person.objects.filter(school=school).team_on(today).order_by("first_name", "last_name")


def groups_of(viewer: Viewer, person: Person, first: date, last: date) -> list[Group]:
    """Return the groups that the colleague teaches in these days, as far as the viewer speaks for them."""
    roles = TeamRole.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gte=first), person=person, kind__in=GROUP_TEACHERS, starts_on__lte=last
    )
    rows = Group.objects.taught_by(viewer).in_year(first).filter(pk__in=roles.values("group_id"))
    return list(rows.filter(school=person.school).order_by("name"))


def meetings_of(person: Person, first: date, last: date) -> QuerySet[Meeting]:
    """Return the appointments of the colleague in these days that stand."""
    school = person.school or School()
    since, before = school.moment(first), school.moment(last + timedelta(days=1))
    return Meeting.objects.between(since, before).filter(with_staff=person).select_related("with_family", "school")


def plan_of(viewer: Viewer, person: Person, first: date, last: date, substitute: Person | None) -> Plan:
    """Return the plan, with words of our own for each message. Five queries."""
    groups = groups_of(viewer, person, first, last)
    drafts = [Draft(group, *words(person, first, last, substitute)) for group in groups]
    meetings = [one for one in meetings_of(person, first, last) if one.starts_at > viewer.now]
    return Plan(drafts, meetings, evenings_of(viewer, person, first, last, substitute))


def evenings_of(viewer: Viewer, person: Person, first: date, last: date, substitute: Person | None) -> list[Evening]:
    """Return the sessions of rounds of these days in which the colleague sits ready, as far as the viewer may decide
    about them and they are not over. What is best for the families stands first among the ways."""
    school = person.school or School()
    since, before = max(school.moment(first), viewer.now), school.moment(last + timedelta(days=1))
    found = []
    for sitting in Sitting.objects.of_teacher_between(person, since, before):
        if not can_keep_free(viewer, sitting):
            continue
        others = [one for one in sitting.teachers.all() if one.pk != person.pk]
        ways = [Way.CANCEL, Way.LEAVE]
        if substitute is not None and substitute not in others:
            ways.insert(0, Way.HAND_OVER)
        if others:
            ways.insert(0, Way.ALONE)
        found.append(Evening(sitting, sitting.coming, others, ways))
    return found


def words(person: Person, first: date, last: date, substitute: Person | None) -> tuple[str, str]:
    """Return title and text: who is away, on which days, who takes the group. Never why."""
    name = person.display_name
    days = _days(first, last)
    title = _("%(name)s is away %(days)s") % {"name": name, "days": days}
    if substitute is None:
        text = _("%(name)s is away %(days)s. We are looking for somebody who takes the group; you hear it here.")
        return title, text % {"name": name, "days": days}
    text = _(
        "%(name)s is away %(days)s. %(other)s takes the group. Do you write to the team in Kring? Then %(other)s reads "
        "it too."
    )
    return title, text % {"name": name, "days": days, "other": substitute.display_name}


def _days(first: date, last: date) -> str:
    """Return "on Friday 27 November": it is read on other days than it was written."""
    if first == last:
        return _("on %(day)s") % {"day": date_format(first, "l j F")}
    return _("from %(first)s to %(last)s") % {
        "first": date_format(first, "l j F"),
        "last": date_format(last, "l j F"),
    }


def chosen_meetings(meetings: Sequence[Meeting], keys: Sequence[str]) -> list[Meeting]:
    """Return those of the meetings that were ticked."""
    wanted = set(keys)
    return [one for one in meetings if one.public_id in wanted]
