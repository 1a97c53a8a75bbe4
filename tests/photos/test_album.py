"""Albums: what of a group or a child stands in them, for whom, and that they close when the school year does."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kring.people.actions.audience import make_audience
from kring.people.models import Guardianship
from kring.photos.models import Photo, PhotoUse
from tests import factories as make
from tests.cast import NOW, ROLES, Cast
from tests.consents.giving import say
from tests.photos.conftest import MakePhoto, Name, Publish

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

IN, OUT, LOGIN = 200, 404, 302
#                       group   child   second school's group
TABLE = {
    "signed out":        (LOGIN, LOGIN, LOGIN),
    "guardian":          (IN,    IN,    OUT),
    "other_guardian":    (OUT,   OUT,   OUT),
    "limited":           (OUT,   OUT,   OUT),
    "none":              (OUT,   OUT,   OUT),
    "shielded_guardian": (IN,    OUT,   OUT),
    "former_guardian":   (OUT,   OUT,   OUT),
    "teacher":           (IN,    OUT,   OUT),
    "duo":               (IN,    OUT,   OUT),
    "other_teacher":     (OUT,   OUT,   OUT),
    "ended_substitute":  (OUT,   OUT,   OUT),
    "office":            (IN,    OUT,   OUT),
    "management":        (IN,    OUT,   OUT),
    "care_coordinator":  (OUT,   OUT,   OUT),
    "class_parent":      (IN,    OUT,   OUT),
    "parent_council":    (OUT,   OUT,   OUT),
    "board_admin":       (OUT,   OUT,   OUT),
    "second_guardian":   (OUT,   OUT,   IN),
    "second_teacher":    (OUT,   OUT,   IN),
    "second_office":     (OUT,   OUT,   IN),
    "second_management": (OUT,   OUT,   IN),
}  # fmt: skip
SEES = {role for role, line in TABLE.items() if line[0] == IN}


def of_group(cast: Cast, name: str = "album", *more: str) -> str:
    return reverse(f"photos:group_{name}", args=[cast.school.public_id, cast.five.public_id, *more])


def of_child(cast: Cast, name: str = "album", *more: str) -> str:
    return reverse(f"photos:child_{name}", args=[cast.child.public_id, *more])


def shown(response: Any) -> list[str]:
    """Return the names of the photos that an album shows, in order."""
    return [photo.public_id for _day, rows in response.context["days"] for photo, _address in rows]


def statuses(cast: Cast, address: str) -> dict[str, int]:
    return {role: cast.client(role).get(address).status_code for role in ROLES}


def test_an_album_opens_for_whom_it_may(cast: Cast) -> None:
    second = reverse("photos:group_album", args=[cast.second_school.public_id, cast.second_group.public_id])
    for place, address in enumerate([of_group(cast), of_child(cast), second]):
        assert statuses(cast, address) == {role: line[place] for role, line in TABLE.items()}


def test_a_group_is_not_found_under_another_school(cast: Cast) -> None:
    address = reverse("photos:group_album", args=[cast.second_school.public_id, cast.five.public_id])
    assert cast.client("guardian").get(address).status_code == OUT


def test_one_photo_large_opens_for_who_sees_it_in_the_album_and_not_after_withdrawal(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    photo = name(ready(), cast.child)
    large, of_mine = of_group(cast, "photo", photo.public_id), of_child(cast, "photo", photo.public_id)
    assert set(statuses(cast, large).values()) == {OUT, LOGIN}  # before it was shown to anybody
    publish(photo)
    assert statuses(cast, large) == {role: line[0] for role, line in TABLE.items()}
    assert statuses(cast, of_mine) == {role: line[1] for role, line in TABLE.items()}
    say(cast, "guardian", cast.child, False, "app_group")
    for address in (large, of_mine):
        assert set(statuses(cast, address).values()) == {OUT, LOGIN}
    say(cast, "guardian", cast.child, True, "app_group")
    assert statuses(cast, large) == {role: line[0] for role, line in TABLE.items()}


def test_an_album_holds_what_its_reader_may_see_and_nothing_else(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    everybody, mine, withdrawn, alone, later = (ready(name=f"{n}.jpg") for n in range(5))
    name(mine, cast.child)
    name(withdrawn, cast.child)
    name(alone, cast.child)
    name(everybody)
    publish(everybody)
    publish(mine)
    publish(alone, only_for=cast.child)
    publish(later, shown_from=NOW + timedelta(days=1))
    hidden = publish(withdrawn)
    PhotoUse.objects.filter(pk=hidden.pk).update(hidden_at=NOW)
    for role in SEES:
        found = shown(cast.client(role).get(of_group(cast)))
        assert sorted(found) == sorted([everybody.public_id, mine.public_id]), role
    assert sorted(shown(cast.client("guardian").get(of_child(cast)))) == sorted([mine.public_id, alone.public_id])


def test_withdrawn_consent_takes_a_photo_out_of_the_album_at_once(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    publish(name(ready(), cast.child))
    client, own = cast.client("class_parent"), cast.client("guardian")
    assert len(shown(client.get(of_group(cast)))) == len(shown(own.get(of_child(cast)))) == 1
    say(cast, "guardian", cast.child, False, "app_group")
    assert shown(client.get(of_group(cast))) == shown(own.get(of_child(cast))) == []


def test_photos_stand_by_month_and_by_day_the_newest_first(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    days = [NOW, NOW - timedelta(days=3), NOW - timedelta(days=40)]
    photos = [ready(name=f"{n}.jpg") for n in range(3)]
    for photo, day in zip(photos, days, strict=True):
        publish(photo, shown_from=day)
    client = cast.client("guardian")
    november = client.get(of_group(cast))
    assert november.context["months"] == [date(2026, 10, 1), date(2026, 11, 1)]
    assert shown(november) == [photos[0].public_id, photos[1].public_id]
    assert shown(client.get(of_group(cast) + "?month=2026-10")) == [photos[2].public_id]
    for nonsense in ("2026-12", "x", "../", "2026-13"):
        assert shown(client.get(of_group(cast), {"month": nonsense})) == shown(november)


def test_a_message_keeps_the_order_of_its_photos_and_one_shown_twice_stands_once(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    first, second = ready(name="a.jpg"), ready(name="b.jpg")
    publish(first, shown_from=NOW - timedelta(days=2))
    publish(second, shown_from=NOW - timedelta(hours=1))
    publish(first)
    album = cast.client("guardian").get(of_group(cast))
    assert shown(album) == [second.public_id, first.public_id]
    assert album.context["number"] == 2


def test_the_day_is_that_of_the_school(cast: Cast, ready: MakePhoto, publish: Publish) -> None:
    """Half past midnight in Amsterdam on the first is still the evening before in UTC."""
    publish(ready(), shown_from=datetime.fromisoformat("2026-11-01T00:30:00+01:00"))
    response = cast.client("guardian").get(of_group(cast))
    assert [day for day, _rows in response.context["days"]] == [date(2026, 11, 1)]


def test_one_photo_leads_to_the_one_before_and_after_it_by_plain_links(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photos = [ready(name=f"{n}.jpg") for n in range(3)]
    for hours, photo in enumerate(photos):
        publish(photo, shown_from=NOW - timedelta(hours=hours + 1))
    middle = cast.client("guardian").get(of_group(cast, "photo", photos[1].public_id)).content.decode()
    assert f'href="{of_group(cast, "photo", photos[0].public_id)}" rel="prev"' in middle
    assert f'href="{of_group(cast, "photo", photos[2].public_id)}" rel="next"' in middle
    assert "2 van 3" in middle
    assert "Wie ziet dit?" in middle
    first = cast.client("guardian").get(of_group(cast, "photo", photos[0].public_id)).content.decode()
    assert 'rel="prev"' not in first


def test_an_album_closes_for_parents_on_the_closing_day_and_not_before(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    """S4: last year's albums close on 1 October. The child moved up; management still finds it."""
    photo = ready()
    publish(photo)
    next_year = make.SchoolYearFactory(
        school=cast.school, name="2027-2028", starts_on=date(2027, 8, 1), ends_on=date(2028, 7, 31)
    )
    cast.child.enrolments.update(ends_on=date(2027, 7, 31))
    make.EnrolmentFactory(
        child=cast.child,
        group=make.GroupFactory(school_year=next_year, name="Groep 6", year_levels=[6]),
        starts_on=date(2027, 8, 1),
    )
    addresses = [of_group(cast), of_group(cast, "photo", photo.public_id)]
    with time_machine.travel("2027-09-30T20:00:00+02:00", tick=False):
        assert [cast.client("guardian").get(address).status_code for address in addresses] == [IN, IN]
    with time_machine.travel("2027-10-01T00:10:00+02:00", tick=False):
        assert [cast.client("guardian").get(address).status_code for address in addresses] == [OUT, OUT]
        assert shown(cast.client("guardian").get(of_child(cast))) == []
        assert [cast.client("management").get(address).status_code for address in addresses] == [IN, IN]


