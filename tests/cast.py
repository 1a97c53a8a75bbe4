"""One small known school, and a second one: the cast of every access test.

The day is Tuesday 24 November 2026, 10:00 in Amsterdam (see conftest.py); change it with `time_machine` in a test.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.test import Client
from django.utils import timezone

from kring.core.viewer import Viewer
from kring.people.models import Child, Person, User
from kring.people.viewers import viewer_for
from kring.school.models import Board, Group, Layer, LayerLevel, School, SchoolYear
from tests import factories as make

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
CANARY = "kanarie"


@dataclass
class Cast:
    """Everybody by name. `people["teacher"]` is a Person with a login; `None` stands for signed out."""

    board: Board
    school: School
    year: SchoolYear
    infants: Group  # groep 1/2A
    five: Group
    six: Group
    lower: Layer
    upper: Layer
    child: Child  # in five, of `guardian`, `limited` and `none`
    sibling: Child  # in infants, of `guardian`
    other_child: Child  # in six, of `other_guardian`
    shielded: Child  # in five, of `shielded_guardian`
    second_school: School
    second_group: Group
    second_child: Child
    people: dict[str, Person] = field(default_factory=dict)

    def viewer(self, name: str) -> Viewer:
        """Return the viewer for a role's name; "signed out" is nobody."""
        if name == "signed out":
            return viewer_for(None, now=timezone.now())
        return viewer_for(self.user(name), now=timezone.now())

    def user(self, name: str) -> User:
        """Return the login of a role."""
        user = self.people[name].user
        assert user is not None
        return user

    def client(self, name: str) -> Client:
        """Return a test client signed in as the role; "signed out" is not signed in."""
        client = Client()
        if name != "signed out":
            client.force_login(self.user(name), backend="kring.accounts.backends.Backend")
        return client


# Every access table has a line for each of these, with an explicit yes or no.
ROLES = [
    "signed out",
    "guardian",
    "other_guardian",
    "limited",
    "none",
    "shielded_guardian",
    "former_guardian",
    "teacher",
    "duo",
    "other_teacher",
    "ended_substitute",
    "office",
    "management",
    "care_coordinator",
    "class_parent",
    "parent_council",
    "board_admin",
    "second_guardian",
    "second_teacher",
    "second_office",
    "second_management",
]


def answers(cast: Cast, address: str, *, post: bool = False, data: dict[str, str] | None = None) -> dict[str, int]:
    """Return the status with which each role is answered at the address."""
    found = {}
    for role in ROLES:
        client = cast.client(role)
        found[role] = (client.post(address, data or {}) if post else client.get(address)).status_code
    return found


def expected(rest: int, **known: set[str]) -> dict[str, int]:
    """Return an access table: `_200={"teacher"}` for some roles, `rest` for all others, signing in for signed out."""
    table = dict.fromkeys(ROLES, rest) | {"signed out": 302}
    for status, roles in known.items():
        table |= dict.fromkeys(roles, int(status.removeprefix("_")))
    return table


def build_cast() -> Cast:
    """Make both schools and everybody in them."""
    board = make.BoardFactory(name="Stichting Samen")
    school = make.SchoolFactory(board=board, name="De Beuk")
    year = make.SchoolYearFactory(school=school)
    infants = make.GroupFactory(school_year=year, name="Groep 1/2A", year_levels=[1, 2])
    five = make.GroupFactory(school_year=year, name="Groep 5", year_levels=[5])
    six = make.GroupFactory(school_year=year, name="Groep 6", year_levels=[6])
    lower, upper = (_layer(school, "Onderbouw", [1, 2, 3, 4]), _layer(school, "Bovenbouw", [5, 6, 7, 8]))
    child, sibling, other_child, shielded = (
        _child(school, "Joep", five, 5),
        _child(school, "Saar", infants, 2),
        _child(school, "Mila", six, 6),
        _child(school, "Noor", five, 5, shielded=True),
    )
    second_school = make.SchoolFactory(board=make.BoardFactory(name="Stichting Ver"), name="De Den")
    second_group = make.GroupFactory(school_year=make.SchoolYearFactory(school=second_school), name="Groep 5")
    second_child = _child(second_school, "Teun", second_group, 5)
    cast = Cast(
        board,
        school,
        year,
        infants,
        five,
        six,
        lower,
        upper,
        child,
        sibling,
        other_child,
        shielded,
        second_school,
        second_group,
        second_child,
    )
    _guardians(cast)
    _team(cast)
    return cast


