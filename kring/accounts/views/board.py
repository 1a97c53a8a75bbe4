"""The board: inviting its administrators and who manages its schools, also where a school has nobody yet."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kring.accounts.actions.invites import approve_claim, invite, refuse_claim, withdraw
from kring.accounts.models import Invite, outsiders_of_board, with_invites
from kring.core.formpage import posted
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
    return posted(
        request,
        lambda: invite(by=request.viewer, person=person),
        back=here(board),
        done=_("The invitation for %(name)s is on its way.") % {"name": person.name},
    )


@require_POST
def withdraw_one(request: Request, board_id: str, invite_id: str) -> HttpResponse:
    """Stop an invitation from working."""
    board = kept_board(request, board_id)
    found = kept_invite(request, board, invite_id)
    return posted(
        request,
        lambda: withdraw(by=request.viewer, invite=found),
        back=here(board),
        done=_("The invitation no longer works."),
    )


@require_POST
def answer(request: Request, board_id: str, invite_id: str) -> HttpResponse:
    """Say yes or no to somebody who used an invitation with another address."""
    board = kept_board(request, board_id)
    found = kept_invite(request, board, invite_id)
    if request.POST.get("answer") == "yes":
        done = _("%(name)s has joined.") % {"name": found.person.name}
        return posted(request, lambda: approve_claim(by=request.viewer, invite=found), back=here(board), done=done)
    done = _("The request is refused. The invitation itself still works.")
    return posted(request, lambda: refuse_claim(by=request.viewer, invite=found), back=here(board), done=done)
