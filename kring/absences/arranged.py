"""What a guardian has arranged: visits to come, reports that go on, leave that was asked for. Shown under Arrange."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.permissions import can_answer_for, can_take_back
from kring.absences.rules import LeaveState, Reason
from kring.absences.wording import absence_when, leave_when, visit_when
from kring.agreements.current import policies_seen_by
from kring.core.viewer import Viewer

MOST = 30


@dataclass(frozen=True, slots=True)
class Arranged:
    """One line. `asks` means: is the child still ill? `take_back` is the address that takes it back."""

    child_id: int
    child: str
    icon: str
    title: str
    state: str
    link: str = ""
    link_words: str = ""
    struck: bool = False
    asks: str = ""
    take_back: str = ""


def arranged_of(viewer: Viewer, *, child_id: int | None = None) -> list[Arranged]:
    """Return what she, or the other full guardian, has arranged for her children (or one of them). Three queries."""
    if not viewer.spans:
        return []
    about = {"child_id": child_id} if child_id is not None else {}
    visits = Appointment.objects.of_own_children(viewer).coming(viewer.now).filter(**about)[:MOST]
    found = [_visit(row) for row in visits]
    today = min((row.school.today(viewer.now) for row in visits), default=viewer.now.date())
    absences = Absence.objects.of_own_children(viewer).not_over(today).filter(**about)[:MOST]
    found = [_absence(viewer, row) for row in absences if row.ends_on is None or row.ends_on >= today] + found
    leaves = LeaveRequest.objects.of_own_children(viewer).not_over(today).filter(**about)[:MOST]
    return found + [_leave(row) for row in leaves]


def _visit(row: Appointment) -> Arranged:
    if row.withdrawn_at is not None:
        state = _("withdrawn")
    elif row.seen_by is not None:
        state = _("seen by %(name)s") % {"name": row.seen_by.display_name}
    else:
        state = _("not seen yet")
    return Arranged(
        child_id=row.child_id,
        child=row.child.first_name,
        icon="stethoscope",
        title=f"{row.get_kind_display()}, {visit_when(row, row.school)}",
        state=state,
        link=reverse("absences:visit", args=[row.public_id]),
        link_words=_("Look"),
        struck=row.withdrawn_at is not None,
    )


def _absence(viewer: Viewer, row: Absence) -> Arranged:
    today = row.school.today(viewer.now)
    app = policies_seen_by(viewer, [row.school_id])[row.school_id].sick_and_late.way == "app"
    asks = ""
    if app and row.starts_on <= today and can_answer_for(viewer, row):
        asks = row.public_id
    if row.reason == Reason.ILL and row.ends_on is None and row.confirmed_on == today:
        state = _("still ill today")
    elif row.seen_by is not None:
        state = _("seen by %(name)s") % {"name": row.seen_by.display_name}
    else:
        state = _("known at school")
    return Arranged(
        child_id=row.child_id,
        child=row.child.first_name,
        icon="thermometer" if row.reason == Reason.ILL else "clock",
        title=f"{row.get_reason_display()}, {absence_when(row)}",
        state=state,
        asks=asks,
        take_back=reverse("absences:take_back", args=[row.public_id]) if app and can_take_back(viewer, row) else "",
    )


def _leave(row: LeaveRequest) -> Arranged:
    return Arranged(
        child_id=row.child_id,
        child=row.child.first_name,
        icon="calendar-check" if row.state == LeaveState.GRANTED else "calendar-x-2",
        title=_("Leave, %(when)s") % {"when": leave_when(row)},
        state=row.get_state_display().lower(),
        link=reverse("absences:leave_request", args=[row.public_id]),
        link_words=_("Look"),
    )
