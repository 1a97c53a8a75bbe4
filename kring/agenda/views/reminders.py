"""The reminder of an important event: held, sent now, or taken up from who cannot send it any more."""

from __future__ import annotations

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kring.agenda import actions
from kring.agenda.models import Reminder
from kring.agenda.views.event import page_of
from kring.core.formpage import posted
from kring.core.http import Request


def _one(request: Request, public_id: str) -> Reminder:
    rows = Reminder.objects.visible_to(request.viewer)
    rows = rows.select_related("event__school", "event__audience", "post__school", "post__audience", "post__author")
    reminder: Reminder = get_object_or_404(rows, public_id=public_id)
    return reminder


@require_POST
def hold(request: Request, public_id: str) -> HttpResponseRedirect:
    """Let it not go out by itself."""
    one = _one(request, public_id)
    return posted(
        request,
        lambda: actions.hold_reminder(by=request.viewer, reminder=one),
        back=page_of(one.event),
        done=_("Held. It waits among your drafts."),
    )


@require_POST
def send(request: Request, public_id: str) -> HttpResponseRedirect:
    """Let it go out now."""
    one = _one(request, public_id)
    return posted(
        request,
        lambda: actions.send_reminder_now(by=request.viewer, reminder=one),
        back=page_of(one.event),
        done=_("The reminder goes out in fifteen seconds."),
    )


@require_POST
def take_up(request: Request, public_id: str) -> HttpResponseRedirect:
    """Write it as one's own, because its owner cannot any more."""
    one = _one(request, public_id)
    return posted(
        request,
        lambda: actions.take_up_reminder(by=request.viewer, reminder=one),
        back=page_of(one.event),
        done=_("The reminder is yours now, and goes out by itself."),
    )
