"""The page Afspraken: what counts today, what changed since somebody last read it, and older versions."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from kring.agreements.actions import confirm_read
from kring.agreements.current import version_in_force
from kring.agreements.models import Agreement, Confirmation
from kring.agreements.permissions import can_confirm_reading, can_edit_agreement
from kring.agreements.policy import DEFAULTS, FILLED_IN, policy_from
from kring.agreements.views.document import chapters_of, text_of, unsaid_of
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import School


def _versions(school: School) -> list[Agreement]:
    """Return the published versions without their text, newest first."""
    fields = ("pk", "public_id", "number", "in_force_from", "school_id", "is_public")
    return list(Agreement.objects.of_schools([school.pk]).published().only(*fields))


def _context(school: School, version: Agreement | None, before: Agreement | None = None) -> dict[str, Any]:
    older = text_of(before) if before is not None else None
    unsaid = FILLED_IN if version is None else unsaid_of(policy_from(version.values), version.confirmed)
    contact = (DEFAULTS if version is None else policy_from(version.values)).school_contact
    return {
        "school": school,
        "version": version,
        "before": before,
        "chapters": chapters_of(text_of(version), before=older, unsaid=unsaid),
        "contact": contact,
    }


def public_address(school: School) -> str:
    """Return the whole address of the page for everybody, to put on the school's website."""
    return settings.BASE_URL + reverse("agreements:public", args=[school.public_id])


@require_GET
def page_view(request: Request, school_id: str) -> HttpResponse:
    """Show what counts at the school today; what changed since this reader confirmed an older version is marked."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    today = school.today(viewer.now)
    versions = _versions(school)
    version = version_in_force(school, at=viewer.now)
    person_id = viewer.person_at(school.pk)
    read = Confirmation.objects.visible_to(viewer).newest_of(person_id=person_id) if person_id else None
    is_read = read is not None and version is not None and read.agreement_id == version.pk
    before = read.agreement if read is not None and not is_read and version is not None else None
    context = _context(school, version, before)
    context |= {
        "older": [v for v in versions if v.has_begun(today) and (version is None or v.pk != version.pk)],
        "planned": [v for v in versions if not v.has_begun(today)],
        "may_edit": can_edit_agreement(viewer, school),
        "public_address": public_address(school) if version is not None and version.is_public else "",
        "may_confirm": version is not None and not is_read and can_confirm_reading(viewer, school),
        "read": read,
        "is_read": is_read,
        "is_welcome": request.GET.get("welcome") == "1",
        "changed": sum(chapter.changed for chapter in context["chapters"]),
    }
    return page(request, "agreements/page.html", context)


@require_GET
def version_view(request: Request, school_id: str, number: int) -> HttpResponse:
    """Show one published version as it was printed; with ?since=N what changed since version N."""
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    published = Agreement.objects.visible_to(request.viewer).of_schools([school.pk]).published()
    version = get_object_or_404(published, number=number)
    since = request.GET.get("since", "")
    is_number = since.isascii() and since.isdigit() and len(since) < 6
    before = published.numbered(int(since)) if is_number else None
    context = _context(school, version, before)
    current = version_in_force(school, at=request.viewer.now)
    context |= {
        "is_other_version": current is None or current.pk != version.pk,
        "is_future": not version.has_begun(school.today(request.viewer.now)),
        "current": current,
        "previous": number - 1 if number > 1 and before is None else None,
        "changed": sum(chapter.changed for chapter in context["chapters"]),
    }
    return page(request, "agreements/page.html", context)


@login_not_required
@require_GET
def public_view(request: Request, school_id: str) -> HttpResponse:
    """Show the version in force to everybody, if the school chose that; otherwise it is not there."""
    now = timezone.now()
    school = get_object_or_404(School.objects, public_id=school_id)
    version = version_in_force(school, at=now)
    if version is None or not version.is_public:
        raise Http404
    return page(request, "agreements/page.html", {**_context(school, version), "is_public_page": True})


@require_POST
def confirm(request: Request, school_id: str) -> HttpResponse:
    """Write down that the reader read it; at a first sign-in go on to the start page."""
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    confirm_read(by=request.viewer, school=school)
    messages.success(request, _("Thank you. You can always read the agreements again."))
    if request.POST.get("welcome") == "1":
        return redirect("accounts:ready")
    return redirect("agreements:page", school.public_id)