def test_a_guardianship_that_ends_closes_the_album_at_the_next_request(cast: Cast) -> None:
    client = cast.client("guardian")
    assert client.get(of_child(cast)).status_code == IN
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(ends_on=date(2026, 11, 23))
    assert client.get(of_child(cast)).status_code == OUT


def test_an_empty_album_says_what_will_come(cast: Cast) -> None:
    assert "Nog geen foto" in cast.client("guardian").get(of_group(cast)).content.decode()
    assert "Joep" in cast.client("guardian").get(of_child(cast)).content.decode()


def test_the_list_names_the_albums_of_its_reader(cast: Cast) -> None:
    def listed(role: str) -> set[str]:
        text = cast.client(role).get(reverse("photos:albums")).content.decode()
        known = {"five": of_group(cast), "child": of_child(cast)}
        known["six"] = reverse("photos:group_album", args=[cast.school.public_id, cast.six.public_id])
        return {name for name, address in known.items() if f'href="{address}"' in text}

    assert listed("guardian") == {"five", "child"}
    assert listed("teacher") == {"five"}
    assert listed("management") == {"five", "six"}
    assert listed("limited") == listed("second_guardian") == set()


def five_hundred(cast: Cast, photo: Photo) -> None:
    """Fill the album with rows of photos, forty a month; the files are never opened by a page."""
    photos = Photo.objects.bulk_create(
        Photo(
            school=cast.school,
            group=cast.five,
            added_at=NOW,
            touched_at=NOW,
            state="ready",
            width=photo.width,
            height=photo.height,
            key=f"{n:032x}",
            content_hash=f"{n:064x}",
        )
        for n in range(500)
    )
    audience = make_audience(school=cast.school, groups=[cast.five])
    PhotoUse.objects.bulk_create(
        PhotoUse(
            school=cast.school,
            photo=one,
            audience=audience,
            within=audience,
            purpose="app_group",
            position=n,
            shown_from=NOW - timedelta(hours=4 * n),
        )
        for n, one in enumerate(photos)
    )


def test_an_album_costs_as_many_questions_with_one_photo_as_with_five_hundred(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    publish(photo)
    client = cast.client("guardian")
    large = of_group(cast, "photo", photo.public_id)

    def queries(address: str) -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == IN
        return len(found)

    few = [queries(address) for address in (of_group(cast), of_child(cast), large)]
    five_hundred(cast, photo)
    many = [queries(address) for address in (of_group(cast), of_child(cast), large)]
    assert many == few == [9, 9, 13]
    response = client.get(of_group(cast))
    assert len(shown(response)) == 60
    assert response.context["number"] > 60
