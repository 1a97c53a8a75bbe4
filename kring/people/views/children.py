"""The list of children, and the page of one child."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.actions import add_child, change_child, end_child, remove_child, shield_child, unshield_child
from kring.people.forms import ChildForm, LastDayForm, NewChildForm
from kring.people.models import Child
from kring.people.views.overview import frame, paged
from kring.school.models import School
from kring.school.views.settings import managed_school


def kept_child(request: Request, school: School, child_id: str) -> Child:
    """Return the child of this school, or 404."""
    viewer = request.viewer
    return get_object_or_404(Child.objects.kept_by(viewer, school).select_related("school"), public_id=child_id)


@require_GET
def child_list(request: Request, school_id: str) -> HttpResponse:
    """All children, searched by name, by group, or those who need a look (`?show=`)."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    groups = list(school.groups.in_year(today))
    children = Child.objects.kept_by(viewer, school)
    show, text = request.GET.get("show", ""), request.GET.get("q", "").strip()
    chosen = next((group for group in groups if group.public_id == request.GET.get("group", "")), None)
    if chosen is not None:
        children = children.sitting_on(today, group=chosen)
    elif show == "without_group":
        children = children.without_group(today)
    elif show == "without_guardian":
        children = children.sitting_on(today).without_guardian(today)
    elif show == "left":
        children = children.gone_on(today)
    elif not text:
        children = children.not_gone_on(today)
    pages, query = paged(request, children.matching(text).with_seats(today))
    context = frame(
        request, school, "children", pages=pages, query=query, text=text, groups=groups, chosen=chosen, show=show
    )
    return page(request, "people/children.html", context, fragment="results")


@require_http_methods(["GET", "POST"])
def new_child(request: Request, school_id: str) -> HttpResponse:
    """Add a child by hand, with its group if known."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    return form_page(
        request,
        form=NewChildForm(request.POST or None, groups=school.groups.in_year(today), initial={"starts_on": today}),
        act=lambda data: add_child(by=viewer, school=school, **data),
        title=_("New child"),
        back=reverse("people:children", args=[school_id]),
        onward=lambda child: reverse("people:child", args=[school_id, child.public_id]),
        submit=_("Add child"),
        done=_("The child is added. Add its guardians now."),
    )


@require_GET
def child_page(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """One child: groups, guardians, who is kept apart, shielded or not."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    today = school.today(request.viewer.now)
    context = frame(
        request,
        school,
        "children",
        child=child,
        today=today,
        enrolments=child.enrolments.select_related("group__school_year"),
        guardianships=child.guardianships.select_related("person", "set_by"),
        apart=child.kept_apart.select_related("first", "second"),
    )
    return page(request, "people/child.html", context)


@require_http_methods(["GET", "POST"])
def edit_child(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Change a child's name and date of birth."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    initial = {name: getattr(child, name) for name in ("first_name", "infix", "last_name", "birth_date")}
    return form_page(
        request,
        form=ChildForm(request.POST or None, initial=initial),
        act=lambda data: change_child(by=viewer, child=child, **data),
        title=_("Change %(name)s") % {"name": child.name},
        back=reverse("people:child", args=[school_id, child_id]),
        done=_("Saved."),
    )


@require_http_methods(["GET", "POST"])
def leave_school(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Let a child leave the school: it leaves every group on one day."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": school.today(viewer.now)}),
        act=lambda data: end_child(by=viewer, child=child, **data),
        title=_("%(name)s leaves the school") % {"name": child.name},
        intro=_("The family keeps reading what was told until then, up to the closing date in the agreements."),
        back=reverse("people:child", args=[school_id, child_id]),
        submit=_("Leaves on this day"),
        danger=True,
        done=_("Written down. The child sits in no group after that day."),
    )


@require_POST
def shield(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Put the shield on, or (with `shielded=no`) take it off."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    act = unshield_child if request.POST.get("shielded") == "no" else shield_child
    return posted(
        request,
        lambda: act(by=viewer, child=child),
        back=reverse("people:child", args=[school_id, child_id]),
        done=_("Saved."),
    )


@require_POST
def remove(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Remove a child that was added by mistake."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    return posted(
        request,
        lambda: remove_child(by=viewer, child=child),
        back=reverse("people:child", args=[school_id, child_id]),
        onward=reverse("people:children", args=[school_id]),
        done=_("%(name)s is removed.") % {"name": child.name},
    )
