"""The school's own data, and the way to the other settings."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.core.formpage import form_page
from kring.core.http import Request
from kring.school.actions import change_school
from kring.school.forms import SchoolForm
from kring.school.models import School
from kring.school.permissions import can_set_security


def managed_school(request: Request, school_id: str) -> School:
    """Return the school if the viewer is its office or management; for anybody else it is a 404."""
    return get_object_or_404(School.objects.managed_by(request.viewer), public_id=school_id)


@require_http_methods(["GET", "POST"])
def school_settings(request: Request, school_id: str) -> HttpResponse:
    """Name, town, holiday region, time zone, second step at sign-in."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    form = SchoolForm(
        request.POST or None,
        initial=SchoolForm.initial_of(school),
        may_set_security=can_set_security(viewer, school),
    )
    return form_page(
        request,
        form=form,
        act=lambda data: change_school(by=viewer, school=school, **data),
        title=_("Settings"),
        back=reverse("school:settings", args=[school_id]),
        done=_("The school's data are saved."),
        template="school/settings.html",
        school=school,
        place="settings",
    )
