"""The part of the difference about who sits where: enrol, move, end."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from kring.imports.plan import Current, HasEnrolment, Levels, Line, Plan, name_of
from kring.imports.roster import Roster, RosterChild, RosterEnrolment


class Maker:
    """What every subject needs: the roster, what is here, the plan in the making, and names for the preview."""

    def __init__(self, roster: Roster, current: Current, levels: Levels) -> None:
        self.roster, self.current, self.levels, self.plan = roster, current, levels, Plan()
        self.in_group = {g.key: g for g in roster.groups}
        self.names = {key: name_of(has) for key, has in {**current.children, **current.adults}.items()}
        self.names |= {child.key: name_of(child) for child in roster.children}
        self.names |= {adult.key: name_of(adult) for adult in roster.adults}
        first_day = min((g.year.starts_on for g in roster.groups), default=current.today)
        self.from_day = max(current.today, first_day)  # a roster for next year takes effect next year
        self.listed = {child.key for child in roster.children}
        self.key_of = {group.pk: key for key, group in current.groups.items()}
        self.fresh: set[str] = set()  # keys of groups that do not exist yet
        self.group_of: dict[str, str] = {}  # child -> name of a group, for the preview
        self.gone_children: set[str] = set()

    def line(self, sort: str, key: str, what: str, was: str = "", now: str = "", *, ask: bool = False) -> None:
        """Add a line of the preview about the person `key`."""
        group = self.group_of.get(key, "")
        self.plan.lines.append(Line(sort, self.names.get(key, key), what, group, was, now, ask))

    def level_of(self, child: RosterChild | None, group_key: str) -> int | None:
        """Return the child's own year level; else that of a group with one level only."""
        own = self.levels.get(child.grade) if child and child.grade else None
        if own:
            return own
        group = self.in_group.get(group_key)
        of_group = {self.levels.get(code) for code in group.grades} if group else set()
        if group is None and group_key in self.current.groups:
            of_group = set(self.current.groups[group_key].levels)
        return of_group.pop() if len(of_group) == 1 else None

    def group_name(self, key: str) -> str:
        """Return the name of a group of the file or of the school."""
        group = self.in_group.get(key)
        return group.name if group else self.current.groups[key].name

    def year_of(self, key: str) -> tuple[date, date]:
        """Return the first and last day of the year of a group."""
        group = self.in_group.get(key)
        if group:
            return group.year.starts_on, group.year.ends_on
        return self.current.groups[key].starts_on, self.current.groups[key].ends_on


