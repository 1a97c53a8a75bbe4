"""Saying who is in a photo, that it is pupils' work, and where else it was used."""

from __future__ import annotations

from datetime import date

import pytest

from kring.audit.models import AuditEvent
from kring.core.access import NotAllowed, Refused
from kring.people.models import Child, Enrolment
from kring.photos.actions import mark_taken_down, mark_used_elsewhere, mark_work, name_children
from kring.photos.models import PersonInPhoto, Photo, UsedElsewhere
from kring.photos.picks import picks_for
from kring.photos.rules import Towards, Verdict
from kring.photos.showing import Apart, look_at
from tests import factories as make
from tests.cast import Cast
from tests.consents.giving import say
from tests.photos.conftest import MakePhoto, Name

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
FIVE_ONLY = Towards()


def named(photo: Photo) -> set[Child | None]:
    return {row.child for row in PersonInPhoto.objects.filter(photo=photo).select_related("child")}


def test_what_is_said_replaces_what_was_said(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = name(ready(), cast.child, cast.shielded)
    assert (photo.people, photo.said_by) == ("named", cast.people["teacher"])
    assert photo.said_at is not None
    assert named(photo) == {cast.child, cast.shielded}
    name(photo, cast.shielded, by="duo")
    assert named(photo) == {cast.shielded}
    assert PersonInPhoto.objects.get(photo=photo).named_by == cast.people["teacher"]  # she said so first
    name(photo)
    photo.refresh_from_db()
    assert (photo.people, named(photo)) == ("nobody", set())
    assert set(AuditEvent.objects.filter(what="photos.named").values_list("details__count", flat=True)) == {2, 1, 0}


def test_something_has_to_be_said_and_it_cannot_be_unsaid(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo, by = ready(), cast.viewer("teacher")
    with pytest.raises(Refused, match="Kies wie er op de foto staat"):
        name_children(by=by, photo=photo)
    with pytest.raises(Refused, match="Kies wie er op de foto staat"):
        name_children(by=by, photo=photo, children=[cast.child], nobody=True)
    name(photo, cast.child)
    with pytest.raises(Refused):
        name_children(by=by, photo=photo)
    assert named(photo) == {cast.child}


def test_the_whole_group_is_who_sat_in_it_on_the_day_of_the_photo(cast: Cast, ready: MakePhoto) -> None:
    leaver, newcomer = make.ChildFactory(school=cast.school), make.ChildFactory(school=cast.school)
    make.EnrolmentFactory(child=leaver, group=cast.five, ends_on=date(2026, 11, 23))
    make.EnrolmentFactory(child=newcomer, group=cast.five, starts_on=date(2026, 11, 25))
    yesterday = make.ChildFactory(school=cast.school)
    make.EnrolmentFactory(child=yesterday, group=cast.five, ends_on=date(2026, 11, 24))
    photo = name_children(by=cast.viewer("teacher"), photo=ready(), whole_group=True)
    sits = set(Child.objects.filter(enrolments__group=cast.five)) - {leaver, newcomer}
    assert named(photo) == sits
    assert {cast.child, cast.shielded, yesterday} <= sits


@pytest.mark.parametrize("role", ["guardian", "other_teacher", "care_coordinator", "second_teacher", "class_parent"])
def test_only_the_groups_team_and_the_office_say_who_is_in_it(
    cast: Cast, ready: MakePhoto, name: Name, role: str
) -> None:
    photo, by = ready(), cast.viewer(role)
    with pytest.raises(NotAllowed):
        name(photo, cast.child, by=role)
    with pytest.raises(NotAllowed):
        mark_work(by=by, photo=photo, is_work=True)
    with pytest.raises(NotAllowed):
        mark_used_elsewhere(by=by, photo=name(photo), code="website")
    mark_used_elsewhere(by=cast.viewer("office"), photo=photo, code="website")
    with pytest.raises(NotAllowed):
        mark_taken_down(by=by, photo=photo, code="website")
    assert mark_taken_down(by=cast.viewer("duo"), photo=photo, code="website")


def test_a_child_whom_she_does_not_see_cannot_be_named(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = ready()
    for child in (cast.other_child, cast.second_child):
        with pytest.raises(NotAllowed):
            name(photo, child)
    with pytest.raises(NotAllowed):
        name(photo, cast.second_child, by="second_office")
    name(photo, cast.other_child, by="office")
    name(photo, cast.child, cast.other_child)  # she may leave it standing
    assert named(photo) == {cast.child, cast.other_child}


def test_work_is_marked_with_whether_a_name_was_looked_for(cast: Cast, ready: MakePhoto) -> None:
    photo, by = ready(), cast.viewer("teacher")
    mark_work(by=by, photo=photo, is_work=True)
    photo.refresh_from_db()
    assert (photo.is_work, photo.no_name_checked_by) == (True, None)
    mark_work(by=by, photo=photo, is_work=True, no_name=True)
    photo.refresh_from_db()
    assert photo.no_name_checked_by == cast.people["teacher"]
    mark_work(by=by, photo=photo, is_work=False, no_name=True)
    photo.refresh_from_db()
    assert (photo.is_work, photo.no_name_checked_by) == (False, None)


def test_outside_kring_everybody_in_it_needs_that_very_consent(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo, by = ready(), cast.viewer("teacher")
    with pytest.raises(Refused, match="Geef eerst aan wie erop staat"):
        mark_used_elsewhere(by=by, photo=photo, code="newsletter")
    say(cast, "guardian", cast.child, True, "website", "app_group", "app_school")
    name(photo, cast.child)
    with pytest.raises(Refused, match="Nieuwsbrief: daar mag 1 kind niet op"):
        mark_used_elsewhere(by=by, photo=photo, code="newsletter")
    with pytest.raises(Refused, match="Nieuwsbrief: daar mag deze foto niet voor"):
        mark_used_elsewhere(by=cast.viewer("office"), photo=photo, code="newsletter")
    say(cast, "guardian", cast.child, True, "newsletter")
    used = mark_used_elsewhere(by=by, photo=photo, code="newsletter")
    assert mark_used_elsewhere(by=by, photo=photo, code="newsletter") == used
    assert UsedElsewhere.objects.count() == 1


def test_a_place_that_the_school_does_not_ask_about_or_that_is_none_is_refused(
    cast: Cast, ready: MakePhoto, name: Name
) -> None:
    photo, by = name(ready()), cast.viewer("teacher")
    for code in ("app_school", "lesson_recording", "", "nergens"):
        with pytest.raises(Refused):
            mark_used_elsewhere(by=by, photo=photo, code=code)
    assert mark_used_elsewhere(by=by, photo=photo, code="website")


def test_what_was_taken_down_may_be_used_again_and_both_stay_known(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo, by = name(ready()), cast.viewer("teacher")
    mark_used_elsewhere(by=by, photo=photo, code="website")
    assert mark_taken_down(by=by, photo=photo, code="website")
    assert not mark_taken_down(by=by, photo=photo, code="website")
    mark_used_elsewhere(by=by, photo=photo, code="website")
    rows = UsedElsewhere.objects.order_by("pk")
    assert [row.taken_down_at is None for row in rows] == [False, True]
    assert rows[0].taken_down_by == cast.people["teacher"]


def test_the_composer_gets_the_lens_and_the_roster(cast: Cast, ready: MakePhoto, name: Name) -> None:
    make.EnrolmentFactory(
        child=make.ChildFactory(school=cast.school, first_name="Joep", last_name="Aalders"), group=cast.five
    )
    say(cast, "guardian", cast.child, True, "app_group")
    photos = [name(ready(), cast.child, cast.shielded), name(ready(), cast.child), ready()]
    viewer, five = cast.viewer("teacher"), Towards(frozenset({cast.five.pk}))
    looks = look_at(viewer, photos, five)
    first, *_others = picks_for(viewer, looks, group=cast.five, towards=five, apart=Apart())
    verdicts = [look.finding.verdict for look in looks]
    assert verdicts == [Verdict.NO_CONSENT, Verdict.FINE, Verdict.CHECK]
    assert (looks[0].sentence, looks[0].children) == (
        "1 kind mag niet aan de groep worden getoond.",
        (cast.shielded,),
    )
    assert first.stops
    assert [box.child.name for box in first.boxes] == ["Bo", "Joep A.", "Joep V.", "Noor"]
    assert [box.child.initials for box in first.boxes] == ["BV", "JA", "JV", "NV"]
    assert {box.child.public_id for box in first.boxes if box.is_named} == {
        cast.child.public_id,
        cast.shielded.public_id,
    }
    apart = Apart(individual={photos[1].pk: cast.child}, own_group=frozenset({photos[0].pk}))
    wide = look_at(viewer, photos, Towards(whole_school=True), apart=apart, is_checked=True)
    assert [look.purpose for look in wide] == ["app_group", "", "app_school"]
    assert [look.finding.verdict for look in wide] == [Verdict.NO_CONSENT, Verdict.FINE, Verdict.SAY_WHO]


def test_who_may_not_read_the_consents_gets_no_children_from_the_lens(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = name(ready(), cast.child, cast.shielded)
    (look,) = look_at(cast.viewer("office"), [photo], Towards(frozenset({cast.five.pk})))
    assert (look.sentence, look.children) == ("Deze foto mag niet naar de groep.", ())


def test_who_left_the_group_still_stands_on_the_roster_of_its_photos(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = name(ready(), cast.child)
    Enrolment.objects.filter(child=cast.child).update(ends_on=date(2026, 11, 20), group=cast.six)
    viewer = cast.viewer("teacher")
    (pick,) = picks_for(viewer, look_at(viewer, [photo], FIVE_ONLY), group=cast.five, towards=FIVE_ONLY, apart=Apart())
    assert cast.child.public_id in {box.child.public_id for box in pick.boxes}
