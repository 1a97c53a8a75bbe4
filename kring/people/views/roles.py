"""Roles with their working days, and days away."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from kring.core.formpage import form_page, posted
from kring.core.http import Request
from kring.people.actions import change_role, end_role, give_role, remove_staff_absence, report_staff_absence
from kring.people.forms import AbsenceForm, ChangeRoleForm, LastDayForm, RoleForm
from kring.people.models import Person, StaffAbsence, TeamRole
from kring.people.views.persons import kept_person
from kring.school.models import School
from kring.school.views.settings import managed_school


def _role(request: Request, school: School, role_id: str) -> TeamRole:
    rows = TeamRole.objects.visible_to(request.viewer)
    return get_object_or_404(rows.select_related("school", "person", "group"), school=school, public_id=role_id)


@require_http_methods(["GET", "POST"])
def give(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """Give somebody a role."""
    school = managed_school(request, school_id)
    person = kept_person(request, school, person_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    form = RoleForm(request.POST or None, groups=school.groups.from_year(today), initial={"starts_on": today})
    return form_page(
        request,
        form=form,
        act=lambda data: give_role(
            by=viewer,
            person=person,
            kind=data["kind"],
            group=data["group"],
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            working_days=form.working_days(),
        ),
        title=_("New role for %(name)s") % {"name": person.name},
        back=reverse("people:person", args=[school_id, person_id]),
        submit=_("Give this role"),
        done=_("The role is given."),
        template="people/role.html",
    )


@require_http_methods(["GET", "POST"])
def change(request: Request, school_id: str, role_id: str) -> HttpResponse:
    """Change the working days and the last day of a role."""
    school = managed_school(request, school_id)
    role = _role(request, school, role_id)
    viewer = request.viewer
    initial: dict[str, object] = {f"day_{row.weekday}": row.weeks for row in role.working_days.all()}
    form = ChangeRoleForm(request.POST or None, initial=initial | {"ends_on": role.ends_on})
    return form_page(
        request,
        form=form,
        act=lambda data: change_role(by=viewer, role=role, ends_on=data["ends_on"], working_days=form.working_days()),
        title=_("%(role)s: %(name)s") % {"role": role.get_kind_display(), "name": role.person.name},
        back=reverse("people:person", args=[school_id, role.person.public_id]),
        done=_("Saved."),
        template="people/role.html",
    )


@require_http_methods(["GET", "POST"])
def end(request: Request, school_id: str, role_id: str) -> HttpResponse:
    """End a role."""
    school = managed_school(request, school_id)
    role = _role(request, school, role_id)
    viewer = request.viewer
    return form_page(
        request,
        form=LastDayForm(request.POST or None, initial={"ends_on": school.today(viewer.now)}),
        act=lambda data: end_role(by=viewer, role=role, **data),
        title=_("End the role %(role)s of %(name)s")
        % {"role": role.get_kind_display().lower(), "name": role.person.name},
        intro=_("She has to sign in again at once, and has no access through this role after the last day."),
        back=reverse("people:person", args=[school_id, role.person.public_id]),
        submit=_("Ends on this day"),
        danger=True,
        done=_("Written down."),
    )


@require_http_methods(["GET", "POST"])
def report_absence(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """Write down that a colleague is away."""
    school = managed_school(request, school_id)
    person = kept_person(request, school, person_id)
    viewer = request.viewer
    today = school.today(viewer.now)
    colleagues = Person.objects.kept_by(viewer, school).team_on(today)
    return form_page(
        request,
        form=AbsenceForm(request.POST or None, colleagues=colleagues, initial={"starts_on": today, "ends_on": today}),
        act=lambda data: report_staff_absence(by=viewer, person=person, **data),
        title=_("%(name)s is away") % {"name": person.display_name},
        intro=_("Kring does not ask why. Families hear about it through a message about staff, not from this page."),
        back=reverse("people:person", args=[school_id, person_id]),
        done=_("Written down."),
    )


@require_POST
def remove_absence(request: Request, school_id: str, absence_id: str) -> HttpResponse:
    """Take an absence back."""
    school = managed_school(request, school_id)
    viewer = request.viewer
    rows = StaffAbsence.objects.visible_to(viewer).select_related("school", "person")
    absence = get_object_or_404(rows, school=school, public_id=absence_id)
    return posted(
        request,
        lambda: remove_staff_absence(by=viewer, absence=absence),
        back=reverse("people:person", args=[school_id, absence.person.public_id]),
        done=_("Taken back."),
    )