class EnrolmentMaker(Maker):
    """Who sits in which group, in which year, until when."""

    def enrolments(self) -> None:
        """Enrol, move and end. The other system's bulk file decides; a delta ends only what it names."""
        children = {child.key: child for child in self.roster.children}
        now_in: dict[str, list[HasEnrolment]] = defaultdict(list)
        for has in self.current.enrolments:
            now_in[has.child].append(has)
        wanted: dict[str, list[RosterEnrolment]] = defaultdict(list)
        for enrolment in self.roster.enrolments:
            wanted[enrolment.child].append(enrolment)
        for key in sorted(now_in.keys() | wanted.keys()):
            if key in self.roster.untouched.children or key in self.roster.untouched.enrolments_of:
                continue
            self._enrol(key, children.get(key), now_in[key], wanted[key])

    def _enrol(
        self, key: str, child: RosterChild | None, now_in: list[HasEnrolment], wanted: list[RosterEnrolment]
    ) -> None:
        matched: set[int] = set()
        added: list[tuple[RosterEnrolment, int]] = []
        for enrolment in wanted:
            has = self._same(enrolment, now_in)
            level = self.level_of(child, enrolment.group)
            if has is not None:
                matched.add(has.pk)
                self._change(key, enrolment, has, level or has.level)
            elif level is None:
                self.plan.without_level.append(self.names.get(key, key))
            else:
                added.append((enrolment, level))
        ended = [has for has in now_in if has.pk not in matched and self._is_over(key, has)]
        stays = len(now_in) - len(ended)
        is_moved = bool(ended and added)
        for enrolment, level in added:
            self._start(key, enrolment, level, is_moved)
        for has in ended:
            self._end(has, [enrolment for enrolment, _level in added])
        if is_moved:
            was = ", ".join(has.group_name for has in ended)
            now = ", ".join(self.group_name(enrolment.group) for enrolment, _level in added)
            self.line("moved", key, "group_of_child", was=was, now=now)
        elif added and key in self.current.children:
            now = ", ".join(self.group_name(enrolment.group) for enrolment, _level in added)
            self.line("changed", key, "joins", now=now)
        elif ended and any(has.ends_on is None or has.ends_on > self._last_day(has, []) for has in ended):
            was = ", ".join(has.group_name for has in ended)
            self.line("changed" if stays else "gone", key, "leaves", was=was)
            if not stays:
                self.gone_children.add(key)

    def _same(self, enrolment: RosterEnrolment, now_in: list[HasEnrolment]) -> HasEnrolment | None:
        group = self.current.groups.get(enrolment.group)
        if group is None or enrolment.group in self.fresh:
            return None
        return next((has for has in now_in if has.group_pk == group.pk), None)

    def _until(self, enrolment: RosterEnrolment) -> date | None:
        """Return the last day, or None when the file's last day is only the end of the year."""
        year_ends = self.year_of(enrolment.group)[1]
        # A session may end some days before 31 July: the last month is the end of the year, not a departure.
        late = enrolment.ends_on is None or enrolment.ends_on >= year_ends.replace(day=1) - timedelta(31)
        return None if late else enrolment.ends_on

    def _change(self, key: str, enrolment: RosterEnrolment, has: HasEnrolment, level: int) -> None:
        until = self._until(enrolment)
        if until is not None and until < has.starts_on:
            until = has.starts_on
        if (level, until) == (has.level, has.ends_on):
            return
        self.plan.changed_enrolments.append((has.pk, level, until))
        if level != has.level:
            self.line("changed", key, "level", was=str(has.level), now=str(level))
        if until != has.ends_on:
            self.line("changed", key, "until", was=said(has.ends_on), now=said(until))

    def _start(self, key: str, enrolment: RosterEnrolment, level: int, is_moved: bool) -> None:
        first, last = self.year_of(enrolment.group)
        begins = enrolment.starts_on
        if begins is None or not first <= begins <= last:
            is_with_the_year = enrolment.group in self.fresh and not is_moved
            begins = first if is_with_the_year else min(max(self.current.today, first), last)
        until = self._until(enrolment)
        if until is not None and until < begins:
            until = begins
        self.plan.new_enrolments.append((key, enrolment.group, level, begins, until))

    def _is_over(self, key: str, has: HasEnrolment) -> bool:
        removed, whole = self.roster.removed, self.roster.whole
        group = self.key_of[has.group_pk]
        if key in removed.children or group in removed.groups or (key, group) in removed.enrolments:
            return True
        if group in self.fresh:  # the class goes on under the same key in another year
            return True
        if group in self.roster.untouched.groups:
            return False
        return whole.enrolments or (whole.people and key not in self.listed)

    def _last_day(self, has: HasEnrolment, added: list[RosterEnrolment]) -> date:
        begins = min((e.starts_on for e in added if e.starts_on), default=self.from_day)
        day = min(max(begins, self.current.today) - timedelta(1), has.year_ends)
        return max(day, has.starts_on)

    def _end(self, has: HasEnrolment, added: list[RosterEnrolment]) -> None:
        day = self._last_day(has, added)
        if has.ends_on is None or has.ends_on > day:
            self.plan.ended_enrolments.append((has.pk, day))


def said(day: date | None) -> str:
    """Return a day as the plan writes it down; "" for none."""
    return day.isoformat() if day else ""
