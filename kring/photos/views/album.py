"""Albums over HTTP: the list of them, one of a group or with one child, one photo large, and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kring.agreements.current import agreement_url, policies_seen_by
from kring.core.access import Refused
from kring.core.htmx import page
from kring.core.http import Request
from kring.files.handout import sealed
from kring.photos import actions
from kring.photos.album import (
    PER_PAGE,
    Album,
    album_of_child,
    album_of_group,
    around,
    by_day,
    children_with_album,
    groups_with_album,
    photos_of,
    to_hand_out,
)
from kring.photos.elsewhere import places_for
from kring.photos.handout import as_jpeg, zipped
from kring.photos.keeping import MOST_IN_ZIP, Keeping, keeping
from kring.photos.permissions import can_add_photo, can_change_photo
from kring.photos.seen_by import seen_by


@require_safe
def albums(request: Request) -> HttpResponse:
    """Show which albums there are for her: with each of her children, and of each group."""
    viewer = request.viewer
    groups = list(groups_with_album(viewer).order_by("-school_year__starts_on", "name"))
    years: dict[str, list[Any]] = {}
    for group in groups:
        years.setdefault(group.school_year.name, []).append(group)
    context = {"children": list(children_with_album(viewer).order_by("first_name")), "years": list(years.items())}
    return page(request, "photos/albums.html", context)


@require_safe
def group_album(request: Request, school_id: str, group_id: str) -> HttpResponse:
    """Show a month of the photos of a group; with `choose` to pick some for a download."""
    return _month_page(request, _of_group(request, school_id, group_id))


@require_safe
def child_album(request: Request, child_id: str) -> HttpResponse:
    """Show a month of the photos with one child in them, to its own full guardians."""
    return _month_page(request, _of_child(request, child_id))


@require_safe
def group_photo(request: Request, school_id: str, group_id: str, public_id: str) -> HttpResponse:
    """Show one photo of a group's album, large."""
    return _photo_page(request, _of_group(request, school_id, group_id), public_id)


@require_safe
def child_photo(request: Request, child_id: str, public_id: str) -> HttpResponse:
    """Show one photo of those with a child, large."""
    return _photo_page(request, _of_child(request, child_id), public_id)


@require_POST
def group_download(request: Request, school_id: str, group_id: str) -> HttpResponseBase:
    """Hand out the chosen `photos` of a group's album, or those of a `month`, as a zip."""
    return _zip(request, _of_group(request, school_id, group_id))


@require_POST
def child_download(request: Request, child_id: str) -> HttpResponseBase:
    """Hand out the chosen `photos` with a child, or those of a `month`, as a zip."""
    return _zip(request, _of_child(request, child_id))


@require_POST
def group_download_one(request: Request, school_id: str, group_id: str, public_id: str) -> HttpResponseBase:
    """Hand out one photo of a group's album as a JPEG."""
    return _one(request, _of_group(request, school_id, group_id), public_id)


@require_POST
def child_download_one(request: Request, child_id: str, public_id: str) -> HttpResponseBase:
    """Hand out one photo with a child as a JPEG."""
    return _one(request, _of_child(request, child_id), public_id)


def _of_group(request: Request, school_id: str, group_id: str) -> Album:
    groups = groups_with_album(request.viewer)
    group = get_object_or_404(groups, school__public_id=school_id, public_id=group_id)
    return album_of_group(request.viewer, group)


def _of_child(request: Request, child_id: str) -> Album:
    return album_of_child(request.viewer, get_object_or_404(children_with_album(request.viewer), public_id=child_id))


def _address(album: Album, name: str, *more: str) -> str:
    """Return an address of this album: `name` is "album", "photo", "download" or "download_one"."""
    if album.child:
        return reverse(f"photos:child_{name}", args=[album.child.public_id, *more])
    return reverse(f"photos:group_{name}", args=[album.school.public_id, album.group.public_id, *more])  # type: ignore[union-attr]


def _keeping(request: Request, album: Album) -> Keeping:
    viewer, today = request.viewer, album.school.today(request.viewer.now)
    policy = policies_seen_by(viewer, [album.school.pk])[album.school.pk]
    is_team = album.group is not None and can_add_photo(viewer, album.group)
    return keeping(policy, is_team=is_team, year_ends=album.year_ends(today), today=today)


