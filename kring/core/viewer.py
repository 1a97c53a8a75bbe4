"""The answer to "who is asking": ids only, filled by `people`, read by every room.

A Viewer lives for one request or one job. It is never stored and never cached, so a removed role
counts at the very next request.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class RoleKind(StrEnum):
    """What somebody does at a school. Values are stored; the screen shows the words of docs/words.md."""

    TEACHER = "teacher"
    DUO = "duo"
    SUBSTITUTE = "substitute"
    OFFICE = "office"
    MANAGEMENT = "management"
    CARE_COORDINATOR = "care_coordinator"
    CLASS_PARENT = "class_parent"
    PARENT_COUNCIL = "parent_council"
    PARTICIPATION_COUNCIL = "participation_council"
    BOARD_ADMIN = "board_admin"


GROUP_TEACHERS = frozenset({RoleKind.TEACHER, RoleKind.DUO, RoleKind.SUBSTITUTE})
STAFF = GROUP_TEACHERS | {RoleKind.OFFICE, RoleKind.MANAGEMENT, RoleKind.CARE_COORDINATOR}
MANAGERS = frozenset({RoleKind.OFFICE, RoleKind.MANAGEMENT})


class Level(StrEnum):
    """How much of a child a guardian sees (house.md, 8)."""

    FULL = "full"
    LIMITED = "limited"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Role:
    """One current role. `group_id` is empty for a role at the whole school, `school_id` for one at the board."""

    kind: RoleKind
    school_id: int | None
    group_id: int | None = None
    board_id: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time for which this viewer, as a guardian, may read what one group of her child was told.

    `since` and `until` are aware; `until` is empty while the enrolment goes on. `year_ends` is the last moment
    of the school year of the group, after which the closing date of the agreement (S4) counts.
    """

    child_id: int
    person_id: int
    school_id: int
    group_id: int
    year_level: int
    level: Level
    has_authority: bool
    since: datetime
    until: datetime | None
    year_ends: datetime
    is_current: bool

    @property
    def may_answer(self) -> bool:
        """Say whether she answers for the child, as for consent: a full guardian with authority (house.md, 8)."""
        return self.has_authority and self.level == Level.FULL


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is asking, at `now`. The empty viewer (nobody signed in) may see and do nothing."""

    now: datetime
    user_id: int | None = None
    persons: dict[int, int] = field(default_factory=dict)  # school id -> person id
    roles: tuple[Role, ...] = ()
    spans: tuple[Span, ...] = ()
    # What a room has read for this viewer already, by the room's name: asked once, gone with the request.
    kept: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def is_signed_in(self) -> bool:
        """Say whether somebody is signed in."""
        return self.user_id is not None

    def person_at(self, school_id: int) -> int | None:
        """Return the id of this viewer's Person at the school, if she has one."""
        return self.persons.get(school_id)

    def has_role(self, kinds: Iterable[RoleKind], *, school_id: int, group_id: int | None = None) -> bool:
        """Say whether one of `kinds` is held at the school, or at the group when `group_id` is given."""
        wanted = frozenset(kinds)
        return any(
            role.kind in wanted and role.school_id == school_id and (group_id is None or role.group_id == group_id)
            for role in self.roles
        )

    def is_manager(self, school_id: int) -> bool:
        """Say whether she is office or management of the school."""
        return self.has_role(MANAGERS, school_id=school_id)

    def is_management(self, school_id: int) -> bool:
        """Say whether she is management of the school."""
        return self.has_role({RoleKind.MANAGEMENT}, school_id=school_id)

    def is_staff_at(self, school_id: int) -> bool:
        """Say whether she works at the school: teacher, office, management or care coordinator."""
        return self.has_role(STAFF, school_id=school_id)

    def teaches(self, group_id: int) -> bool:
        """Say whether she is a teacher, duo or substitute of the group today."""
        return any(role.kind in GROUP_TEACHERS and role.group_id == group_id for role in self.roles)

    @property
    def staff_school_ids(self) -> frozenset[int]:
        """Return the schools she works at."""
        return frozenset(role.school_id for role in self.roles if role.kind in STAFF and role.school_id is not None)

    @property
    def taught_group_ids(self) -> frozenset[int]:
        """Return the groups she teaches."""
        return frozenset(
            role.group_id for role in self.roles if role.kind in GROUP_TEACHERS and role.group_id is not None
        )

    @property
    def managed_school_ids(self) -> frozenset[int]:
        """Return the schools of which she is office or management."""
        return frozenset(role.school_id for role in self.roles if role.kind in MANAGERS and role.school_id is not None)

    @property
    def administered_board_ids(self) -> frozenset[int]:
        """Return the boards she administers."""
        return frozenset(
            role.board_id for role in self.roles if role.kind == RoleKind.BOARD_ADMIN and role.board_id is not None
        )

    @property
    def own_child_ids(self) -> frozenset[int]:
        """Return her children: those of whom she is a full or limited guardian today."""
        return frozenset(span.child_id for span in self.spans)

    @property
    def guardian_school_ids(self) -> frozenset[int]:
        """Return the schools where she has a child now, or had one."""
        return frozenset(span.school_id for span in self.spans)

    @property
    def school_ids(self) -> frozenset[int]:
        """Return every school she belongs to: as guardian, staff or parent with a role."""
        return self.guardian_school_ids | frozenset(role.school_id for role in self.roles if role.school_id is not None)


@dataclass(frozen=True, slots=True)
class Operator(Viewer):
    """Whoever runs a command on the server itself: holds management of every school. No request ever builds one."""

    def has_role(self, kinds: Iterable[RoleKind], *, school_id: int, group_id: int | None = None) -> bool:
        """Say yes to management, and to nothing that belongs to a group."""
        return group_id is None and RoleKind.MANAGEMENT in frozenset(kinds)


def nobody(now: datetime) -> Viewer:
    """Return the viewer of a request without sign-in."""
    return Viewer(now=now)
