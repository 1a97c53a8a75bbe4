"""Who is in the photos of the demo: the children of Marloes on the newest photos of their groups."""

from __future__ import annotations

from datetime import datetime

from kring.demo.school import Built
from kring.people.models import Child, Enrolment, current_on
from kring.people.viewers import viewer_for
from kring.photos.actions import name_children
from kring.photos.models import Photo

IN_PHOTOS = ("Joep Heuvel", "Saar Heuvel")
NEWEST = 2


def name_who_is_in_photos(built: Built, *, now: datetime) -> None:
    """Let those who added the newest photos of a group say that the child is in them, as of `now` (aware)."""
    for name in IN_PHOTOS:
        child = built.children[name]
        seats = Enrolment.objects.filter(current_on(built.school.today(now)), child=child).values("group_id")
        for photo in Photo.objects.ready().filter(group__in=seats).order_by("-added_at", "-pk")[:NEWEST]:
            by = viewer_for(photo.added_by.user if photo.added_by else None, now=now)
            if Child.objects.listed_for(by).filter(pk=child.pk).exists():
                name_children(by=by, photo=photo, children=[child])
