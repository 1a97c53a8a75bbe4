"""Every rendition address for every role: before and after a withdrawal, removal from the group, and signing out."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from kring.people.actions.audience import make_audience
from kring.people.models import Enrolment, Guardianship
from kring.photos import rules
from kring.photos.models import Photo
from tests.cast import ROLES, Cast
from tests.consents.giving import say
from tests.photos import pictures
from tests.photos.conftest import MakePhoto, Name, Publish

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

IN, OUT, LOGIN = 200, 404, 302
#                       group  no consent  school  no consent  one child  after removal
TABLE = {
    "signed out":        (LOGIN, LOGIN,     LOGIN,  LOGIN,      LOGIN,     LOGIN),
    "guardian":          (IN,    OUT,       IN,     OUT,        IN,        OUT),
    "other_guardian":    (OUT,   OUT,       IN,     OUT,        OUT,       OUT),
    "limited":           (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "none":              (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "shielded_guardian": (IN,    OUT,       IN,     OUT,        OUT,       IN),
    "former_guardian":   (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "teacher":           (IN,    IN,        IN,     IN,         IN,        IN),
    "duo":               (IN,    IN,        IN,     IN,         IN,        IN),
    "other_teacher":     (OUT,   OUT,       IN,     OUT,        OUT,       OUT),
    "ended_substitute":  (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "office":            (IN,    IN,        IN,     IN,         IN,        IN),
    "management":        (IN,    IN,        IN,     IN,         IN,        IN),
    "care_coordinator":  (OUT,   OUT,       IN,     OUT,        OUT,       OUT),
    "class_parent":      (IN,    OUT,       IN,     OUT,        OUT,       IN),
    "parent_council":    (OUT,   OUT,       IN,     OUT,        OUT,       OUT),
    "board_admin":       (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "second_guardian":   (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "second_teacher":    (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "second_office":     (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
    "second_management": (OUT,   OUT,       OUT,    OUT,        OUT,       OUT),
}  # fmt: skip


def test_the_table_names_every_role() -> None:
    assert set(TABLE) == set(ROLES)


def addresses_of(photo: Photo) -> list[str]:
    return [reverse("photos:rendition", args=[photo.public_id, size]) for size in rules.SIZES]


def found(cast: Cast, photo: Photo) -> dict[str, set[int]]:
    """Return what each role is answered at all addresses of the photo, by GET and by HEAD."""
    statuses: dict[str, set[int]] = {}
    for role in ROLES:
        client = cast.client(role)
        addresses = addresses_of(photo)
        statuses[role] = {client.get(a).status_code for a in addresses} | {
            client.head(a).status_code for a in addresses
        }
    return statuses


def column(number: int) -> dict[str, set[int]]:
    return {role: {line[number]} for role, line in TABLE.items()}


@pytest.fixture
def large(ready: MakePhoto) -> Photo:
    """Return a photo large enough for every rendition to be another file."""
    return ready(pictures.jpeg(1700, 1200))


def test_a_photo_for_the_group_before_and_after_a_withdrawal(
    cast: Cast, large: Photo, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    publish(name(large, cast.child), checked=False)
    assert found(cast, large) == column(0)
    say(cast, "guardian", cast.child, False, "app_group")
    assert found(cast, large) == column(1)


def test_a_photo_for_the_school_before_and_after_a_withdrawal(
    cast: Cast, large: Photo, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_school")
    publish(name(large, cast.child), audience=make_audience(school=cast.school, whole_school=True))
    assert found(cast, large) == column(2)
    say(cast, "guardian", cast.child, False, "app_school")
    assert found(cast, large) == column(3)


def test_a_photo_for_one_childs_guardians(cast: Cast, large: Photo, name: Name, publish: Publish) -> None:
    publish(name(large, cast.child), only_for=cast.child)
    assert found(cast, large) == column(4)


def test_after_the_child_was_taken_out_of_the_group(cast: Cast, large: Photo, name: Name, publish: Publish) -> None:
    publish(name(large))
    assert found(cast, large) == column(0)
    # It sat there for a day long before the photo; its guardian has another child at the school.
    Enrolment.objects.filter(child=cast.child).update(ends_on=date(2026, 9, 1))
    assert found(cast, large) == column(5)


def test_after_signing_out_the_same_browser_gets_nothing(
    cast: Cast, large: Photo, name: Name, publish: Publish
) -> None:
    publish(name(large))
    client = cast.client("guardian")
    tags = {address: client.get(address).headers["ETag"] for address in addresses_of(large)}
    client.post(reverse("account_logout"))
    for address, tag in tags.items():
        assert client.get(address, headers={"if-none-match": tag}).status_code == 302
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize("purpose", ["app_group", "app_school"])
def test_a_withdrawal_hides_within_one_request_also_from_a_browser_that_has_the_picture(
    cast: Cast, large: Photo, name: Name, publish: Publish, purpose: str
) -> None:
    say(cast, "guardian", cast.child, True, purpose)
    wide = purpose == "app_school"
    audience = make_audience(school=cast.school, groups=[] if wide else [cast.five], whole_school=wide)
    publish(name(large, cast.child), audience=audience)
    client = cast.client("class_parent")
    tags = {address: client.get(address).headers["ETag"] for address in addresses_of(large)}
    assert len(set(tags.values())) == len(rules.SIZES)
    for address, tag in tags.items():
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304
    say(cast, "guardian", cast.child, False, purpose)
    for address, tag in tags.items():
        answer = client.get(address, headers={"if-none-match": tag})
        assert answer.status_code == 404
        assert "ETag" not in answer.headers
    # The twin: the team keeps it, with the same tag.
    team = cast.client("teacher")
    for address, tag in tags.items():
        assert team.get(address, headers={"if-none-match": tag}).status_code == 304


def test_hidden_by_consent_looks_like_not_there(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    say(cast, "guardian", cast.child, True)
    photo = name(ready(), cast.child)
    publish(photo)
    say(cast, "guardian", cast.child, False)
    client = cast.client("class_parent")
    bodies = {
        client.get(reverse("photos:rendition", args=[key, 400])).content.replace(key.encode(), b"")
        for key in (photo.public_id, "A" * 16)
    }
    assert len(bodies) == 1


def test_what_ends_authority_or_the_guardianship_counts_at_the_next_request(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    photo = name(ready(), cast.child)
    publish(photo)
    client, address = cast.client("class_parent"), addresses_of(photo)[0]
    tie = Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child)
    for change, back in (
        ({"authority": "unknown"}, {"authority": "yes"}),
        ({"ends_on": date(2026, 11, 23)}, {"ends_on": None}),
    ):
        assert client.get(address).status_code == 200
        tie.update(**change)
        assert client.get(address).status_code == 404
        tie.update(**back)
    assert client.get(address).status_code == 200


def test_another_school_cannot_be_reached_by_naming_or_by_consent(cast: Cast, ready: MakePhoto, name: Name) -> None:
    say(cast, "second_guardian", cast.second_child, True)
    photo = name(ready())
    assert found(cast, photo)["second_guardian"] == {404}
