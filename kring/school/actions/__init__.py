"""Every change to boards, schools, years, groups, layers, hours and holidays, one file per subject."""

from kring.school.actions.groups import change_group, end_group, make_group, set_lesson_hours
from kring.school.actions.holidays import add_holiday, remove_holiday
from kring.school.actions.layers import change_layer, make_layer
from kring.school.actions.schools import change_school, make_board, make_school, open_school
from kring.school.actions.years import make_school_year

__all__ = [
    "add_holiday",
    "change_group",
    "change_layer",
    "change_school",
    "end_group",
    "make_board",
    "make_group",
    "make_layer",
    "make_school",
    "make_school_year",
    "open_school",
    "remove_holiday",
    "set_lesson_hours",
]