def _month_page(request: Request, album: Album) -> HttpResponse:
    months = [month for month, _number in album.months]
    month = _month(request.GET.get("month", ""), months)
    entries = album.of_month(month) if month else []
    may = _keeping(request, album)
    is_choosing = may.several and "choose" in request.GET
    pages = Paginator(entries, MOST_IN_ZIP if is_choosing else PER_PAGE).get_page(request.GET.get("page"))
    days = [
        (day, [(photo, _address(album, "photo", entry.public_id)) for entry, photo in rows])
        for day, rows in by_day(list(pages.object_list))
    ]
    context = {
        "album": album,
        "is_team": album.group is not None and can_add_photo(request.viewer, album.group),
        "months": months,
        "month": month,
        "number": len(entries),
        "days": days,
        "pages": pages,
        "query": urlencode({"month": f"{month:%Y-%m}"} if month else {}),
        "may": may,
        "fits": len(entries) <= MOST_IN_ZIP,
        "is_choosing": is_choosing,
        "address": _address(album, "album"),
        "download": _address(album, "download"),
        "agreement": agreement_url(album.school, "S3"),
    }
    return page(request, "photos/album.html", context)


def _month(text: str, months: Sequence[date]) -> date | None:
    """Return the month written as 2026-11 if there are photos in it, else the newest; None when there are none."""
    return next((month for month in months if f"{month:%Y-%m}" == text), months[-1] if months else None)


def _photo_page(request: Request, album: Album, public_id: str) -> HttpResponse:
    place = album.place_of(public_id)
    if place is None:
        raise Http404
    entry, entries = album.entries[place], album.entries
    nearby = around(entries, place)
    photos = photos_of(nearby)
    if entry.pk not in photos:
        raise Http404

    def address(at: int) -> str:
        return _address(album, "photo", entries[at].public_id) if 0 <= at < len(entries) else ""

    photo = photos[entry.pk]
    is_team = can_change_photo(request.viewer, photo)
    context = {
        "album": album,
        "photo": photo,
        "day": entry.day,
        "in_message": entry.in_message,
        "number": place + 1,
        "total": len(entries),
        "previous": address(place - 1),
        "next": address(place + 1),
        "nearby": [
            (photos[one.pk], _address(album, "photo", one.public_id), one.pk == entry.pk)
            for one in nearby
            if one.pk in photos
        ],
        "close": f"{_address(album, 'album')}?month={entry.month:%Y-%m}#d{entry.day:%d}",
        "download": _address(album, "download_one", public_id),
        "may": _keeping(request, album),
        "is_team": is_team,
        "outside": places_for(request.viewer, photo) if is_team else [],
        "seen_by": seen_by(request.viewer, photo),
    }
    return page(request, "photos/viewer.html", context)


def _zip(request: Request, album: Album) -> HttpResponseBase:
    """Answer with a zip that is made while it goes out, or go back to the album with what is wrong."""
    month = _month(request.POST.get("month", ""), [month for month, _number in album.months])
    chosen = request.POST.getlist("photos")
    is_choice = bool(chosen) or "choose" in request.POST
    of_month = album.of_month(month) if month else []
    entries = album.among(chosen) if is_choice else of_month
    try:
        actions.download_photos(by=request.viewer, photos=to_hand_out(entries), is_zip=True)
    except Refused as refused:
        return _refused(request, refused, _address(album, "album"))
    ordered = sorted(entries, key=lambda entry: entry.day)
    files = [(entry.pk, album.names[entry.pk], entry.day) for entry in ordered]
    name = f"{month:%Y-%m}.zip" if month and not is_choice else "fotos.zip"
    return _file(StreamingHttpResponse(zipped(request.viewer.user_id or 0, files)), "application/zip", name)


def _one(request: Request, album: Album, public_id: str) -> HttpResponseBase:
    entry = next(iter(album.among([public_id])), None)
    photo = next(iter(to_hand_out([entry])), None) if entry else None
    if entry is None or photo is None:
        raise Http404
    try:
        actions.download_photos(by=request.viewer, photos=[photo], is_zip=False)
        content = as_jpeg(photo)
    except Refused as refused:
        return _refused(request, refused, _address(album, "photo", public_id))
    except FileNotFoundError:
        raise Http404 from None
    return _file(HttpResponse(content), "image/jpeg", album.names[entry.pk])


def _refused(request: Request, refused: Refused, address: str) -> HttpResponse:
    messages.error(request, refused.sentence)
    return redirect(address)


def _file(response: HttpResponseBase, kind: str, name: str) -> HttpResponseBase:
    response.headers["Content-Type"] = kind
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return sealed(response)
