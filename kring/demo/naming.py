"""Who is in the photos of the demo: the children of Marloes on the newest photos of their groups, one photo for Joep's
parents alone, and one to take down."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from kring.consents.actions import answer
from kring.consents.models import guardians_with_authority
from kring.demo.news import PICTURES
from kring.demo.school import Built
from kring.people.models import Child, Enrolment, current_on
from kring.people.viewers import viewer_for
from kring.photos.actions import mark_used_elsewhere, name_children, process_photo, send_photos
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


def send_one_alone(built: Built, *, now: datetime) -> None:
    """Let Joep's teacher send his parents a photo that is for them alone, some hours before `now` (aware)."""
    child, moment = built.children["Joep Heuvel"], now - timedelta(hours=3)
    seat = Enrolment.objects.filter(current_on(built.school.today(moment)), child=child).select_related("group").first()
    newest = Photo.objects.filter(group=seat.group).order_by("-added_at", "-pk").first() if seat else None
    if seat is None or newest is None or newest.added_by is None:
        return
    upload = SimpleUploadedFile("brug.jpg", (PICTURES / "craft-table.jpg").read_bytes(), "image/jpeg")
    by = viewer_for(newest.added_by.user, now=moment)
    sent = send_photos(
        by=by, group=seat.group, child=child, uploads=[upload], alt="Een brug van karton die blijft staan"
    )
    for photo in sent.photos:
        process_photo.func(photo.pk)


def keep_one_back(built: Built, *, now: datetime) -> None:
    """Let Lina's mother withdraw what was in the newsletter already: the team has to take that photo down."""
    child = built.children["Lina Haddou"]
    seats = Enrolment.objects.filter(current_on(built.school.today(now)), child=child).values("group_id")
    photo = Photo.objects.ready().filter(group__in=seats).order_by("-added_at", "-pk").first()
    if photo is None:
        return  # on the first days of a school year her group has none yet
    by = viewer_for(photo.added_by.user if photo.added_by else None, now=now - timedelta(hours=2))
    name_children(by=by, photo=photo, children=[child, *Child.objects.filter(pk__in=photo.persons.values("child_id"))])
    mark_used_elsewhere(by=by, photo=photo, code="newsletter")
    guardian = guardians_with_authority(child, on=built.school.today(now)).order_by("pk")[:1].get()
    mother = viewer_for(guardian.user, now=now - timedelta(hours=1))
    answer(by=mother, child=child, answers={"newsletter": False})
