"""The team's page of what consent keeps back, and where it has to be taken down outside Kring."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.people.actions.audience import make_audience
from kring.people.actions.guardianships import change_guardianship
from kring.people.models import Guardianship
from kring.photos.actions import mark_used_elsewhere
from kring.photos.kept_back import kept_back_in
from kring.photos.models import Photo, UsedElsewhere
from tests.cast import Cast, answers, expected
from tests.consents.giving import say, second_parent
from tests.photos.conftest import MakePhoto, Name, Publish

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def address(cast: Cast) -> str:
    return reverse("photos:hidden", args=[cast.school.public_id, cast.five.public_id])


def body(cast: Cast, role: str = "teacher") -> str:
    return cast.client(role).get(address(cast)).content.decode()


def test_only_the_groups_team_and_the_office_open_it(cast: Cast) -> None:
    # Who may know the group but does not work with it hears that this is not hers.
    refused = {"guardian", "limited", "shielded_guardian", "class_parent", "other_teacher", "care_coordinator"}
    assert answers(cast, address(cast)) == expected(404, _200={"teacher", "duo", "office", "management"}, _403=refused)


def test_without_anything_hidden_it_says_so(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    publish(name(ready()))
    assert "Geen foto mist toestemming." in body(cast)


def test_a_withdrawal_puts_the_photo_on_it_with_the_name_for_who_may_read_it(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    photo, other = name(ready(), cast.child), name(ready())
    publish(photo)
    publish(other)
    assert photo.public_id not in body(cast)
    say(cast, "guardian", cast.child, False)
    told = body(cast)
    assert "Joep mag niet aan de groep worden getoond." in told
    assert photo.public_id in told
    assert other.public_id not in told
    told = body(cast, "office")
    assert "Iemand op deze foto mag niet aan de groep worden getoond." in told
    assert "Joep" not in told
    assert "staat er voor jou niet bij" in told
    say(cast, "guardian", cast.child, True)
    assert photo.public_id not in body(cast)


def test_what_stands_elsewhere_comes_first_and_can_be_noted_as_taken_down(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    photo, newer = name(ready(), cast.child), name(ready(), cast.child)
    publish(newer)
    for code in ("website", "newsletter"):
        mark_used_elsewhere(by=cast.viewer("teacher"), photo=photo, code=code)
    say(cast, "guardian", cast.child, False, "website", "app_group")
    kept = kept_back_in(cast.viewer("teacher"), cast.five)
    assert [one.photo for one in kept] == [photo, newer]
    assert [(place.code, place.why) for place in kept[0].places] == [
        ("website", "Joep mag daar niet te zien zijn."),
        ("newsletter", ""),
    ]
    assert kept[0].sentences == ()
    told = body(cast)
    assert "Deze foto mag niet meer buiten Kring worden gebruikt." in told
    assert "Haal de foto daar weg." in told
    client = cast.client("duo")
    sent = {"code": "website", "next": address(cast)}
    answer = client.post(reverse("photos:taken_down", args=[photo.public_id]), sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, address(cast))
    assert UsedElsewhere.objects.get(code="website").taken_down_by == cast.people["duo"]
    assert [one.photo for one in kept_back_in(cast.viewer("teacher"), cast.five)] == [newer]


def test_a_photo_that_stays_in_the_group_says_only_what_is_hidden(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    photo = name(ready(), cast.child)
    publish(photo)
    publish(photo, audience=make_audience(school=cast.school, whole_school=True))
    say(cast, "guardian", cast.child, False, "app_school")
    (kept,) = kept_back_in(cast.viewer("teacher"), cast.five)
    assert kept.sentences == ("Joep mag niet buiten de eigen groep worden getoond.",)


def test_somebody_recognised_afterwards_in_what_was_for_one_child(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready(), cast.child)
    publish(photo, only_for=cast.child)
    name(photo, cast.child, cast.shielded)
    (kept,) = kept_back_in(cast.viewer("office"), cast.five)
    assert kept.sentences == ("Deze foto was voor de ouders van één kind, maar er staat nog een kind op.",)


def test_using_it_elsewhere_says_why_not(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo, client = name(ready(), cast.child), cast.client("teacher")
    sent = {"code": "website", "next": address(cast)}
    where = reverse("photos:used_elsewhere", args=[photo.public_id])
    answer = client.post(where, sent, follow=True)
    assert "daar mag 1 kind niet op te zien zijn" in answer.content.decode()
    say(cast, "guardian", cast.child, True)
    client.post(where, sent)
    assert UsedElsewhere.objects.get().code == "website"


def test_many_photos_cost_as_many_queries_as_one(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish, django_assert_max_num_queries: object
) -> None:
    say(cast, "guardian", cast.child, True)
    photos = [name(ready(), cast.child) for _n in range(3)]
    for photo in photos:
        publish(photo)
        mark_used_elsewhere(by=cast.viewer("teacher"), photo=photo, code="website")
    say(cast, "guardian", cast.child, False)
    viewer = cast.viewer("teacher")
    list(Photo.objects.visible_to(viewer))
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        assert len(kept_back_in(viewer, cast.five)) == 3


def test_a_yes_of_somebody_who_lost_authority_is_told_as_such(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True)
    publish(name(ready(), cast.child))
    assert kept_back_in(cast.viewer("teacher"), cast.five) == []
    guardianship = Guardianship.objects.get(child=cast.child, person=cast.people["guardian"])
    facts = {"relation": guardianship.relation, "level": guardianship.level, "ground": ""}
    change_guardianship(by=cast.viewer("office"), guardianship=guardianship, authority="no", **facts)
    over = "Het ja voor Joep geldt niet meer: van wie gezag heeft, heeft nog niemand geantwoord."
    (kept,) = kept_back_in(cast.viewer("teacher"), cast.five)
    assert kept.sentences == (f"Joep mag niet aan de groep worden getoond. {over}",)
    assert over in body(cast)
    assert over not in body(cast, "office")  # who may not read the consents is not told why
    second_parent(cast, cast.child)
    say(cast, "second_parent", cast.child, False)
    (kept,) = kept_back_in(cast.viewer("teacher"), cast.five)
    assert kept.sentences == ("Joep mag niet aan de groep worden getoond.",)
