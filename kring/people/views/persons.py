"""The lists of adults and of the team, and the page of one adult."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.actions import add_person, change_person, end_person, remove_person
from kring.people.forms import LastDayForm, PersonForm
from kring.people.models import Person
from kring.people.views.overview import frame, paged
from kring.school.models import School
from kring.school.views.settings import managed_school


def kept_person(request: Request, school: School, person_id: str) -> Person:
    """Return the adult of this school, or 404."""
    viewer = request.viewer
    rows = Person.objects.kept_by(viewer, school).select_related("school", "user")
    return get_object_or_404(rows, public_id=person_id)


@require_GET
def person_list(request: Request, school_id: str) -> HttpResponse:
    """All adults, searched by name or address; guardians, team, or who has not joined (`?show=`)."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    show, text = request.GET.get("show", ""), request.GET.get("q", "").strip()
    persons = Person.objects.kept_by(viewer, school)
    if show == "guardians":
        persons = persons.guardians_on(today)
    elif show == "team":
        persons = persons.team_on(today)
    elif show == "not_joined":
        persons = persons.guardians_who_read_on(today).not_joined()
    pages, query = paged(request, persons.matching(text).with_work(today))
    context = frame(request, school, "persons", pages=pages, query=query, text=text, show=show)
    return page(request, "people/persons.html", context, fragment="results")


@require_GET
def team(request: Request, school_id: str) -> HttpResponse:
    """Everybody who works at the school today, with roles, days, and who is away."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    text = request.GET.get("q", "").strip()
    persons = Person.objects.kept_by(viewer, school).team_on(today).matching(text)
    pages, query = paged(request, persons.with_work(today).with_absences(today))
    context = frame(request, school, "team", pages=pages, query=query, text=text, today=today)
    return page(request, "people/team.html", context, fragment="results")


@require_http_methods(["GET", "POST"])
def new_person(request: Request, school_id: str) -> HttpResponse:
    """Add an adult; a role or a child is the next step, on her own page."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    return form_page(
        request,
        form=PersonForm(request.POST or None),
        act=lambda data: add_person(by=viewer, school=school, **data),
        title=_("New adult"),
        intro=_("Two people are never merged, also when they share an address."),
        back=reverse("people:persons", args=[school_id]),
        onward=lambda person: reverse("people:person", args=[school_id, person.public_id]),
        submit=_("Add"),
        done=_("Added. Give a role, or choose this person as guardian on the page of a child."),
    )


@require_GET
def person_page(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """One adult: contact data, roles with working days, children, days away."""
    school = managed_school(request, school_id)
    person = kept_person(request, school, person_id)
    today = school.today(request.viewer.now)
    context = frame(
        request,
        school,
        "persons",
        person=person,
        today=today,
        roles=person.team_roles.select_related("group").prefetch_related("working_days"),
        guardianships=person.guardianships.select_related("child"),
        absences=person.staff_absences.select_related("substitute"),
    )
    return page(request, "people/person.html", context)


@require_http_methods(["GET", "POST"])
def edit_person(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """Change name and contact data."""
    school = managed_school(request, school_id)
    person = kept_person(request, school, person_id)
    viewer = request.viewer
    return form_page(
        request,
        form=PersonForm(request.POST or None, initial=PersonForm.initial_of(person)),
        act=lambda data: change_person(by=viewer, person=person, **data),
        title=_("Change %(name)s") % {"name": person.name},
        intro=_("The address with which somebody signs in stays as it is: only she can change that."),
        back=reverse("people:person", args=[school_id, person_id]),
        done=_("Saved."),
    )


@require_http_methods(["GET", "POST"])
def leave(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """End all roles and guardianships of somebody on one day."""
    school = managed_school(request, school_id)
    person = kept_person(request, school, person_id)
    viewer = request.viewer
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": school.today(viewer.now)}),
        act=lambda data: end_person(by=viewer, person=person, **data),
        title=_("%(name)s leaves the school") % {"name": person.name},
        intro=_("All roles and guardianships end. She has to sign in again at once, and sees nothing after that day."),
        back=reverse("people:person", args=[school_id, person_id]),
        submit=_("Leaves on this day"),
        danger=True,
        done=_("Written down."),
    )


@require_POST
def remove(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """Remove an adult who was added by mistake."""
    school = managed_school(request, school_id)
    person = kept_person(request, school, person_id)
    viewer = request.viewer
    return posted(
        request,
        lambda: remove_person(by=viewer, person=person),
        back=reverse("people:person", args=[school_id, person_id]),
        onward=reverse("people:persons", args=[school_id]),
        done=_("%(name)s is removed.") % {"name": person.name},
    )
