"""How the notices of this room come about: what leaves says nothing of a child (notifications/test_every_kind.py)."""

from __future__ import annotations

from kring.absences import actions
from tests import factories as make
from tests.absences.reporting import ill, leave, logged, visiting
from tests.agreements.making import publish
from tests.cast import Cast
from tests.notifications.kinds import SECRET


def _second_parent(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.child, person=cast.people["class_parent"])


def _visit(cast: Cast) -> None:
    _second_parent(cast)
    visiting(cast, note=SECRET, picked_up_by=SECRET)


def _withdrawn(cast: Cast) -> None:
    _second_parent(cast)
    [row] = visiting(cast, note=SECRET)
    actions.withdraw_visit(by=cast.viewer("guardian"), visit=row)


def _called(cast: Cast) -> None:
    logged(cast, note=SECRET)


def _reported(cast: Cast) -> None:
    publish(cast, {"sick_and_late.way": "app"})
    ill(cast, note=SECRET)


def _asked(cast: Cast) -> None:
    _second_parent(cast)
    leave(cast, why=SECRET)


def _granted(cast: Cast) -> None:
    row = leave(cast, why=SECRET)
    actions.decide_leave(by=cast.viewer("management"), request=row, grant=True, decision=SECRET)


CASES = {
    "absences.visit_family": _visit,
    "absences.visit_team": _visit,
    "absences.visit_withdrawn_family": _withdrawn,
    "absences.visit_withdrawn_team": _withdrawn,
    "absences.reported_family": _called,
    "absences.reported_team": _reported,
    "absences.leave_asked": _asked,
    "absences.leave_asked_family": _asked,
    "absences.leave_decided": _granted,
    "absences.leave_granted_team": _granted,
}
