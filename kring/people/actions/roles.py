"""Who does what at a school, from when until when, and on which days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import GROUP_TEACHERS, RoleKind, Viewer
from kring.people.actions.sessions import end_sessions
from kring.people.models import Person, RoleChoice, TeamRole, WorkingDay
from kring.people.permissions import can_administer_board, can_give_role
from kring.people.rules import overlaps
from kring.school.models import Group, School

IN_A_GROUP = GROUP_TEACHERS | {RoleKind.CLASS_PARENT}


@transaction.atomic
def give_role(
    *,
    by: Viewer,
    person: Person,
    kind: str,
    starts_on: date,
    ends_on: date | None = None,
    group: Group | None = None,
    working_days: Mapping[int, str] | None = None,
) -> TeamRole:
    """Give the person a role at her school and return it. `working_days`: weekday (1 = Monday) -> every, odd or even.

    Teachers and class parents need a group; the other roles have none. A substitute needs a last day.
    """
    require(person.school is not None and can_give_role(by, person.school, kind))
    _check_shape(kind, group, starts_on, ends_on)
    if kind == RoleKind.MANAGEMENT and person.user_id is not None and person.user_id == by.user_id:
        # The office keeps every role; but nobody climbs by her own hand, past the second step and the log.
        raise Refused(_("Nobody gives herself the role of management. Ask a colleague who has it."))
    require(group is None or group.school_id == person.school_id)
    Person.objects.select_for_update().get(pk=person.pk)
    for other in TeamRole.objects.filter(person=person, kind=kind, group=group):
        if overlaps(starts_on, ends_on, other.starts_on, other.ends_on):
            raise Refused(_("%(name)s already has this role on those days.") % {"name": person.name})
    try:
        with transaction.atomic():
            role = TeamRole.objects.create(
                school=person.school, person=person, kind=kind, group=group, starts_on=starts_on, ends_on=ends_on
            )
    except IntegrityError as error:
        raise Refused(_("%(name)s already has this role on those days.") % {"name": person.name}) from error
    _write_days(role, working_days or {})
    audit.record(by=by, what="people.role_given", about=role, kind=kind)
    return role


def _check_shape(kind: str, group: Group | None, starts_on: date, ends_on: date | None) -> None:
    if kind == RoleKind.BOARD_ADMIN:
        raise Refused(_("Administrators of the board are kept on the page of the board."))
    if kind in IN_A_GROUP and group is None:
        raise Refused(_("Choose the group for this role."))
    if kind not in IN_A_GROUP and group is not None:
        raise Refused(_("This role is for the whole school: leave the group empty."))
    if kind == RoleKind.SUBSTITUTE and ends_on is None:
        raise Refused(_("A substitute needs a last day, so that access stops by itself."))
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day is before the first day."))


def _write_days(role: TeamRole, days: Mapping[int, str]) -> None:
    WorkingDay.objects.filter(role=role).delete()
    WorkingDay.objects.bulk_create(WorkingDay(role=role, weekday=day, weeks=weeks) for day, weeks in days.items())


@transaction.atomic
def change_role(*, by: Viewer, role: TeamRole, ends_on: date | None, working_days: Mapping[int, str]) -> TeamRole:
    """Change the working days of a role, and the last day of one that ends (a substitute who stays longer)."""
    require(role.school is not None and can_give_role(by, role.school, role.kind))
    if ends_on is None and role.ends_on is not None and role.kind == RoleKind.SUBSTITUTE:
        raise Refused(_("A substitute needs a last day, so that access stops by itself."))
    if ends_on is not None and ends_on < role.starts_on:
        raise Refused(_("The last day is before the first day."))
    if ends_on is not None:
        _keep_one_manager(role, ends_on)
    others = TeamRole.objects.filter(person=role.person_id, kind=role.kind, group=role.group_id).exclude(pk=role.pk)
    if any(overlaps(role.starts_on, ends_on, other.starts_on, other.ends_on) for other in others):
        raise Refused(_("%(name)s already has this role on those days.") % {"name": role.person.name})
    if role.ends_on != ends_on:
        end_sessions(role.person)
    role.ends_on = ends_on
    role.save(update_fields=["ends_on"])
    _write_days(role, working_days)
    audit.record(by=by, what="people.role_changed", about=role, kind=role.kind, days=len(working_days))
    return role


@transaction.atomic
def end_role(*, by: Viewer, role: TeamRole, ends_on: date) -> TeamRole:
    """Let `ends_on` be the last day of the role; the person's sessions end now. Refuses the last of management.

    A role that starts today or later and would end before it begins is taken back.
    """
    _require_may_end(by, role)
    _keep_one_manager(role, ends_on)
    today = role.school.today(by.now) if role.school else School().today(by.now)
    if ends_on < role.starts_on:
        if role.starts_on < today:
            raise Refused(_("The last day is before the first day."))
        audit.record(by=by, what="people.role_withdrawn", about=role, kind=role.kind)
        role.delete()
    else:
        role.ends_on = ends_on
        role.save(update_fields=["ends_on"])
        audit.record(by=by, what="people.role_ended", about=role, kind=role.kind)
    end_sessions(role.person)
    return role


def _require_may_end(by: Viewer, role: TeamRole) -> None:
    if role.school is not None:
        require(can_give_role(by, role.school, role.kind))
    else:
        require(role.board is not None and can_administer_board(by, role.board))


def _keep_one_manager(role: TeamRole, ends_on: date) -> None:
    """Refuse to end the last management of a school, or the last administrator of a board."""
    if role.kind not in (RoleKind.MANAGEMENT, RoleKind.BOARD_ADMIN):
        return
    if role.school_id is not None:
        # Two who end each other at the same moment must not both succeed: the school's row is the gate.
        School.objects.select_for_update().get(pk=role.school_id)
    stays = Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)
    others = TeamRole.objects.filter(stays, school=role.school_id, board=role.board_id, kind=role.kind)
    if not others.exclude(pk=role.pk).exists():
        raise Refused(
            _("This is the last one with the role %(role)s. Give the role to somebody else first.")
            % {"role": RoleChoice(role.kind).label}
        )
