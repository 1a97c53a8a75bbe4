"""Every change to people, one file per subject."""

from kring.people.actions.absences import remove_staff_absence, report_staff_absence, stand_in
from kring.people.actions.audience import make_audience
from kring.people.actions.children import add_child, change_child, end_child, remove_child, shield_child, unshield_child
from kring.people.actions.enrolments import change_enrolment, end_enrolment, enrol_child, move_child
from kring.people.actions.groups import close_group, remove_group, remove_layer
from kring.people.actions.guardianships import (
    add_guardianship,
    change_guardianship,
    end_guardianship,
    keep_apart,
    stop_keeping_apart,
)
from kring.people.actions.persons import (
    add_board_administrator,
    add_manager,
    add_person,
    change_person,
    end_person,
    remove_person,
)
from kring.people.actions.roles import change_role, end_role, give_role
from kring.people.actions.sessions import end_sessions

__all__ = [
    "add_board_administrator",
    "add_child",
    "add_guardianship",
    "add_manager",
    "add_person",
    "change_child",
    "change_enrolment",
    "change_guardianship",
    "change_person",
    "change_role",
    "close_group",
    "end_child",
    "end_enrolment",
    "end_guardianship",
    "end_person",
    "end_role",
    "end_sessions",
    "enrol_child",
    "give_role",
    "keep_apart",
    "make_audience",
    "move_child",
    "remove_child",
    "remove_group",
    "remove_layer",
    "remove_person",
    "remove_staff_absence",
    "report_staff_absence",
    "shield_child",
    "stand_in",
    "stop_keeping_apart",
    "unshield_child",
]
