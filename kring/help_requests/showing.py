"""What pages show of a request: how many places are filled, how it stands for this viewer, who reads a reply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _

from kring.agenda.models import Offer, Signup
from kring.agenda.rules import Door, SignupState
from kring.core.viewer import Viewer
from kring.help_requests.models import HelpRequest, Reply, Task
from kring.help_requests.people import readers_for, readers_of
from kring.help_requests.permissions import can_reply
from kring.help_requests.rules import Says
from kring.people.models import Person


@dataclass(frozen=True, slots=True)
class Filled:
    """One task with its places: how many are taken and whether one more can be had."""

    task: Task
    label: str
    places: int
    taken: int
    door: str
    is_own: bool = False

    @property
    def free(self) -> int:
        """Return how many are free."""
        return max(0, self.places - self.taken)

    @property
    def is_full(self) -> bool:
        """Say whether who signs up now waits, or cannot."""
        return self.door in (Door.WAITING, Door.FULL)


@dataclass(slots=True)
class Piece:
    """How a request stands for somebody for whom it was placed."""

    request: HelpRequest
    tasks: list[Filled] = field(default_factory=list)
    mine: Reply | None = None
    waits: bool = False
    readers: list[str] = field(default_factory=list)
    may_reply: bool = False
    helping: int = 0

    @property
    def filled(self) -> int:
        """Return how many places are taken in all."""
        return sum(task.taken for task in self.tasks)

    @property
    def places(self) -> int:
        """Return how many places there are in all."""
        return sum(task.places for task in self.tasks)


def tasks_of(request: HelpRequest, viewer: Viewer, *, mine: Reply | None = None) -> list[Filled]:
    """Return the tasks with the numbers that everybody may see. Two queries."""
    tasks = list(Task.objects.filter(request=request))
    keys = [task.offer_id for task in tasks if task.offer_id]
    offers = {offer.pk: offer for offer in Offer.objects.filter(pk__in=keys).with_counts()} if keys else {}
    found = []
    for task in tasks:
        offer = offers.get(task.offer_id or 0)
        taken, waiting = (offer.taken, offer.waiting) if offer is not None else (0, 0)  # type: ignore[attr-defined]
        door = offer.door(viewer.now, taken=taken, waiting=waiting) if offer is not None else Door.OPEN
        is_own = mine is not None and mine.task_id == task.pk and mine.signup_id is not None
        found.append(Filled(task, task.label or _("Helping"), task.places, taken, str(door), is_own))
    return found


def piece_of(request: HelpRequest, viewer: Viewer) -> Piece:
    """Return how the request stands for this viewer. Eight queries at most."""
    mine = Reply.objects.of(viewer).filter(request=request).select_related("task", "signup").first()
    own = viewer.person_at(request.school_id)
    on = request.school.today(viewer.now)
    may_reply = can_reply(viewer, request)
    people = readers_for(request, own, on=on) if own and may_reply else readers_of(request, on=on)
    piece = Piece(
        request,
        tasks=tasks_of(request, viewer, mine=mine),
        mine=mine,
        waits=mine is not None and mine.signup is not None and mine.signup.state == SignupState.WAITING,
        readers=[person.display_name for person in people] if may_reply else [],
        may_reply=may_reply,
    )
    if not piece.tasks:
        said = Reply.objects.filter(request=request, says=Says.CAN)
        piece.helping = said.aggregate(n=Count("pk"))["n"]
    return piece


@dataclass(frozen=True, slots=True)
class Said:
    """One reply as a responder sees it."""

    reply: Reply
    has_place: bool
    waits: bool


def said_in(request: HelpRequest, viewer: Viewer, *, show: str) -> tuple[list[Said], dict[str, int]]:
    """Return the replies that she reads, and how many there are of each sort: to do, all, cannot. One query."""
    rows = list(Reply.objects.visible_to(viewer).filter(request=request).in_order())
    counts = {
        "todo": sum(row.ticked_at is None for row in rows),
        "all": len(rows),
        "cannot": sum(row.says == Says.CANNOT for row in rows),
    }
    if show == "todo":
        rows = [row for row in rows if row.ticked_at is None]
    elif show == "cannot":
        rows = [row for row in rows if row.says == Says.CANNOT]
    return [Said(row, _holds(row.signup), _waits(row.signup)) for row in rows], counts


def _holds(signup: Signup | None) -> bool:
    return signup is not None and signup.state == SignupState.HELD


def _waits(signup: Signup | None) -> bool:
    return signup is not None and signup.state == SignupState.WAITING


def names(people: Sequence[Person]) -> str:
    """Return names as people say them: "Priya and Sanne"."""
    words = [person.display_name for person in people]
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s") % {"first": ", ".join(words[:-1]), "last": words[-1]}
