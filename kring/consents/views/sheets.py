"""The form with yes and no for each purpose, as a guardian and the office both use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from kring.consents.forms import read_answers, read_seen
from kring.consents.sheet import Line, Sheet
from kring.core.access import Refused
from kring.core.http import Request


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose on the page: the line, what is chosen now, and what is said beside it."""

    line: Line
    chosen: bool | None
    notes: list[str]
    is_open: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Purposes that belong together: within Kring, and outside it."""

    key: str
    title: str
    choices: list[Choice]


def parts_of(sheet: Sheet, note: Callable[[Line], list[str]], *, typed: Mapping[str, bool]) -> list[Part]:
    """Return the purposes in two parts, with what was typed in place of what is known and `note` beside each."""
    inside: list[Choice] = []
    outside: list[Choice] = []
    waiting = sheet.open_codes
    stand_out = len(waiting) < len(sheet.lines)  # where everything is open, marking it says nothing
    for line in sheet.lines:
        choice = Choice(
            line=line,
            chosen=typed.get(line.code, line.own),
            notes=note(line),
            is_open=stand_out and line.code in waiting,
        )
        (inside if line.purpose.is_inside else outside).append(choice)
    found = [Part("inside", _("In Kring"), inside), Part("outside", _("Outside Kring"), outside)]
    return [part for part in found if part.choices]


def save(request: Request, sheet: Sheet, act: Callable[[dict[str, bool], str], int]) -> tuple[str, dict[str, bool]]:
    """Call `act` with what was chosen; return why it did not go ("" when it did) and what was chosen."""
    answers = read_answers(request.POST, sheet)
    if not answers:
        return _("Choose yes or no for at least one purpose."), answers
    try:
        act(answers, read_seen(request.POST))
    except Refused as refused:
        return refused.sentence, answers
    return "", answers
