"""Persons, logins, children, who looks after whom, who works where."""

from kring.people.models.adults import Person, PersonQuerySet, current_on, not_over_on
from kring.people.models.audiences import Audience, AudienceRole, ExternalRef
from kring.people.models.children import (
    Authority,
    Child,
    ChildQuerySet,
    Enrolment,
    GuardianLevel,
    Guardianship,
    KeepApart,
    Relation,
)
from kring.people.models.tables import administrators_of, group_counts, managers_of, teachers_of
from kring.people.models.team import RoleChoice, StaffAbsence, TeamRole, Weeks, WorkingDay
from kring.people.users import User

__all__ = [
    "Audience",
    "AudienceRole",
    "Authority",
    "Child",
    "ChildQuerySet",
    "Enrolment",
    "ExternalRef",
    "GuardianLevel",
    "Guardianship",
    "KeepApart",
    "Person",
    "PersonQuerySet",
    "Relation",
    "RoleChoice",
    "StaffAbsence",
    "TeamRole",
    "User",
    "Weeks",
    "WorkingDay",
    "administrators_of",
    "current_on",
    "group_counts",
    "managers_of",
    "not_over_on",
    "teachers_of",
]
