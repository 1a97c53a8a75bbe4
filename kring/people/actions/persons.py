"""Adults: adding, changing, and letting go."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions.guardianships import end_guardianship
from kring.people.actions.roles import end_role
from kring.people.models import Guardianship, Person, TeamRole
from kring.people.permissions import can_administer_board, can_give_role, can_manage_people
from kring.school.models import Board, School


@transaction.atomic
def add_person(
    *,
    by: Viewer,
    school: School,
    first_name: str,
    last_name: str,
    infix: str = "",
    called: str = "",
    email: str = "",
    phone: str = "",
) -> Person:
    """Add an adult to the school and return her. Never merged with another one, whatever address they share."""
    require(can_manage_people(by, school))
    return _add(by, Person(school=school), first_name, infix, last_name, called, email, phone)


@transaction.atomic
def add_manager(*, by: Viewer, school: School, first_name: str, last_name: str, infix: str = "", email: str) -> Person:
    """Add an adult to the school with the role of management, for the board's administrator. Starts today."""
    require(can_give_role(by, school, "management"))
    person = _add(by, Person(school=school), first_name, infix, last_name, "", email, "")
    role = TeamRole.objects.create(school=school, person=person, kind="management", starts_on=school.today(by.now))
    audit.record(by=by, what="people.role_given", about=role, kind="management")
    return person


@transaction.atomic
def add_board_administrator(
    *, by: Viewer, board: Board, first_name: str, last_name: str, infix: str = "", email: str = "", starts_on: date
) -> Person:
    """Add an adult who administers the board, from `starts_on`, and return her."""
    require(can_administer_board(by, board))
    person = _add(by, Person(board=board), first_name, infix, last_name, "", email, "")
    role = TeamRole.objects.create(board=board, person=person, kind="board_admin", starts_on=starts_on)
    audit.record(by=by, what="people.role_given", about=role, kind="board_admin")
    return person


def _add(
    by: Viewer, person: Person, first_name: str, infix: str, last_name: str, called: str, email: str, phone: str
) -> Person:
    _fill(person, first_name, infix, last_name, called, email, phone)
    person.save()
    audit.record(by=by, what="people.person_added", about=person)
    return person


def _fill(person: Person, first_name: str, infix: str, last_name: str, called: str, email: str, phone: str) -> None:
    person.first_name, person.infix, person.last_name = first_name.strip(), infix.strip(), last_name.strip()
    person.called, person.email, person.phone = called.strip(), email.strip().lower(), phone.strip()


@transaction.atomic
def change_person(
    *,
    by: Viewer,
    person: Person,
    first_name: str,
    last_name: str,
    infix: str = "",
    called: str = "",
    email: str = "",
    phone: str = "",
) -> Person:
    """Change an adult's name and contact data. The address of her login stays: only she changes that."""
    require(person.school is not None and can_manage_people(by, person.school))
    _fill(person, first_name, infix, last_name, called, email, phone)
    person.save()
    audit.record(by=by, what="people.person_changed", about=person)
    return person


@transaction.atomic
def end_person(*, by: Viewer, person: Person, ends_on: date) -> int:
    """End every role and guardianship of the person on `ends_on` (last day) and her sessions; return how many.

    The person stays in the books until the retention term is over. Refuses when she is the last of management.
    """
    require(person.school is not None and can_manage_people(by, person.school))
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)
    ended = 0
    for guardianship in Guardianship.objects.filter(later, person=person).select_related("school", "person"):
        end_guardianship(by=by, guardianship=guardianship, ends_on=ends_on)
        ended += 1
    for role in TeamRole.objects.filter(later, person=person).select_related("school", "person"):
        end_role(by=by, role=role, ends_on=ends_on)
        ended += 1
    if not ended:
        raise Refused(_("There is nothing to end: this person has no role and no child after that day."))
    audit.record(by=by, what="people.person_ended", about=person, ended=ended)
    return ended


@transaction.atomic
def remove_person(*, by: Viewer, person: Person) -> None:
    """Remove an adult who was added by mistake. Refuses one who has joined, or ever had a role or a child here."""
    require(person.school is not None and can_manage_people(by, person.school))
    roles, children = TeamRole.objects.filter(person=person), Guardianship.objects.filter(person=person)
    person = Person.objects.select_for_update().get(pk=person.pk)  # she may accept an invitation at this moment
    if person.user_id is not None or roles.exists() or children.exists():
        raise Refused(_("This person has joined, or has or had a role or a child here. End that instead."))
    audit.record(by=by, what="people.person_removed", about=person)
    try:
        person.delete()
    except ProtectedError:  # by what a higher room keeps of her, such as an answer on paper
        raise Refused(_("This person has joined, or has or had a role or a child here. End that instead.")) from None
