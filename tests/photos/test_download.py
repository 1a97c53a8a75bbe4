"""Downloads: who gets them, what is in the files, what the agreement allows, and how much in a day."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from PIL import Image

from kring.audit.models import AuditEvent
from kring.photos import handout
from kring.photos.actions import forget_handed_out, keep
from kring.photos.models import HandedOut, Photo, PhotoUse
from tests.agreements.making import publish as publish_agreement
from tests.cast import NOW, ROLES, Cast
from tests.consents.giving import say
from tests.photos.conftest import MakePhoto, Name, Publish
from tests.photos.test_album import LOGIN, OUT, SEES, TABLE, of_child, of_group

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def names_in(response: Any) -> list[str]:
    assert response.status_code == 200, response.status_code
    with zipfile.ZipFile(io.BytesIO(body(response))) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def month_of(client: Client, cast: Cast) -> Any:
    return client.post(of_group(cast, "download"), {"month": "2026-11"})


def downloads() -> list[dict[str, Any]]:
    return [event.details for event in AuditEvent.objects.filter(what="photos.downloaded").order_by("pk")]


def test_a_download_goes_to_whom_the_album_shows_it_and_after_a_withdrawal_to_nobody(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    photo = name(ready(), cast.child)
    publish(photo)
    places = [
        (of_group(cast, "download_one", photo.public_id), 0),
        (of_child(cast, "download_one", photo.public_id), 1),
    ]
    for address, place in places:
        found = {role: cast.client(role).post(address).status_code for role in ROLES}
        assert found == {role: line[place] for role, line in TABLE.items()}
    zips = {role: month_of(cast.client(role), cast) for role in ROLES}
    assert {role for role, answer in zips.items() if answer.status_code == 200} == SEES
    assert all(len(names_in(zips[role])) == 1 for role in SEES)
    say(cast, "guardian", cast.child, False, "app_group")
    for address, _place in places:
        assert {cast.client(role).post(address).status_code for role in ROLES} == {OUT, LOGIN}
    assert {month_of(cast.client(role), cast).status_code for role in ROLES} == {302, OUT}  # back, with a sentence


def test_only_a_form_of_ours_downloads(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    publish(photo)
    address = of_group(cast, "download_one", photo.public_id)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(cast.user("guardian"), "kring.accounts.backends.Backend")
    assert strict.get(address).status_code == 405
    assert strict.post(address).status_code == 403
    assert cast.client("guardian").post(address).status_code == 200


def test_one_photo_is_a_jpeg_without_metadata_called_after_its_day(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    publish(photo)
    answer = cast.client("guardian").post(of_group(cast, "download_one", photo.public_id))
    assert answer["Content-Disposition"] == 'attachment; filename="2026-11-24-01.jpg"'
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(body(answer)))
    assert picture.format == "JPEG"
    assert not picture.getexif()
    assert "icc_profile" not in picture.info
    assert downloads() == [{"count": 1, "zip": False}]


def test_a_zip_holds_the_chosen_photos_under_the_names_they_have_alone(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photos = [ready(name=f"{n}.jpg") for n in range(3)]
    for days, photo in enumerate(photos):
        publish(photo, shown_from=NOW - timedelta(days=days // 2))
    client = cast.client("guardian")
    answer = month_of(client, cast)
    assert answer["Content-Disposition"] == 'attachment; filename="2026-11.zip"'
    assert answer["Cache-Control"] == "no-store"
    assert names_in(answer) == ["2026-11-23-01.jpg", "2026-11-24-01.jpg", "2026-11-24-02.jpg"]
    chosen = {"choose": "1", "month": "2026-11", "photos": [photos[2].public_id]}
    answer = client.post(of_group(cast, "download"), chosen)
    assert names_in(answer) == ["2026-11-23-01.jpg"]
    assert "Joep" not in answer["Content-Disposition"]
    assert downloads() == [{"count": 3, "zip": True}, {"count": 1, "zip": True}]


def test_a_choice_of_what_she_may_not_see_is_a_choice_of_nothing(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    draft, photo = ready(name="a.jpg"), ready(name="b.jpg")
    publish(photo)
    client = cast.client("guardian")
    both = {"choose": "1", "photos": [draft.public_id, photo.public_id, "nonsense"]}
    assert len(names_in(client.post(of_group(cast, "download"), both))) == 1
    answer = client.post(of_group(cast, "download"), {"choose": "1", "photos": [draft.public_id]}, follow=True)
    assert "Kies minstens één foto." in answer.content.decode()
    assert len(downloads()) == 1


def test_a_photo_withdrawn_while_the_zip_goes_out_is_left_out(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    first, second = ready(name="a.jpg"), name(ready(name="b.jpg"), cast.child)
    publish(first, shown_from=NOW - timedelta(days=1))
    publish(second)
    answer = month_of(cast.client("class_parent"), cast)
    parts = iter(answer.streaming_content)
    content = next(parts)
    say(cast, "guardian", cast.child, False, "app_group")
    content += b"".join(parts)
    assert zipfile.ZipFile(io.BytesIO(content)).namelist() == ["2026-11-23-01.jpg"]


def test_without_the_question_at_each_photo_the_withdrawn_one_goes_out(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin of the test above: this is what asking again prevents."""
    say(cast, "guardian", cast.child, True)
    first, second = ready(name="a.jpg"), name(ready(name="b.jpg"), cast.child)
    publish(first, shown_from=NOW - timedelta(days=1))
    publish(second)
    monkeypatch.setattr(handout, "_if_visible", lambda user_id, pk: handout.as_jpeg(Photo.objects.get(pk=pk)))
    parts = iter(month_of(cast.client("class_parent"), cast).streaming_content)
    content = next(parts)
    say(cast, "guardian", cast.child, False, "app_group")
    content += b"".join(parts)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 2


