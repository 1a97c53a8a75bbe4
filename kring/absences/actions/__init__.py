"""Every write of this room."""

from kring.absences.actions.keeping import ask_still_ill, forget_old, take_out
from kring.absences.actions.leave import ask_leave, decide_leave, withdraw_leave
from kring.absences.actions.reports import (
    cancel_absence,
    change_absence,
    log_absence,
    report_absence,
    say_still_ill,
    say_well,
    see_absence,
    take_back_absence,
)
from kring.absences.actions.visits import VisitInput, change_visit, report_visit, see_visit, withdraw_visit

__all__ = [
    "VisitInput",
    "ask_leave",
    "ask_still_ill",
    "cancel_absence",
    "change_absence",
    "change_visit",
    "decide_leave",
    "forget_old",
    "log_absence",
    "report_absence",
    "report_visit",
    "say_still_ill",
    "say_well",
    "see_absence",
    "see_visit",
    "take_back_absence",
    "take_out",
    "withdraw_leave",
    "withdraw_visit",
]
