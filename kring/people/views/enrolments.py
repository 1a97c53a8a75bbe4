"""Putting a child in a group, moving it, and ending that."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.core.formpage import form_page
from kring.core.http import Request
from kring.people.actions import change_enrolment, end_enrolment, enrol_child, move_child
from kring.people.forms import EnrolForm, LastDayForm, SeatForm
from kring.people.models import Enrolment
from kring.people.views.children import kept_child
from kring.school.models import School
from kring.school.views.settings import managed_school


def _enrolment(request: Request, school: School, enrolment_id: str) -> Enrolment:
    rows = Enrolment.objects.visible_to(request.viewer)
    rows = rows.select_related("school", "child__school", "group__school_year")
    return get_object_or_404(rows, school=school, public_id=enrolment_id)


@require_http_methods(["GET", "POST"])
def enrol(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Put a child in a group of this school year or a later one."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    return form_page(
        request,
        form=EnrolForm(request.POST or None, groups=school.groups.from_year(today), initial={"starts_on": today}),
        act=lambda data: enrol_child(by=viewer, child=child, **data),
        title=_("Put %(name)s in a group") % {"name": child.first_name},
        back=reverse("people:child", args=[school_id, child_id]),
        done=_("Done: the child sits in the group."),
    )


@require_http_methods(["GET", "POST"])
def change(request: Request, school_id: str, enrolment_id: str) -> HttpResponse:
    """Correct the year level of a child in a group, or its first day there."""
    school = managed_school(request, school_id)
    enrolment = _enrolment(request, school, enrolment_id)
    viewer = request.viewer
    names = {"name": enrolment.child.first_name, "group": enrolment.group.name}
    initial = {"year_level": enrolment.year_level, "starts_on": enrolment.starts_on}
    return form_page(
        request,
        form=SeatForm(request.POST or None, initial=initial),
        act=lambda data: change_enrolment(by=viewer, enrolment=enrolment, **data),
        title=_("%(name)s in %(group)s") % names,
        back=reverse("people:child", args=[school_id, enrolment.child.public_id]),
        done=_("Saved."),
    )


@require_http_methods(["GET", "POST"])
def move(request: Request, school_id: str, enrolment_id: str) -> HttpResponse:
    """Move a child to another group of the same school year."""
    school = managed_school(request, school_id)
    enrolment = _enrolment(request, school, enrolment_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    return form_page(
        request,
        form=EnrolForm(
            request.POST or None,
            groups=school.groups.beside(enrolment.group),
            initial={"starts_on": today, "year_level": enrolment.year_level},
        ),
        act=lambda data: move_child(by=viewer, enrolment=enrolment, **data),
        title=_("Move %(name)s to another group") % {"name": enrolment.child.first_name},
        intro=_("Now in %(group)s. The family keeps reading what was told there until the day of the move.")
        % {"group": enrolment.group.name},
        back=reverse("people:child", args=[school_id, enrolment.child.public_id]),
        submit=_("Move"),
        done=_("The child is moved."),
    )


@require_http_methods(["GET", "POST"])
def end(request: Request, school_id: str, enrolment_id: str) -> HttpResponse:
    """Let a child leave one group."""
    school = managed_school(request, school_id)
    enrolment = _enrolment(request, school, enrolment_id)
    viewer = request.viewer
    names = {"name": enrolment.child.first_name, "group": enrolment.group.name}
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": school.today(viewer.now)}),
        act=lambda data: end_enrolment(by=viewer, enrolment=enrolment, **data),
        title=_("%(name)s leaves %(group)s") % names,
        back=reverse("people:child", args=[school_id, enrolment.child.public_id]),
        submit=_("Leaves on this day"),
        danger=True,
        done=_("Written down."),
    )
