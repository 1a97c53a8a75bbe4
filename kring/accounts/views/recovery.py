"""The office helps somebody who cannot sign in: the second step is lost, or the mailbox is."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.accounts.actions.recovery import let_go_of_login, remove_second_factor
from kring.accounts.models import has_second_step
from kring.accounts.permissions import can_help_sign_in
from kring.accounts.views.office import kept_school
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.people.models import Person


@require_http_methods(["GET", "POST"])
def help_page(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """Show what the office can do, and do it: `do` is "factor" or "login"."""
    school = kept_school(request, school_id)
    viewer = request.viewer
    persons = Person.objects.visible_to(viewer).filter(school=school).select_related("school", "user")
    person = get_object_or_404(persons, public_id=person_id)
    back = reverse("people:person", args=[school_id, person_id])
    may = can_help_sign_in(viewer, person)
    if request.method == "POST" and may and request.POST.get("do") == "factor":
        done = _("The second step is gone. At the next sign-in a new one can be set up.")
        return posted(request, lambda: remove_second_factor(by=viewer, person=person), back=back, done=done)
    if request.method == "POST" and may and request.POST.get("do") == "login":
        done = _("The login is let go. Check the e-mail address, and send a new invitation.")
        return posted(request, lambda: let_go_of_login(by=viewer, person=person), back=back, done=done)
    context = {"school": school, "person": person, "may": may, "has_factor": has_second_step(person)}
    return page(request, "accounts/sign_in_help.html", context)
