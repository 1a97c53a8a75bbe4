"""The groups of this year with who sits and works in them."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.actions import close_group, remove_group, remove_layer
from kring.people.forms import CloseGroupForm
from kring.people.models import Child, group_counts, teachers_of
from kring.people.views.overview import frame, paged
from kring.school.models import Group, School
from kring.school.views.settings import managed_school


def _group(school: School, group_id: str) -> Group:
    return get_object_or_404(school.groups.select_related("school", "school_year"), public_id=group_id)


@require_GET
def group_list(request: Request, school_id: str) -> HttpResponse:
    """This year's groups, with how many children and which teachers."""
    school = managed_school(request, school_id)
    today = school.today(request.viewer.now)
    groups = list(school.groups.in_year(today))
    counts, teachers = group_counts(school, on=today), teachers_of(school, on=today)
    rows = [
        {"group": group, "children": counts.get(group.pk, 0), "roles": teachers.get(group.pk, [])} for group in groups
    ]
    return page(request, "people/groups.html", frame(request, school, "groups", rows=rows))


@require_GET
def group_page(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """The children and teachers of one group."""
    school = managed_school(request, school_id)
    group = _group(school, group_id)
    viewer = request.viewer
    today = min(school.today(viewer.now), group.ends_on or group.school_year.ends_on)
    today = max(today, group.school_year.starts_on)
    children = Child.objects.kept_by(viewer, school).sitting_on(today, group=group).with_seats(today)
    pages, query = paged(request, children)
    context = frame(
        request,
        school,
        "groups",
        group=group,
        pages=pages,
        query=query,
        roles=teachers_of(school, on=today).get(group.pk, []),
    )
    return page(request, "people/group.html", context)


@require_http_methods(["GET", "POST"])
def close(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Let a group stop before its school year does; the children go on in another one."""
    school = managed_school(request, school_id)
    group = _group(school, group_id)
    viewer = request.viewer
    return form_page(
        request,
        form=CloseGroupForm(
            request.POST or None,
            groups=school.groups.beside(group),
            initial={"ends_on": school.today(viewer.now)},
        ),
        act=lambda data: close_group(by=viewer, group=group, **data),
        title=_("%(group)s stops") % {"group": group.name},
        intro=_("Only for a group that stops during the year. At the end of the school year groups end by themselves."),
        back=reverse("people:group", args=[school_id, group_id]),
        submit=_("Stops on this day"),
        danger=True,
        done=_("Written down."),
    )


@require_POST
def remove(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Remove a group that was made by mistake."""
    school = managed_school(request, school_id)
    group = _group(school, group_id)
    viewer = request.viewer
    return posted(
        request,
        lambda: remove_group(by=viewer, group=group),
        back=reverse("people:group", args=[school_id, group_id]),
        onward=reverse("people:groups", args=[school_id]),
        done=_("%(name)s is removed.") % {"name": group.name},
    )


@require_POST
def layer_remove(request: Request, school_id: str, layer_id: str) -> HttpResponse:
    """Remove a layer to which nothing was written."""
    school = managed_school(request, school_id)
    layer = get_object_or_404(school.layers.select_related("school"), public_id=layer_id)
    viewer = request.viewer
    return posted(
        request,
        lambda: remove_layer(by=viewer, layer=layer),
        back=reverse("school:layers", args=[school_id]),
        done=_("%(name)s is removed.") % {"name": layer.name},
    )
