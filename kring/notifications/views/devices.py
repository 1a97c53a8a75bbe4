"""Notifications on this device: turned on here, and the list of one's devices."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from kring.core.access import Refused
from kring.core.devices import device_name
from kring.core.htmx import page
from kring.core.http import Request
from kring.notifications.actions import devices as actions
from kring.notifications.channels.vapid import public_key
from kring.notifications.models import PushSubscription


@require_http_methods(["GET", "HEAD", "POST"])
def devices(request: Request) -> HttpResponse:
    """Show whether this device takes notifications, and which others of the viewer do; add this one."""
    status = 200
    problem = ""
    if request.method == "POST":
        try:
            actions.add_device(
                by=request.viewer,
                session_key=request.session.session_key or "",
                endpoint=request.POST.get("endpoint", ""),
                p256dh=request.POST.get("p256dh", ""),
                auth=request.POST.get("auth", ""),
                label=device_name(request.headers.get("User-Agent", "")),
            )
        except Refused as refused:
            problem, status = refused.sentence, 422
        else:
            messages.success(request, _("Notifications are on for this device."))
            return redirect("notifications:devices")
    mine = PushSubscription.objects.visible_to(request.viewer).order_by("-seen_at")
    context = {
        "devices": mine,
        "here": request.session.session_key,
        "key": public_key(),
        "problem": problem,
    }
    return page(request, "notifications/devices.html", context, status=status)


@require_POST
def seen(request: Request) -> HttpResponse:
    """Hear from a device that it is still there: 204, or 410 when it is to stop taking notifications."""
    may_go_on = actions.device_seen(
        by=request.viewer,
        session_key=request.session.session_key or "",
        endpoint=request.POST.get("endpoint", ""),
    )
    return HttpResponse(status=204 if may_go_on else 410)


@login_not_required
@csrf_exempt  # a service worker posts this, without a page or a session; the secret of the device is what lets it
@require_POST
def renew(request: Request) -> HttpResponse:
    """Hear from a device's service worker that its browser gave it another address: 204, or 410 for one we do not
    know, or that is refused."""
    done = actions.renew_device(
        old_endpoint=request.POST.get("old", ""),
        old_auth=request.POST.get("old_auth", ""),
        endpoint=request.POST.get("endpoint", ""),
        p256dh=request.POST.get("p256dh", ""),
        auth=request.POST.get("auth", ""),
        now=timezone.now(),
    )
    return HttpResponse(status=204 if done else 410)


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take one of the viewer's devices away."""
    device = get_object_or_404(PushSubscription.objects.visible_to(request.viewer), public_id=public_id)
    actions.remove_device(by=request.viewer, device=device)
    messages.success(request, _("That device takes no notifications any more."))
    return redirect("notifications:devices")
