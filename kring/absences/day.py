"""Who is away on a day: one list of visits, reports and leave, for a teacher's groups or a whole school."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Model
from django.utils.translation import gettext as _

from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.permissions import taught_at
from kring.absences.rules import Reason
from kring.absences.wording import absence_hours, how_told, visit_hours
from kring.core.templatetags.kring import spoken_day
from kring.core.viewer import Level, Viewer
from kring.people.models import Child, Enrolment, Guardianship, current_on
from kring.school.models import Group, School

NameOf = Callable[[int], str]
ICONS = {Reason.ILL: "thermometer", Reason.LATE: "clock", Reason.OTHER: "user-round-x", Reason.MISSING: "circle-alert"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Whom the office can call about a child."""

    name: str
    relation: str
    phone: str


@dataclass(slots=True)
class Line:
    """One child that is away, and why, until when, and how the school knows."""

    child: Child
    group: str
    what: str
    icon: str
    hours: str
    told: str
    note: str = ""
    visit: Appointment | None = None
    absence: Absence | None = None
    seen_by: str = ""
    is_unseen: bool = False
    is_doubtful: bool = False  # open illness that nobody confirmed today
    can_see: bool = False  # the viewer may say "seen" for the team
    callers: list[Caller] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """Return a name for the line in its page."""
        row = self.visit or self.absence
        return f"row-{row.public_id}" if row else f"leave-{self.child.public_id}"


@dataclass(frozen=True, slots=True)
class Soon:
    """A moment of the day at which a child leaves, or comes in."""

    at: datetime
    child: Child
    group: str
    words: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """A group on the board: how many of its children are there. `dots` says for each of them here, away or missing."""

    group: Group
    here: int
    all: int
    away: int
    missing: int

    @property
    def hollow(self) -> str:
        """Return the dashes of an SVG circle of `all` units that show the dots of who is away."""
        return _dots(self.away, self.all)

    @property
    def warm(self) -> str:
        """Return the dashes that show the dots of who is missing."""
        return _dots(self.missing, self.all)


def _dots(number: int, of: int) -> str:
    """Return dashes of no length, which round ends make dots: `number` of them, then nothing for the rest."""
    return "0 1 " * (number - 1) + f"0 {of * 2}" if number else ""


@dataclass(frozen=True, slots=True)
class Day:
    """The whole list of one day."""

    missing: list[Line]
    away: list[Line]
    soon: list[Soon]
    groups: list[GroupCount]

    @property
    def children(self) -> int:
        """Return how many children there should be."""
        return sum(one.all for one in self.groups)

    @property
    def here(self) -> int:
        """Return how many children are there."""
        return sum(one.here for one in self.groups)


def groups_on_list(viewer: Viewer, school: School, on: date, *, chosen: str = "") -> list[Group]:
    """Return the groups whose children she keeps the list of: all for office and management, else those she teaches."""
    rows = Group.objects.filter(school=school, kind="class").in_year(on).order_by("name")
    if not viewer.is_manager(school.pk):
        rows = Group.objects.filter(school=school, pk__in=taught_at(viewer, school)).in_year(on).order_by("name")
    return [group for group in rows if not chosen or group.public_id == chosen]


def seats_on(groups: Sequence[Group], on: date, *, children: Sequence[Child] | None = None) -> dict[int, int]:
    """Return child id -> group id of everybody (or of `children`) who sits in these groups on the day. One query."""
    rows = Enrolment.objects.filter(current_on(on), group__in=groups)
    if children is not None:
        rows = rows.filter(child__in=children)
    return dict(rows.order_by("pk").values_list("child_id", "group_id"))


def day_of(viewer: Viewer, school: School, on: date, groups: Sequence[Group], *, now: datetime) -> Day:
    """Return who of these groups is away on the day `on`, seen at `now`. Five queries; six with telephone numbers."""
    seats = seats_on(groups, on)
    names = {group.pk: group.name for group in groups}

    def group_of(child_id: int) -> str:
        return names[seats[child_id]]

    lines = [
        *_reported(viewer, school, on, seats, group_of),
        *_visiting(viewer, school, on, seats, group_of),
        *_on_leave(viewer, school, on, seats, group_of),
    ]
    for line in lines:
        line.can_see = line.is_unseen and viewer.teaches(seats[line.child.pk])
    if viewer.is_manager(school.pk):
        _add_callers(lines, on)
    lines.sort(key=lambda line: (line.group, line.child.last_name, line.child.first_name))
    missing = [line for line in lines if _is_missing(line)]
    away = [line for line in lines if not _is_missing(line)]
    return Day(missing, away, _soon(lines, school, on, now), _counted(groups, seats, lines, school, on, now))


def _words_of(model: type[Model], name: str) -> dict[str, str]:
    """Return the words for each choice of a field; `get_…_display` would look all of them up again for every row."""
    return {key: str(word) for key, word in model._meta.get_field(name).flatchoices}  # type: ignore[union-attr]


