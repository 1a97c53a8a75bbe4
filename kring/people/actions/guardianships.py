"""Who looks after a child, how much she sees, and who must not meet whom."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions.sessions import end_sessions
from kring.people.models import Authority, Child, GuardianLevel, Guardianship, KeepApart, Person, Relation
from kring.people.permissions import can_manage_people
from kring.people.rules import overlaps


@transaction.atomic
def add_guardianship(
    *,
    by: Viewer,
    child: Child,
    person: Person,
    starts_on: date,
    relation: str = Relation.PARENT,
    authority: str = Authority.UNKNOWN,
    level: str = GuardianLevel.FULL,
    ground: str = "",
) -> Guardianship:
    """Let the person look after the child from `starts_on`, and return that. Refuses one that exists on those days."""
    require(can_manage_people(by, child.school))
    require(person.school_id == child.school_id)
    Child.objects.select_for_update().get(pk=child.pk)
    for other in Guardianship.objects.filter(child=child, person=person):
        if overlaps(starts_on, None, other.starts_on, other.ends_on):
            raise Refused(_("%(name)s is already a guardian of this child.") % {"name": person.name})
    try:
        with transaction.atomic():
            guardianship = Guardianship.objects.create(
                school=child.school,
                child=child,
                person=person,
                relation=relation,
                authority=authority,
                level=level,
                ground=ground.strip(),
                set_by_id=by.person_at(child.school_id),
                starts_on=starts_on,
            )
    except IntegrityError as error:
        raise Refused(_("%(name)s is already a guardian of this child.") % {"name": person.name}) from error
    audit.record(by=by, what="people.guardian_added", about=guardianship, level=level, authority=authority)
    return guardianship


@transaction.atomic
def change_guardianship(
    *, by: Viewer, guardianship: Guardianship, relation: str, authority: str, level: str, ground: str = ""
) -> Guardianship:
    """Change relation, authority, level and ground. Seeing less ends the person's open sessions."""
    require(can_manage_people(by, guardianship.school))
    if level != GuardianLevel.FULL and not ground.strip():
        raise Refused(_("Say on what ground this guardian sees less than everything, for example a court decision."))
    lost = (guardianship.level, guardianship.authority) != (level, authority)
    guardianship.relation, guardianship.authority = relation, authority
    guardianship.level, guardianship.ground = level, ground.strip()
    guardianship.set_by_id = by.person_at(guardianship.school_id)
    guardianship.save()
    if lost:
        end_sessions(guardianship.person)
    audit.record(by=by, what="people.guardian_changed", about=guardianship, level=level, authority=authority)
    return guardianship


@transaction.atomic
def end_guardianship(*, by: Viewer, guardianship: Guardianship, ends_on: date) -> Guardianship:
    """Let `ends_on` be the last day on which the person sees anything of the child; her sessions end now.

    One that had not begun yet is taken back.
    """
    require(can_manage_people(by, guardianship.school))
    if ends_on < guardianship.starts_on:
        if guardianship.starts_on < guardianship.school.today(by.now):
            raise Refused(_("The last day is before the first day."))
        audit.record(by=by, what="people.guardian_withdrawn", about=guardianship)
        guardianship.delete()
    else:
        guardianship.ends_on = ends_on
        guardianship.save(update_fields=["ends_on"])
        audit.record(by=by, what="people.guardian_ended", about=guardianship)
    end_sessions(guardianship.person)
    return guardianship


@transaction.atomic
def keep_apart(*, by: Viewer, child: Child, one: Person, other: Person) -> KeepApart:
    """Never show these two guardians of the child to each other, never plan them together."""
    require(can_manage_people(by, child.school))
    if one.pk == other.pk:
        raise Refused(_("Choose two different guardians."))
    known = set(Guardianship.objects.filter(child=child).values_list("person_id", flat=True))
    if not {one.pk, other.pk} <= known:
        raise Refused(_("Both must be guardians of this child."))
    first, second = sorted((one, other), key=lambda person: person.pk)
    try:
        with transaction.atomic():
            apart = KeepApart.objects.create(school=child.school, child=child, first=first, second=second)
    except IntegrityError as error:
        raise Refused(_("These two are already kept apart.")) from error
    audit.record(by=by, what="people.kept_apart", about=apart)
    return apart


@transaction.atomic
def stop_keeping_apart(*, by: Viewer, apart: KeepApart) -> None:
    """Let the two guardians be shown together again."""
    require(can_manage_people(by, apart.school))
    audit.record(by=by, what="people.apart_ended", about=apart)
    apart.delete()
