"""Groups and layers that were made by mistake go away; those that somebody needs stay."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.core.access import NotAllowed, Refused
from kring.people import actions
from kring.people.actions import make_audience
from kring.school.models import Group, Layer
from tests import factories as make
from tests.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def spare(cast: Cast) -> Group:
    return make.GroupFactory(school_year=cast.year, name="Groep 9", year_levels=[8])


def test_an_empty_group_is_removed_on_its_page(cast: Cast, spare: Group) -> None:
    client, school = cast.client("office"), cast.school.public_id
    where = reverse("people:remove_group", args=[school, spare.public_id])
    assert where in client.get(reverse("people:group", args=[school, spare.public_id])).content.decode()
    client.post(where)
    assert not Group.objects.filter(pk=spare.pk).exists()


@pytest.mark.parametrize("by", ["children", "a teacher", "a message"])
def test_a_group_that_was_used_stays(cast: Cast, spare: Group, by: str) -> None:
    if by == "children":
        make.EnrolmentFactory(child=make.ChildFactory(school=cast.school), group=spare, year_level=8)
    elif by == "a teacher":
        make.TeamRoleFactory(person=make.PersonFactory(school=cast.school), kind="teacher", group=spare)
    else:
        make_audience(school=cast.school, groups=[spare])
    with pytest.raises(Refused):
        actions.remove_group(by=cast.viewer("office"), group=spare)
    assert Group.objects.filter(pk=spare.pk).exists()


def test_a_layer_is_removed_unless_something_was_written_to_it(cast: Cast) -> None:
    make_audience(school=cast.school, layers=[cast.upper])
    client, school = cast.client("office"), cast.school.public_id
    for layer in (cast.lower, cast.upper):
        client.post(reverse("people:remove_layer", args=[school, layer.public_id]))
    assert list(Layer.objects.filter(school=cast.school)) == [cast.upper]


def test_only_office_and_management_remove_them(cast: Cast, spare: Group) -> None:
    for remove in (
        lambda by: actions.remove_group(by=by, group=spare),
        lambda by: actions.remove_layer(by=by, layer=cast.lower),
    ):
        with pytest.raises(NotAllowed):
            remove(cast.viewer("teacher"))
        remove(cast.viewer("management"))
    assert not Layer.objects.filter(pk=cast.lower.pk).exists()
