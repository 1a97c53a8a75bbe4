"""What is wrong with a file, and where: collected over the whole reading, said in words elsewhere (words.py)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

MOST = 200  # different faults that are kept; a file with more is not the file that was meant


class Effect(StrEnum):
    """What a fault means for the import."""

    STOP = "stop"  # nothing can be imported
    ROW = "row"  # the row stays out, and what is here about it stays as it is
    VALUE = "value"  # the row comes along without this value
    NOTE = "note"  # worth knowing


@dataclass(slots=True)
class Fault:
    """One fault: a code, its place (row as a spreadsheet counts it, header = 1), and how many other places have it."""

    code: str
    effect: str
    file: str = ""
    row: int = 0
    column: str = ""
    value: str = ""
    others: int = 0


class Faults:
    """Collects faults; the same fault in the same file, column and value is one, with a count."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], Fault] = {}
        self.dropped = 0

    def add(
        self, code: str, effect: Effect, *, file: str = "", row: int = 0, column: str = "", value: str = ""
    ) -> None:
        """Remember a fault. `value` is what stood there, cut to 80 characters."""
        value = value[:80]
        key = (code, file, column, value)
        if key in self._found:
            self._found[key].others += 1
        elif len(self._found) < MOST:
            self._found[key] = Fault(code, effect.value, file, row, column, value)
        else:
            self.dropped += 1

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    @property
    def codes(self) -> set[str]:
        """Return the codes that occur."""
        return {fault.code for fault in self._found.values()}

    @property
    def stops(self) -> bool:
        """Say whether nothing can be imported."""
        return any(fault.effect == Effect.STOP for fault in self._found.values())

    def as_json(self) -> list[dict[str, Any]]:
        """Return plain values, the gravest first, then by file and row."""
        order = [effect.value for effect in Effect]
        ranked = sorted(self._found.values(), key=lambda f: (order.index(f.effect), f.file, f.row))
        return [asdict(fault) for fault in ranked]
