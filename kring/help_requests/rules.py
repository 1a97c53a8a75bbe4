"""Which way a request for help goes, what may be asked and replied, and what a mail may hold. Pure: no Django."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from enum import StrEnum

from kring.agreements.policy import Policy

MAX_TITLE = 120
MAX_TEXT = 3_000  # signs of a request that is handed in
MAX_KEPT = 10_000  # signs of a draft: what came in too long is cut by who asks, not by us
MAX_WISH = 120
MAX_NOTE = 500
MAX_REPLY = 200
MAX_LABEL = 60
MAX_NAME = 80
MAX_TASKS = 6
MAX_PLACES = 200  # of one task
MAX_NUMBER = 9  # people that one reply speaks for
MAX_DOCUMENTS = 5
MAX_RESPONDERS = 6
FURTHEST = 366  # days ahead

MAX_MAIL = 25 * 1024 * 1024  # bytes of a whole mail; base64 makes a document a third larger
MAX_PARTS = 60
MAX_DEPTH = 8
MAX_WAITING_DRAFTS = 10  # of one address, that nobody looked at
MAX_A_DAY = 20  # mails that one address takes in a day
DRAFTS_LAST = timedelta(days=60)
TOKEN_LENGTH = 26  # of 32 signs: 130 bits


class Asker(StrEnum):
    """As what somebody asks for help. Values are stored, and are those of `core.viewer.RoleKind`."""

    COUNCIL = "parent_council"
    CLASS_PARENT = "class_parent"


class Route(StrEnum):
    """Who looks at a request and places it."""

    TEACHER = "teacher"
    OFFICE = "office"
    MANAGEMENT = "management"
    ITSELF = "itself"
    OFF = "off"


class State(StrEnum):
    """How far a request is. Values are stored."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ASKED_BACK = "asked_back"
    DECLINED = "declined"
    PLACED = "placed"
    CLOSED = "closed"


class Source(StrEnum):
    """Where it was written. Values are stored."""

    APP = "app"
    MAIL = "mail"


class Says(StrEnum):
    """The short reply. Values are stored."""

    CAN = "can"
    CANNOT = "cannot"


class Fault(StrEnum):
    """What is wrong with a request that somebody hands in; wording.py has a sentence for each."""

    NO_TITLE = "no_title"
    NO_TEXT = "no_text"
    LONG = "long"
    DAY_PAST = "day_past"
    DAY_FAR = "day_far"
    HOURS = "hours"
    HOURS_WITHOUT_DAY = "hours_without_day"
    SAME_TASK = "same_task"
    TASK_WITHOUT_NAME = "task_without_name"
    NO_RESPONDER = "no_responder"
    MANY_RESPONDERS = "many_responders"


def route_for(asked_as: Asker, policy: Policy) -> Route:
    """Return who places a request of this asker by the agreement: council -> office, class parent -> teacher, or as
    the school set it (O1, O2)."""
    if asked_as == Asker.COUNCIL:
        return Route(policy.council_requests.way)
    return Route(policy.class_parent_requests.way)


def is_read_by_role(asked_as: Asker, policy: Policy) -> bool:
    """Say whether everybody with the asker's role reads the replies, not only who is named (O1, O2)."""
    if asked_as == Asker.COUNCIL:
        return policy.council_requests.read_by == "council"
    return policy.class_parent_requests.read_by == "class_parents"


def fault_of(
    *,
    title: str,
    text: str,
    day: date | None,
    starts: time | None,
    ends: time | None,
    tasks: Sequence[tuple[str, int]],
    responders: int,
    today: date,
) -> Fault | None:
    """Return what is wrong with a request, or nothing. `day` and `today` are days of the school, hours its clock."""
    if not title.strip():
        return Fault.NO_TITLE
    if not text.strip():
        return Fault.NO_TEXT
    if len(text) > MAX_TEXT:
        return Fault.LONG
    return _when_fault(day, starts, ends, today) or _who_fault(tasks, responders)


def _when_fault(day: date | None, starts: time | None, ends: time | None, today: date) -> Fault | None:
    if day is not None and day < today:
        return Fault.DAY_PAST
    if day is not None and day > today + timedelta(days=FURTHEST):
        return Fault.DAY_FAR
    if day is None and (starts or ends):
        return Fault.HOURS_WITHOUT_DAY
    if ends is not None and (starts is None or ends <= starts):
        return Fault.HOURS
    return None


def _who_fault(tasks: Sequence[tuple[str, int]], responders: int) -> Fault | None:
    names = [label.strip().casefold() for label, _places in tasks]
    if len(names) > 1 and not all(names):
        return Fault.TASK_WITHOUT_NAME
    if len(set(names)) < len(names):
        return Fault.SAME_TASK
    if not responders:
        return Fault.NO_RESPONDER
    return Fault.MANY_RESPONDERS if responders > MAX_RESPONDERS else None
