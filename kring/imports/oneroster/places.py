"""What is known while reading: which ids belong to this school, which to another, which to nobody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date


@dataclass(slots=True)
class Scope:
    """The school that is read for, the keys known from before, and what the files said so far."""

    school: str
    known_children: frozenset[str]
    known_adults: frozenset[str]
    known_groups: frozenset[str]
    today: date
    orgs: frozenset[str] = frozenset()  # every organisation in the file; empty without orgs.csv
    groups: set[str] = field(default_factory=set)  # classes of this school, in the file
    foreign_groups: set[str] = field(default_factory=set)
    foreign_classes: Counter[str] = field(default_factory=Counter)  # school key -> number of classes
    kinds: dict[str, set[str]] = field(default_factory=dict)  # user key -> student, teacher, parent, guardian, other
    here: set[str] = field(default_factory=set)  # users that the file places at this school
    gone_users: set[str] = field(default_factory=set)
    bad_users: set[str] = field(default_factory=set)

    def is_child(self, key: str) -> bool:
        """Say whether the key is a pupil's, in the file or from before."""
        return "student" in self.kinds.get(key, ()) or (key not in self.kinds and key in self.known_children)

    def is_adult(self, key: str) -> bool:
        """Say whether the key is an adult's, in the file or from before."""
        kinds = self.kinds.get(key)
        return bool(kinds and kinds != {"student"}) or (kinds is None and key in self.known_adults)

    def is_user(self, key: str) -> bool:
        """Say whether the key occurs at all: in the file (even over, or with a fault) or from before."""
        return (
            key in self.kinds
            or key in self.gone_users
            or key in self.bad_users
            or key in self.known_children
            or key in self.known_adults
        )
