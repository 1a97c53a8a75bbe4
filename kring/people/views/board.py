"""The page of the board: its schools and who manages them."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kring.core.formpage import form_page
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.actions import add_board_administrator, add_manager, end_role
from kring.people.forms import LastDayForm, ManagerForm
from kring.people.models import TeamRole, administrators_of, managers_of
from kring.school.actions import open_school
from kring.school.forms import NewSchoolForm
from kring.school.models import Board, School


def _board(request: Request, board_id: str) -> Board:
    return get_object_or_404(Board.objects.visible_to(request.viewer), public_id=board_id)


@require_GET
def board_page(request: Request, board_id: str) -> HttpResponse:
    """The schools of the board, each with its management."""
    board = _board(request, board_id)
    viewer = request.viewer
    schools = list(board.schools.all())
    managers = managers_of(board, now=viewer.now)
    rows = [{"school": school, "roles": managers.get(school.pk, [])} for school in schools]
    administrators = administrators_of(board, now=viewer.now)
    return page(request, "people/board.html", {"board": board, "rows": rows, "administrators": administrators})


@require_http_methods(["GET", "POST"])
def add_school(request: Request, board_id: str) -> HttpResponse:
    """Add a school to the board, with the school year of today."""
    board = _board(request, board_id)
    viewer = request.viewer
    return form_page(
        request,
        form=NewSchoolForm(request.POST or None),
        act=lambda data: open_school(by=viewer, board=board, **data),
        title=_("New school"),
        intro=_("After this, add who manages the school. Management does the rest: groups, people, agreements."),
        back=reverse("people:board", args=[board_id]),
        submit=_("Add school"),
        done=_("The school is added. Add its management now."),
    )


@require_http_methods(["GET", "POST"])
def new_manager(request: Request, board_id: str, school_id: str) -> HttpResponse:
    """Add somebody to the management of a school."""
    board = _board(request, board_id)
    school = get_object_or_404(board.schools.all(), public_id=school_id)
    viewer = request.viewer
    return form_page(
        request,
        form=ManagerForm(request.POST or None),
        act=lambda data: add_manager(by=viewer, school=school, **data),
        title=_("New manager of %(school)s") % {"school": school.name},
        back=reverse("people:board", args=[board_id]),
        submit=_("Add"),
        done=_("Added, with the role of management from today."),
    )


@require_http_methods(["GET", "POST"])
def end_manager(request: Request, board_id: str, role_id: str) -> HttpResponse:
    """End the role of management of somebody at a school of the board."""
    board = _board(request, board_id)
    viewer = request.viewer
    rows = TeamRole.objects.management_under(board).visible_to(viewer).select_related("school", "person")
    role = get_object_or_404(rows, public_id=role_id)
    if role.school is None:
        raise Http404
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": role.school.today(viewer.now)}),
        act=lambda data: end_role(by=viewer, role=role, **data),
        title=_("%(name)s no longer manages %(school)s") % {"name": role.person.name, "school": role.school.name},
        back=reverse("people:board", args=[board_id]),
        submit=_("Ends on this day"),
        danger=True,
        done=_("Written down."),
    )


@require_http_methods(["GET", "POST"])
def new_administrator(request: Request, board_id: str) -> HttpResponse:
    """Add somebody who administers the board."""
    board = _board(request, board_id)
    viewer = request.viewer
    return form_page(
        request,
        form=ManagerForm(request.POST or None),
        act=lambda data: add_board_administrator(by=viewer, board=board, starts_on=School().today(viewer.now), **data),
        title=_("New administrator of %(board)s") % {"board": board.name},
        intro=_("An administrator adds schools and says who manages them. She sees no children and no families."),
        back=reverse("people:board", args=[board_id]),
        submit=_("Add"),
        done=_("Added, as administrator from today. Send the invitation now."),
    )


@require_http_methods(["GET", "POST"])
def end_administrator(request: Request, board_id: str, role_id: str) -> HttpResponse:
    """End the role of an administrator of the board; the last one stays."""
    board = _board(request, board_id)
    viewer = request.viewer
    rows = TeamRole.objects.visible_to(viewer).select_related("board", "person")
    role = get_object_or_404(rows, board=board, public_id=role_id)
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": School().today(viewer.now)}),
        act=lambda data: end_role(by=viewer, role=role, **data),
        title=_("%(name)s no longer administers %(board)s") % {"name": role.person.name, "board": board.name},
        intro=_("She has to sign in again at once, and has no access through this role after the last day."),
        back=reverse("people:board", args=[board_id]),
        submit=_("Ends on this day"),
        danger=True,
        done=_("Written down."),
    )
