"""Who is in each photo, said while the message is written: through the pages, without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kring.photos.actions import add_photo, name_children, process_photo
from kring.photos.models import PersonInPhoto, Photo, PhotoUse
from kring.posts.composing import desk_for
from kring.posts.models import Post, PostPhoto
from kring.posts.permissions import Target
from kring.posts.rules import State
from tests.cast import Cast
from tests.consents.giving import say
from tests.photos.pictures import jpeg, upload
from tests.posts.writing import draft

pytestmark = pytest.mark.django_db
WithPhotos = Callable[..., tuple[Post, list[Photo]]]


@pytest.fixture
def with_photos(cast: Cast, settings, tmp_path) -> WithPhotos:
    """Return a function that makes a draft for group 5 with so many photos that stand ready."""
    settings.MEDIA_ROOT = tmp_path

    def with_photos(number: int = 1, **more: object) -> tuple[Post, list[Photo]]:
        post = draft(cast, **more)  # type: ignore[arg-type]
        photos = []
        for position in range(number):
            file = upload(jpeg(60 + position, 40))
            photo = add_photo(by=cast.viewer("teacher"), school=cast.school, group=cast.five, upload=file)
            process_photo.call(photo.pk)
            photo.refresh_from_db()
            PostPhoto.objects.create(school=cast.school, post=post, photo=photo, position=position)
            photos.append(photo)
        return post, photos

    return with_photos


def send(cast: Cast, post: Post, photos: list[Photo], *, action: str = "save", role: str = "teacher", **fields: object):
    """Send the composer's form with the picker's fields; `fields` add to it or take its place."""
    data: dict[str, object] = {
        "title": "Naar het bos",
        "source": "",
        "audience": f"group:{cast.five.public_id}",
        "when": "now",
        "has_picker": cast.five.public_id,
        "photos": [photo.public_id for photo in photos],
    }
    for photo in photos:
        photo.refresh_from_db()
        data[f"photo_mark-{photo.public_id}"] = photo.said_mark
    return cast.client(role).post(
        reverse("posts:compose", args=[post.public_id]), {**data, "action": action, **fields}, headers=HTMX[action]
    )


HTMX: dict[str, dict[str, str]] = {"save": {}, "publish": {}, "autosave": {"HX-Request": "true"}}


def named(photo: Photo) -> set[str]:
    return set(PersonInPhoto.objects.filter(photo=photo).values_list("child__first_name", flat=True))


def page_of(cast: Cast, post: Post) -> str:
    return cast.client("teacher").get(reverse("posts:compose", args=[post.public_id])).content.decode()


def test_the_roster_of_the_group_stands_with_each_photo_also_who_is_shielded(
    cast: Cast, with_photos: WithPhotos
) -> None:
    post, photos = with_photos(2)
    page = page_of(cast, post)
    for photo in photos:
        for child in (cast.child, cast.shielded):
            assert f'name="photo_child-{photo.public_id}" value="{child.public_id}"' in page
        assert f'value="{cast.other_child.public_id}"' not in page


def test_children_are_named_with_the_form_and_may_be_changed(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    field = f"photo_child-{photo.public_id}"
    send(cast, post, [photo], **{field: [cast.child.public_id, cast.shielded.public_id]})
    assert named(photo) == {"Joep", "Noor"}
    send(cast, post, [photo], **{field: [cast.child.public_id]})
    assert named(photo) == {"Joep"}
    send(cast, post, [photo], **{f"photo_nobody-{photo.public_id}": "on"})
    photo.refresh_from_db()
    assert (photo.people, named(photo)) == ("nobody", set())


def test_a_form_without_the_roster_leaves_who_is_in_it_alone(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    name_children(by=cast.viewer("teacher"), photo=photo, children=[cast.child])
    fields = {"title": "Bos", "has_picker": cast.five.public_id, "photos": photo.public_id, "action": "save"}
    cast.client("teacher").post(reverse("posts:compose", args=[post.public_id]), fields)
    assert named(photo) == {"Joep"}


def test_what_a_colleague_said_meanwhile_is_not_lost(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    name_children(by=cast.viewer("duo"), photo=photo, children=[cast.child])
    field, mark = f"photo_child-{photo.public_id}", f"photo_mark-{photo.public_id}"
    answer = send(cast, post, [photo], **{field: [cast.shielded.public_id], mark: ""})
    assert "intussen" in answer.content.decode()
    assert named(photo) == {"Joep"}
    send(cast, post, [photo], **{field: [cast.shielded.public_id]})  # she has seen it now
    assert named(photo) == {"Noor"}


def test_the_same_as_the_previous_photo_and_the_whole_group_are_one_press(cast: Cast, with_photos: WithPhotos) -> None:
    post, photos = with_photos(3)
    first, second, third = photos
    send(cast, post, photos, **{f"photo_child-{first.public_id}": cast.child.public_id})
    kept = {f"photo_child-{first.public_id}": cast.child.public_id}
    send(cast, post, photos, photo_same=second.public_id, **kept)
    kept[f"photo_child-{second.public_id}"] = cast.child.public_id
    send(cast, post, photos, photo_whole=third.public_id, **kept)
    assert [named(photo) for photo in photos] == [{"Joep"}, {"Joep"}, {"Joep", "Noor", "Bo"}]


def test_a_child_of_another_group_or_school_cannot_be_named(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    answer = send(cast, post, [photo], **{f"photo_child-{photo.public_id}": cast.second_child.public_id})
    assert answer.status_code == 302
    photo.refresh_from_db()
    assert (photo.people, named(photo)) == ("unsaid", set())


def test_a_child_without_consent_stops_the_message_and_the_draft_stays(cast: Cast, with_photos: WithPhotos) -> None:
    post, photos = with_photos(2)
    fields = {f"photo_nobody-{photos[0].public_id}": "on", f"photo_child-{photos[1].public_id}": cast.child.public_id}
    answer = send(cast, post, photos, action="publish", **fields)
    assert answer.status_code == 422
    assert "Foto 2: 1 kind mag niet aan de groep" in answer.content.decode()
    post.refresh_from_db()
    assert post.state == State.DRAFT
    say(cast, "guardian", cast.child, True)
    assert send(cast, post, photos, action="publish", **fields).status_code == 302
    assert PhotoUse.objects.count() == 2


def test_a_photo_of_which_nobody_said_anything_needs_the_check_by_hand(cast: Cast, with_photos: WithPhotos) -> None:
    post, photos = with_photos()
    assert send(cast, post, photos, action="publish").status_code == 422
    assert send(cast, post, photos, action="publish", photos_checked="on").status_code == 302


def test_for_the_school_a_photo_can_be_for_its_own_group_alone(cast: Cast, with_photos: WithPhotos) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    post, photos = with_photos(
        2, by="management", kind="announcement", target=Target(whole_school=True), viewer=cast.viewer("management")
    )
    fields = {
        f"photo_nobody-{photos[0].public_id}": "on",
        f"photo_child-{photos[1].public_id}": cast.child.public_id,
        "audience": "school",
        "sure": "yes",
    }
    stopped = send(cast, post, photos, action="publish", role="management", **fields)
    assert stopped.status_code == 422
    assert f'name="photo_for-{photos[1].public_id}" value="group"' in stopped.content.decode()
    fields[f"photo_for-{photos[1].public_id}"] = "group"
    assert send(cast, post, photos, action="publish", role="management", **fields).status_code == 302
    purposes = PhotoUse.objects.order_by("position").values_list("purpose", flat=True)
    assert list(purposes) == ["app_school", "app_group"]


def test_a_photo_can_be_for_one_childs_parents_alone(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    fields = {
        f"photo_child-{photo.public_id}": cast.child.public_id,
        f"photo_for-{photo.public_id}": f"child:{cast.child.public_id}",
    }
    assert send(cast, post, [photo], action="publish", **fields).status_code == 302
    assert PhotoUse.objects.get().only_for == cast.child


def test_whom_a_photo_is_for_stays_when_the_form_was_without_its_lens(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    name_children(by=cast.viewer("teacher"), photo=photo, children=[cast.child])
    PostPhoto.objects.update(only_for=cast.child)
    fields = {"title": "Bos", "has_picker": cast.five.public_id, "photos": photo.public_id, "action": "save"}
    cast.client("teacher").post(reverse("posts:compose", args=[post.public_id]), fields)
    assert PostPhoto.objects.get().only_for == cast.child


def test_the_verdict_follows_the_audience_while_she_writes(cast: Cast, with_photos: WithPhotos) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    post, [photo] = with_photos(by="management", kind="announcement")
    ticked = {f"photo_child-{photo.public_id}": cast.child.public_id}
    narrow = send(cast, post, [photo], action="autosave", role="management", **ticked).content.decode()
    assert f'id="verdict-{photo.public_id}"' in narrow
    assert "verdict--fine" in narrow
    assert "data-lens-child" not in narrow, "the roster is the teacher's to tap and does not come again"
    wide = send(cast, post, [photo], action="autosave", role="management", audience="school", **ticked)
    assert "verdict--stops" in wide.content.decode()


def test_a_photo_that_just_came_in_gets_its_roster(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    fields = {"title": "Bos", "has_picker": cast.five.public_id, "photos": photo.public_id, "action": "autosave"}
    where = reverse("posts:compose", args=[post.public_id])
    answer = cast.client("teacher").post(where, fields, headers={"HX-Request": "true"}).content.decode()
    assert f'<div id="lens-{photo.public_id}" hx-swap-oob="true">' in answer
    assert "data-lens-child" in answer


def test_pupils_work_asks_for_a_name_until_somebody_looked(cast: Cast, with_photos: WithPhotos) -> None:
    post, [photo] = with_photos()
    work, looked = f"photo_work-{photo.public_id}", f"photo_no_name-{photo.public_id}"
    send(cast, post, [photo], **{work: "on"})
    assert "Is er een naam te lezen op het werk?" in page_of(cast, post)
    send(cast, post, [photo], **{work: "on", looked: "on"})
    assert "Is er een naam te lezen op het werk?" not in page_of(cast, post)
    photo.refresh_from_db()
    assert photo.no_name_checked_by == cast.people["teacher"]


def test_what_was_typed_is_kept_before_the_frame_is_drawn_and_the_frame_may_be_typed_in_percents(
    cast: Cast, with_photos: WithPhotos
) -> None:
    post, [photo] = with_photos()
    answer = cast.client("teacher").post(
        reverse("posts:compose", args=[post.public_id]),
        {"title": "Naar de zee", "has_picker": "", "action": f"alter:{photo.public_id}"},
    )
    post.refresh_from_db()
    assert post.title == "Naar de zee"
    page = cast.client("teacher").get(answer.url).content.decode()
    back = reverse("posts:compose", args=[post.public_id])
    assert f'name="next" value="{back}"' in page
    percents = {"left": "0", "top": "0", "width": "50", "height": "100", "next": back, "edition": photo.edition}
    done = cast.client("teacher").post(reverse("photos:crop", args=[photo.public_id]), percents)
    assert done.url == back
    process_photo.call(photo.pk)
    photo.refresh_from_db()
    assert photo.width == 30


def test_the_page_with_the_frame_leads_to_no_other_host(cast: Cast, with_photos: WithPhotos) -> None:
    _post, [photo] = with_photos()
    where = reverse("photos:alter", args=[photo.public_id])
    page = cast.client("teacher").get(where, {"next": "https://elders.example/"}).content.decode()
    assert "elders.example" not in page
    assert cast.client("other_teacher").get(where).status_code == 404


@pytest.mark.both_databases
def test_a_message_without_photos_asks_nothing_about_photos(cast: Cast, with_photos: WithPhotos) -> None:
    bare, (full, _photos) = draft(cast), with_photos(3)

    def tables(post: Post) -> str:
        post = Post.objects.select_related("school", "audience", "author").get(pk=post.pk)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            desk_for(cast.viewer("teacher"), post, data=None).context()
        return " ".join(query["sql"] for query in asked)

    assert "photos_personinphoto" not in tables(bare)
    assert "people_enrolment" in tables(full)
    one = tables(bare).count('FROM "people_child"')
    assert tables(full).count('FROM "people_child"') == one + 1, "one roster, however many photos"
