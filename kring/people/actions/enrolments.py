"""Which group a child sits in, and when."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.models import Child, Enrolment
from kring.people.permissions import can_manage_people
from kring.people.rules import overlaps
from kring.school.models import Group, GroupKind


@transaction.atomic
def enrol_child(
    *, by: Viewer, child: Child, group: Group, year_level: int, starts_on: date, ends_on: date | None = None
) -> Enrolment:
    """Let the child sit in the group from `starts_on` (until `ends_on`, its last day). Returns the enrolment.

    A child sits in one class at a time, in a group once at a time, and within the group's school year.
    """
    require(can_manage_people(by, child.school))
    require(group.school_id == child.school_id)
    _lock(child)
    _check_days(group, starts_on, ends_on)
    for other in Enrolment.objects.filter(child=child).select_related("group__school_year"):
        _check_beside(other, group, starts_on, ends_on)
    try:
        with transaction.atomic():
            enrolment = Enrolment.objects.create(
                school=child.school,
                child=child,
                group=group,
                year_level=year_level,
                starts_on=starts_on,
                ends_on=ends_on,
            )
    except IntegrityError as error:
        raise Refused(_("The child has just been put in this group by somebody else.")) from error
    audit.record(by=by, what="people.child_enrolled", about=enrolment, year_level=year_level)
    return enrolment


def _lock(child: Child) -> None:
    # Two people at two desks: on PostgreSQL the second waits here; on SQLite the transaction itself is exclusive.
    Child.objects.select_for_update().get(pk=child.pk)


def _check_days(group: Group, starts_on: date, ends_on: date | None) -> None:
    if ends_on is not None and ends_on < starts_on:
        raise Refused(_("The last day is before the first day."))
    year = group.school_year
    last = group.ends_on or year.ends_on
    if not year.starts_on <= starts_on <= last or (ends_on is not None and ends_on > last):
        raise Refused(
            _("%(group)s runs from %(first)s to %(last)s. Choose days within it.")
            % {"group": group.name, "first": _day(year.starts_on), "last": _day(last)}
        )


def _check_beside(other: Enrolment, group: Group, starts_on: date, ends_on: date | None) -> None:
    # An open enrolment ends with its school year, whatever comes after.
    other_last = other.ends_on or other.group.school_year.ends_on
    last = ends_on or group.school_year.ends_on
    if not overlaps(starts_on, last, other.starts_on, other_last):
        return
    if other.group_id == group.pk:
        raise Refused(_("The child already sits in this group on those days."))
    if group.kind == GroupKind.CLASS and other.group.kind == GroupKind.CLASS:
        raise Refused(
            _("The child sits in %(group)s on those days. Move it, or end that first.") % {"group": other.group.name}
        )


def _day(day: date) -> str:
    return f"{day.day}-{day.month}-{day.year}"


@transaction.atomic
def move_child(*, by: Viewer, enrolment: Enrolment, group: Group, year_level: int, starts_on: date) -> Enrolment:
    """Move the child to another group from `starts_on`: the enrolment ends the day before. Returns the new one."""
    require(can_manage_people(by, enrolment.school))
    if group.pk == enrolment.group_id:
        raise Refused(_("The child is already in %(group)s.") % {"group": group.name})
    _lock(enrolment.child)
    if enrolment.ends_on is not None and enrolment.ends_on < starts_on:
        raise Refused(_("The child has already left this group. Put it in the other one from its own page."))
    if starts_on <= enrolment.starts_on:
        # It never sat in the first group, so nothing of it should stay readable.
        audit.record(by=by, what="people.enrolment_withdrawn", about=enrolment)
        enrolment.delete()
    else:
        enrolment.ends_on = starts_on - timedelta(1)
        enrolment.save(update_fields=["ends_on"])
        audit.record(by=by, what="people.enrolment_ended", about=enrolment)
    return enrol_child(by=by, child=enrolment.child, group=group, year_level=year_level, starts_on=starts_on)


@transaction.atomic
def change_enrolment(*, by: Viewer, enrolment: Enrolment, year_level: int, starts_on: date) -> Enrolment:
    """Correct the child's own year level in this group, and the first day on which it sat there."""
    require(can_manage_people(by, enrolment.school))
    _lock(enrolment.child)
    _check_days(enrolment.group, starts_on, enrolment.ends_on)
    others = Enrolment.objects.filter(child=enrolment.child_id).exclude(pk=enrolment.pk)
    for other in others.select_related("group__school_year"):
        _check_beside(other, enrolment.group, starts_on, enrolment.ends_on)
    enrolment.year_level, enrolment.starts_on = year_level, starts_on
    enrolment.save(update_fields=["year_level", "starts_on"])
    audit.record(by=by, what="people.enrolment_changed", about=enrolment, year_level=year_level)
    return enrolment


@transaction.atomic
def end_enrolment(*, by: Viewer, enrolment: Enrolment, ends_on: date) -> Enrolment:
    """Let `ends_on` be the child's last day in the group. One that begins today or later and ends before is taken back.

    So a child that was put in the wrong group a moment ago leaves nothing behind there.
    """
    require(can_manage_people(by, enrolment.school))
    if ends_on < enrolment.starts_on and enrolment.starts_on >= enrolment.school.today(by.now):
        audit.record(by=by, what="people.enrolment_withdrawn", about=enrolment)
        enrolment.delete()
        return enrolment
    if ends_on < enrolment.starts_on:
        raise Refused(_("The last day is before the first day, %(day)s.") % {"day": _day(enrolment.starts_on)})
    if ends_on > enrolment.group.school_year.ends_on:
        raise Refused(_("The last day lies after the end of the school year."))
    enrolment.ends_on = ends_on
    enrolment.save(update_fields=["ends_on"])
    audit.record(by=by, what="people.enrolment_ended", about=enrolment)
    return enrolment
