"""The kinds of values a setting can have: how it is checked, stored and read back. Pure: no Django, no words.

A setting is a field of one of the dataclasses of `policy.py`; its kind stands in the field's metadata. `read` turns
what was stored (JSON) into the value, `store` the other way; a value that cannot be read raises `Unreadable` with the
code of a sentence (see `clauses/problems.py`).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit


class Unreadable(ValueError):
    """A value that does not fit its setting. `code` names the sentence, `values` fill it."""

    def __init__(self, code: str, **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """One stretch of a weekday (1 = Monday) in the school's wall-clock time; `ends` is not included."""

    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True)
class Kind:
    """What every kind of value has. `filled_in` marks a default of Kring that no document of the school says."""

    filled_in: bool = False

    def read(self, raw: Any) -> Any:
        """Return the value that `raw` (from JSON or a form) stands for, or raise Unreadable."""
        raise NotImplementedError

    def store(self, value: Any) -> Any:
        """Return `value` as JSON can hold it."""
        return value


@dataclass(frozen=True)
class Flag(Kind):
    """Yes or no."""

    def read(self, raw: Any) -> bool:
        """Return a bool."""
        if isinstance(raw, bool):
            return raw
        if raw in ("yes", "no"):
            return bool(raw == "yes")
        raise Unreadable("choose")


@dataclass(frozen=True)
class Number(Kind):
    """A whole number from `low` to `high`, both included."""

    low: int = 0
    high: int = 365

    def read(self, raw: Any) -> int:
        """Return an int within the bounds."""
        text = str(raw).strip()
        if isinstance(raw, bool) or not re.fullmatch(r"\d{1,6}", text, re.ASCII):
            raise Unreadable("whole_number", low=self.low, high=self.high)
        if not self.low <= int(text) <= self.high:
            raise Unreadable("out_of_range", low=self.low, high=self.high)
        return int(text)


@dataclass(frozen=True)
class Choice(Kind):
    """One of a few words."""

    options: tuple[str, ...] = ()

    def read(self, raw: Any) -> str:
        """Return one of the options."""
        if raw not in self.options:
            raise Unreadable("choose")
        return str(raw)


@dataclass(frozen=True)
class Several(Kind):
    """Any of a few words, in the order of the options; at least `at_least`."""

    options: tuple[str, ...] = ()
    at_least: int = 0

    def read(self, raw: Any) -> tuple[str, ...]:
        """Return the chosen options without doubles."""
        if isinstance(raw, str) or not isinstance(raw, Iterable):
            raise Unreadable("choose")
        chosen = list(raw)
        if any(item not in self.options for item in chosen):
            raise Unreadable("choose")
        if len(set(chosen)) < self.at_least:
            raise Unreadable("choose_one")
        return tuple(option for option in self.options if option in chosen)

    def store(self, value: Any) -> list[str]:
        """Return a list."""
        return list(value)


@dataclass(frozen=True)
class Clock(Kind):
    """An hour of the day, written 8.45, 8:45 or 08:45."""

    def read(self, raw: Any) -> time:
        """Return a time without seconds."""
        match = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?", str(raw).strip(), re.ASCII)
        if not match:
            raise Unreadable("clock")
        return time(int(match[1]), int(match[2]))

    def store(self, value: time) -> str:
        """Return HH:MM."""
        return value.strftime("%H:%M")


@dataclass(frozen=True)
class Text(Kind):
    """A short text in the school's own words; may be empty."""

    most: int = 120

    def read(self, raw: Any) -> str:
        """Return the text on one line."""
        text = " ".join(str(raw or "").split())
        if len(text) > self.most:
            raise Unreadable("too_long", most=self.most)
        return text


@dataclass(frozen=True)
class Phone(Text):
    """A telephone number, kept as people write it."""

    most: int = 25

    def read(self, raw: Any) -> str:
        """Return the number: 3 to 15 digits with spaces, hyphens, brackets and a leading plus."""
        text = super().read(raw)
        if text and (
            not re.fullmatch(r"\+?[\d\s()\-/.]+", text, re.ASCII) or not 3 <= len(re.sub(r"\D", "", text)) <= 15
        ):
            raise Unreadable("phone")
        return text


@dataclass(frozen=True)
class Email(Text):
    """A mail address of the school."""

    def read(self, raw: Any) -> str:
        """Return the address."""
        text = super().read(raw)
        if text and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+", text):
            raise Unreadable("email")
        return text


@dataclass(frozen=True)
class Web(Text):
    """The address of a page: http or https only."""

    most: int = 300

    def read(self, raw: Any) -> str:
        """Return the whole address."""
        text = super().read(raw)
        try:
            parts = urlsplit(text)
        except ValueError as error:
            raise Unreadable("web") from error
        if text and (parts.scheme not in {"http", "https"} or not parts.hostname or " " in text):
            raise Unreadable("web")
        return text


@dataclass(frozen=True)
class Windows(Kind):
    """Stretches of weekdays; those of one day may not touch each other."""

    most_per_day: int = 4

    def read(self, raw: Any) -> tuple[Window, ...]:
        """Return the windows in order, from a list of [weekday, starts, ends]."""
        clock = Clock()
        found: list[Window] = []
        if not isinstance(raw, list | tuple):
            raise Unreadable("clock")
        for item in raw:
            if isinstance(item, Window):
                found.append(item)
                continue
            try:
                weekday, starts, ends = item
                day = int(weekday)
            except (TypeError, ValueError) as error:
                raise Unreadable("clock") from error
            found.append(Window(day, clock.read(starts), clock.read(ends)))
        found.sort()
        for one in found:
            if not 1 <= one.weekday <= 7 or one.ends <= one.starts:
                raise Unreadable("ends_before_start", weekday=one.weekday)
        for one, following in pairwise(found):
            if one.weekday == following.weekday and following.starts <= one.ends:
                raise Unreadable("windows_touch", weekday=one.weekday)
        return tuple(found)

    def store(self, value: Any) -> list[list[Any]]:
        """Return lists of weekday, HH:MM, HH:MM."""
        return [[w.weekday, w.starts.strftime("%H:%M"), w.ends.strftime("%H:%M")] for w in value]


@dataclass(frozen=True)
class Texts(Kind):
    """One text of the school per option; an empty one means the text that Kring brings."""

    options: tuple[str, ...] = ()
    most: int = 400

    def read(self, raw: Any) -> tuple[tuple[str, str], ...]:
        """Return pairs of option and text, only those that say something."""
        if isinstance(raw, list | tuple):
            raw = {str(key): text for key, text in raw}
        if not isinstance(raw, dict) or any(key not in self.options for key in raw):
            raise Unreadable("choose")
        read = Text(most=self.most).read
        pairs = ((option, read(raw.get(option, ""))) for option in self.options)
        return tuple((option, text) for option, text in pairs if text)

    def store(self, value: Any) -> dict[str, str]:
        """Return an object."""
        return dict(value)


def setting(default: Any, kind: Kind) -> Any:
    """Declare a setting of `kind` with its default, as a field of a frozen dataclass."""
    return dataclasses.field(default=default, metadata={"kind": kind})


def kinds_of_settings(group: Any) -> dict[str, Kind]:
    """Return the kind of each setting of a dataclass (or of one of its objects) by name."""
    return {item.name: item.metadata["kind"] for item in dataclasses.fields(group)}
