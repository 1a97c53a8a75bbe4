"""The planner: plain code on plain values, with no Django.

`read_problem` and `read_plan` read the two file formats; `plan` plans everybody; `Book` gives one party adjoining
options."""

from .adjoining import Book
from .family import Moment, Plan, Talk, family_plans
from .planner import Budget, Outcome, Progress, plan
from .plans import Placed, assignment, faults, measures, objective, read_plan, write_plan
from .problem import BrokenFile, Problem, read_problem

__all__ = [
    "Book",
    "BrokenFile",
    "Budget",
    "Moment",
    "Outcome",
    "Placed",
    "Plan",
    "Problem",
    "Progress",
    "Talk",
    "assignment",
    "family_plans",
    "faults",
    "measures",
    "objective",
    "plan",
    "read_plan",
    "read_problem",
    "write_plan",
]
