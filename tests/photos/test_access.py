"""Who gets which address of a photo: every role, before publication, after it, and after it was hidden."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from kring.people.models import Guardianship
from kring.photos.actions import hide_use
from kring.photos.models import Photo
from tests.cast import NOW, ROLES, Cast
from tests.photos import pictures
from tests.photos.conftest import MakePhoto, Publish

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

IN, OUT, NO, LOGIN = 200, 404, 403, 302
#                       before  published  hidden  upload  change
TABLE = {
    "signed out":        (LOGIN,  LOGIN,     LOGIN,   LOGIN,  LOGIN),
    "guardian":          (OUT,    IN,        OUT,     NO,     OUT),
    "other_guardian":    (OUT,    OUT,       OUT,     OUT,    OUT),
    "limited":           (OUT,    OUT,       OUT,     NO,     OUT),
    "none":              (OUT,    OUT,       OUT,     OUT,    OUT),
    "shielded_guardian": (OUT,    IN,        OUT,     NO,     OUT),
    "former_guardian":   (OUT,    OUT,       OUT,     OUT,    OUT),
    "teacher":           (IN,     IN,        IN,      LOGIN,  IN),
    "duo":               (IN,     IN,        IN,      LOGIN,  IN),
    "other_teacher":     (OUT,    OUT,       OUT,     NO,     OUT),
    "ended_substitute":  (OUT,    OUT,       OUT,     OUT,    OUT),
    "office":            (IN,     IN,        IN,      LOGIN,  IN),
    "management":        (IN,     IN,        IN,      LOGIN,  IN),
    "care_coordinator":  (OUT,    OUT,       OUT,     NO,     OUT),
    "class_parent":      (OUT,    IN,        OUT,     NO,     OUT),
    "parent_council":    (OUT,    OUT,       OUT,     OUT,    OUT),
    "board_admin":       (OUT,    OUT,       OUT,     OUT,    OUT),
    "second_guardian":   (OUT,    OUT,       OUT,     OUT,    OUT),
    "second_teacher":    (OUT,    OUT,       OUT,     OUT,    OUT),
    "second_office":     (OUT,    OUT,       OUT,     OUT,    OUT),
    "second_management": (OUT,    OUT,       OUT,     OUT,    OUT),
}  # fmt: skip


def test_the_table_names_every_role() -> None:
    assert set(TABLE) == set(ROLES)


def answers(cast: Cast, photo: Photo, *sizes: int) -> dict[str, set[int]]:
    """Return per role the statuses of these renditions, by GET, and of the first one by HEAD."""
    addresses = [reverse("photos:rendition", args=[photo.public_id, size]) for size in sizes]
    found: dict[str, set[int]] = {}
    for role in ROLES:
        client = cast.client(role)
        found[role] = {client.head(addresses[0]).status_code, *(client.get(a).status_code for a in addresses)}
    return found


def test_a_picture_opens_for_whom_it_may(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    assert answers(cast, photo, 800) == {role: {line[0]} for role, line in TABLE.items()}
    use = publish(photo)
    assert answers(cast, photo, 400, 800, 1600) == {role: {line[1]} for role, line in TABLE.items()}
    hide_use(by=cast.viewer("teacher"), use=use)
    assert answers(cast, photo, 800) == {role: {line[2]} for role, line in TABLE.items()}


def test_only_the_groups_team_and_the_office_may_upload(cast: Cast) -> None:
    address = reverse("photos:upload", args=[cast.school.public_id, cast.five.public_id])
    found = {
        role: cast.client(role).post(address, {"photo_files": pictures.upload(pictures.jpeg())}).status_code
        for role in ROLES
    }
    assert found == {role: line[3] for role, line in TABLE.items()}
    assert Photo.objects.count() == 4


def test_only_the_groups_team_and_the_office_may_change_a_published_photo(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    publish(photo)
    status = {
        role: cast.client(role).get(reverse("photos:status", args=[photo.public_id])).status_code for role in ROLES
    }
    assert status == {role: line[4] for role, line in TABLE.items()}
    verbs = [
        reverse(f"photos:{verb}", args=[photo.public_id]) for verb in ("describe", "retry", "remove", "crop", "cover")
    ]
    for role, line in TABLE.items():
        if line[4] != IN:
            client = cast.client(role)
            assert {client.post(verb, {"alt": "van een ander"}).status_code for verb in verbs} == {line[4]}, role
    photo.refresh_from_db()
    assert photo.alt == ""
    answer = cast.client("duo").post(reverse("photos:describe", args=[photo.public_id]), {"alt": "Bollen planten"})
    photo.refresh_from_db()
    assert (answer.status_code, photo.alt) == (302, "Bollen planten")


def test_another_groups_photo_cannot_be_reached_through_ones_own_group(cast: Cast, ready: MakePhoto) -> None:
    photo = ready()
    address = reverse("photos:upload", args=[cast.school.public_id, cast.six.public_id])
    cast.client("other_teacher").post(address, {"photos": photo.public_id, f"photo_alt-{photo.public_id}": "x"})
    photo.refresh_from_db()
    assert photo.alt == ""


def test_a_group_of_another_school_is_not_found_under_this_school(cast: Cast) -> None:
    address = reverse("photos:upload", args=[cast.school.public_id, cast.second_group.public_id])
    assert cast.client("office").post(address).status_code == 404


def test_nothing_opens_before_the_moment_of_publication(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    publish(photo, shown_from=NOW + timedelta(seconds=15))
    address = reverse("photos:rendition", args=[photo.public_id, 400])
    assert cast.client("guardian").get(address).status_code == 404
    with time_machine.travel(NOW + timedelta(seconds=20)):
        assert cast.client("guardian").get(address).status_code == 200


def test_an_ended_guardianship_counts_at_the_next_request(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    publish(photo)
    client, address = cast.client("guardian"), reverse("photos:rendition", args=[photo.public_id, 400])
    first = client.get(address)
    assert first.status_code == 200
    Guardianship.objects.filter(person=cast.people["guardian"]).update(level="limited")
    again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 404


def test_not_yours_not_ready_and_not_there_look_alike(cast: Cast, ready: MakePhoto, add: MakePhoto) -> None:
    mine, waiting = ready(), add()
    client = cast.client("other_guardian")
    names = [mine.public_id, waiting.public_id, "A" * 16]
    bodies = {
        client.get(reverse("photos:rendition", args=[name, 400])).content.replace(name.encode(), b"") for name in names
    }
    assert len(bodies) == 1
    teacher = cast.client("teacher")
    assert teacher.get(reverse("photos:rendition", args=[waiting.public_id, 400])).status_code == 404
    assert teacher.get(reverse("photos:rendition", args=[mine.public_id, 500])).status_code == 404


def test_a_picture_may_be_kept_but_must_be_asked_for(cast: Cast, ready: MakePhoto) -> None:
    client, address = cast.client("teacher"), reverse("photos:rendition", args=[ready().public_id, 400])
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert b"".join(answer.streaming_content)[8:12] == b"WEBP"
    again = client.get(address, headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "private, no-cache"
    assert again.headers["ETag"] == answer.headers["ETag"]
    assert client.post(address).status_code == 405


def test_a_picture_costs_one_query_more_than_knowing_who_asks(
    cast: Cast, ready: MakePhoto, publish: Publish, django_assert_max_num_queries: object
) -> None:
    photo = ready()
    publish(photo)
    client = cast.client("guardian")
    client.get(reverse("home:more"))  # the first page of a session writes when it was last seen
    with django_assert_max_num_queries(6):  # type: ignore[operator]  session, user, viewer (3), the photo
        assert client.get(reverse("photos:rendition", args=[photo.public_id, 800])).status_code == 200
