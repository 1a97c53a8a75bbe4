"""The board: inviting its administrators and who manages its schools, also where a school has nobody yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kring.accounts.models import Invite, outsiders_of_board, with_invites
from kring.accounts.views.office import answer_one, send_one, stop_one
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import Board


def kept_board(request: Request, board_id: str) -> Board:
    """Return the board whose invitations the viewer keeps, else 404."""
    return get_object_or_404(Board.objects.visible_to(request.viewer), public_id=board_id)


def kept_invite(request: Request, board: Board, invite_id: str) -> Invite:
    """Return an invitation of somebody who administers the board or manages one of its schools, else 404."""
    found = Invite.objects.of_board(board, now=request.viewer.now).select_related("person__school", "claimed_by")
    return get_object_or_404(found, public_id=invite_id)


def here(board: Board) -> str:
    """Return the address of the list."""
    return reverse("accounts:board_invitations", args=[board.public_id])


@require_GET
def overview(request: Request, board_id: str) -> HttpResponse:
    """Show who has not joined yet, and who waits for an answer."""
    board = kept_board(request, board_id)
    now = request.viewer.now
    context = {
        "board": board,
        "now": now,
        "claims": Invite.objects.of_board(board, now=now).claimed(),
        "people": with_invites(outsiders_of_board(board, now=now)),
    }
    return page(request, "accounts/board_invitations.html", context)


@require_POST
def invite_one(request: Request, board_id: str, person_id: str) -> HttpResponse:
    """Send, or send again, the invitation of one person."""
    board = kept_board(request, board_id)
    person = get_object_or_404(outsiders_of_board(board, now=request.viewer.now), public_id=person_id)
    return send_one(request, person, back=here(board))


@require_POST
def withdraw_one(request: Request, board_id: str, invite_id: str) -> HttpResponse:
    """Stop an invitation from working."""
    board = kept_board(request, board_id)
    return stop_one(request, kept_invite(request, board, invite_id), back=here(board))


@require_POST
def answer(request: Request, board_id: str, invite_id: str) -> HttpResponse:
    """Say yes or no to somebody who used an invitation with another address."""
    board = kept_board(request, board_id)
    return answer_one(request, kept_invite(request, board, invite_id), back=here(board))