def test_somebody_whose_login_is_switched_off_gets_no_further_photo(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    for days in range(2):
        publish(ready(name=f"{days}.jpg"), shown_from=NOW - timedelta(days=days))
    parts = iter(month_of(cast.client("guardian"), cast).streaming_content)
    content = next(parts)
    user = cast.user("guardian")
    user.is_active = False
    user.save()
    content += b"".join(parts)
    assert len(zipfile.ZipFile(io.BytesIO(content)).namelist()) == 1


def test_a_zip_is_sent_photo_by_photo_and_keeps_none(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    for hours in range(3):
        publish(ready(name=f"{hours}.jpg"), shown_from=NOW - timedelta(hours=hours))
    parts = [len(part) for part in month_of(cast.client("guardian"), cast).streaming_content]
    assert len(parts) == 4  # three photos, and the list at the end
    assert parts[-1] < min(parts[:-1])


def test_the_agreement_decides_what_parents_may_keep_and_the_team_is_not_bound_by_it(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    publish(photo)
    one = of_group(cast, "download_one", photo.public_id)
    publish_agreement(cast, {"photo_download.albums": False})
    assert cast.client("guardian").post(one).status_code == 200
    assert month_of(cast.client("guardian"), cast).status_code == 302
    assert month_of(cast.client("teacher"), cast).status_code == 200
    assert 'name="month"' not in cast.client("guardian").get(of_group(cast)).content.decode()


def test_when_nothing_may_be_downloaded_the_page_says_so(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    publish(photo)
    publish_agreement(cast, {"photo_download.one": False, "photo_download.albums": False})
    client, one = cast.client("guardian"), of_group(cast, "download_one", photo.public_id)
    assert "staan deze download niet toe" in client.post(one, follow=True).content.decode()
    assert "niet downloaden" in client.get(of_group(cast)).content.decode()
    assert downloads() == []
    assert cast.client("teacher").post(one).status_code == 200


def test_downloading_ends_on_the_closing_day(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    publish(photo)
    one = of_group(cast, "download_one", photo.public_id)
    with time_machine.travel("2027-09-30T20:00:00+02:00", tick=False):
        assert cast.client("guardian").post(one).status_code == 200
    with time_machine.travel("2027-10-01T00:10:00+02:00", tick=False):
        assert cast.client("guardian").post(one).status_code == OUT
        assert cast.client("management").post(one).status_code == 200


def test_who_takes_very_many_is_seen_in_the_log_and_then_stopped_until_tomorrow(
    cast: Cast, ready: MakePhoto, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "MANY_A_DAY", 2)
    monkeypatch.setattr(keep, "MOST_A_DAY", 4)
    photo = ready()
    publish(photo)
    client, one = cast.client("guardian"), of_group(cast, "download_one", photo.public_id)
    many = AuditEvent.objects.filter(what="photos.downloaded_many", school_id=cast.school.pk)
    assert [client.post(one).status_code for _n in range(2)] == [200, 200]
    assert not many.exists()
    assert [client.post(one).status_code for _n in range(2)] == [200, 200]
    assert many.count() == 1
    assert "Morgen kunt u verder" in client.post(one, follow=True).content.decode()
    assert cast.client("class_parent").post(one).status_code == 200  # a limit of each person by herself
    with time_machine.travel(NOW + timedelta(hours=25), tick=False):
        assert cast.client("guardian").post(one).status_code == 200


def test_more_than_fits_in_a_zip_is_refused_with_a_sentence(
    cast: Cast, ready: MakePhoto, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keep, "MOST_IN_ZIP", 1)
    for number in range(2):
        publish(ready(name=f"{number}.jpg"))
        PhotoUse.objects.update(hidden_at=None)
    answer = cast.client("guardian").post(of_group(cast, "download"), {"month": "2026-11"}, follow=True)
    assert "meer dan 1 foto" in answer.content.decode()
    assert downloads() == []


def test_what_a_day_counted_is_forgotten_after_some_days(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    photo = ready()
    publish(photo)
    assert cast.client("guardian").post(of_group(cast, "download_one", photo.public_id)).status_code == 200
    forget_handed_out(now=NOW + timedelta(days=2))
    assert HandedOut.objects.get().number == 1
    forget_handed_out(now=NOW + timedelta(days=3))
    assert not HandedOut.objects.exists()
