"""The editor's form: one field per setting, made from its kind. Keeps what was typed, says what is wrong beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from kring.agreements.clauses import BY_ID, CHAPTERS, CLAUSE_OF
from kring.agreements.clauses.clause import hour, weekday
from kring.agreements.clauses.labels import SETTING_NAMES, option_name, problem_sentence
from kring.agreements.policy import DEFAULTS, FILLED_IN, KINDS, Policy, contradictions, value_at, with_values
from kring.agreements.settings import (
    Choice,
    Clock,
    Email,
    Flag,
    Kind,
    Number,
    Phone,
    Several,
    Text,
    Texts,
    Unreadable,
    Web,
    Windows,
)

MOST_OWN_WORDS = 2000
WIDGETS: tuple[tuple[type[Kind], str], ...] = (
    (Flag, "flag"), (Number, "number"), (Choice, "choice"), (Several, "several"), (Clock, "clock"),
    (Windows, "windows"), (Texts, "texts"), (Phone, "phone"), (Email, "email"), (Web, "web"), (Text, "text"),
)  # fmt: skip
NAMED_NUMBERS = {
    "kwink.weekday": weekday,
    "closing_date.month": lambda number: str(MONTHS[number]),
    "consent_purposes.renewal_month": lambda number: str(MONTHS[number]),
}


@dataclass
class Option:
    """One thing to choose."""

    value: str
    label: str
    is_chosen: bool
    text: str = ""


@dataclass
class DayRow:
    """The windows of one weekday as typed, with one empty line for another, and a bar drawn to scale."""

    number: int
    name: str
    windows: list[tuple[str, str]]
    half_hours: list[bool]


@dataclass
class SettingField:
    """One setting in the editor: what it is called, what was typed, what is wrong with it."""

    path: str
    kind: Kind
    raw: Any
    error: str = ""
    confirmed: bool = False
    is_changed: bool = False

    @property
    def id(self) -> str:
        """Return the id of the element."""
        return self.path.replace(".", "-")

    @property
    def label(self) -> str:
        """Return what the setting is called."""
        return str(SETTING_NAMES[self.path])

    @property
    def widget(self) -> str:
        """Return which control fits."""
        if self.path in NAMED_NUMBERS:
            return "select"
        return next(name for kind, name in WIDGETS if isinstance(self.kind, kind))

    @property
    def is_filled_in(self) -> bool:
        """Say whether the default is Kring's and not the school's."""
        return self.path in FILLED_IN

    @property
    def options(self) -> list[Option]:
        """Return what can be chosen."""
        if self.path in NAMED_NUMBERS and isinstance(self.kind, Number):
            name = NAMED_NUMBERS[self.path]
            numbers = range(self.kind.low, self.kind.high + 1)
            return [Option(str(n), name(n), str(n) == str(self.raw)) for n in numbers]
        if isinstance(self.kind, Flag):
            return [Option("yes", str(_("Yes")), self.raw == "yes"), Option("no", str(_("No")), self.raw == "no")]
        if isinstance(self.kind, Texts):
            return [Option(o, option_name(self.path, o), False, self.raw.get(o, "")) for o in self.kind.options]
        if isinstance(self.kind, Choice | Several):
            chosen = self.raw if isinstance(self.kind, Several) else [self.raw]
            return [Option(o, option_name(self.path, o), o in chosen) for o in self.kind.options]
        return []

    @property
    def days(self) -> list[DayRow]:
        """Return the weekdays of contact windows; Saturday and Sunday only when they are used."""
        rows = []
        for number in range(1, 8):
            typed = [(starts, ends) for day, starts, ends in self.raw if int(day) == number]
            if number <= 5 or typed:
                rows.append(DayRow(number, weekday(number), [*typed, ("", "")], _bar(typed)))
        return rows


def _bar(typed: list[tuple[str, str]]) -> list[bool]:
    """Return 22 half hours from seven to six: true where a window covers it."""
    clock, spans = Clock(), []
    for starts, ends in typed:
        try:
            first, last = clock.read(starts), clock.read(ends)
        except Unreadable:
            continue
        spans.append((first.hour * 60 + first.minute, last.hour * 60 + last.minute))
    return [any(first <= 420 + 30 * n and 450 + 30 * n <= last for first, last in spans) for n in range(22)]


def _typed(kind: Kind, value: Any) -> Any:
    """Return a value as it stands in the form."""
    if isinstance(kind, Flag):
        return "yes" if value else "no"
    if isinstance(kind, Windows):
        return [(w.weekday, hour(w.starts), hour(w.ends)) for w in value]
    if isinstance(value, time):
        return hour(value)
    if isinstance(kind, Texts):
        return dict(value)
    return list(value) if isinstance(kind, Several) else str(value)


def _posted(path: str, kind: Kind, data: QueryDict, was: Any) -> Any:
    """Return what was typed for the setting; what the form did not hold stays as it was."""
    if isinstance(kind, Several):
        return data.getlist(path) if f"{path}.shown" in data else was
    if isinstance(kind, Texts):
        return {option: data.get(f"{path}.{option}", was.get(option, "")) for option in kind.options}
    if isinstance(kind, Windows):
        if f"{path}.shown" not in data:
            return was
        found = []
        for day in range(1, 8):
            pairs = zip(data.getlist(f"{path}.{day}.from"), data.getlist(f"{path}.{day}.until"), strict=False)
            found += [(day, starts, ends) for starts, ends in pairs if starts.strip() or ends.strip()]
        return found
    return data.get(path, was)


@dataclass
class AgreementForm:
    """All settings, the free paragraphs and whether everybody may read; `policy` holds what could be read of it."""

    base: Policy
    confirmed: frozenset[str] = frozenset()
    paragraphs: dict[str, dict[str, str]] = field(default_factory=dict)
    is_public: bool = False
    data: QueryDict | None = None
    compared_to: Policy = DEFAULTS
    policy: Policy = DEFAULTS
    fields: dict[str, SettingField] = field(default_factory=dict)
    paragraph_errors: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        changes: dict[str, Any] = {}
        for path, kind in KINDS.items():
            raw = _typed(kind, value_at(self.base, path))
            item = SettingField(path, kind, raw, confirmed=path in self.confirmed)
            self.fields[path] = item
            if self.data is not None:
                item.raw = _posted(path, kind, self.data, raw)
                try:
                    changes[path] = kind.read(item.raw)
                except Unreadable as problem:
                    item.error = _sentence(problem)
        if self.data is not None:
            self.confirmed = frozenset(self.data.getlist("confirmed")) & FILLED_IN
            self.is_public = "is_public" in self.data
            self._read_paragraphs(self.data)
        self.policy = with_values(self.base, changes)
        for path, code in contradictions(self.policy).items():
            self.fields[path].error = self.fields[path].error or problem_sentence(code, {})
        for path, item in self.fields.items():
            item.confirmed = path in self.confirmed
            item.is_changed = value_at(self.policy, path) != value_at(self.compared_to, path)

    def _read_paragraphs(self, data: QueryDict) -> None:
        for chapter in CHAPTERS:
            for language in ("nl", "en"):
                text = data.get(f"own.{chapter}.{language}", self.paragraphs.get(chapter, {}).get(language, ""))
                self.paragraphs.setdefault(chapter, {})[language] = text.replace("\r\n", "\n").strip()
                if len(text) > MOST_OWN_WORDS:
                    self.paragraph_errors[chapter] = problem_sentence("too_long", {"most": MOST_OWN_WORDS})

    @property
    def is_valid(self) -> bool:
        """Say whether everything could be read and nothing contradicts."""
        return not self.paragraph_errors and not any(item.error for item in self.fields.values())

    @property
    def errors(self) -> list[SettingField]:
        """Return the settings with something wrong, in order."""
        return [item for item in self.fields.values() if item.error]

    def of_clause(self, clause_id: str) -> list[SettingField]:
        """Return the fields of a clause in its own order."""
        return [self.fields[path] for path in BY_ID[clause_id].settings]

    def clause_of(self, item: SettingField) -> str:
        """Return the id of the clause that a field belongs to."""
        return CLAUSE_OF[item.path].id


def _sentence(problem: Unreadable) -> str:
    values: Mapping[str, Any] = problem.values
    text = problem_sentence(problem.code, dict(values))
    day = values.get("weekday")
    return f"{weekday(day)}: {text}" if isinstance(day, int) and 1 <= day <= 7 else text


class PublishForm(forms.Form):
    """From which day the new version counts."""

    in_force_from = forms.DateField(
        label=_("Counts from"), widget=forms.DateInput(attrs={"type": "date", "class": "input"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_in_force_from(self) -> date:
        """Refuse a day in the past."""
        day: date = self.cleaned_data["in_force_from"]
        if day < self.today:
            raise forms.ValidationError(_("A version cannot begin in the past. Choose today or a later day."))
        return day
