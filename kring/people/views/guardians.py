"""Who looks after a child, how much she sees, who is kept apart."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.http import Request
from kring.people.actions import (
    add_guardianship,
    change_guardianship,
    end_guardianship,
    keep_apart,
    stop_keeping_apart,
)
from kring.people.forms import GuardianshipForm, KeepApartForm, LastDayForm, NewGuardianshipForm
from kring.people.models import Guardianship, KeepApart, Person
from kring.people.views.children import kept_child
from kring.school.models import School
from kring.school.views.settings import managed_school

PICKED_FROM = 200  # a longer list is searched first: nobody scrolls through two thousand names


def _guardianship(request: Request, school: School, guardianship_id: str) -> Guardianship:
    rows = Guardianship.objects.visible_to(request.viewer)
    rows = rows.select_related("school", "child", "person")
    return get_object_or_404(rows, school=school, public_id=guardianship_id)


@require_http_methods(["GET", "POST"])
def add(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Choose an adult the school knows (searched by name) and say how she looks after the child."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    text = request.GET.get("q", "").strip()
    persons = Person.objects.kept_by(viewer, school)
    found = persons.matching(text) if text else persons
    count = found.count() if request.method == "GET" else 0
    offered = persons if request.method == "POST" else found.first_few(PICKED_FROM)
    return form_page(
        request,
        form=NewGuardianshipForm(
            request.POST or None, persons=offered, initial={"starts_on": school.today(viewer.now)}
        ),
        act=lambda data: add_guardianship(by=viewer, child=child, **data),
        title=_("New guardian of %(name)s") % {"name": child.name},
        back=reverse("people:child", args=[school_id, child_id]),
        submit=_("Add guardian"),
        done=_("The guardian is added."),
        template="people/add_guardian.html",
        school=school,
        child=child,
        text=text,
        count=count,
        is_cut=count > PICKED_FROM,
    )


@require_http_methods(["GET", "POST"])
def change(request: Request, school_id: str, guardianship_id: str) -> HttpResponse:
    """Change relation, authority, level and ground."""
    school = managed_school(request, school_id)
    guardianship = _guardianship(request, school, guardianship_id)
    viewer = request.viewer
    initial = {name: getattr(guardianship, name) for name in ("relation", "authority", "level", "ground")}
    names = {"name": guardianship.person.name, "child": guardianship.child.first_name}
    return form_page(
        request,
        form=GuardianshipForm(request.POST or None, initial=initial),
        act=lambda data: change_guardianship(by=viewer, guardianship=guardianship, **data),
        title=_("%(name)s, guardian of %(child)s") % names,
        intro=_("Only office and management see this page. When somebody sees less from now on, her sessions end."),
        back=reverse("people:child", args=[school_id, guardianship.child.public_id]),
        done=_("Saved. It counts from the next page she opens."),
    )


@require_http_methods(["GET", "POST"])
def end(request: Request, school_id: str, guardianship_id: str) -> HttpResponse:
    """End a guardianship."""
    school = managed_school(request, school_id)
    guardianship = _guardianship(request, school, guardianship_id)
    viewer = request.viewer
    names = {"name": guardianship.person.name, "child": guardianship.child.first_name}
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": school.today(viewer.now)}),
        act=lambda data: end_guardianship(by=viewer, guardianship=guardianship, **data),
        title=_("%(name)s is no longer guardian of %(child)s") % names,
        intro=_("After the last day she sees nothing of this child any more. She has to sign in again at once."),
        back=reverse("people:child", args=[school_id, guardianship.child.public_id]),
        submit=_("Ends on this day"),
        danger=True,
        done=_("Written down."),
    )


@require_http_methods(["GET", "POST"])
def apart(request: Request, school_id: str, child_id: str) -> HttpResponse:
    """Keep two guardians of the child apart."""
    school = managed_school(request, school_id)
    child = kept_child(request, school, child_id)
    viewer = request.viewer
    return form_page(
        request,
        form=KeepApartForm(request.POST or None, persons=Person.objects.guardians_of(child)),
        act=lambda data: keep_apart(by=viewer, child=child, **data),
        title=_("Keep two guardians apart"),
        intro=_("They are never shown to each other and never planned in one conversation."),
        back=reverse("people:child", args=[school_id, child_id]),
        submit=_("Keep apart"),
        done=_("These two are kept apart from now on."),
    )


@require_POST
def end_apart(request: Request, school_id: str, apart_id: str) -> HttpResponse:
    """Stop keeping two guardians apart."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    rows = KeepApart.objects.visible_to(viewer).select_related("school", "child")
    row = get_object_or_404(rows, school=school, public_id=apart_id)
    return posted(
        request,
        lambda: stop_keeping_apart(by=viewer, apart=row),
        back=reverse("people:child", args=[school_id, row.child.public_id]),
        done=_("They are no longer kept apart."),
    )
