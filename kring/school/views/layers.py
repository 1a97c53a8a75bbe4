"""The school's layers."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from kring.core.formpage import form_page
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.actions import change_layer, make_layer
from kring.school.forms import LayerForm
from kring.school.views.settings import managed_school


@require_GET
def layer_list(request: Request, school_id: str) -> HttpResponse:
    """All layers with their year levels."""
    school = managed_school(request, school_id)
    context = {"school": school, "place": "layers", "layers": school.layers.prefetch_related("levels")}
    return page(request, "school/layers.html", context)


@require_http_methods(["GET", "POST"])
def add_layer(request: Request, school_id: str) -> HttpResponse:
    """Add a layer."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    return form_page(
        request,
        form=LayerForm(request.POST or None),
        act=lambda data: make_layer(by=viewer, school=school, **data),
        title=_("New layer"),
        back=reverse("school:layers", args=[school_id]),
        submit=_("Add layer"),
        done=_("The layer is made."),
        school=school,
        place="layers",
    )


@require_http_methods(["GET", "POST"])
def layer_settings(request: Request, school_id: str, layer_id: str) -> HttpResponse:
    """Change a layer's name and year levels."""
    school = managed_school(request, school_id)
    layer = get_object_or_404(school.layers.all(), public_id=layer_id)
    viewer = request.viewer
    initial = {"name": layer.name, "year_levels": [row.year_level for row in layer.levels.all()]}
    return form_page(
        request,
        form=LayerForm(request.POST or None, initial=initial),
        act=lambda data: change_layer(by=viewer, layer=layer, **data),
        title=layer.name,
        back=reverse("school:layers", args=[school_id]),
        done=_("The layer is saved."),
        school=school,
        place="layers",
    )
