"""Applying a roster: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import RoleKind, Viewer
from kring.imports.current import ADULT, CHILD, GROUP, LINK, SCHOOL, TEACHER, current_of, tie_key
from kring.imports.difference import make_plan
from kring.imports.models import SOURCE, Import, State
from kring.imports.permissions import can_import
from kring.imports.plan import Current, Plan
from kring.imports.roster import Roster, from_json
from kring.people.actions import roster as people
from kring.people.models import Child, Enrolment, ExternalRef, Guardianship, Person, TeamRole
from kring.school.actions import groups as group_actions
from kring.school.actions import years as year_actions
from kring.school.models import Group, School, SchoolYear

Tell = Callable[[str], None]
STEPS = ("groups", "people", "enrolments", "guardians", "teachers")


class AsksAgain(Refused):
    """More than a tenth of the children or adults would go: apply only with `confirmed_gone`."""


@transaction.atomic
def apply_import(
    *, by: Viewer, waiting: Import, confirmed_gone: bool = False, expected: str = "", tell: Tell | None = None
) -> Plan:
    """Carry out what the import says, all or nothing, and return what was done.

    `expected` is the digest of the plan that somebody looked at: when the school changed since, nothing is applied.
    Raises AsksAgain without `confirmed_gone` when more than a tenth goes, Refused when it no longer waits. `tell` is
    called with the name of each step of STEPS before it begins.
    """
    require(can_import(by, waiting.school))
    school = School.objects.select_for_update().get(pk=waiting.school_id)  # two imports at one school take turns
    claimed = Import.objects.filter(pk=waiting.pk, state=State.READY, expires_at__gt=by.now)
    if not claimed.update(state=State.APPLIED, applied_at=by.now):
        raise Refused(_("This import is no longer waiting. Choose the file again."))
    today = school.today(by.now)
    roster = from_json(waiting.roster or {})
    current = current_of(school, today=today)
    plan = make_plan(roster, current, {code: waiting.grades.get(code) for code in roster.grades})
    if expected and expected != plan.digest:
        raise Refused(_("Something at the school changed since you looked. Check the list once more."))
    if plan.is_alarming and not confirmed_gone:
        raise AsksAgain(_("More than a tenth would leave. Say that this is right before it is applied."))
    _Applier(by, school, roster, current, plan, today).run(tell or (lambda step: None))
    counts = {**plan.counts, "children": plan.children_here - plan.children_gone + len(plan.new_children)}
    Import.objects.filter(pk=waiting.pk).update(roster=None, faults=None, counts=counts)
    waiting.refresh_from_db()
    audit.record(by=by, what="imports.applied", about=waiting, **plan.counts)
    return plan


class _Applier:
    """Carries out one plan with the verbs of people and school."""

    def __init__(self, by: Viewer, school: School, roster: Roster, current: Current, plan: Plan, today: date) -> None:
        self.by, self.school, self.roster, self.plan, self.today = by, school, roster, plan, today
        self.children = {key: has.pk for key, has in current.children.items()}
        self.adults = {key: has.pk for key, has in current.adults.items()}
        self.groups = {key: has.pk for key, has in current.groups.items()}
        self.group_starts = {key: has.starts_on for key, has in current.groups.items()}
        self.refs: list[ExternalRef] = []
        self.fresh: set[str] = set()

    def run(self, tell: Tell) -> None:
        """Do every step, in the order in which they need each other."""
        self._ref(SCHOOL, self.roster.school.key)
        for step in STEPS:
            tell(step)
            getattr(self, f"_{step}")()
        people.remember_keys(by=self.by, school=self.school, refs=self.refs)

    def _ref(self, kind: str, key: str, **points_to: int) -> None:
        self.refs.append(ExternalRef(school=self.school, source=SOURCE, kind=kind, key=key, **points_to))

    def _groups(self) -> None:
        years = {year.starts_on: year for year in SchoolYear.objects.filter(school=self.school)}
        for group, name, levels in self.plan.new_groups:
            first_day = group.year.starts_on
            if first_day not in years:
                years[first_day] = year_actions.make_school_year(by=self.by, school=self.school, day=first_day)
            made = group_actions.make_group(
                by=self.by, school_year=years[first_day], name=name, year_levels=levels, kind=group.kind
            )
            self.groups[group.key], self.group_starts[group.key] = made.pk, first_day
            self.fresh.add(group.key)
            self._ref(GROUP, group.key, group_id=made.pk)
        changes = dict(self.plan.changed_groups)
        for row in Group.objects.filter(school=self.school, pk__in=changes).select_related("school", "school_year"):
            change = changes[row.pk]
            group_actions.change_group(
                by=self.by,
                group=row,
                name=change.get("name", row.name),
                year_levels=change.get("year_levels", row.year_levels),
                kind=row.kind,
            )

    def _people(self) -> None:
        by, school, plan = self.by, self.school, self.plan
        children = [
            Child(school=school, first_name=new.first_name, infix=new.infix, last_name=new.last_name)
            for new in plan.new_children
        ]
        people.add_children(by=by, school=school, children=children)
        for new, child in zip(plan.new_children, children, strict=True):
            self.children[new.key] = child.pk
            self._ref(CHILD, new.key, child_id=child.pk)
        persons = [
            Person(
                school=school,
                first_name=new.first_name,
                infix=new.infix,
                last_name=new.last_name,
                email=new.email or "",
                phone=new.phone or "",
            )
            for new in plan.new_adults
        ]
        people.add_persons(by=by, school=school, persons=persons)
        for adult, person in zip(plan.new_adults, persons, strict=True):
            self.adults[adult.key] = person.pk
            self._ref(ADULT, adult.key, person_id=person.pk)
        people.change_children(by=by, school=school, changes=dict(plan.changed_children))
        people.change_persons(by=by, school=school, changes=dict(plan.changed_adults))

    def _enrolments(self) -> None:
        by, school, plan = self.by, self.school, self.plan
        last_days: dict[date, list[int]] = defaultdict(list)
        for pk, day in plan.ended_enrolments:
            last_days[day].append(pk)
        people.end_enrolments(by=by, school=school, last_days=last_days)
        people.change_enrolments(by=by, school=school, changes=plan.changed_enrolments)
        people.enrol_many(
            by=by,
            school=school,
            enrolments=[
                Enrolment(
                    school=school,
                    child_id=self.children[child],
                    group_id=self.groups[group],
                    year_level=level,
                    starts_on=begins,
                    ends_on=until,
                )
                for child, group, level, begins, until in plan.new_enrolments
            ],
        )

    def _guardians(self) -> None:
        by, school, ended = self.by, self.school, self.plan.ended_links
        keys = [tie.pk for tie in ended if tie.pk is not None]
        people.end_guardianships(by=by, school=school, keys=keys, last_day=self.today - timedelta(1))
        people.forget_keys(by=by, school=school, refs=[tie.ref for tie in ended])
        new = []
        for link in self.plan.new_links:
            pair = {"child_id": self.children[link.child], "person_id": self.adults[link.adult]}
            new.append(Guardianship(school=school, relation=link.relation, starts_on=self.today, **pair))
            self._ref(LINK, tie_key(link.child, link.adult), **pair)
        people.add_guardianships(by=by, school=school, guardianships=new)

    def _teachers(self) -> None:
        by, school, ended = self.by, self.school, self.plan.ended_teachers
        keys = [tie.pk for tie in ended if tie.pk is not None]
        # A roster for next year takes groups away when that year begins, not during the holidays before it.
        first_day = min((group.year.starts_on for group in self.roster.groups), default=self.today)
        last_day = max(self.today, first_day) - timedelta(1)
        people.end_roles(by=by, school=school, keys=keys, last_day=last_day)
        people.forget_keys(by=by, school=school, refs=[tie.ref for tie in ended])
        led = {row.group for row in self.roster.assignments if row.is_first}
        new = []
        for row in self.plan.new_teachers:
            pair = {"person_id": self.adults[row.adult], "group_id": self.groups[row.group]}
            kind = RoleKind.TEACHER if row.is_first or row.group not in led else RoleKind.DUO
            starts = self.group_starts[row.group]
            begins = starts if row.group in self.fresh else max(self.today, starts)
            new.append(TeamRole(school=school, kind=kind.value, starts_on=begins, **pair))
            self._ref(TEACHER, tie_key(row.adult, row.group), **pair)
        people.give_roles(by=by, school=school, roles=new)
