"""Objects for tests, with sensible defaults. Names are invented."""

from __future__ import annotations

from datetime import date

import factory
from factory.django import DjangoModelFactory

from kring.people.models import Child, Enrolment, Guardianship, Person, TeamRole, User
from kring.school.models import Board, Group, School, SchoolYear

YEAR_START, YEAR_END = date(2026, 8, 1), date(2027, 7, 31)


class BoardFactory(DjangoModelFactory):
    class Meta:
        model = Board

    name = factory.Sequence(lambda n: f"Stichting {n}")


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    board = factory.SubFactory(BoardFactory)
    name = factory.Sequence(lambda n: f"School {n}")
    kind = "Basisschool"
    region = "zuid"
    needs_second_factor = False


class SchoolYearFactory(DjangoModelFactory):
    class Meta:
        model = SchoolYear

    school = factory.SubFactory(SchoolFactory)
    name = "2026-2027"
    starts_on = YEAR_START
    ends_on = YEAR_END


class GroupFactory(DjangoModelFactory):
    class Meta:
        model = Group

    school_year = factory.SubFactory(SchoolYearFactory)
    school = factory.SelfAttribute("school_year.school")
    name = factory.Sequence(lambda n: f"Groep {n}")
    year_levels = [5]


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"user{n}@example.org")
    password = "!"


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    school = factory.SubFactory(SchoolFactory)
    user = factory.SubFactory(UserFactory)
    first_name = factory.Sequence(lambda n: f"Voornaam{n}")
    last_name = factory.Sequence(lambda n: f"Achternaam{n}")
    email = factory.LazyAttribute(lambda person: person.user.email if person.user else "")


class ChildFactory(DjangoModelFactory):
    class Meta:
        model = Child

    school = factory.SubFactory(SchoolFactory)
    first_name = factory.Sequence(lambda n: f"Kind{n}")
    last_name = factory.Sequence(lambda n: f"Familie{n}")


class EnrolmentFactory(DjangoModelFactory):
    class Meta:
        model = Enrolment

    group = factory.SubFactory(GroupFactory)
    school = factory.SelfAttribute("group.school")
    child = factory.SubFactory(ChildFactory, school=factory.SelfAttribute("..school"))
    year_level = 5
    starts_on = YEAR_START


class GuardianshipFactory(DjangoModelFactory):
    class Meta:
        model = Guardianship

    child = factory.SubFactory(ChildFactory)
    school = factory.SelfAttribute("child.school")
    person = factory.SubFactory(PersonFactory, school=factory.SelfAttribute("..school"))
    authority = "yes"
    starts_on = date(2020, 1, 1)


class TeamRoleFactory(DjangoModelFactory):
    class Meta:
        model = TeamRole

    person = factory.SubFactory(PersonFactory)
    school = factory.SelfAttribute("person.school")
    kind = "teacher"
    starts_on = YEAR_START
