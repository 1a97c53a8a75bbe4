"""Children and their guardians: about 110 children, brothers and sisters, parents who live apart."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from kring.demo.names import ADULTS, BOYS, FAMILIES, GIRLS


@dataclass(slots=True)
class Kid:
    """A child to be: `level` is its year level now."""

    first_name: str
    infix: str
    last_name: str
    level: int
    group: str
    shielded: bool = False


@dataclass(slots=True)
class Adult:
    """A guardian to be, with what she may see of the children."""

    first_name: str
    infix: str
    last_name: str
    relation: str = "parent"
    authority: str = "yes"
    level: str = "full"
    ground: str = ""
    key: str = ""  # the name of a demo account, if she is one


@dataclass(slots=True)
class Family:
    """Children with the same guardians. Only a way to write the demo down: Kring stores no families."""

    kids: list[Kid]
    adults: list[Adult]
    keep_apart: bool = False
    second_school: list[Kid] = field(default_factory=list)


LEVELS = {1: 14, 2: 14, 3: 15, 4: 14, 5: 14, 6: 13, 7: 13, 8: 13}
SIZES = [1, 1, 1, 1, 2, 2, 2, 3, 1, 2, 4]


def group_of(level: int, n: int) -> str:
    """Return the name of the group of the n-th child of a year level."""
    if level <= 2:
        return "Groep 1/2A" if n % 2 else "Groep 1/2B"
    return "Groep 7/8" if level >= 7 else f"Groep {level}"


KNOWN = [
    Family(
        [Kid("Saar", "van den", "Heuvel", 2, "Groep 1/2B"), Kid("Joep", "van den", "Heuvel", 5, "Groep 5")],
        [
            Adult("Marloes", "van den", "Heuvel", "mother", key="parent"),
            Adult("Tom", "van den", "Heuvel", "father"),
        ],
    ),
    Family(
        [Kid("Lina", "", "Haddou", 5, "Groep 5"), Kid("Ilyas", "", "Haddou", 3, "Groep 3")],
        [
            Adult("Souad", "", "Haddou", "mother"),
            Adult(
                "Nabil",
                "",
                "Haddou",
                "father",
                "no",
                "limited",
                "Geen gezag; krijgt op verzoek de hoofdzaken (brief van 1 september).",
                "limited",
            ),
        ],
        keep_apart=True,
    ),
    Family(
        [Kid("Sem", "van", "Wijk", 6, "Groep 6")],
        [
            Adult("Carolien", "van", "Wijk", "mother", key="two_schools"),
            Adult("Edwin", "", "Snel", "father"),
        ],
        second_school=[Kid("Jet", "van", "Wijk", 4, "Groep 3/4")],
    ),
    Family(
        [
            Kid("Tobias", "", "Groen", 8, "Groep 7/8"),
            Kid("Romy", "", "Groen", 6, "Groep 6"),
            Kid("Pim", "", "Groen", 4, "Groep 4"),
            Kid("Wies", "", "Groen", 1, "Groep 1/2A"),
        ],
        [Adult("Hilde", "", "Groen", "mother", key="class_parent"), Adult("Jurgen", "", "Groen", "father")],
    ),
    Family(
        [Kid("Noor", "", "Aerts", 5, "Groep 5", shielded=True)],
        [Adult("Eva", "", "Aerts", "mother")],
    ),
    Family(
        [Kid("Mats", "", "Peters", 7, "Groep 7/8"), Kid("Fien", "", "Peters", 5, "Groep 5")],
        [
            Adult("Olga", "", "Peters", "mother"),
            Adult("Rob", "", "Klaver", "father", ground="Woont apart; allebei gezag."),
        ],
        keep_apart=True,
    ),
    Family(
        [Kid("Otis", "ter", "Braak", 4, "Groep 4")],
        [Adult("Sanne", "ter", "Braak", "mother", key="council"), Adult("Joost", "ter", "Braak", "father")],
    ),
    Family(
        [Kid("Daan", "", "Bouzid", 6, "Groep 6")],
        [Adult("Rachid", "", "Bouzid", "father", key="teacher_parent"), Adult("Anne", "", "Kok", "mother")],
    ),
]


def families(seed: int = 7) -> Iterator[Family]:
    """Yield every family, the known ones first; always the same ones for the same `seed`."""
    rng = random.Random(seed)  # noqa: S311  invented data, not a secret
    left = dict(LEVELS.items())
    for family in KNOWN:
        for kid in family.kids:
            left[kid.level] -= 1
        yield family
    girls, boys, adults, names = list(GIRLS), list(BOYS), list(ADULTS), list(FAMILIES)
    for pool in (girls, boys, adults, names):
        rng.shuffle(pool)
    n = 0
    while any(left.values()):
        open_levels = [level for level, count in left.items() if count > 0]
        size = min(rng.choice(SIZES), len(open_levels))
        infix, last_name = names[n % len(names)]
        kids = []
        for level in sorted(rng.sample(open_levels, size)):
            pool = girls if rng.random() < 0.5 else boys
            kids.append(Kid(pool[n % len(pool)], infix, last_name, level, group_of(level, left[level])))
            pool.append(pool.pop(0))
            left[level] -= 1
        yield Family(kids, list(_parents(rng, adults, names, n, infix, last_name)))
        n += 1


def _parents(
    rng: random.Random, adults: list[str], names: list[tuple[str, str]], n: int, infix: str, last_name: str
) -> Iterator[Adult]:
    yield Adult(adults[(2 * n) % len(adults)], infix, last_name, "mother")
    if rng.random() < 0.85:
        other = names[(n + 17) % len(names)] if rng.random() < 0.4 else (infix, last_name)
        yield Adult(adults[(2 * n + 1) % len(adults)], *other, "father")


def birth_date(level: int, n: int, year_start: date) -> date:
    """Return an invented date of birth that fits the year level: level 1 turns five during the year."""
    return (
        date(year_start.year - 4 - level, 10 + n % 3, 1 + n % 28)
        if n % 4 == 0
        else date(year_start.year - 3 - level, 1 + n % 9, 1 + n % 28)
    )
