"""Photos over HTTP: upload, progress, words, removal, and the only way to a picture.

How a composer embeds photos
----------------------------
In the composer's own form (`enctype="multipart/form-data"`), with `school` and `group` in the context and `photos` a
list of Photo in order:

    {% include "photos/picker.html" with photos=photos school=school group=group refused=refused %}

The form then sends `photos` (names in order), `photo_alt-<name>`, and without JavaScript the files in `photo_files` and
the buttons `photo_up`, `photo_down`, `photo_drop`, `photo_add`. The composer's view reads that in one go:

    picked = read_picked(request.POST)                       # kring.photos.forms
    uploads = request.FILES.getlist(FILES)                   # kring.photos.forms.FILES

and its action (save draft, publish) calls

    picking = pick_photos(by=by, school=school, group=group, picked=picked, uploads=uploads)   # kring.photos.actions
    use_photos(by=by, photos=picking.photos, audience=post.audience, shown_from=post.visible_from, checked=True)

`picking.refused` are sentences for the teacher (give them to the picker as `refused`); when `picked.rearranged` is true
the composer shows its form again instead of publishing. With JavaScript the files are sent one by one to photos:upload
while the teacher types, and the form only sends names. On the page that shows a message:

    photos_shown_to(viewer, [post.audience_id, …])  # {audience id: [Photo, …]}, one query
    {% include "photos/picture.html" with photo=photo sizes="(min-width: 40rem) 36rem, 100vw" %}

which leaves out what this viewer may not see (limited guardians, hidden photos, photos still being made ready).
Sending the composer without any photo: `use_photos(photos=[], …)` hides what was shown. Withdrawing: `hide_uses`.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kring.agreements.current import agreement_url
from kring.consents.permissions import may_read_consents
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request, is_own_address
from kring.files.handout import BLOCK, sealed
from kring.photos import actions, rules, store
from kring.photos.forms import FILES, read_frames, read_picked
from kring.photos.frames import Frame
from kring.photos.kept_back import MOST, kept_back_in
from kring.photos.models import Photo
from kring.photos.permissions import can_add_photo
from kring.photos.shown import picture_for
from kring.school.models import Group, School

NO_FRAME = Frame(math.nan, 0, 0, 0)


def own_group(request: Request, school_id: str, group_id: str) -> tuple[School, Group]:
    """Return the group with its school if she may add photos to it: 404 when she cannot see it, else 403."""
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    group = get_object_or_404(Group.objects.visible_to(request.viewer), school=school, public_id=group_id)
    require(can_add_photo(request.viewer, group))
    return school, group


@require_POST
def upload(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Take in one or more files for a group. Answers a fragment of list items to JavaScript, else goes back."""
    viewer = request.viewer
    school, group = own_group(request, school_id, group_id)
    picked = read_picked(request.POST)
    picking = actions.pick_photos(
        by=viewer, school=school, group=group, picked=picked, uploads=request.FILES.getlist(FILES)
    )
    added = [photo for photo in picking.photos if photo.public_id not in picked.order]
    if request.htmx:
        return _fragment(request, "photos/added.html", {"photos": added, "refused": picking.refused})
    for sentence in picking.refused:
        messages.error(request, sentence)
    return _back(request, [photo.public_id for photo in picking.photos])


@require_safe
def status(request: Request, public_id: str) -> HttpResponse:
    """Say how an upload stands: the fragment with its picture, its progress or what is wrong."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    return _fragment(request, "photos/item.html#picture", {"photo": photo})


@require_POST
def describe(request: Request, public_id: str) -> HttpResponse:
    """Keep the words under a photo."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    actions.describe_photo(by=request.viewer, photo=photo, alt=request.POST.get("alt", ""))
    return HttpResponse(status=204) if request.htmx else _back(request)


