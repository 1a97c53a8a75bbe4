"""The lists for who works with the children: groups, one group, asking again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from kring.agreements.current import agreement_url, policy_for
from kring.consents import saying
from kring.consents.actions import remind, start_renewal
from kring.consents.listing import listing_of
from kring.consents.models import Reminder, Renewal
from kring.consents.permissions import can_start_renewal, may_read_consents, may_read_reasons
from kring.consents.wording import purposes_of
from kring.core.access import Refused
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import Group, School
from kring.school.views.settings import managed_school


@require_safe
def school_page(request: Request, school_id: str) -> HttpResponse:
    """Show the groups whose consents she reads; for office and management also the yearly round."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.worked_at_by(viewer), public_id=school_id)
    today = school.today(viewer.now)
    may_start = can_start_renewal(viewer, school)
    groups = [group for group in school.groups.in_year(today) if may_read_consents(viewer, group)]
    if not groups and not may_start:
        raise Http404
    policy = policy_for(school.pk, at=viewer.now)
    context = {
        "school": school,
        "groups": groups,
        "may_start": may_start,
        "reads_all": may_read_reasons(viewer, school),
        "renewal": Renewal.objects.in_year_of([school.pk], today).get(school.pk),
        "asks": bool(policy.consent_purposes.purposes),
        "when": saying.when_we_ask(policy),
        "who_reads": saying.who_reads(policy),
        "agreement": agreement_url(school, "S5"),
        "readers": agreement_url(school, "P4"),
    }
    return page(request, "consents/school.html", context)


@require_POST
def renew(request: Request, school_id: str) -> HttpResponseRedirect:
    """Ask all families again, now."""
    school = managed_school(request, school_id)
    return posted(
        request,
        lambda: start_renewal(by=request.viewer, school=school),
        back=reverse("consents:school", args=[school_id]),
        done=_("All families are asked now. What they chose before counts until they change it."),
    )


@require_safe
def group_page(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Show what stands for each child of the group; 404 for who may not read it."""
    viewer = request.viewer
    group = _read_group(request, school_id, group_id)
    school = group.school
    policy = policy_for(school.pk, at=viewer.now)
    purposes = purposes_of(policy)
    listing = listing_of(group, purposes, now=viewer.now)
    show = request.GET.get("show", "")
    show = show if show in listing.counts else "all"
    context = {
        "school": school,
        "group": group,
        "purposes": purposes,
        "listing": listing,
        "rows": listing.shown(show),
        "show": show,
        "filters": saying.filters(listing),
        "reads_reasons": may_read_reasons(viewer, school),
        "is_reminded": Reminder.objects.went_out(group, school.today(viewer.now)),
        "who": saying.who_sees_list(policy, group.name),
        "agreement": agreement_url(school, "P4"),
    }
    return page(request, "consents/group.html", context)


@require_POST
def remind_families(request: Request, school_id: str, group_id: str) -> HttpResponseRedirect:
    """Remind the families of the group who have not answered."""
    group = _read_group(request, school_id, group_id)
    back = HttpResponseRedirect(reverse("consents:group", args=[school_id, group_id]))
    try:
        number = remind(by=request.viewer, group=group)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return back
    done = ngettext("%(number)s family gets a reminder.", "%(number)s families get a reminder.", number)
    messages.success(request, done % {"number": number})
    return back


def _read_group(request: Request, school_id: str, group_id: str) -> Group:
    """Return the group if she may read its consents; for everybody else there is none."""
    groups = Group.objects.visible_to(request.viewer).select_related("school")
    group = get_object_or_404(groups, public_id=group_id, school__public_id=school_id)
    if not may_read_consents(request.viewer, group):
        raise Http404
    return group
