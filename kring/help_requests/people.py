"""Who can be named to get the replies, and what people are called."""

from __future__ import annotations

from datetime import date

from kring.core.viewer import GROUP_TEACHERS, MANAGERS, RoleKind
from kring.help_requests.models import HelpRequest, Responder
from kring.help_requests.permissions import Seat
from kring.help_requests.rules import Asker
from kring.people.models import KeepApart, Person, TeamRole, current_on


def candidates(seat: Seat, *, on: date) -> list[Person]:
    """Return who can be named for requests asked as this on a day of the school: the council with office and
    management, or the class parents of the group with its teachers. Only who has a login: others read nothing.
    """
    roles = TeamRole.objects.filter(current_on(on), school_id=seat.school_id)
    if seat.asked_as == Asker.COUNCIL:
        roles = roles.filter(kind__in={RoleKind.PARENT_COUNCIL} | MANAGERS)
        first = roles.filter(kind=RoleKind.PARENT_COUNCIL)
    else:
        group = seat.group_id or 0
        roles = roles.filter(kind__in={RoleKind.CLASS_PARENT} | GROUP_TEACHERS, group_id=group)
        first = roles.filter(kind=RoleKind.CLASS_PARENT)
    people = Person.objects.filter(pk__in=roles.values("person_id"), user__is_active=True)
    parents = set(first.values_list("person_id", flat=True))
    return sorted(people, key=lambda person: (person.pk not in parents, person.last_name, person.first_name, person.pk))


def readers_of(request: HelpRequest, *, on: date) -> list[Person]:
    """Return who of the named responders reads replies on a day of the school: they still have the role or work."""
    seat = Seat(Asker(request.asked_as), request.school_id, request.group_id)
    able = {person.pk for person in candidates(seat, on=on)}
    return [row.person for row in Responder.objects.named().filter(request=request) if row.person_id in able]


def readers_for(request: HelpRequest, person_id: int, *, on: date) -> list[Person]:
    """Return who would read a reply of this person: the responders without those who are kept apart from her."""
    first = KeepApart.objects.filter(second_id=person_id).values_list("first_id", flat=True)
    second = KeepApart.objects.filter(first_id=person_id).values_list("second_id", flat=True)
    apart = {*first, *second}
    return [person for person in readers_of(request, on=on) if person.pk not in apart]
