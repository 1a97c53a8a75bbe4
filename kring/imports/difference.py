"""The pure difference between a roster and what a school has: what is new, changed, moved and gone.

Matching is on stable ids only. Nothing is deleted: what is gone gets a last day. What the office decided by hand
(level, authority, a guardianship it ended, people it made itself) is never in a plan.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from kring.imports.plan import Current, GroupChange, Has, HasTie, Levels, Line, Plan
from kring.imports.roster import Roster, RosterAdult, RosterChild, RosterGroup
from kring.imports.seats import EnrolmentMaker

NAMES = ("first_name", "infix", "last_name")
REACH = (*NAMES, "email", "phone")


def make_plan(roster: Roster, current: Current, levels: Levels) -> Plan:
    """Return what must happen so that the school has what `roster` says. `levels`: grade code -> year level."""
    maker = _Maker(roster, current, levels)
    maker.groups()
    maker.people()
    maker.enrolments()
    maker.links()
    maker.teachers()
    maker.weigh()
    return maker.plan


class _Maker(EnrolmentMaker):
    """Makes one plan, subject by subject."""

    def groups(self) -> None:
        """Make new groups, rename changed ones. A class that comes back in another year becomes a new group."""
        taken = set(self.current.group_names)
        for group in self.roster.groups:
            levels = tuple(sorted({level for code in group.grades if (level := self.levels.get(code))}))
            has = self.current.groups.get(group.key)
            if has is None or has.starts_on != group.year.starts_on:
                name = _free_name(group, taken)
                taken.add((group.year.starts_on, name))
                self.fresh.add(group.key)
                self.plan.new_groups.append((group, name, levels))
                self.plan.lines.append(Line("new", name, "group", now=group.year.name))
                continue
            changes: GroupChange = {}
            if group.name != has.name and not _is_numbered(has.name, group.name):
                name = _free_name(group, taken)
                taken.add((group.year.starts_on, name))
                changes["name"] = name
                self.plan.lines.append(Line("changed", name, "group_name", was=has.name, now=name))
            if levels and levels != has.levels:
                changes["year_levels"] = list(levels)
                was, now = "/".join(map(str, has.levels)), "/".join(map(str, levels))
                self.plan.lines.append(Line("changed", group.name, "group_levels", was=was, now=now))
            if changes:
                self.plan.changed_groups.append((has.pk, changes))

    def people(self) -> None:
        """Make new children and adults, change the names and addresses of known ones, tell about shared addresses."""
        for enrolment in self.roster.enrolments:
            group = self.in_group.get(enrolment.group)
            has_group = self.current.groups.get(enrolment.group)
            name = group.name if group else has_group.name if has_group else ""
            if name and (enrolment.child not in self.group_of or (group and group.kind == "class")):
                self.group_of[enrolment.child] = name
        for sits in self.current.enrolments:
            self.group_of.setdefault(sits.child, sits.group_name)
        for child in self.roster.children:
            has = self.current.children.get(child.key)
            if has is None:
                self.plan.new_children.append(child)
                self.line("new", child.key, "child")
            else:
                self._compare(child, has, NAMES, self.plan.changed_children)
        children_of = defaultdict(list)
        for link in self.roster.links:
            children_of[link.adult].append(link.child)
        by_email: dict[str, str] = {has.email.lower(): key for key, has in self.current.adults.items() if has.email}
        for adult in self.roster.adults:
            if children_of.get(adult.key):
                self.group_of[adult.key] = ", ".join(self.names.get(key, key) for key in children_of[adult.key])
            has = self.current.adults.get(adult.key)
            if has is None:
                self.plan.new_adults.append(adult)
                self.line("new", adult.key, "adult", now=adult.email or "")
            else:
                self._compare(adult, has, REACH, self.plan.changed_adults)
            if adult.email:
                other = by_email.setdefault(adult.email.lower(), adult.key)
                if other != adult.key:
                    self.plan.same_email.append((self.names.get(other, other), self.names[adult.key]))

    def _compare(
        self, new: RosterChild | RosterAdult, has: Has, names: tuple[str, ...], into: list[tuple[int, dict[str, str]]]
    ) -> None:
        changes = {}
        for name in names:
            value, old = getattr(new, name), getattr(has, name)
            if value is not None and value != old:
                changes[name] = value
                self.line("changed", new.key, name, was=old, now=value)
        if changes:
            into.append((has.pk, changes))

    def links(self) -> None:
        """Tie adults to children; untie what the file no longer has. What was ended by hand stays ended."""
        wanted = {(link.child, link.adult) for link in self.roster.links}
        for link in self.roster.links:
            pair = (link.child, link.adult)
            if link.child not in self.names or link.adult not in self.names:
                continue
            tie = self.current.links.get(pair)
            if tie is not None:
                if tie.pk is None:
                    self.plan.kept_ended.append((self.names[link.child], self.names[link.adult]))
                continue
            child, adult = self.current.children.get(link.child), self.current.adults.get(link.adult)
            if child and adult and (child.pk, adult.pk) in self.current.open_guardianships:
                continue
            self.plan.new_links.append(link)
            if child is not None:
                self.line("changed", link.child, "guardian_joins", now=self.names[link.adult])
        for pair, tie in self.current.links.items():
            # A tie that the office ended stays remembered: the same parent must not come back with a later file.
            if tie.pk is not None and pair not in wanted and self._is_untied(*pair):
                self.plan.ended_links.append(tie)
                self.line("changed", pair[0], "guardian_leaves", was=self.names.get(pair[1], ""), ask=True)

    def _is_untied(self, child: str, adult: str) -> bool:
        """Say whether the file ends this tie. Of a child that leaves, the guardians stay: they may still read back."""
        removed, untouched = self.roster.removed, self.roster.untouched
        if child in untouched.children or adult in untouched.adults:
            return False
        if (child, adult) in removed.links or adult in removed.adults:
            return True
        return self.roster.whole.links and child in self.listed and child not in self.gone_children

    def teachers(self) -> None:
        """Give a teacher her group; end what the file no longer has."""
        wanted = {(row.adult, row.group) for row in self.roster.assignments}
        for row in self.roster.assignments:
            adult, group = self.current.adults.get(row.adult), self.current.groups.get(row.group)
            tie = self.current.teachers.get((row.adult, row.group))
            if row.adult not in self.names or row.adult in self.roster.untouched.adults:
                continue
            if row.group in self.fresh and tie is not None and tie.pk is not None:
                self.plan.ended_teachers.append(tie)  # last year's; this year's is new
            if row.group not in self.fresh and (
                tie is not None or (adult and group and (adult.pk, group.pk) in self.current.open_roles)
            ):
                continue
            if row.group in self.in_group or group is not None:
                self.plan.new_teachers.append(row)
                if adult is not None:
                    self.line("changed", row.adult, "teaches", now=self.group_name(row.group))
        for (adult_key, group_key), tie in self.current.teachers.items():
            if tie.pk is None or (adult_key, group_key) in wanted:
                continue
            if self._is_relieved(adult_key, group_key):
                self.plan.ended_teachers.append(tie)
                self.line("changed", adult_key, "stops_teaching", was=self.group_name(group_key))

    def _is_relieved(self, adult: str, group: str) -> bool:
        removed, untouched = self.roster.removed, self.roster.untouched
        if adult in untouched.adults or adult in untouched.enrolments_of or group in untouched.groups:
            return False
        return (
            adult in removed.adults
            or group in removed.groups
            or (adult, group) in removed.assignments
            or self.roster.whole.enrolments
        )

    def weigh(self) -> None:
        """Count how many children and adults are here, and how many of them lose all they have."""
        here = {has.child for has in self.current.enrolments}
        self.plan.children_here, self.plan.children_gone = len(here), len(self.gone_children)
        held: dict[str, set[HasTie]] = defaultdict(set)
        for (_child, adult), tie in self.current.links.items():
            if tie.pk is not None:
                held[adult].add(tie)
        for (adult, _group), tie in self.current.teachers.items():
            if tie.pk is not None:
                held[adult].add(tie)
        ended = {*self.plan.ended_links, *self.plan.ended_teachers}
        gaining = {link.adult for link in self.plan.new_links} | {row.adult for row in self.plan.new_teachers}
        gone = [key for key, ties in held.items() if ties <= ended and key not in gaining]
        self.plan.adults_here, self.plan.adults_gone = len(held), len(gone)
        for key in gone:
            self.line("gone", key, "adult_leaves")


def _free_name(group: RosterGroup, taken: set[tuple[date, str]]) -> str:
    """Return the group's name; numbered when the year already has a group of that name."""
    name, number = group.name, 2
    while (group.year.starts_on, name) in taken:
        name = f"{group.name[:35]} ({number})"
        number += 1
    return name


def _is_numbered(name: str, base: str) -> bool:
    return name.startswith(f"{base[:35]} (") and name.endswith(")")
