"""Short ways to an absence in a state, through the room's own actions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

from kring.absences import actions
from kring.absences.actions import VisitInput
from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.rules import LeaveKind, Reason, VisitKind
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from kring.people.models import Child
from tests.agreements.making import publish
from tests.cast import ROLES, TODAY, Cast

TOMORROW = TODAY + timedelta(days=1)  # a Wednesday
IN_APP = {"sick_and_late.way": "app"}
LEAVE_IN_APP = {"leave.way": "app"}
PHONES = {"sick_and_late.phone": "085-0000 120", "school_contact.phone": "085-0000 122"}


def a_visit(
    day: date = TOMORROW, starts: time | None = time(10, 15), ends: time | None = time(11, 30), **more: Any
) -> VisitInput:
    return VisitInput(day=day, starts=starts, ends=ends, **{"kind": VisitKind.DENTIST, **more})


def visiting(cast: Cast, *children: Child, by: str = "guardian", token: str = "", **more: Any) -> list[Appointment]:
    return actions.report_visit(
        by=cast.viewer(by), children=children or (cast.child,), visit=a_visit(**more), token=token
    )


def ill(
    cast: Cast,
    child: Child | None = None,
    *,
    by: str = "guardian",
    reason: Reason = Reason.ILL,
    day: date = TOMORROW,
    **more: Any,
) -> Absence:
    """Report in the app; the agreement must have it."""
    return actions.report_absence(by=cast.viewer(by), child=child or cast.child, reason=reason, day=day, **more)


def logged(
    cast: Cast, child: Child | None = None, *, by: str = "office", reason: Reason = Reason.ILL, **more: Any
) -> Absence:
    return actions.log_absence(by=cast.viewer(by), child=child or cast.child, reason=reason, **more)


def leave(
    cast: Cast,
    child: Child | None = None,
    *,
    by: str = "guardian",
    first: date = TODAY + timedelta(days=9),
    days: int = 1,
    **more: Any,
) -> LeaveRequest:
    """Ask for leave; publishes the agreement that has it."""
    if more.pop("agree", True):
        publish(cast, LEAVE_IN_APP | PHONES)
    values = {"kind": LeaveKind.WEDDING, "why": "Oma trouwt", **more}
    return actions.ask_leave(
        by=cast.viewer(by),
        child=child or cast.child,
        first_day=first,
        last_day=first + timedelta(days=days - 1),
        **values,
    )


def told(cast: Cast, kind: str) -> set[str]:
    """Return the roles of the cast that hear of the newest notice of this kind."""
    notice = Notice.objects.filter(kind=kind).latest("pk")
    outbox.expand(notice)
    users = set(Delivery.objects.filter(notice=notice, channel="inbox").values_list("user_id", flat=True))
    return {role for role in ROLES if role != "signed out" and cast.user(role).pk in users}


def who_sees(cast: Cast, row: Any) -> set[str]:
    """Return the roles to whom the row is visible."""
    return {role for role in ROLES if type(row).objects.visible_to(cast.viewer(role)).filter(pk=row.pk).exists()}


def who_may(cast: Cast, may: Callable[..., bool], row: Any) -> set[str]:
    return {role for role in ROLES if may(cast.viewer(role), row)}
