"""The office: who has not joined yet, and the invitations to send, print, withdraw and answer."""

from __future__ import annotations

import segno
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.accounts import rules
from kring.accounts.actions.invites import approve_claim, invite, invite_many, refuse_claim, withdraw
from kring.accounts.models import (
    Invite,
    Way,
    counts_by_group,
    outsiders_of_group,
    outsiders_of_team,
    with_invites,
)
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.school.models import Group, School

PER_PAGE = 60
MOST_AT_ONCE = 400
TEAM = "team"


def kept_school(request: Request, school_id: str) -> School:
    """Return the school whose invitations the viewer keeps, else 404."""
    return get_object_or_404(School.objects.managed_by(request.viewer), public_id=school_id)


def chosen(request: Request, school: School, named: str) -> tuple[Group | None, QuerySet[Person]]:
    """Return the group that the page is about (none for the team) and its persons without a login."""
    viewer: Viewer = request.viewer
    today = school.today(viewer.now)
    if named == TEAM:
        return None, outsiders_of_team(school, on=today)
    group = get_object_or_404(Group.objects.visible_to(viewer), public_id=named, school=school)
    return group, outsiders_of_group(group, on=today)


@require_GET
def overview(request: Request, school_id: str) -> HttpResponse:
    """Show per group how many have not joined; with ?group= also who."""
    school = kept_school(request, school_id)
    viewer: Viewer = request.viewer
    today = school.today(viewer.now)
    named = request.GET.get("group", "")
    context = {
        "school": school,
        "named": named,
        "is_team": named == TEAM,
        "now": viewer.now,
        "claims": Invite.objects.visible_to(viewer).claimed().at(school),
        "counts": counts_by_group(school, on=today),
        "team_missing": outsiders_of_team(school, on=today).count(),
    }
    if named:
        group, persons = chosen(request, school, named)
        pages = Paginator(with_invites(persons).order_by("last_name", "first_name", "pk"), PER_PAGE)
        context |= {"group": group, "people": pages.get_page(request.GET.get("page"))}
    return page(request, "accounts/invitations.html", context)


def place_of(school: School, named: str) -> str:
    """Return the address of the list, with the group that was open."""
    where = reverse("accounts:invitations", args=[school.public_id])
    return f"{where}?{urlencode({'group': named})}" if named else where


@require_POST
def send_many(request: Request, school_id: str) -> HttpResponse:
    """Mail everybody of a group, or of the team, who has an address and no working invitation."""
    school = kept_school(request, school_id)
    named = request.POST.get("group", "")
    _group, persons = chosen(request, school, named)
    made = invite_many(by=request.viewer, persons=persons[:MOST_AT_ONCE], way=Way.MAIL)
    sentence = ngettext("%(number)d invitation is on its way.", "%(number)d invitations are on their way.", made)
    messages.success(request, sentence % {"number": made})
    return redirect(place_of(school, named))


@require_http_methods(["GET", "POST"])
def print_pages(request: Request, school_id: str) -> HttpResponse:
    """Make paper invitations for a group, the team or one person (POST), and show them for printing (GET)."""
    school = kept_school(request, school_id)
    viewer: Viewer = request.viewer
    asked = request.POST if request.method == "POST" else request.GET
    named, person_id = asked.get("group", ""), asked.get("person", "")
    if person_id:
        person = get_object_or_404(Person.objects.visible_to(viewer), public_id=person_id, school=school)
        persons = [person]
    else:
        persons = list(chosen(request, school, named)[1][:MOST_AT_ONCE])
    if request.method == "POST":
        invite_many(by=viewer, persons=persons, way=Way.PAPER)
        return redirect(f"{request.path}?{urlencode({'group': named, 'person': person_id})}")
    pages = [
        {"invite": found, "qr": qr(found.link), "code": rules.spaced(found.code)}
        for found in Invite.objects.for_printing(school, [person.pk for person in persons], viewer.now)
    ]
    context = {"school": school, "pages": pages, "named": named, "base_url": settings.BASE_URL}
    return page(request, "accounts/print.html", context)


def qr(link: str) -> str:
    """Draw `link` as a QR code: inline SVG without style, dark on light."""
    drawing = segno.make(link, error="m").svg_inline(scale=4, border=2, dark="#1d2823", light="#fff", omitsize=True)
    return mark_safe(drawing)  # noqa: S308  segno draws it from a link that this server made


def send_one(request: Request, person: Person, *, back: str) -> HttpResponse:
    """Mail the person an invitation, a new one if she has one, and go `back`."""
    done = _("The invitation for %(name)s is on its way.") % {"name": person.name}
    return posted(request, lambda: invite(by=request.viewer, person=person, way=Way.MAIL), back=back, done=done)


def stop_one(request: Request, found: Invite, *, back: str) -> HttpResponse:
    """Withdraw the invitation and go `back`."""
    done = _("The invitation no longer works.")
    return posted(request, lambda: withdraw(by=request.viewer, invite=found), back=back, done=done)


def answer_one(request: Request, found: Invite, *, back: str) -> HttpResponse:
    """Say to a claim what the button said, and go `back`."""
    if request.POST.get("answer") == "yes":
        done = _("%(name)s has joined.") % {"name": found.person.name}
        return posted(request, lambda: approve_claim(by=request.viewer, invite=found), back=back, done=done)
    done = _("The request is refused. The invitation itself still works.")
    return posted(request, lambda: refuse_claim(by=request.viewer, invite=found), back=back, done=done)


def kept_invite(request: Request, school: School, invite_id: str) -> Invite:
    """Return an invitation of the school, else 404."""
    return get_object_or_404(Invite.objects.visible_to(request.viewer), public_id=invite_id, school=school)


@require_POST
def invite_one(request: Request, school_id: str, person_id: str) -> HttpResponse:
    """Send, or send again, the invitation of one person."""
    school = kept_school(request, school_id)
    person = get_object_or_404(Person.objects.visible_to(request.viewer), public_id=person_id, school=school)
    return send_one(request, person, back=place_of(school, request.POST.get("group", "")))


@require_POST
def withdraw_one(request: Request, school_id: str, invite_id: str) -> HttpResponse:
    """Stop an invitation from working."""
    school = kept_school(request, school_id)
    found = kept_invite(request, school, invite_id)
    return stop_one(request, found, back=place_of(school, request.POST.get("group", "")))


@require_POST
def answer(request: Request, school_id: str, invite_id: str) -> HttpResponse:
    """Say yes or no to somebody who used an invitation with another address."""
    school = kept_school(request, school_id)
    found = kept_invite(request, school, invite_id)
    return answer_one(request, found, back=place_of(school, request.POST.get("group", "")))
