"""Meer: everything that is not needed every day."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kring.consents.models import children_answered_by
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.viewer import GROUP_TEACHERS, Viewer
from kring.help_requests.permissions import can_review_at
from kring.home.people import teams_for
from kring.home.shell import Shell, address_of
from kring.photos.album import has_album


@dataclass(frozen=True, slots=True)
class Way:
    """One line of the page: where it leads and what is found there."""

    icon: str
    label: str
    text: str
    url: str


@require_safe
def more(request: Request) -> HttpResponse:
    """Show the team of her children's groups, what she can set, and the way out."""
    shell = request.shell
    context = {
        "teams": teams_for(request.viewer, shell.names),
        "ways": [way for way in _ways(shell) if way.url],
        "about_school": [
            *_photos(request.viewer),
            *_helping(request.viewer, shell),
            *_consents(request.viewer, shell),
            *(way for way in _about_school(request.viewer, shell) if way.url),
        ],
        "sign_out": address_of("account_logout"),
    }
    return page(request, "home/more.html", context)


def _ways(shell: Shell) -> list[Way]:
    return [
        Way("user-round", _("My details"), _("Name, e-mail address and phone number"), address_of("accounts:profile")),
        Way("shield-check", _("Signing in safely"), _("Passkeys and codes"), address_of("mfa_index")),
        Way("smartphone", _("My devices"), _("Where you are signed in"), address_of("usersessions_list")),
        Way("bell", _("Notices"), _("What Kring told you"), address_of("notifications:inbox")),
        Way(
            "sliders-horizontal",
            _("How I am told"),
            _("E-mail, overview and quiet hours"),
            address_of("notifications:preferences"),
        ),
        Way(
            "smartphone",
            _("Notifications on this device"),
            _("On or off, and which devices"),
            address_of("notifications:devices"),
        ),
        Way(
            "calendar-plus",
            _("Agenda on your phone"),
            _("The school's agenda in your own calendar"),
            address_of("agenda:on_phone"),
        ),
        Way("languages", _("Language"), _("Dutch or English"), f"{address_of('accounts:profile')}#language"),
    ]


def _photos(viewer: Viewer) -> list[Way]:
    """Return the way to the albums, if there is one for her."""
    if not has_album(viewer):
        return []
    text = _("Albums of the groups and of your child") if viewer.spans else _("Albums of the groups")
    return [Way("images", _("Photos"), text, address_of("photos:albums"))]


def _helping(viewer: Viewer, shell: Shell) -> list[Way]:
    """Return the way to requests for help: for parents, and for the team that places them."""
    found = []
    if viewer.spans:
        text = _("What is asked, and what you said")
        found.append(Way("hand-helping", _("Helping"), text, address_of("help_requests:list")))
    for school_id in sorted(viewer.staff_school_ids & shell.names.schools.keys()):
        if can_review_at(viewer, school_id):
            public_id, name, _kind = shell.names.schools[school_id]
            page_address = address_of("help_requests:to_review", 1).format(public_id)
            text = _("What waits to be placed, at %(school)s") % {"school": name}
            found.append(Way("hand-helping", _("Requests for help"), text, page_address))
    return found


def _consents(viewer: Viewer, shell: Shell) -> list[Way]:
    """Return the way to her own choices about photos, and to the lists of who works with the children."""
    found = []
    if children_answered_by(viewer):
        text = _("May your child be in photos? You choose")
        found.append(Way("camera", _("Consent for photos"), text, address_of("consents:own")))
    for school_id in sorted(viewer.staff_school_ids & shell.names.schools.keys()):
        if viewer.is_manager(school_id) or viewer.has_role(GROUP_TEACHERS, school_id=school_id):
            public_id, name, _kind = shell.names.schools[school_id]
            text = _("Which children may be shown, at %(school)s") % {"school": name}
            page_address = address_of("consents:school", 1).format(public_id)
            found.append(Way("camera", _("Consents of the groups"), text, page_address))
    return found


def _about_school(viewer: Viewer, shell: Shell) -> list[Way]:
    shown = {place.url for place in shell.bar}
    page_address, unreached = address_of("agreements:page", 1), address_of("notifications:unreached", 1)
    found = [
        Way(
            "scroll-text",
            _("Agreements of %(school)s") % {"school": name},
            _("What the school and the parents agreed"),
            page_address.format(public_id) if page_address else "",
        )
        for public_id, name, _kind in shell.names.schools.values()
    ]
    found += [
        Way(
            "bell-off",
            _("Who gets no messages"),
            _("No login, or mail that does not arrive, at %(school)s") % {"school": name},
            unreached.format(public_id) if unreached else "",
        )
        for school_id, (public_id, name, _kind) in shell.names.schools.items()
        if viewer.is_manager(school_id)
    ]
    # What did not fit in the bar on a phone is found here.
    found += [
        Way(place.icon, place.label, "", place.url)
        for place in shell.side
        if place.url not in shown and place.icon != "scroll-text"
    ]
    return found
