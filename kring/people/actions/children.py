"""Children: adding, changing, shielding, leaving."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions.enrolments import end_enrolment, enrol_child
from kring.people.models import Child, Enrolment
from kring.people.permissions import can_manage_people
from kring.school.models import Group, School


@transaction.atomic
def add_child(
    *,
    by: Viewer,
    school: School,
    first_name: str,
    last_name: str,
    infix: str = "",
    birth_date: date | None = None,
    group: Group | None = None,
    year_level: int | None = None,
    starts_on: date | None = None,
) -> Child:
    """Add a child and return it; with `group`, `year_level` and `starts_on` it is enrolled at once."""
    require(can_manage_people(by, school))
    child = Child(school=school)
    _fill(child, by, first_name, infix, last_name, birth_date)
    child.save()
    audit.record(by=by, what="people.child_added", about=child)
    if group is not None:
        if year_level is None or starts_on is None:
            raise Refused(_("Say in which year level and from which day the child sits in the group."))
        enrol_child(by=by, child=child, group=group, year_level=year_level, starts_on=starts_on)
    return child


@transaction.atomic
def change_child(
    *,
    by: Viewer,
    child: Child,
    first_name: str,
    last_name: str,
    infix: str = "",
    birth_date: date | None = None,
) -> Child:
    """Change a child's name and date of birth."""
    require(can_manage_people(by, child.school))
    _fill(child, by, first_name, infix, last_name, birth_date)
    child.save()
    audit.record(by=by, what="people.child_changed", about=child)
    return child


def _fill(child: Child, by: Viewer, first_name: str, infix: str, last_name: str, birth_date: date | None) -> None:
    if birth_date is not None and birth_date > child.school.today(by.now):
        raise Refused(_("The date of birth lies in the future."))
    child.first_name, child.infix, child.last_name = first_name.strip(), infix.strip(), last_name.strip()
    child.birth_date = birth_date


@transaction.atomic
def end_child(*, by: Viewer, child: Child, ends_on: date) -> int:
    """Let the child leave the school: every enrolment ends on `ends_on` (last day). Returns how many ended.

    A group of last year ends with its year, so that a child that left in summer can be written down in August.
    Guardianships go on: the family keeps reading what was told until then, up to the agreement's closing date.
    """
    require(can_manage_people(by, child.school))
    open_after = Enrolment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on), child=child)
    enrolments = list(open_after.select_related("school", "child", "group__school_year"))
    if not enrolments:
        raise Refused(_("The child sits in no group after that day."))
    for enrolment in enrolments:
        year_ends = enrolment.group.school_year.ends_on
        end_enrolment(by=by, enrolment=enrolment, ends_on=min(ends_on, year_ends))
    audit.record(by=by, what="people.child_left", about=child, groups=len(enrolments))
    return len(enrolments)


@transaction.atomic
def remove_child(*, by: Viewer, child: Child) -> None:
    """Remove a child that was added by mistake, with its guardianships. Refuses one that ever sat in a group."""
    require(can_manage_people(by, child.school))
    was_here = _("This child sits or sat in a group. Let it leave the school instead.")
    if Enrolment.objects.filter(child=child).exists():
        raise Refused(was_here)
    audit.record(by=by, what="people.child_removed", about=child)
    try:
        child.delete()
    except ProtectedError:  # by what a higher room keeps of it, such as answers about photos
        raise Refused(was_here) from None


@transaction.atomic
def shield_child(*, by: Viewer, child: Child) -> Child:
    """From now on the child stands in no list, picker, search, count or export outside team and office."""
    return _set_shield(by, child, shielded=True)


@transaction.atomic
def unshield_child(*, by: Viewer, child: Child) -> Child:
    """Take the shield away."""
    return _set_shield(by, child, shielded=False)


def _set_shield(by: Viewer, child: Child, *, shielded: bool) -> Child:
    require(can_manage_people(by, child.school))
    if child.shielded != shielded:
        child.shielded = shielded
        child.save(update_fields=["shielded"])
        audit.record(by=by, what="people.child_shielded" if shielded else "people.child_unshielded", about=child)
    return child
