"""The agenda in the calendar of somebody's own device: the page with her addresses, and what an app gets there."""

from __future__ import annotations

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from kring.agenda import ical
from kring.agenda.actions.feeds import renew_feed, start_feed, stop_feed
from kring.agenda.feed_entries import Reading, program, read
from kring.agenda.models import Feed
from kring.agenda.permissions import can_have_feed
from kring.agreements.current import agreement_url, policies_seen_by
from kring.core.access import require
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.views import too_many
from kring.people.viewers import viewer_for
from kring.school.models import Group, School

# A calendar app comes once an hour; a guess at addresses comes often.
LIMITS = {"read": "120/h/key", "guess": "30/m/ip"}


def _allowed(request: Request, action: str, key: str = "-") -> bool:
    return bool(ratelimit.consume(request, app="kring.agenda", action=action, config=LIMITS, key=key, limit_get=True))


@login_not_required
@require_safe
def feed(request: Request, token: str) -> HttpResponse:
    """Give a calendar app the agenda of whoever has this address, as she may see it now.

    An address that does not exist (any more) is 404. Somebody who may see nothing any more gets an empty calendar:
    a 404 would leave what her phone has already.
    """
    found = Feed.objects.with_token(token).first()
    if found is None:
        if not _allowed(request, "guess"):
            return too_many(request)
        raise Http404
    if not _allowed(request, "read", found.public_id):
        return too_many(request)
    viewer = viewer_for(found.user, now=timezone.now())
    with translation.override(found.user.language or "nl"):
        reading = read(viewer, group=found.group) if can_have_feed(viewer, found.group) else None
        # What was read says whether an app has all of it already; only else it is written.
        etag = f'"{reading.mark}"' if reading else f'"{program(get_language() or "")[:32]}"'
        response = get_conditional_response(request, etag=etag) or _written(reading, found)
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return response


def _written(reading: Reading | None, feed: Feed) -> HttpResponse:
    """Return the calendar, which is empty for who may see nothing any more."""
    entries = reading.entries() if reading else []
    name = feed.group.name if feed.group and reading else _("School agenda")
    zone = reading.asked.zone if reading else School().timezone
    body = ical.calendar(entries, name=f"{name} · Kring", zone=zone)
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    # Said, and not asked: what somebody may no longer see is gone without anything having changed later.
    if entries:
        response["Last-Modified"] = http_date(max(entry.changed_at for entry in entries).timestamp())
    response["Content-Disposition"] = 'inline; filename="kring.ics"'
    return response


@require_GET
def on_phone(request: Request) -> HttpResponse:
    """Show how to have the agenda in one's own calendar, with the addresses that she has."""
    viewer = request.viewer
    require(can_have_feed(viewer))
    feeds = list(Feed.objects.visible_to(viewer).for_page())
    groups = Group.objects.taught_by(viewer).in_year(School().today(viewer.now)).select_related("school")
    taught = groups.filter(pk__in=viewer.taught_group_ids) | groups.filter(pk__in=[f.group_id for f in feeds])
    have = {one.group_id: one for one in feeds}
    policies = policies_seen_by(viewer, viewer.school_ids)
    school = School.objects.visible_to(viewer).order_by("pk").first()
    context = {
        "own": have.get(None),
        "groups": [(group, have.get(group.pk)) for group in taught.order_by("name").distinct()],
        "over": [one for one in feeds if one.group is not None and not can_have_feed(viewer, one.group)],
        "details": [pk for pk, policy in policies.items() if policy.year_planning.feed_details],
        "why": agreement_url(school, "A1") if school else "",
        "is_guardian": bool(viewer.spans),
    }
    return page(request, "agenda/on_phone.html", context)


def _own_group(request: Request, group_id: str) -> Group | None:
    if not group_id:
        return None
    group: Group = get_object_or_404(Group.objects.visible_to(request.viewer), public_id=group_id)
    return group


@require_POST
def start(request: Request) -> HttpResponse:
    """Make an address: of her own agenda, or of the group in the body."""
    group = _own_group(request, request.POST.get("group", ""))
    return posted(
        request,
        lambda: start_feed(by=request.viewer, group=group),
        back=reverse("agenda:on_phone"),
        done=_("The address is ready. Open it on the device where you want the agenda."),
    )


@require_POST
def renew(request: Request, public_id: str) -> HttpResponse:
    """Take another address instead of this one."""
    mine = get_object_or_404(Feed.objects.visible_to(request.viewer).for_page(), public_id=public_id)
    return posted(
        request,
        lambda: renew_feed(by=request.viewer, feed=mine),
        back=reverse("agenda:on_phone"),
        done=_("There is a new address. The old one no longer works."),
    )


@require_POST
def stop(request: Request, public_id: str) -> HttpResponse:
    """Stop giving the agenda at this address."""
    mine = get_object_or_404(Feed.objects.visible_to(request.viewer), public_id=public_id)
    return posted(
        request,
        lambda: stop_feed(by=request.viewer, feed=mine),
        back=reverse("agenda:on_phone"),
        done=_("The address no longer works. Take the agenda off your device too."),
    )
