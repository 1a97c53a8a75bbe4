"""A calamity message (S8): what everybody must know at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kring.agreements.current import agreement_url, policy_for
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.posts import actions
from kring.posts.forms import CalamityForm
from kring.posts.models import Post
from kring.posts.permissions import can_send_calamity, can_start_post
from kring.school.models import School
from kring.school.rules import school_year_of


@require_http_methods(["GET", "HEAD", "POST"])
def calamity(request: Request, school_id: str) -> HttpResponse:
    """Ask what happened and why it cannot wait; then once more, with how many there were this year."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.worked_at_by(viewer), public_id=school_id)
    policy = policy_for(school.pk, at=viewer.now)
    if not can_start_post(viewer, school.pk, policy):
        raise Http404
    require(can_send_calamity(viewer, school.pk, policy))
    form = CalamityForm(request.POST or None)
    is_sure, status = request.POST.get("sure") == "1", 200
    if request.method == "POST" and not form.is_valid():
        status = 422
    elif request.method == "POST" and is_sure:
        try:
            post = actions.send_calamity(by=viewer, school=school, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, refused.sentence)
            status = 422
        else:
            messages.success(request, _("It goes out to everybody in fifteen seconds. Until then you can undo it."))
            return redirect("posts:read", post.public_id)
    first_day, _last_day = school_year_of(school.today(viewer.now))
    context = {
        "school": school,
        "form": form,
        "asks": request.method == "POST" and status == 200 and request.POST.get("change") != "1",
        "sent_this_year": Post.objects.calamities(school_id=school.pk, since=school.moment(first_day)).count(),
        "clause_url": agreement_url(school, "S8"),
    }
    return page(request, "posts/calamity.html", context, status=status)
