"""Photos by parents in a group conversation (P3): refused with the reason, or shared as pixels and nothing else."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image

from kring.conversations import actions
from kring.conversations.models import Conversation, MessageDocument
from kring.core.access import Refused
from kring.files.models import Document
from tests.agreements.making import publish
from tests.cast import ROLES, Cast
from tests.conversations.circling import opened, reported, write
from tests.conversations.talking import say, to_team
from tests.files import papers
from tests.photos import pictures

pytestmark = pytest.mark.django_db
FAMILIES = {"guardian", "class_parent", "shielded_guardian"}
TEAM = {"teacher", "duo"}


def page_of(conversation: Conversation) -> str:
    return reverse("conversations:talk", args=[conversation.public_id])


def photo(name: str = "IMG_Joep.jpg") -> Any:
    return pictures.upload(pictures.telltale_jpeg(), name=name)


@pytest.fixture
def allowed(cast: Cast) -> Cast:
    publish(cast, {"parent_photos.allowed": True})
    return cast


def test_off_the_box_says_why_before_anything_is_chosen_and_a_photo_is_refused(cast: Cast) -> None:
    conversation, client = opened(cast), cast.client("guardian")
    page = client.get(page_of(conversation)).content.decode()
    assert "Ouders delen hier geen foto" in page
    assert "#p3" in page
    assert 'type="file"' not in page
    answer = client.post(page_of(conversation), {"text": "Kijk", "document": photo()})
    assert answer.status_code == 422
    assert "#p3" in answer.content.decode()
    assert not Document.objects.exists()
    assert 'type="file"' in cast.client("teacher").get(page_of(conversation)).content.decode(), "the team may"


def test_on_a_photo_is_shared_with_nothing_left_of_where_and_by_whom_it_was_taken(allowed: Cast) -> None:
    conversation, client = opened(allowed), allowed.client("guardian")
    page = client.get(page_of(conversation)).content.decode()
    assert 'type="file" name="document" accept="image/*"' in page
    assert client.post(page_of(conversation), {"text": "", "document": photo()}).status_code == 302
    kept = Document.objects.get()
    assert (kept.name, kept.media_type) == ("foto 1.webp", "image/webp")
    content = default_storage.open(kept.storage_name).read()
    picture = Image.open(io.BytesIO(content))
    assert picture.format == "WEBP"
    assert not picture.getexif()
    assert set(picture.info) <= {"loop", "background", "timestamp", "duration"}
    assert b"Exif" not in content
    assert b"kanarie" not in content.lower()
    row = MessageDocument.objects.get()
    address = reverse("conversations:document", args=[row.public_id])
    assert f'<img src="{address}"' in client.get(page_of(conversation)).content.decode()
    for role in ROLES:
        answer = allowed.client(role).get(address)
        assert (answer.status_code == 200) == (role in FAMILIES | TEAM), role
        if answer.status_code == 200:
            assert b"".join(answer.streaming_content) == content  # type: ignore[attr-defined]
            assert answer["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "upload",
    [papers.pdf(), pictures.jpeg()[:200], b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", b"GIF89a" + b"\0" * 40],
    ids=["pdf", "half a jpeg", "svg", "gif"],
)
def test_on_what_is_no_photo_of_ours_is_refused_with_the_text_still_there(allowed: Cast, upload: bytes) -> None:
    conversation = opened(allowed)
    file = pictures.upload(upload, name="foto.jpg")
    answer = allowed.client("guardian").post(page_of(conversation), {"text": "Kijk eens", "document": file})
    assert answer.status_code == 422
    assert "Kijk eens" in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert not Document.objects.exists()
    assert conversation.messages.count() == 1


def test_when_one_of_two_is_no_photo_nothing_is_kept(allowed: Cast) -> None:
    conversation = opened(allowed)
    with pytest.raises(Refused):
        say(allowed, conversation, by="guardian", uploads=[photo(), pictures.upload(pictures.jpeg()[:200])])
    assert not Document.objects.exists()


def test_on_it_is_for_group_conversations_only(allowed: Cast) -> None:
    for conversation in (to_team(allowed).conversation, write(allowed).conversation):
        with pytest.raises(Refused) as refused:
            say(allowed, conversation, by="guardian", uploads=[photo()])
        assert refused.value.clause == "P3"


def test_a_photo_goes_with_its_message_and_when_management_takes_that_away(allowed: Cast) -> None:
    conversation = opened(allowed)
    first, second = (say(allowed, conversation, by="class_parent", uploads=[photo()]) for _ in range(2))
    actions.delete_message(by=allowed.viewer("class_parent"), message=first)
    assert Document.objects.count() == 1
    address = reverse("conversations:document", args=[MessageDocument.objects.get().public_id])
    report = reported(allowed, second)
    manager = allowed.client("management")
    assert manager.get(address).status_code == 404, "no reason was given yet"
    actions.read_reported(by=allowed.viewer("management"), report=report, reason="Een ouder vroeg erom")
    assert manager.get(address).status_code == 200
    page = reverse("conversations:report", args=[allowed.school.public_id, report.public_id])
    assert address in manager.get(page).content.decode()
    for role in ("office", "board_admin", "second_management"):
        assert allowed.client(role).get(address).status_code == 404
    actions.take_away_reported(by=allowed.viewer("management"), report=report, message=second)
    assert not Document.objects.exists()
    assert allowed.client("guardian").get(address).status_code == 404
