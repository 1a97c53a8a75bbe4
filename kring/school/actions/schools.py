"""Founding a board and its schools, and changing what a school is called and where it lies."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.core.access import Refused, require
from kring.core.viewer import Viewer
from kring.school.actions.years import make_school_year
from kring.school.models import Board, Region, School
from kring.school.permissions import can_add_school, can_found_board, can_manage_school, can_set_security


@transaction.atomic
def make_board(*, by: Viewer, name: str) -> Board:
    """Found a board and return it. Only a command on the server may."""
    require(can_found_board(by))
    board = Board.objects.create(name=name.strip())
    audit.record(by=by, what="school.board_made", about=board)
    return board


@transaction.atomic
def make_school(
    *,
    by: Viewer,
    board: Board,
    name: str,
    kind: str = "",
    city: str = "",
    region: str = Region.MIDDLE,
    timezone: str = "Europe/Amsterdam",
) -> School:
    """Add a school to the board and return it, still without school years. Refuses a name the board already has."""
    require(can_add_school(by, board))
    _check_zone(timezone)
    name = name.strip()
    if School.objects.filter(board=board, name__iexact=name, city__iexact=city.strip()).exists():
        raise Refused(_("The board already has a school called %(name)s.") % {"name": name})
    school = School.objects.create(
        board=board, name=name, kind=kind.strip(), city=city.strip(), region=region, timezone=timezone
    )
    audit.record(by=by, what="school.made", about=school, school_id=school.pk)
    return school


@transaction.atomic
def open_school(
    *, by: Viewer, board: Board, name: str, kind: str = "", city: str = "", region: str = Region.MIDDLE
) -> School:
    """Add a school together with the school year of today, so that groups can be made at once."""
    school = make_school(by=by, board=board, name=name, kind=kind, city=city, region=region)
    make_school_year(by=by, school=school, day=school.today(by.now))
    return school


@transaction.atomic
def change_school(
    *,
    by: Viewer,
    school: School,
    name: str,
    kind: str = "",
    city: str = "",
    region: str,
    timezone: str,
    needs_second_factor: bool | None = None,
    push_names_sender: bool | None = None,
    keep_absences_days: int | None = None,
) -> School:
    """Change the school's data. What is left None stays as it is; second factor and names ask for management."""
    require(can_manage_school(by, school))
    if needs_second_factor is not None and needs_second_factor != school.needs_second_factor:
        require(can_set_security(by, school))
        school.needs_second_factor = needs_second_factor
    if push_names_sender is not None and push_names_sender != school.push_names_sender:
        require(can_set_security(by, school))
        school.push_names_sender = push_names_sender
    if keep_absences_days is not None:
        school.keep_absences_days = keep_absences_days
    _check_zone(timezone)
    school.name, school.kind, school.city = name.strip(), kind.strip(), city.strip()
    school.region, school.timezone = region, timezone
    school.save()
    audit.record(
        by=by,
        what="school.changed",
        about=school,
        school_id=school.pk,
        second_factor=school.needs_second_factor,
        names_on_devices=school.push_names_sender,
    )
    return school


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise Refused(_("%(name)s is not a time zone. An example: Europe/Amsterdam.") % {"name": name}) from error
