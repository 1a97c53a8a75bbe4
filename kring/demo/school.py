"""The schools, groups, team and families of the demo, made through the rooms' own actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from kring.agreements.actions import publish_draft, save_draft
from kring.agreements.policy import DEFAULTS, stored_values
from kring.core.viewer import Operator, Viewer
from kring.demo.families import Adult, Family, Kid, birth_date, families
from kring.demo.logins import give_login
from kring.demo.stories import OFFICE, TEAM
from kring.demo.stories import Person as Colleague
from kring.people.actions import (
    add_board_administrator,
    add_child,
    add_guardianship,
    add_person,
    enrol_child,
    give_role,
    keep_apart,
    shield_child,
)
from kring.people.models import Child, Person
from kring.school.actions import (
    change_school,
    make_board,
    make_group,
    make_layer,
    make_school,
    make_school_year,
    set_lesson_hours,
)
from kring.school.models import Board, Group, School, SchoolYear
from kring.school.rules import school_year_of

GROUPS = {
    "Groep 1/2A": [1, 2],
    "Groep 1/2B": [1, 2],
    "Groep 3": [3],
    "Groep 4": [4],
    "Groep 5": [5],
    "Groep 6": [6],
    "Groep 7/8": [7, 8],
}
PHONE = "085-0000 120"
CONTACT = {
    "sick_and_late.phone": PHONE,
    "urgent_phone.number": PHONE,
    "school_contact.phone": PHONE,
    "school_contact.email": "administratie@delinde.example.org",
    "school_contact.management_email": "directie@delinde.example.org",
    "school_contact.office_hours": "8.00-16.30",
    "leave.form_url": "https://delinde.example.org/verlof",
}


@dataclass
class Built:
    """What has been made: the school, its groups per school year, and everybody by name."""

    school: School
    years: list[SchoolYear]
    groups: dict[int, dict[str, Group]] = field(default_factory=dict)  # year id -> name -> group
    team: dict[str, Person] = field(default_factory=dict)  # called -> person
    accounts: dict[str, Person] = field(default_factory=dict)  # key of a demo account -> person
    guardians: list[Person] = field(default_factory=list)
    children: dict[str, Child] = field(default_factory=dict)  # first and last name -> child

    def year_on(self, day: date) -> SchoolYear:
        """Return the school year in which `day` lies."""
        return next(year for year in self.years if year.starts_on <= day <= year.ends_on)


def operator(now: datetime) -> Viewer:
    """Return who builds: a command on the server."""
    return Operator(now=now)


def build_school(
    *, by: Viewer, board: Board, name: str, kind: str, city: str, groups: Mapping[str, list[int]]
) -> Built:
    """Make a school with last year's and this year's groups, lesson hours and layers."""
    school = make_school(by=by, board=board, name=name, kind=kind, city=city, region="zuid")
    change_school(
        by=by,
        school=school,
        name=name,
        kind=kind,
        city=city,
        region="zuid",
        timezone=school.timezone,
        needs_second_factor=False,
    )
    first, _last = school_year_of(school.today(by.now))
    years = [make_school_year(by=by, school=school, day=day) for day in (first - timedelta(30), first)]
    built = Built(school, years)
    hours = {day: (time(8, 30), time(12, 30) if day == 3 else time(14, 15)) for day in range(1, 6)}
    for year in years:
        made = {
            group: make_group(by=by, school_year=year, name=group, year_levels=levels)
            for group, levels in groups.items()
        }
        built.groups[year.pk] = made
        set_lesson_hours(by=by, group=next(iter(made.values())), hours=hours, for_whole_year=True)
    return built


def agree(built: Built, *, now: datetime, **changes: Any) -> None:
    """Publish the school's agreement, in force since the beginning of last school year."""
    start = built.school.moment(built.years[0].starts_on, time(9))
    by = operator(min(now, start))
    values = stored_values(DEFAULTS) | changes
    confirmed = ["reminder.weeks", "group_conversations.opened_by", "group_conversations.closes_after_days"]
    save_draft(by=by, school=built.school, values=values, confirmed=[*confirmed, "sibling_priority.gap_minutes"])
    publish_draft(by=by, school=built.school, in_force_from=built.school.today(by.now))


def hire(built: Built, *, by: Viewer, team: list[Colleague], domain: str) -> None:
    """Give every colleague a role, in the groups of both years, and a login."""
    for colleague in team:
        email = f"{colleague.first_name.lower()}@{domain}.example.org"
        person = add_person(
            by=by,
            school=built.school,
            first_name=colleague.first_name,
            infix=colleague.infix,
            last_name=colleague.last_name,
            called=colleague.called,
            email=email,
        )
        give_login(person=person, email=email, now=by.now)
        built.team[colleague.called] = person
        if not colleague.group:
            give_role(by=by, person=person, kind=colleague.kind, starts_on=built.years[0].starts_on)
            continue
        for year in built.years:
            give_role(
                by=by,
                person=person,
                kind=colleague.kind,
                group=built.groups[year.pk][colleague.group],
                starts_on=year.starts_on,
                ends_on=year.ends_on,
                working_days=colleague.days,
            )


def enrol(built: Built, *, by: Viewer, kid: Kid, n: int) -> Child:
    """Add a child; it sat in last year's group of the level below until that year ended."""
    last, this = built.years
    child = add_child(
        by=by,
        school=built.school,
        first_name=kid.first_name,
        infix=kid.infix,
        last_name=kid.last_name,
        birth_date=birth_date(kid.level, n, this.starts_on),
    )
    before = next((name for name, levels in _levels(built, last).items() if kid.level - 1 in levels), "")
    if kid.level == 2:
        before = kid.group
    if before:
        enrol_child(
            by=by,
            child=child,
            group=built.groups[last.pk][before],
            year_level=kid.level - 1,
            starts_on=last.starts_on,
            ends_on=last.ends_on,
        )
    enrol_child(
        by=by, child=child, group=built.groups[this.pk][kid.group], year_level=kid.level, starts_on=this.starts_on
    )
    if kid.shielded:
        shield_child(by=by, child=child)
    built.children[f"{kid.first_name} {kid.last_name}"] = child
    return child


