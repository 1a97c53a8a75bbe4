"""Changing what was published: the form opens with everything that stands in the message."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kring.people.models import TeamRole
from kring.photos.actions import add_photo, process_photo
from kring.photos.models import PhotoUse
from kring.posts import actions
from kring.posts.actions import Content
from kring.posts.models import Post, PostItem, PostPhoto
from tests.cast import NOW, TODAY, Cast
from tests.files.papers import pdf
from tests.photos.pictures import jpeg, upload
from tests.posts.writing import TOMORROW, draft, one, ordered, published

pytestmark = pytest.mark.django_db


def form_of(answer) -> dict[str, str]:
    """Return what the page would send when nothing is changed."""
    form, rows = answer.context["form"], answer.context["rows"]
    fields = [*form, *(field for row in rows or [] for field in row)]
    sent = {field.html_name: field.value() for field in fields}
    sent |= {"rows-TOTAL_FORMS": str(len(rows or [])), "rows-INITIAL_FORMS": "0"}
    return {name: value for name, value in sent.items() if value not in (None, "", False)}


@pytest.mark.parametrize(
    ("kind", "items"),
    [
        ("bring", [one(text="Een kom"), one(text="Een lepel")]),
        ("outing", [one(text="Naar de molen", starts=time(9), ends=time(12, 30), place="De Hoop")]),
        ("goals", [one(until=TOMORROW.replace(day=30), text="Delen")]),
        ("announcement", [one(text="Soep koken")]),
    ],
)
def test_saving_without_a_change_keeps_every_dated_item(cast: Cast, kind: str, items: list) -> None:
    author = "office" if kind == "announcement" else "teacher"
    post = published(cast, by=author, kind=kind, title="Soep koken", items=items)
    client, where = cast.client(author), reverse("posts:edit", args=[post.public_id])
    columns = ("from_date", "until_date", "starts", "ends", "text", "place")
    before = list(PostItem.objects.filter(post=post).order_by("position").values_list(*columns))
    answer = client.post(where, {**form_of(client.get(where)), "action": "change"})
    assert answer.status_code == 302
    assert list(PostItem.objects.filter(post=post).order_by("position").values_list(*columns)) == before
    assert len(before) == len(items)


def test_taking_a_row_out_takes_that_item_out(cast: Cast) -> None:
    post = published(cast, kind="bring", title="Soep koken", items=[one(text="Een kom"), one(text="Een lepel")])
    client, where = cast.client("teacher"), reverse("posts:edit", args=[post.public_id])
    answer = client.post(where, {**form_of(client.get(where)), "rows-0-text": "", "action": "change"})
    assert answer.status_code == 302
    assert list(PostItem.objects.filter(post=post).values_list("text", "from_date")) == [("Een lepel", TOMORROW)]
    assert TOMORROW > TODAY


def test_a_document_that_is_taken_off_shows_as_changed(cast: Cast, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    post = published(cast)
    file = SimpleUploadedFile("brief.pdf", pdf())
    attached = actions.attach_document(by=cast.viewer("teacher"), post=post, upload=file)
    Post.objects.filter(pk=post.pk).update(changed_at=None)
    actions.detach_document(by=cast.viewer("teacher"), attached=attached)
    post.refresh_from_db()
    assert post.changed_at is not None


def test_a_change_within_the_fifteen_seconds_is_not_called_changed(cast: Cast) -> None:
    pending, readable = ordered(cast), published(cast)
    for post in (pending, readable):
        actions.edit_post(by=cast.viewer("teacher"), post=post, content=Content(title="Naar de zee"))
        post.refresh_from_db()
    assert (pending.title, readable.title) == ("Naar de zee", "Naar de zee")
    assert pending.changed_at is None
    assert readable.changed_at is not None


def with_photo(cast: Cast) -> Post:
    """Return a draft with a photo that stands ready."""
    post = draft(cast, photos_checked=True)
    photo = add_photo(by=cast.viewer("teacher"), school=cast.school, group=cast.five, upload=upload(jpeg()))
    process_photo.call(photo.pk)
    PostPhoto.objects.create(school=cast.school, post=post, photo=photo, position=0)
    return post


def test_an_author_who_teaches_another_group_now_can_still_change_and_withdraw(cast: Cast, settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path
    post = with_photo(cast)
    post = actions.order_post(by=cast.viewer("teacher"), post=post)
    Post.objects.filter(pk=post.pk).update(visible_from=NOW - timedelta(minutes=1))
    PhotoUse.objects.update(shown_from=NOW - timedelta(minutes=1))
    TeamRole.objects.filter(person=cast.people["teacher"]).update(group=cast.six)
    client, where = cast.client("teacher"), reverse("posts:edit", args=[post.public_id])
    answer = client.post(where, {"title": "Naar de zee", "source": "Wat een dag", "action": "change"})
    assert answer.status_code == 302
    post.refresh_from_db()
    assert post.title == "Naar de zee"
    assert PhotoUse.objects.shown_to(cast.viewer("guardian")).count() == 1
    withdrawal = reverse("posts:withdraw", args=[post.public_id])
    assert client.post(withdrawal, {"reason": "Foto van een ander kind"}).status_code == 302
    assert PhotoUse.objects.shown_to(cast.viewer("guardian")).count() == 0


def test_a_stranger_to_the_message_cannot_withdraw_it(cast: Cast) -> None:
    post = published(cast)
    withdrawal = reverse("posts:withdraw", args=[post.public_id])
    assert cast.client("other_teacher").post(withdrawal, {"reason": "Zomaar"}).status_code == 404
    assert cast.client("duo").post(withdrawal, {"reason": "Zomaar"}).status_code == 302