def _layer(school: School, name: str, levels: list[int]) -> Layer:
    layer = Layer.objects.create(school=school, name=name)
    LayerLevel.objects.bulk_create(LayerLevel(layer=layer, year_level=level) for level in levels)
    return layer


def _child(school: School, first_name: str, group: Group, year_level: int, *, shielded: bool = False) -> Child:
    child = make.ChildFactory(school=school, first_name=first_name, last_name=f"Van {first_name}", shielded=shielded)
    make.EnrolmentFactory(child=child, group=group, year_level=year_level)
    return child


def _person(cast: Cast, name: str, school: School | None = None) -> Person:
    user = make.UserFactory(email=f"{name}@example.org")
    person = make.PersonFactory(
        school=school or cast.school, user=user, first_name=name.replace("_", " ").capitalize(), last_name="Cast"
    )
    cast.people[name] = person
    return person


def _guardians(cast: Cast) -> None:
    guardian = _person(cast, "guardian")
    make.GuardianshipFactory(child=cast.child, person=guardian)
    make.GuardianshipFactory(child=cast.sibling, person=guardian)
    make.GuardianshipFactory(child=cast.other_child, person=_person(cast, "other_guardian"))
    make.GuardianshipFactory(child=cast.child, person=_person(cast, "limited"), level="limited", authority="no")
    make.GuardianshipFactory(child=cast.child, person=_person(cast, "none"), level="none", authority="no")
    make.GuardianshipFactory(child=cast.shielded, person=_person(cast, "shielded_guardian"))
    make.GuardianshipFactory(child=cast.child, person=_person(cast, "former_guardian"), ends_on=date(2026, 10, 31))
    make.GuardianshipFactory(child=cast.second_child, person=_person(cast, "second_guardian", cast.second_school))
    class_parent = _person(cast, "class_parent")
    make.GuardianshipFactory(child=_child(cast.school, "Bo", cast.five, 5), person=class_parent)
    make.TeamRoleFactory(person=class_parent, kind="class_parent", group=cast.five)
    council = _person(cast, "parent_council")
    make.GuardianshipFactory(child=_child(cast.school, "Kik", cast.six, 6), person=council)
    make.TeamRoleFactory(person=council, kind="parent_council")


def _team(cast: Cast) -> None:
    make.TeamRoleFactory(person=_person(cast, "teacher"), kind="teacher", group=cast.five)
    make.TeamRoleFactory(person=_person(cast, "duo"), kind="duo", group=cast.five)
    make.TeamRoleFactory(person=_person(cast, "other_teacher"), kind="teacher", group=cast.six)
    make.TeamRoleFactory(
        person=_person(cast, "ended_substitute"), kind="substitute", group=cast.five, ends_on=date(2026, 11, 20)
    )
    for kind in ("office", "management", "care_coordinator"):
        make.TeamRoleFactory(person=_person(cast, kind), kind=kind)
    second = cast.second_school
    make.TeamRoleFactory(person=_person(cast, "second_teacher", second), kind="teacher", group=cast.second_group)
    make.TeamRoleFactory(person=_person(cast, "second_office", second), kind="office")
    make.TeamRoleFactory(person=_person(cast, "second_management", second), kind="management")
    board_admin = make.PersonFactory(
        school=None, board=cast.board, user=make.UserFactory(email="board_admin@example.org")
    )
    cast.people["board_admin"] = board_admin
    make.TeamRoleFactory(person=board_admin, school=None, board=cast.board, kind="board_admin")