def _levels(built: Built, year: SchoolYear) -> dict[str, list[int]]:
    return {name: group.year_levels for name, group in built.groups[year.pk].items()}


def settle(built: Built, *, by: Viewer, family: Family, n: int) -> list[Person]:
    """Add the children and guardians of one family and tie them together."""
    children = [enrol(built, by=by, kid=kid, n=n + i) for i, kid in enumerate(family.kids)]
    persons = []
    for adult in family.adults:
        person = built.team.get("Meester Rachid") if adult.key == "teacher_parent" else None
        person = person or _guardian(built, by=by, adult=adult, n=n)
        for child in children:
            add_guardianship(
                by=by,
                child=child,
                person=person,
                starts_on=built.years[0].starts_on,
                relation=adult.relation,
                authority=adult.authority,
                level=adult.level,
                ground=adult.ground,
            )
        if adult.key:
            built.accounts[adult.key] = person
        persons.append(person)
    if family.keep_apart:
        for child in children:
            keep_apart(by=by, child=child, one=persons[0], other=persons[1])
    built.guardians += persons
    return persons


def _guardian(built: Built, *, by: Viewer, adult: Adult, n: int) -> Person:
    email = f"{adult.first_name}.{adult.last_name}.{n}".lower().replace(" ", "")
    email = email.encode("ascii", "ignore").decode() + "@example.org"
    person = add_person(
        by=by,
        school=built.school,
        first_name=adult.first_name,
        infix=adult.infix,
        last_name=adult.last_name,
        email=email,
        phone=f"085-0000 {300 + len(built.guardians):03d}",
    )
    # One in eight has not joined yet, so that the office has somebody to invite.
    if adult.key or n % 8:
        give_login(person=person, email=email, now=by.now)
    return person


def build_everything(*, now: datetime) -> tuple[Built, Built]:
    """Make both demo schools with everybody in them, as of `now` (aware)."""
    by = operator(now)
    board = make_board(by=by, name="Stichting Veldkant")
    linde = build_school(by=by, board=board, name="De Linde", kind="Basisschool", city="Lindendal", groups=GROUPS)
    populier = build_school(
        by=by, board=board, name="De Populier", kind="Basisschool", city="Lindendal", groups={"Groep 3/4": [3, 4]}
    )
    agree(linde, now=now, **CONTACT)
    agree(
        populier,
        now=now,
        **{
            "sick_and_late.phone": "085-0000 240",
            "urgent_phone.number": "085-0000 240",
            "school_contact.phone": "085-0000 240",
            "sick_and_late.until": "08:15",
            "weekly_guideline.mode": "minimum",
            "weekly_guideline.number": 1,
            "lead_time.number": 3,
            "reactions.group": "none",
            "parent_messages.on": False,
            "consent_readers.management": True,
        },
    )
    for name, levels in {"Onderbouw": [1, 2, 3, 4], "Middenbouw": [5, 6], "Bovenbouw": [7, 8]}.items():
        make_layer(by=by, school=linde.school, name=name, year_levels=levels)
    hire(linde, by=by, team=[*TEAM, *OFFICE], domain="delinde")
    hire(
        populier,
        by=by,
        domain="depopulier",
        team=[
            Colleague("Yara", "", "Postma", "Juf Yara", "teacher", "Groep 3/4"),
            Colleague("Gerard", "", "Bos", "Gerard Bos", "management"),
        ],
    )
    _substitute(linde, by=by)
    for n, family in enumerate(families()):
        persons = settle(linde, by=by, family=family, n=3 * n + 1)
        if family.second_school:
            twin = Family(family.second_school, [Adult("Carolien", "van", "Wijk", "mother")])
            (second,) = settle(populier, by=by, family=twin, n=1)
            give_login(person=second, email=persons[0].email, now=now)
    _roles_of_parents(linde, by=by)
    admin = add_board_administrator(
        by=by,
        board=board,
        first_name="Marja",
        infix="van der",
        last_name="Veen",
        email="bestuur@veldkant.example.org",
        starts_on=linde.years[0].starts_on,
    )
    give_login(person=admin, email=admin.email, now=now)
    linde.accounts["board"] = admin
    return linde, populier


def _substitute(built: Built, *, by: Viewer) -> None:
    year = built.years[1]
    today = built.school.today(by.now)
    person = add_person(
        by=by,
        school=built.school,
        first_name="Kees",
        last_name="Wolters",
        called="Meester Kees",
        email="kees@delinde.example.org",
    )
    give_login(person=person, email=person.email, now=by.now)
    give_role(
        by=by,
        person=person,
        kind="substitute",
        group=built.groups[year.pk]["Groep 6"],
        starts_on=max(year.starts_on, today - timedelta(3)),
        ends_on=min(year.ends_on, today + timedelta(11)),
    )
    built.team["Meester Kees"] = person


def _roles_of_parents(built: Built, *, by: Viewer) -> None:
    year = built.years[1]
    give_role(
        by=by,
        person=built.accounts["class_parent"],
        kind="class_parent",
        starts_on=year.starts_on,
        group=built.groups[year.pk]["Groep 6"],
        ends_on=year.ends_on,
    )
    give_role(by=by, person=built.accounts["council"], kind="parent_council", starts_on=year.starts_on)
