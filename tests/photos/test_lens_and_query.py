"""What the lens says when a photo is placed and what the query shows after that are the same, whatever was answered."""

from __future__ import annotations

from itertools import product

import pytest

from kring.people.actions.audience import make_audience
from kring.people.models import Child
from kring.photos import rules
from kring.photos.models import PersonInPhoto, Photo, PhotoUse, may_be_shown
from tests import factories as make
from tests.cast import NOW, TODAY, Cast
from tests.consents.giving import say

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def answered(cast: Cast, first: bool | None, second: bool | None) -> Child:
    """Return a child with two guardians who said this about both purposes; None is no answer."""
    child = make.ChildFactory(school=cast.school)
    make.EnrolmentFactory(child=child, group=cast.five)
    for is_yes in (first, second):
        person = make.PersonFactory(school=cast.school)
        make.GuardianshipFactory(child=child, person=person)
        if is_yes is not None:
            cast.people["answering"] = person
            say(cast, "answering", child, is_yes, "app_group")
            say(cast, "answering", child, is_yes, "app_school")
    return child


def test_the_query_shows_exactly_what_the_lens_lets_pass(cast: Cast) -> None:
    yes, no, torn, silent = (
        answered(cast, True, None),
        answered(cast, False, None),
        answered(cast, True, False),
        answered(cast, None, None),
    )
    groups_of_children = [(yes,), (no,), (torn,), (silent,), (yes, no), (yes, silent), (yes, yes)]
    people = [(rules.People.UNSAID, ()), (rules.People.NOBODY, ())]
    people += [(rules.People.NAMED, tuple(dict.fromkeys(some))) for some in groups_of_children]
    purposes = [
        (rules.APP_GROUP, None),
        (rules.APP_SCHOOL, None),
        (rules.OWN_GUARDIANS, yes),
        (rules.OWN_GUARDIANS, no),
    ]
    shown = 0
    for (said, children), (purpose, only_for) in product(people, purposes):
        photo = Photo.objects.create(
            school=cast.school, group=cast.five, added_at=NOW, touched_at=NOW, content_hash="0" * 64, people=said
        )
        PersonInPhoto.objects.bulk_create(
            PersonInPhoto(school=cast.school, photo=photo, child=child) for child in children
        )
        audience = make_audience(school=cast.school, groups=[cast.five])
        use = PhotoUse.objects.create(
            school=cast.school,
            photo=photo,
            audience=audience,
            within=audience,
            purpose=purpose,
            only_for=only_for,
            shown_from=NOW,
        )
        sight = PersonInPhoto.objects.sight_of([photo], codes=[rules.APP_GROUP, rules.APP_SCHOOL], today=TODAY)
        key = only_for.pk if only_for else None
        finding = rules.lens(sight.people[photo.pk], purpose, sight.given, only_for=key, is_checked=True)
        is_shown = PhotoUse.objects.filter(may_be_shown(TODAY), pk=use.pk).exists()
        assert is_shown == finding.is_fine, (said, children, purpose, only_for)
        shown += is_shown
    assert 0 < shown < len(people) * len(purposes)
