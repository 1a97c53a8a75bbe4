"""When the team is told, when it reads, and when what it writes goes out (H1, S12): what the rules need, fetched.

For other rooms: `read_moment` ("is read from Monday 08:00") and `send_moment` (the default of a composer of staff).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kring.agreements.current import policies_for, policy_for
from kring.agreements.policy import Policy
from kring.agreements.settings import Unreadable, Window, Windows
from kring.core.viewer import STAFF, Viewer
from kring.notifications.models import OwnHours, Preference
from kring.notifications.rules import RoleDays, StaffHours, next_window, own_held_until, read_from, staff_held_until
from kring.notifications.rules.hours import LOOK_AHEAD
from kring.people.models import StaffAbsence, TeamRole, not_over_on
from kring.school.calendars import calendar_of
from kring.school.models import School
from kring.school.rules import Calendar


def staff_hours(
    school: School,
    person_ids: Iterable[int],
    *,
    now: datetime,
    policy: Policy | None = None,
    calendar: Calendar | None = None,
) -> dict[int, StaffHours]:
    """Return when each of these persons can be reached at the school, as things stand at `now` (aware).

    Five queries at most, whatever their number: three when `policy` and `calendar` (from today to 120 days ahead) are
    given. Who has no role as staff here works every school day.
    """
    wanted = set(person_ids)
    policy = policy or policy_for(school.pk, at=now)
    today = school.today(now)
    calendar = calendar or calendar_of(school, first=today, last=today + timedelta(days=LOOK_AHEAD))
    roles, away = _roles_of(school, wanted, today), _absences_of(school, wanted, today)
    own = _own_windows(school, wanted) if policy.contact_hours.per_person else {}
    return {
        pk: StaffHours(
            zone=school.zone,
            windows=own.get(pk) or policy.contact_hours.windows,
            calendar=calendar,
            roles=tuple(roles[pk]),
            own_days=policy.contact_hours.own_working_days,
            away=tuple(away[pk]),
        )
        for pk in wanted
    }


def _roles_of(school: School, person_ids: set[int], today: date) -> dict[int, list[RoleDays]]:
    roles = TeamRole.objects.filter(not_over_on(today), person_id__in=person_ids, school=school, kind__in=STAFF)
    rows = roles.values_list(
        "pk", "person_id", "starts_on", "ends_on", "group__school_year__ends_on", "working_days__weekday",
        "working_days__weeks",
    )  # fmt: skip
    days: dict[int, list[tuple[int, str]]] = defaultdict(list)
    spans: dict[int, tuple[int, date, date | None]] = {}
    for pk, person_id, first, last, year_ends, weekday, weeks in rows:
        # A role in a group ends with the school year of the group, when it has no last day of its own.
        spans[pk] = (person_id, first, min((day for day in (last, year_ends) if day), default=None))
        if weekday is not None:
            days[pk].append((weekday, weeks))
    found: dict[int, list[RoleDays]] = defaultdict(list)
    for pk, (person_id, first, until) in spans.items():
        found[person_id].append(RoleDays(first, until, tuple(days[pk])))
    return found


def _absences_of(school: School, person_ids: set[int], today: date) -> dict[int, list[tuple[date, date]]]:
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = StaffAbsence.objects.filter(school=school, person_id__in=person_ids, ends_on__gte=today)
    for person_id, first, last in rows.values_list("person_id", "starts_on", "ends_on"):
        found[person_id].append((first, last))
    return found


def _own_windows(school: School, person_ids: set[int]) -> dict[int, tuple[Window, ...]]:
    rows = OwnHours.objects.filter(school=school, person_id__in=person_ids).values_list("person_id", "windows")
    return {person_id: windows_from(stored) for person_id, stored in rows}


def windows_from(stored: object) -> tuple[Window, ...]:
    """Return stored contact windows as values; none when a later release cannot read them any more."""
    try:
        return Windows().read(stored)
    except Unreadable:
        return ()


def read_moment(school: School, person_ids: Iterable[int], *, now: datetime) -> datetime | None:
    """Return when the first of these members of staff can read what is written to them at `now` (aware).

    None: now, inside the contact hours of one of them. The moment is in the school's zone.
    """
    return read_from(now, staff_hours(school, person_ids, now=now).values())


def send_moment(
    viewer: Viewer, school: School, *, policy: Policy | None = None, calendar: Calendar | None = None
) -> datetime | None:
    """Return when a message of this member of staff goes out by default, outside her contact hours (H1).

    None: now, inside them, or when no window comes within 120 days. Who does not work at the school, as the parent
    council, has the hours of the school.
    """
    person_id = viewer.person_at(school.pk) or 0
    hours = staff_hours(school, [person_id], now=viewer.now, policy=policy, calendar=calendar)[person_id]
    return next_window(viewer.now, zone=hours.zone, windows=hours.windows, works_on=hours.works_on)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Until when each of some logins is left in peace, at one school, from one moment on."""

    school: School
    now: datetime
    staff: dict[int, StaffHours]
    own: dict[int, Preference]

    def held_until(self, user_id: int, *, as_staff: bool) -> datetime | None:
        """Return until when (aware) a notification to the login is held, or None when she may have it now.

        Told as staff, the contact hours of the school decide (H1); told as a parent, the quiet hours she chose.
        """
        if as_staff:
            hours = self.staff.get(user_id)
            return staff_held_until(self.now, hours) if hours else None
        mine = self.own.get(user_id)
        if mine is None or mine.quiet_from is None or mine.quiet_until is None:
            return None
        return own_held_until(self.now, zone=self.school.zone, quiet_from=mine.quiet_from, quiet_until=mine.quiet_until)


def quiet_hours(
    school: School, viewers: Iterable[Viewer], preferences: dict[int, Preference], *, now: datetime
) -> QuietHours:
    """Return the quiet hours of these viewers at the school at `now` (aware). At most five queries."""
    staff = {
        person_id: viewer.user_id
        for viewer in viewers
        if viewer.user_id is not None
        and viewer.is_staff_at(school.pk)
        and (person_id := viewer.person_at(school.pk)) is not None
    }
    hours = staff_hours(school, staff, now=now, policy=policies_for([school.pk], at=now)[school.pk]) if staff else {}
    return QuietHours(school, now, {staff[person_id]: found for person_id, found in hours.items()}, preferences)
