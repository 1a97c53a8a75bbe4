"""A group that stops, and groups and layers that were made by mistake."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.people.actions.enrolments import enrol_child
from kring.people.actions.roles import end_role
from kring.people.models import Audience, Enrolment, TeamRole
from kring.people.permissions import can_manage_people
from kring.school.actions import end_group
from kring.school.models import Group, Layer


@transaction.atomic
def close_group(*, by: Viewer, group: Group, ends_on: date, move_to: Group | None = None) -> int:
    """Let `ends_on` be the group's last day: roles end with it, children move to `move_to` the day after.

    Returns how many children moved. Refuses when children would be left without a group.
    """
    require(can_manage_people(by, group.school))
    require(move_to is None or move_to.school_id == group.school_id)
    later = Q(ends_on__isnull=True) | Q(ends_on__gt=ends_on)
    enrolments = list(Enrolment.objects.filter(later, group=group).select_related("child__school", "school"))
    if move_to is not None and move_to.pk == group.pk:
        raise Refused(_("Choose another group for the children."))
    if enrolments and move_to is None:
        raise Refused(
            _("%(count)s children still sit in this group. Choose where they go.") % {"count": len(enrolments)}
        )
    end_group(by=by, group=group, ends_on=ends_on)
    for enrolment in enrolments:
        assert move_to is not None  # noqa: S101  refused above
        next_day = max(ends_on + timedelta(1), enrolment.starts_on)
        if enrolment.starts_on > ends_on:
            enrolment.delete()
        else:
            enrolment.ends_on = ends_on
            enrolment.save(update_fields=["ends_on"])
        enrol_child(by=by, child=enrolment.child, group=move_to, year_level=enrolment.year_level, starts_on=next_day)
    for role in TeamRole.objects.filter(later, group=group).select_related("school", "person"):
        end_role(by=by, role=role, ends_on=ends_on)
    return len(enrolments)


@transaction.atomic
def remove_group(*, by: Viewer, group: Group) -> None:
    """Remove a group that was made by mistake. Refuses one in which somebody sat or worked, or that was written to."""
    require(can_manage_people(by, group.school))
    was_used = _("This group has or had children, teachers or messages. It ends with its school year; or let it stop.")
    seats, roles = Enrolment.objects.filter(group=group), TeamRole.objects.filter(group=group)
    if seats.exists() or roles.exists() or Audience.objects.filter(groups=group).exists():
        raise Refused(was_used)
    try:
        audit.record(by=by, what="people.group_removed", about=group)
        group.delete()
    except ProtectedError:  # by what a higher room keeps of it, such as its photos
        raise Refused(was_used) from None


@transaction.atomic
def remove_layer(*, by: Viewer, layer: Layer) -> None:
    """Remove a layer. Refuses one to which a message was addressed: its families would lose what they could read."""
    require(can_manage_people(by, layer.school))
    if Audience.objects.filter(layers=layer).exists():
        raise Refused(_("Messages were written to this layer, so it stays. You can change its name and year levels."))
    audit.record(by=by, what="people.layer_removed", about=layer)
    layer.delete()
