"""The inbox: what somebody was told, and what of it is new."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kring.core.htmx import page
from kring.core.http import Request
from kring.notifications import actions
from kring.notifications.inbox import inbox_page, told_by, unread_count, week_of
from kring.notifications.models import Delivery


@require_GET
def inbox(request: Request) -> HttpResponse:
    """Show the viewer's own inbox, twenty lines at a time."""
    before = request.GET.get("before", "")
    found = inbox_page(request.viewer, before=before)
    context = {"inbox": found, "unread": unread_count(request.viewer), "is_older": bool(before)}
    return page(request, "notifications/inbox.html", context, fragment="lines")


@require_GET
def week(request: Request) -> HttpResponse:
    """Show everything of the last seven days, by day: where the overview by mail leads."""
    return page(request, "notifications/week.html", {"lines": week_of(request.viewer)})


@require_POST
def open_line(request: Request, public_id: str) -> HttpResponse:
    """Mark one line as read and go to what it is about."""
    mine = Delivery.objects.visible_to(request.viewer).select_related("notice")
    delivery = get_object_or_404(mine, public_id=public_id)
    actions.mark_read(by=request.viewer, delivery=delivery)
    told = told_by(request.viewer, delivery)
    if told is None:
        messages.info(request, _("This message has been withdrawn or is no longer there for you."))
        return redirect("notifications:inbox")
    return redirect(told.link())


@require_POST
def read_all(request: Request) -> HttpResponse:
    """Mark everything as read."""
    actions.mark_all_read(by=request.viewer)
    return redirect("notifications:inbox")
