"""Templates with holes: rendered once per language, filled per reader by joining strings.

A feed of twenty cards is the page that is asked for most. Rendering a template costs a hundred times more than
joining its pieces, so a card's fixed parts are rendered once and only the holes are filled for each reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

# Letters only, so that a hole survives escaping and can stand in an address.
_HOLE = re.compile(r"zqHOLE([a-z]+)ELOHqz")


class Holes:
    """In a template `{{ hole.name }}` makes a hole called `name`."""

    def __getattr__(self, name: str) -> str:
        return f"zqHOLE{name}ELOHqz"

    def __getitem__(self, name: str) -> str:
        return f"zqHOLE{name}ELOHqz"


Mould = tuple[str, ...]  # text, name of a hole, text, name of a hole, text …
_kept: dict[tuple[Any, ...], Mould] = {}
MOST = 5000
_versions: dict[tuple[object, ...], Mould] = {}


def cast_mould(template: str, context: Mapping[str, Any]) -> Mould:
    """Render `template` with holes and return its pieces."""
    return tuple(_HOLE.split(render_to_string(template, {**context, "hole": Holes()}).strip()))


def kept_mould(template: str, **choices: Any) -> Mould:
    """Return the mould of a template that depends on nothing but the language and a few `choices`; kept for good."""
    key = (template, get_language(), *choices.items())
    if key not in _kept:
        _kept[key] = cast_mould(template, choices)
    return _kept[key]


def fill(mould: Mould, values: Mapping[str, Any]) -> SafeString:
    """Return the text of a mould with its holes filled; what is not marked safe is escaped."""
    pieces = list(mould)
    for place in range(1, len(pieces), 2):
        value = values.get(pieces[place], "")
        pieces[place] = value if isinstance(value, SafeString) else escape(str(value))
    return mark_safe("".join(pieces))  # noqa: S308  the pieces come from templates, the values are escaped


def kept_under(key: tuple[object, ...]) -> Mould | None:
    """Return the mould kept under `key`, which names the object by its random id and its version; None without one."""
    return _versions.get(key)


def keep_under(key: tuple[object, ...], mould: Mould) -> None:
    """Keep a mould in this process; when there are many, the oldest goes."""
    if len(_versions) >= MOST:
        _versions.pop(next(iter(_versions)), None)
    _versions[key] = mould
