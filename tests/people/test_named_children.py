"""What is for one child by name is read by its full guardians of this moment, and by office and management."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.core.viewer import Viewer
from kring.people.actions.audience import make_audience
from kring.people.audiences import children_of, guardians_of
from kring.people.models import Audience, Child, Enrolment, Guardianship
from kring.people.reading import Limited, readable
from kring.photos.models import Photo, PhotoUse
from tests import factories as make
from tests.cast import NOW, ROLES, TODAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def for_child(cast: Cast, *children: Child, shown_from: datetime = NOW) -> PhotoUse:
    """Return a row of a kind that everybody's right to read is asked of, addressed to these children by name."""
    photo = Photo.objects.create(
        school=cast.school, group=cast.five, added_at=NOW, touched_at=NOW, content_hash="0" * 64
    )
    audience = make_audience(school=cast.school, children=children)
    return PhotoUse.objects.create(
        school=cast.school, photo=photo, audience=audience, within=audience, only_for=children[0], shown_from=shown_from
    )


def reads(viewer: Viewer, use: PhotoUse, limited: Limited = "none") -> bool:
    condition = readable(viewer, closes_on=lambda _: (8, 15), moment="shown_from", limited=limited)
    return PhotoUse.objects.filter(condition, pk=use.pk).exists()


def test_its_full_guardians_office_and_management_read_it_and_nobody_else(cast: Cast) -> None:
    use = for_child(cast, cast.child)
    assert {role for role in ROLES if reads(cast.viewer(role), use)} == {"guardian", "office", "management"}


def test_whatever_limited_guardians_get_elsewhere_they_do_not_get_this(cast: Cast) -> None:
    use = for_child(cast, cast.child)
    assert not reads(cast.viewer("limited"), use, "wide")
    assert not reads(cast.viewer("limited"), use, "all")
    Guardianship.objects.filter(person=cast.people["limited"]).update(level="full")
    assert reads(cast.viewer("limited"), use, "all")


def test_full_for_one_child_and_limited_for_another_gives_the_first_only(cast: Cast) -> None:
    make.GuardianshipFactory(child=cast.other_child, person=cast.people["guardian"], level="limited")
    assert reads(cast.viewer("guardian"), for_child(cast, cast.child), "all")
    assert not reads(cast.viewer("guardian"), for_child(cast, cast.other_child), "all")


def test_an_ended_guardianship_counts_at_once(cast: Cast) -> None:
    use = for_child(cast, cast.child)
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(ends_on=date(2026, 11, 23))
    assert not reads(cast.viewer("guardian"), use)


def test_after_the_child_left_only_what_was_shown_while_it_was_there_stays(cast: Cast) -> None:
    before = for_child(cast, cast.child, shown_from=NOW - timedelta(days=10))
    after = for_child(cast, cast.child, shown_from=NOW - timedelta(days=1))
    assert reads(cast.viewer("guardian"), before)
    assert reads(cast.viewer("guardian"), after)
    Enrolment.objects.filter(child=cast.child).update(ends_on=date(2026, 11, 20))
    assert reads(cast.viewer("guardian"), before)
    assert not reads(cast.viewer("guardian"), after)


def test_those_whom_it_addresses_are_the_childs_guardians(cast: Cast) -> None:
    audience = make_audience(school=cast.school, children=[cast.child, cast.shielded])
    assert set(children_of(audience, on=TODAY)) == {cast.child, cast.shielded}
    assert set(children_of(audience, on=TODAY, with_shielded=False)) == {cast.child}
    assert set(guardians_of(audience, on=TODAY)) == {cast.people["guardian"], cast.people["shielded_guardian"]}


def test_a_child_of_another_school_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="one school"):
        make_audience(school=cast.school, children=[cast.second_child])
    assert not Audience.objects.filter(children=cast.second_child).exists()


def test_who_is_no_full_guardian_is_not_asked_about_named_children(cast: Cast) -> None:
    table = Audience.children.through._meta.db_table
    for role, asked in (("guardian", True), ("limited", False), ("teacher", False)):
        with CaptureQueriesContext(connection) as queries:
            list(PhotoUse.objects.filter(readable(cast.viewer(role), closes_on=lambda _: (8, 15), moment="shown_from")))
        assert (role, table in queries[-1]["sql"]) == (role, asked)