@require_POST
def retry(request: Request, public_id: str) -> HttpResponse:
    """Try a failed upload once more."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    try:
        photo = actions.retry_photo(by=request.viewer, photo=photo)
    except Refused as refused:
        if not request.htmx:
            messages.error(request, refused.sentence)
    return _fragment(request, "photos/item.html#picture", {"photo": photo}) if request.htmx else _back(request)


@require_POST
def crop(request: Request, public_id: str) -> HttpResponse:
    """Keep only what lies inside the frame `x`, `y`, `w`, `h` (fractions); `edition` says on which picture it was."""
    drawn = read_frames(request.POST)
    box = drawn[0] if len(drawn) == 1 else NO_FRAME
    return _alter(request, public_id, partial(actions.crop_photo, box=box))


@require_POST
def cover(request: Request, public_id: str) -> HttpResponse:
    """Cover what lies under the frames: fields as for `crop`, each as often as there are frames."""
    return _alter(request, public_id, partial(actions.cover_photo, boxes=read_frames(request.POST)))


def _alter(request: Request, public_id: str, alter: Callable[..., Photo]) -> HttpResponse:
    """Answer JavaScript with the photo as it stands now, or with the sentence of what is wrong and a 422."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    try:
        photo = alter(by=request.viewer, photo=photo, seen=request.POST.get("edition", ""))
    except Refused as refused:
        if request.htmx:
            return HttpResponse(refused.sentence, status=422, content_type="text/plain; charset=utf-8")
        messages.error(request, refused.sentence)
    return _fragment(request, "photos/item.html#picture", {"photo": photo}) if request.htmx else _back(request)


@require_POST
def remove(request: Request, public_id: str) -> HttpResponse:
    """Take a photo away everywhere; with `only=unused` just a photo that was never shown (a draft leaves it out)."""
    photos = Photo.objects.workable_by(request.viewer)
    if request.POST.get("only") == "unused":
        photos = photos.unused()
    photo = get_object_or_404(photos, public_id=public_id)
    actions.remove_photo(by=request.viewer, photo=photo)
    return HttpResponse(status=204) if request.htmx else _back(request)


@require_safe
def hidden(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Show the group's team what consent keeps back, and where it is to be taken down outside Kring."""
    viewer = request.viewer
    school, group = own_group(request, school_id, group_id)
    kept = kept_back_in(viewer, group)
    context = {
        "school": school,
        "group": group,
        "kept": kept,
        "is_full": len(kept) == MOST,
        "asks": any(one.asks for one in kept),
        "reads_consents": may_read_consents(viewer, group),
        "agreement": agreement_url(school, "P4"),
    }
    return page(request, "photos/hidden.html", context)


@require_POST
def used_elsewhere(request: Request, public_id: str) -> HttpResponse:
    """Write down that the photo is used outside Kring: `code` is where."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    try:
        actions.mark_used_elsewhere(by=request.viewer, photo=photo, code=request.POST.get("code", ""))
    except Refused as refused:
        messages.error(request, refused.sentence)
    return _back(request)


@require_POST
def taken_down(request: Request, public_id: str) -> HttpResponse:
    """Write down that the photo was taken down outside Kring: `code` is where."""
    photo = get_object_or_404(Photo.objects.workable_by(request.viewer), public_id=public_id)
    if actions.mark_taken_down(by=request.viewer, photo=photo, code=request.POST.get("code", "")):
        messages.success(request, _("Noted: it has been taken down there."))
    return _back(request)


@require_safe
def rendition(request: Request, public_id: str, size: int) -> HttpResponseBase:
    """Hand out one picture, after asking whether this viewer may see it now; at each request anew (security.md, R2).

    The browser may keep it but must ask: ETag with `no-cache`. Not visible, not ready and not there answer alike.
    """
    photo = picture_for(request.viewer, public_id)
    if photo is None or size not in rules.SIZES:
        raise Http404
    made = rules.nearest_size(photo.width, photo.height, size)
    etag = f'"{hashlib.sha256(f"{photo.key}-{made}".encode()).hexdigest()[:32]}"'
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    if answer is None:
        try:
            picture = FileResponse(store.open_rendition(photo.key, made), content_type="image/webp")
        except FileNotFoundError:
            raise Http404 from None
        picture.block_size = BLOCK
        answer = picture
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Vary"] = "Cookie"
    answer.headers["Content-Disposition"] = "inline"
    return sealed(answer)


def _fragment(request: Request, template: str, context: dict[str, object]) -> HttpResponse:
    response = render(request, template, context)
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _back(request: Request, names: list[str] | None = None) -> HttpResponse:
    """Go back to the page that sent the form (`next`, on this host only), with the photos' names in its address."""
    target = request.POST.get("next", "")
    if not is_own_address(request, target):
        target = "/"
    if names:
        query = QueryDict(mutable=True)
        query.setlist("photos", names)
        target += ("&" if "?" in target else "?") + query.urlencode()
    return HttpResponseRedirect(target)
