"""A photo for the parents of one child alone, from the page of the group: who can send, who gets it, who is told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from kring.photos.actions import process_photo
from kring.photos.models import Photo, PhotoUse
from tests.cast import NOW, ROLES, Cast, answers, expected
from tests.consents.giving import say
from tests.photos import pictures
from tests.photos.test_album import of_child, of_group

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEAM = {"teacher", "duo", "office", "management"}
# Who may know the group but does not work with it hears that this is not hers.
REFUSED = {"guardian", "limited", "shielded_guardian", "class_parent", "other_teacher", "care_coordinator"}


def address(cast: Cast) -> str:
    return reverse("photos:one_child", args=[cast.school.public_id, cast.five.public_id])


def send(cast: Cast, role: str = "teacher", child: Any = None, **more: Any) -> Any:
    files = more.pop("files", [pictures.upload(pictures.jpeg(), "tand.jpg")])
    sent = {
        "child": more.pop("who", (child or cast.child).public_id),
        "alt": "Een tand eruit",
        "photo_files": files,
        **more,
    }
    return cast.client(role).post(address(cast), sent)


def finish() -> Photo:
    photo = Photo.objects.order_by("-pk")[0]
    process_photo.call(photo.pk)
    photo.refresh_from_db()
    return photo


def who_sees(cast: Cast, photo: Photo) -> set[str]:
    picture = reverse("photos:rendition", args=[photo.public_id, 400])
    return {role for role in ROLES if cast.client(role).get(picture).status_code == 200}


def test_only_those_who_work_with_the_group_open_the_page(cast: Cast) -> None:
    assert answers(cast, address(cast)) == expected(404, _200=TEAM, _403=REFUSED)


def test_only_those_who_work_with_the_group_send(cast: Cast) -> None:
    for role in ROLES:
        answer = send(cast, role, files=[pictures.upload(pictures.jpeg(70 + ROLES.index(role)), "a.jpg")])
        assert (answer.status_code == 302 and answer.url == address(cast)) == (role in TEAM), role
    assert PhotoUse.objects.count() == len(TEAM)


def test_the_parents_of_the_child_get_it_and_no_other_parent(cast: Cast) -> None:
    say(cast, "guardian", cast.child, False)  # consent is about others: this is for them alone
    assert send(cast).status_code == 302
    photo = finish()
    assert (photo.alt, photo.people) == ("Een tand eruit", "named")
    assert who_sees(cast, photo) == TEAM, "Fifteen seconds are left to take it back."
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        assert who_sees(cast, photo) == TEAM | {"guardian"}
        mine = cast.client("guardian").get(of_child(cast)).content.decode()
        assert photo.public_id in mine
        assert photo.public_id not in cast.client("teacher").get(of_group(cast)).content.decode()
        large = cast.client("guardian").get(of_child(cast, "photo", photo.public_id)).content.decode()
        assert "Alleen de ouders van Joep en het team." in large
        assert "Naar het bericht" not in large, "No message stands behind it."


def test_the_parents_are_told_once_without_a_name_and_nobody_else_is(cast: Cast) -> None:
    files = [pictures.upload(pictures.jpeg(60 + n), f"{n}.jpg") for n in range(3)]
    send(cast, files=files)
    notice = Notice.objects.get()
    assert timedelta(seconds=15) <= notice.not_before - NOW < timedelta(seconds=60)
    assert notice.not_before == PhotoUse.objects.order_by("pk")[0].shown_from
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        outbox.expand(notice)
        told = Delivery.objects.filter(channel="inbox").values_list("user_id", flat=True)
        assert set(told) == {cast.user("guardian").pk}
        while (photo := Photo.objects.exclude(state="ready").first()) is not None:
            process_photo.call(photo.pk)
        inbox = cast.client("guardian").get(reverse("notifications:inbox")).content.decode()
    assert "Een foto, alleen voor u" in inbox
    assert "Joep" not in inbox.split("<main", 1)[1]


def test_taken_back_it_is_gone_for_the_parents_too(cast: Cast) -> None:
    send(cast)
    photo = finish()
    sent = {"next": address(cast)}
    cast.client("duo").post(reverse("photos:remove", args=[photo.public_id]), sent)
    with time_machine.travel(NOW + timedelta(seconds=60), tick=False):
        assert who_sees(cast, photo) == set()
        assert "Nog niets verstuurd" in cast.client("teacher").get(address(cast)).content.decode()
        outbox.expand(Notice.objects.get())
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"photo_files": []}, "Kies een foto."),
        ({"who": ""}, "verplicht"),
        ({"files": [pictures.upload(b"<svg/>", "foto.jpg")]}, "foto.jpg: "),
        ({"files": [pictures.upload(pictures.jpeg(60 + n), f"{n}.jpg") for n in range(11)]}, "hoogstens 10 foto"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(cast: Cast, change: dict[str, Any], sentence: str) -> None:
    for file in change.get("files", []):
        file.seek(0)
    answer = send(cast, **change)
    told = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in told
    assert "Een tand eruit" in told
    assert not PhotoUse.objects.exists()
    assert not Photo.objects.exists()


def test_a_child_of_another_group_or_without_anybody_to_see_it_is_refused(cast: Cast) -> None:
    assert send(cast, child=cast.other_child).status_code == 422
    cast.child.guardianships.all().delete()
    told = send(cast).content.decode()
    assert "geen ouder die hier foto's mag zien" in told.replace("&#x27;", "'")
    assert not Photo.objects.exists()


def test_a_bad_file_does_not_lose_the_good_one(cast: Cast) -> None:
    files = [pictures.upload(b"GIF89a", "stuk.gif"), pictures.upload(pictures.jpeg(), "goed.jpg")]
    answer = cast.client("teacher").post(
        address(cast), {"child": cast.child.public_id, "alt": "", "photo_files": files}, follow=True
    )
    told = answer.content.decode()
    assert "Over vijftien seconden zien de ouders van Joep de foto." in told
    assert "stuk.gif" in told
    assert PhotoUse.objects.count() == 1


def test_the_page_costs_the_same_whatever_was_sent(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.client("teacher")
    client.get(address(cast))
    send(cast)
    with django_assert_max_num_queries(30) as queries:
        client.get(address(cast))
        few = len(queries)
    for number in range(3):
        send(cast, files=[pictures.upload(pictures.jpeg(61 + number), "b.jpg")])
    with django_assert_max_num_queries(few):
        client.get(address(cast))