def _reported(viewer: Viewer, school: School, on: date, seats: dict[int, int], group_of: NameOf) -> Iterable[Line]:
    words = _words_of(Absence, "reason")
    for row in Absence.objects.seen_as_team(viewer).on(school, on):
        if row.child_id not in seats:
            continue
        doubtful = (
            row.reason == Reason.ILL
            and row.ends_on is None
            and row.starts_on < on
            and (row.confirmed_on or row.starts_on) < on
        )
        yield Line(
            child=row.child,
            group=group_of(row.child_id),
            what=words[row.reason],
            icon=ICONS[Reason(row.reason)],
            hours=absence_hours(row, on),
            told=how_told(row, school),
            note=row.note,
            absence=row,
            seen_by=row.seen_by.display_name if row.seen_by else "",
            is_unseen=row.seen_at is None and row.source == "app",
            is_doubtful=doubtful,
        )


def _visiting(viewer: Viewer, school: School, on: date, seats: dict[int, int], group_of: NameOf) -> Iterable[Line]:
    words = _words_of(Appointment, "kind")
    for row in Appointment.objects.seen_as_team(viewer).on(school, on):
        if row.child_id not in seats:
            continue
        note = "; ".join(
            part
            for part in (row.note, _("picked up by %(who)s") % {"who": row.picked_up_by} if row.picked_up_by else "")
            if part
        )
        yield Line(
            child=row.child,
            group=group_of(row.child_id),
            what=words[row.kind],
            icon="stethoscope",
            hours=visit_hours(row, school),
            told=_("Kring, from a parent"),
            note=note,
            visit=row,
            seen_by=row.seen_by.display_name if row.seen_by else "",
            is_unseen=row.seen_at is None,
        )


def _on_leave(viewer: Viewer, school: School, on: date, seats: dict[int, int], group_of: NameOf) -> Iterable[Line]:
    for row in LeaveRequest.objects.away_as_team_sees(viewer).on(school, on):
        if row.child_id not in seats:
            continue
        more = row.last_day > on
        hours = _("up to and including %(day)s") % {"day": spoken_day(row.last_day)} if more else _("the whole day")
        yield Line(
            child=row.child,
            group=group_of(row.child_id),
            what=_("Leave"),
            icon="calendar-check",
            hours=hours,
            told=_("granted"),
        )


def _add_callers(lines: Sequence[Line], on: date) -> None:
    """Bring the telephone numbers of the full guardians along; a child without one has none."""
    ids = {line.child.pk for line in lines}
    ties = Guardianship.objects.filter(current_on(on), child_id__in=ids, level=Level.FULL).exclude(person__phone="")
    words, found = _words_of(Guardianship, "relation"), defaultdict[int, list[Caller]](list)
    for tie in ties.select_related("person").order_by("pk"):
        found[tie.child_id].append(Caller(tie.person.name, words.get(tie.relation, tie.relation), tie.person.phone))
    for line in lines:
        line.callers = found[line.child.pk]


def _soon(lines: Sequence[Line], school: School, on: date, now: datetime) -> list[Soon]:
    found = []
    for line in lines:
        if line.visit is not None and not line.visit.whole_day:
            found.append(Soon(line.visit.starts_at, line.child, line.group, _("leaves")))
            found.append(Soon(line.visit.ends_at, line.child, line.group, _("comes back")))
        elif line.absence is not None and line.absence.back_at is not None and line.absence.ends_on == on:
            found.append(Soon(school.moment(on, line.absence.back_at), line.child, line.group, _("comes in")))
    return sorted((one for one in found if one.at > now), key=lambda one: one.at)


def _counted(
    groups: Sequence[Group], seats: dict[int, int], lines: Sequence[Line], school: School, on: date, now: datetime
) -> list[GroupCount]:
    """Return how many are there at `now`; who leaves later is there still, who came back is there again."""
    sizes: dict[int, int] = defaultdict(int)
    for group_id in seats.values():
        sizes[group_id] += 1
    away: dict[int, set[int]] = defaultdict(set)
    missing: dict[int, set[int]] = defaultdict(set)
    for line in lines:
        if not _is_away(line, school, on, now):
            continue
        (missing if _is_missing(line) else away)[seats[line.child.pk]].add(line.child.pk)
    return [
        GroupCount(
            group=group,
            here=sizes[group.pk] - len(away[group.pk] | missing[group.pk]),
            all=sizes[group.pk],
            away=len(away[group.pk] - missing[group.pk]),
            missing=len(missing[group.pk]),
        )
        for group in groups
    ]


def _is_missing(line: Line) -> bool:
    return line.absence is not None and line.absence.reason == Reason.MISSING


def _is_away(line: Line, school: School, on: date, now: datetime) -> bool:
    if line.visit is not None and not line.visit.whole_day:
        return line.visit.starts_at <= now < line.visit.ends_at
    if line.absence is not None and line.absence.back_at is not None and line.absence.ends_on == on:
        return now < school.moment(on, line.absence.back_at)
    return True
