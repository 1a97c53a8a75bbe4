"""The log: who did what at the school, and when. For management."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET

from kring.audit.models import AuditEvent
from kring.audit.words import KINDS
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.log import log_lines
from kring.people.permissions import can_read_log
from kring.people.views.overview import frame, paged
from kring.school.views.settings import managed_school


@require_GET
def log_page(request: Request, school_id: str) -> HttpResponse:
    """The events of the school, newest first, narrowed with `?kind=`."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    if not can_read_log(viewer, school):
        raise Http404
    kind = request.GET.get("kind", "")
    _label, beginnings = KINDS.get(kind, ("", ()))
    events = AuditEvent.objects.visible_to(viewer).at_school(school.pk).beginning_with(beginnings)
    pages, query = paged(request, events)
    context = frame(
        request,
        school,
        "log",
        pages=pages,
        query=query,
        lines=log_lines(pages.object_list, school),
        kind=kind,
        kinds=[(name, label) for name, (label, _beginnings) in KINDS.items()],
    )
    return page(request, "people/log.html", context)
