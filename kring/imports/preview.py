"""From a waiting import to the plan that applying it would carry out now."""

from __future__ import annotations

from datetime import date

from kring.imports.current import current_of
from kring.imports.difference import make_plan
from kring.imports.models import Import
from kring.imports.plan import Plan
from kring.imports.roster import from_json


def plan_of(waiting: Import, *, today: date) -> Plan:
    """Return the plan of an import that still holds its roster; made anew each time, so it is never out of date."""
    if waiting.roster is None:
        return Plan()
    roster = from_json(waiting.roster)
    levels = {code: waiting.grades.get(code) for code in roster.grades}
    return make_plan(roster, current_of(waiting.school, today=today), levels)
