"""How I am told: by which channel, how often, and when I am left in peace."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.agreements.current import agreement_url, policies_seen_by, policy_for
from kring.core.formpage import form_page
from kring.core.htmx import page
from kring.core.http import Request
from kring.core.viewer import Viewer
from kring.notifications import actions
from kring.notifications.forms import OwnHoursForm, PreferencesForm, initial_of
from kring.notifications.hours import windows_from
from kring.notifications.models import OwnHours, Preference, TopicChoice
from kring.notifications.permissions import can_choose_own_hours
from kring.notifications.rules import Digest, Topic
from kring.school.models import School

OF_FAMILIES = (Topic.NEWS, Topic.PRACTICAL, Topic.CONVERSATIONS, Topic.QUESTIONS, Topic.TOMORROW)
OF_TEAM = (Topic.CONVERSATIONS, Topic.TEAM)


@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: Request) -> HttpResponse:
    """Show what I chose, and change it."""
    viewer = request.viewer
    mine = Preference.objects.visible_to(viewer).first()
    choices = {row.topic: row for row in TopicChoice.objects.visible_to(viewer)}
    form = PreferencesForm(
        request.POST if request.method == "POST" else None,
        initial=initial_of(mine, choices),
        topics=topics_for(viewer),
        usual=_usual_digest(viewer),
        is_guardian=bool(viewer.spans),
    )
    if request.method == "POST" and form.is_valid():
        actions.choose_how_told(
            by=viewer,
            digest=form.chosen_digest,
            quiet=form.quiet,
            tomorrow_hour=form.tomorrow_hour,
            topics=form.chosen,
        )
        messages.success(request, _("Saved. This counts from now on."))
        return redirect("notifications:preferences")
    context = {
        "form": form,
        "works": [
            (school, agreement_url(school, "H1"), can_choose_own_hours(viewer, school.pk, policies[school.pk]))
            for school in School.objects.worked_at_by(viewer)
            for policies in [policies_seen_by(viewer, viewer.staff_school_ids)]
        ],
    }
    return page(request, "notifications/preferences.html", context, status=422 if form.errors else 200)


def topics_for(viewer: Viewer) -> list[Topic]:
    """Return the topics that can reach this viewer: those of families, of the team, or both."""
    reached = {*(OF_FAMILIES if viewer.spans else ()), *(OF_TEAM if viewer.staff_school_ids else ())}
    return [topic for topic in Topic if topic in reached or (not reached and topic in OF_FAMILIES[:4])]


def _usual_digest(viewer: Viewer) -> Digest:
    """Return the digest of her school (S7); of two schools that differ, the one that mails more often."""
    found = {Digest(policy.digest.default) for policy in policies_seen_by(viewer, viewer.school_ids).values()}
    return next((digest for digest in (Digest.DAILY, Digest.WEEKLY) if digest in found), Digest.NONE)


@require_http_methods(["GET", "HEAD", "POST"])
def own_hours(request: Request, school_id: str) -> HttpResponse:
    """Let a colleague have contact hours of her own, where the agreement does (S12)."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.worked_at_by(viewer), public_id=school_id)
    policy = policy_for(school.pk, at=viewer.now)
    if not can_choose_own_hours(viewer, school.pk, policy):
        raise Http404
    mine = OwnHours.objects.visible_to(viewer).filter(school=school).first()
    windows = windows_from(mine.windows) if mine else policy.contact_hours.windows
    form = OwnHoursForm(request.POST if request.method == "POST" else None, windows=windows)
    return form_page(
        request,
        form=form,
        act=lambda _data: actions.choose_own_hours(by=viewer, school=school, windows=form.windows),
        title=_("My contact hours at %(school)s") % {"school": school.name},
        intro=_(
            "Outside these hours nothing reaches your devices or your mail; parents read when you will read their "
            "message. Leave everything empty for the hours of the school."
        ),
        back=reverse("notifications:preferences"),
        done=_("Saved. This counts from now on."),
    )
