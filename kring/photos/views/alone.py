"""The page on which a photo is sent to the parents of one child alone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from kring.core.access import Refused
from kring.core.htmx import page
from kring.core.http import Request
from kring.photos import actions
from kring.photos.alone import MOST_AT_ONCE, sendable, sent_in
from kring.photos.forms import FILES, AloneForm
from kring.photos.showing import roster_of
from kring.photos.views.work import own_group


@require_http_methods(["GET", "POST"])
def one_child(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Choose a child and photos, and send them; below stands what was sent before, to take it back."""
    viewer = request.viewer
    school, group = own_group(request, school_id, group_id)
    roster = roster_of(viewer, group, [])
    form = AloneForm(request.POST or None, children=[(child.public_id, child.name) for child in roster])
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            child = get_object_or_404(sendable(viewer, group), public_id=form.cleaned_data["child"])
            files = request.FILES.getlist(FILES)
            try:
                sent = actions.send_photos(
                    by=viewer, group=group, child=child, uploads=files, alt=form.cleaned_data["alt"]
                )
            except Refused as refused:
                form.add_error(None, refused.sentence)
            else:
                for sentence in sent.refused:
                    form.add_error(None, sentence)
                if sent.photos:
                    _tell(request, len(sent.photos), child.first_name, sent.refused)
                    return redirect("photos:one_child", school.public_id, group.public_id)
    context = {"school": school, "group": group, "form": form, "sent": sent_in(viewer, group), "most": MOST_AT_ONCE}
    return page(request, "photos/one_child.html", context, status=status)


def _tell(request: Request, number: int, name: str, refused: list[str]) -> None:
    told = ngettext(
        "Sent. In fifteen seconds the parents of %(name)s can see the photo.",
        "Sent. In fifteen seconds the parents of %(name)s can see the %(n)d photos.",
        number,
    )
    messages.success(request, told % {"name": name, "n": number})
    for sentence in refused:
        messages.error(request, _("Not sent: %(sentence)s") % {"sentence": sentence})
