"""Who can see this photo: whose parents, how many families, and the team; and nothing from which more follows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kring.people.actions.audience import make_audience
from kring.people.models import Child, Guardianship
from kring.photos.models import Photo
from kring.photos.seen_by import seen_by
from tests import factories as make
from tests.cast import NOW, Cast
from tests.consents.giving import say
from tests.photos.conftest import MakePhoto, Name, Publish

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def families(cast: Cast, number: int) -> list[Child]:
    children = [make.ChildFactory(school=cast.school) for _n in range(number)]
    for child in children:
        make.EnrolmentFactory(child=child, group=cast.five)
        make.GuardianshipFactory(child=child, person=make.PersonFactory(school=cast.school, user=None))
    return children


def told(cast: Cast, role: str, photo: Photo) -> str:
    return seen_by(cast.viewer(role), photo)


def test_the_team_hears_the_number_and_parents_about_the_number(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    families(cast, 20)
    photo = name(ready())
    publish(photo)
    assert told(cast, "teacher", photo) == "Ouders van Groep 5 (23 gezinnen) en het team."
    assert told(cast, "guardian", photo) == "Ouders van Groep 5 (ongeveer 20 gezinnen) en het team."
    publish(photo, audience=make_audience(school=cast.school, groups=[cast.five, cast.six]), by="office")
    assert told(cast, "teacher", photo) == "Ouders van Groep 5 en Groep 6 (25 gezinnen) en het team."
    publish(photo, audience=make_audience(school=cast.school, whole_school=True))
    assert told(cast, "teacher", photo) == "Alle ouders van De Beuk (26 gezinnen) en het team."
    assert told(cast, "other_guardian", photo) == "Alle ouders van De Beuk (ongeveer 25 gezinnen) en het team."


@pytest.mark.parametrize("shielded", [0, 1, 2, 3])
def test_what_parents_hear_follows_from_the_children_whom_a_list_would_show(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish, shielded: int
) -> None:
    """The same for all parents, and nothing in it changes with how many shielded children there are besides."""
    families(cast, 18)
    for child in families(cast, shielded):
        Child.objects.filter(pk=child.pk).update(shielded=True)
    photo = name(ready())
    publish(photo)
    for role in ("guardian", "class_parent", "shielded_guardian"):
        assert told(cast, role, photo) == "Ouders van Groep 5 (ongeveer 20 gezinnen) en het team."
    assert told(cast, "teacher", photo) == f"Ouders van Groep 5 ({21 + shielded} gezinnen) en het team."


def test_of_a_handful_of_families_no_number_is_told(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    photo = name(ready())
    publish(photo)
    assert told(cast, "guardian", photo) == "Ouders van Groep 5 (enkele gezinnen) en het team."


def test_a_child_of_whom_nobody_may_see_photos_is_no_family_that_sees_it(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready())
    publish(photo)
    assert "(3 gezinnen)" in told(cast, "teacher", photo)
    Guardianship.objects.filter(person=cast.people["class_parent"]).update(level="limited")
    assert "(2 gezinnen)" in told(cast, "teacher", photo)


def test_what_is_for_one_child_names_it(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    photo = name(ready(), cast.child)
    publish(photo, only_for=cast.child)
    for role in ("guardian", "teacher"):
        assert told(cast, role, photo) == "Alleen de ouders van Joep en het team."


def test_before_it_goes_out_and_when_consent_keeps_it_back_it_is_the_team_alone(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = ready()
    assert told(cast, "teacher", photo) == "Alleen het team."
    say(cast, "guardian", cast.child, True, "app_group", "app_school")
    name(photo, cast.child)
    use = publish(photo, shown_from=NOW + timedelta(hours=1))
    assert told(cast, "teacher", photo) == "Alleen het team, tot het bericht uitgaat."
    use.shown_from = NOW
    use.save()
    assert told(cast, "teacher", photo).startswith("Ouders van Groep 5")
    say(cast, "guardian", cast.child, False, "app_group")
    assert told(cast, "teacher", photo) == "Alleen het team: iemand erop mag niet worden getoond."


def test_a_reader_hears_by_which_way_she_sees_it_and_of_no_other(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready())
    publish(photo)
    publish(photo, audience=make_audience(school=cast.school, groups=[cast.five, cast.six]), by="office")
    say_six = told(cast, "other_guardian", photo)
    assert say_six.startswith("Ouders van Groep 5 en Groep 6")


def test_it_costs_few_queries(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish, django_assert_max_num_queries: object
) -> None:
    photo = name(ready())
    publish(photo)
    for role in ("teacher", "guardian"):
        viewer = cast.viewer(role)
        list(Photo.objects.visible_to(viewer))
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            seen_by(viewer, photo)
