"""An empty installation becomes a school."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from kring.accounts import rules
from kring.accounts.models import Invite, Way, board_named, code_of, is_demo, is_named, make_seed
from kring.audit import actions as audit
from kring.core.access import Refused
from kring.core.viewer import RoleKind, Viewer
from kring.people.models import Person, TeamRole
from kring.school.models import Board, Layer, LayerLevel, School, SchoolYear
from kring.school.rules import school_year_of

LAYERS = {"Onderbouw": (1, 2, 3, 4), "Middenbouw": (5, 6), "Bovenbouw": (7, 8)}


@dataclass(frozen=True, slots=True)
class Starter:
    """A person who begins: the name in its parts, and an address."""

    first_name: str
    infix: str
    last_name: str
    email: str


@transaction.atomic
def start_school(
    *, by: Viewer, board: str, school: str, city: str, region: str, admin: Starter, board_admin: Starter | None = None
) -> list[Invite]:
    """Make a board (or use the one with that name), a school, its school year and layers, and invite its management.

    Returns the invitations: management first, then the board's administrator. `by` is nobody: this is done by whoever
    has the server. Raises Refused on a demo database and when the school is here already.
    """
    if is_demo():
        raise Refused(_("This is a demo database. Start a real school in a database of its own (another DATA_DIR)."))
    if is_named(school):
        raise Refused(_("A school with this name is here already."))
    found = board_named(board) or Board.objects.create(name=board)
    made = School.objects.create(board=found, name=school, city=city, region=region)
    first, last = school_year_of(made.today(by.now))
    SchoolYear.objects.create(school=made, name=f"{first.year}-{last.year}", starts_on=first, ends_on=last)
    for name, levels in LAYERS.items():
        layer = Layer.objects.create(school=made, name=name)
        LayerLevel.objects.bulk_create(LayerLevel(layer=layer, year_level=level) for level in levels)
    person = _person(admin, school=made)
    TeamRole.objects.create(school=made, person=person, kind=RoleKind.MANAGEMENT.value, starts_on=made.today(by.now))
    invites = [_invite(by=by, person=person)]
    if board_admin is not None:
        above = _person(board_admin, board=found)
        TeamRole.objects.create(
            board=found, person=above, kind=RoleKind.BOARD_ADMIN.value, starts_on=made.today(by.now)
        )
        invites.append(_invite(by=by, person=above))
    audit.record(by=by, what="accounts.school_started", about=made, school_id=made.pk)
    return invites


def _person(starter: Starter, *, school: School | None = None, board: Board | None = None) -> Person:
    return Person.objects.create(
        school=school,
        board=board,
        first_name=starter.first_name,
        infix=starter.infix,
        last_name=starter.last_name,
        email=starter.email.lower(),
    )


def _invite(*, by: Viewer, person: Person) -> Invite:
    # Printed on the terminal, not mailed: whoever starts the school stands at the server, and mail may not work yet.
    seed = make_seed()
    return Invite.objects.create(
        school_id=person.school_id,
        person=person,
        way=Way.MAIL,
        email=person.email,
        seed=seed,
        token_hash=rules.fingerprint(code_of(seed)),
        made_at=by.now,
        expires_at=by.now + timedelta(days=rules.INVITE_DAYS),
    )
