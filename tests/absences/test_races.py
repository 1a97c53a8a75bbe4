"""Two at once: held by a constraint or a conditional change, beside the same without its guard."""

from __future__ import annotations

import pytest
from django.utils import timezone

from kring.absences import actions
from kring.absences.models import Absence, Appointment, LeaveRequest
from kring.absences.rules import LeaveState, Reason
from kring.notifications.models import Notice
from kring.people.models import StaffAbsence
from kring.people.viewers import viewer_for
from tests.absences.reporting import a_visit, leave
from tests.cast import TODAY, Cast
from tests.conversations.test_races import quietly
from tests.photos.test_withdrawing_races import at_once

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


def test_a_visit_sent_four_times_at_once_is_one(cast: Cast) -> None:
    by = viewer_for(cast.user("guardian"), now=timezone.now())

    def send() -> object:
        return actions.report_visit(by=by, children=[cast.child], visit=a_visit(), token="eens")

    at_once(*[quietly(send)] * 4)
    assert Appointment.objects.count() == 1
    assert Notice.objects.filter(kind="absences.visit_team").count() == 1


def test_office_and_teacher_write_the_same_child_down_at_once(cast: Cast) -> None:
    viewers = [viewer_for(cast.user(role), now=timezone.now()) for role in ("office", "teacher", "duo")]
    jobs = [
        quietly(lambda by=by: actions.log_absence(by=by, child=cast.child, reason=Reason.ILL))  # type: ignore[misc]
        for by in viewers
    ]
    at_once(*jobs)
    assert Absence.objects.standing().count() == 1


def test_without_the_constraint_each_would_have_a_row_of_its_own(cast: Cast) -> None:
    """Cancelled rows are outside the constraint: two of them stand beside each other."""
    for _colleague in range(2):
        row = actions.log_absence(
            by=viewer_for(cast.user("office"), now=timezone.now()), child=cast.child, reason=Reason.ILL
        )
        Absence.objects.filter(pk=row.pk).update(cancelled_at=timezone.now())
    assert Absence.objects.filter(child=cast.child, starts_on=TODAY).count() == 2


def test_granting_and_withdrawing_at_once_gives_one_outcome(cast: Cast) -> None:
    row = leave(cast)
    head, parent = (viewer_for(cast.user(role), now=timezone.now()) for role in ("management", "guardian"))
    at_once(
        quietly(lambda: actions.decide_leave(by=head, request=LeaveRequest.objects.get(pk=row.pk), grant=True)),
        quietly(lambda: actions.withdraw_leave(by=parent, request=LeaveRequest.objects.get(pk=row.pk))),
    )
    row.refresh_from_db()
    decided = Notice.objects.filter(kind="absences.leave_decided").count()
    assert (row.state, decided) in {(LeaveState.GRANTED, 1), (LeaveState.WITHDRAWN, 0)}


def test_without_the_conditional_change_both_would_believe_it(cast: Cast) -> None:
    rows = LeaveRequest.objects.filter(pk=leave(cast).pk)
    assert [rows.update(state="withdrawn") for _twice in range(2)] == [1, 1]
    rows.update(state="asked")
    assert [rows.filter(state="asked").update(state="withdrawn") for _twice in range(2)] == [1, 0]


def test_two_who_arrange_a_colleagues_absence_at_once_arrange_it_once(cast: Cast) -> None:
    from kring.cover.actions import cover_absence

    viewers = [viewer_for(cast.user(role), now=timezone.now()) for role in ("office", "duo")]
    at_once(*[
        quietly(lambda by=by: cover_absence(by=by, person=cast.people["teacher"], starts_on=TODAY, ends_on=TODAY))  # type: ignore[misc]
        for by in viewers
    ])  # fmt: skip
    assert StaffAbsence.objects.count() == 1
