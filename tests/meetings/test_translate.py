"""Python that runs as compiled code gives the numbers of Python, and what is not understood is told."""

from __future__ import annotations

import subprocess
import sys
from array import array
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kring.meetings.solver.machine import Machine, available
from kring.meetings.solver.translate import NotTranslatable, module_text

STEP = 3
ROOT = Path(__file__).resolve().parent.parent.parent


class Base:
    def __init__(self) -> None:
        self.items = array("i", range(10))
        self.small = array("b", [-1] * 4)
        self.wide = array("q", [0])
        self.fixed = 7
        self.count = 0

    def double(self, n: int) -> int:
        return n + n


class Example(Base):
    def arithmetic(self, a: int, b: int) -> int:
        c = (a * 3 - b) ^ (a & b) | (b << 2)
        c += a >> 1
        return c + -a + ~b + (a // 7) % 5 + self.fixed * STEP

    def decide(self, a: int, b: int) -> int:
        if (a > b and not (a == 3 and b)) or b >= 100:
            return 1
        elif a != b or (a < 1 if b else a <= 2):
            return 2 if a < b else 3
        return (a == b) + 10

    def bits(self, a: int) -> int:
        return a.bit_length() * 100 + a.bit_count()

    def loop(self, a: int) -> int:
        total = 0
        for i in range(a):
            if i == 2:
                continue
            for j in range(i, 9):
                if j > 6:
                    break
                total += self.double(j)
            i = 5
            total += i
        k = a
        while k > 0:
            k -= 1
            self.count += 1
            self.items[k % 10] += k
        self.small[1] = -5
        self.wide[0] = total << 40
        return total + self.items[3] + self.small[1]


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_compiled_arithmetic_is_that_of_python(a: int, b: int) -> None:
    example = Example()
    assert MACHINE.call("arithmetic", a, b) == example.arithmetic(a, b)
    assert MACHINE.call("decide", a % 8, b % 8) == example.decide(a % 8, b % 8)
    assert MACHINE.call("bits", a) == example.bits(a)


@pytest.mark.parametrize("a", [0, 1, 2, 3, 7, 12])
def test_loops_arrays_and_attributes_end_as_in_python(a: int) -> None:
    example = Example()
    machine = Machine(Example(), compiled=True)
    assert machine.call("loop", a) == example.loop(a)
    assert machine.get("count") == example.count
    for name in ("items", "small", "wide"):
        assert machine.array(name) == getattr(example, name)


def test_the_compiler_is_part_of_the_ordinary_installation() -> None:
    assert available()


def test_who_only_asks_for_adjoining_times_does_not_load_the_compiler() -> None:
    code = "import sys; from kring.meetings.solver import Book, plan; print('wasmtime' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)  # noqa: S603
    assert said.stdout.strip() == "False"


class Float:
    def half(self, n: int) -> float:
        return n * 0.5


class Unset:
    def late(self, n: int) -> int:
        return later + n  # type: ignore[name-defined]  # noqa: F821


class Step:
    def stride(self, n: int) -> int:
        for i in range(0, n, 2):
            n += i
        return n


class Mixed:
    def outside(self, n: int) -> int:
        return max(n, 2)


class Chain:
    def between(self, n: int) -> int:
        return 1 < n < 5


class Few:
    def one(self, n: int) -> int:
        return n

    def two(self, n: int) -> int:
        return self.one(n, n)  # type: ignore[call-arg]


class Unknown:
    def keep(self, n: int) -> None:
        self.names = n


@pytest.mark.parametrize(
    ("thing", "told"),
    [
        (Float(), "half, line 2: 0.5 is not known"),
        (Unset(), "later has no value yet"),
        (Step(), "a range with a step"),
        (Mixed(), r"max\(n, 2\) is not known"),
        (Chain(), "1 < n < 5 is not known"),
        (Few(), "another number of arguments"),
        (Unknown(), "cannot assign to self.names"),
    ],
)
def test_what_is_not_understood_is_told_with_its_line(thing: object, told: str) -> None:
    with pytest.raises(NotTranslatable, match=told):
        module_text(thing)


MACHINE = Machine(Example(), compiled=True)
