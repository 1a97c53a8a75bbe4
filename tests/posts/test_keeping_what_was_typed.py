"""A button that is about one part of the form keeps all the rest of what was typed."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kring.photos.models import Photo
from kring.posts import actions
from kring.posts.models import Post, PostDocument
from tests.cast import Cast
from tests.files.papers import pdf
from tests.photos.pictures import jpeg, upload
from tests.posts.test_editing import form_of
from tests.posts.writing import draft, one, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


def with_document(cast: Cast, post: Post) -> PostDocument:
    file = SimpleUploadedFile("brief.pdf", pdf())
    return actions.attach_document(by=cast.viewer("teacher"), post=post, upload=file)


def test_taking_a_document_off_a_draft_keeps_what_was_typed(cast: Cast) -> None:
    post = draft(cast, title="Naar het bos")
    attached, where = with_document(cast, post), reverse("posts:compose", args=[post.public_id])
    page = cast.client("teacher").get(where).content.decode()
    assert f'value="detach:{attached.public_id}"' in page
    sent = {"title": "Naar de zee", "source": "Net getypt", "audience": f"group:{cast.five.public_id}"}
    answer = cast.client("teacher").post(where, {**sent, "action": f"detach:{attached.public_id}"})
    assert answer.status_code == 200
    post.refresh_from_db()
    assert (post.title, post.source) == ("Naar de zee", "Net getypt")
    assert not post.documents.exists()


def test_a_document_of_another_message_stays(cast: Cast) -> None:
    post, other = draft(cast), draft(cast, title="Iets anders")
    attached, where = with_document(cast, other), reverse("posts:compose", args=[post.public_id])
    answer = cast.client("teacher").post(where, {"title": "Bos", "action": f"detach:{attached.public_id}"})
    assert answer.status_code == 404
    assert other.documents.exists()


def test_choosing_another_kind_keeps_what_was_typed(cast: Cast) -> None:
    post = draft(cast)
    where = reverse("posts:compose", args=[post.public_id])
    answer = cast.client("teacher").post(where, {"title": "Naar de zee", "source": "Net getypt", "action": "kind"})
    assert answer.url == reverse("posts:change_kind", args=[post.public_id])
    post.refresh_from_db()
    assert (post.title, post.source) == ("Naar de zee", "Net getypt")


def test_a_button_about_one_part_does_not_change_what_families_read(cast: Cast) -> None:
    post = published(cast, title="Naar het bos")
    attached = with_document(cast, post)
    client, where = cast.client("teacher"), reverse("posts:edit", args=[post.public_id])
    sent = {**form_of(client.get(where)), "title": "Naar de zee"}
    for button in ({"action": f"detach:{attached.public_id}"}, {"photo_add": "1"}):
        answer = client.post(where, {**sent, **button})
        assert answer.status_code == 200
        assert 'value="Naar de zee"' in answer.content.decode()
        post.refresh_from_db()
        assert post.title == "Naar het bos"
    assert not post.documents.exists()
    assert client.post(where, {**sent, "action": "change"}).status_code == 302
    post.refresh_from_db()
    assert post.title == "Naar de zee"


def test_photos_chosen_beside_a_mistake_are_still_there(cast: Cast) -> None:
    post = published(cast, kind="outing", title="Naar de molen", items=[one(place="De Hoop")])
    client, where = cast.client("teacher"), reverse("posts:edit", args=[post.public_id])
    sent = {**form_of(client.get(where)), "has_picker": cast.five.public_id, "action": "change"}
    wrong = {"rows-0-from_date": "geen dag", "photo_files": upload(jpeg())}
    answer = client.post(where, {**sent, **wrong})
    assert answer.status_code == 422
    assert f'name="photos" value="{Photo.objects.get().public_id}"' in answer.content.decode()
    assert not post.photos.exists()
