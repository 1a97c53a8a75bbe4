"""For whom photos are shown: consent is looked at when a photo is placed, and again in every query after that."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kring.core.access import NotAllowed, Refused
from kring.people.actions.audience import make_audience
from kring.people.models import Audience, Enrolment, Guardianship
from kring.photos.actions import forget_uses, hide_uses, name_children, remove_photo, use_photos
from kring.photos.models import PersonInPhoto, Photo, PhotoUse
from kring.photos.shown import photos_shown_to
from tests import factories as make
from tests.cast import NOW, ROLES, Cast
from tests.consents.giving import say, second_parent
from tests.photos.conftest import MakePhoto, Name, Publish

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

TEAM = {"teacher", "duo", "office", "management"}
PARENTS = {"guardian", "shielded_guardian", "class_parent"}
# A photo for the whole school: everybody's full guardians, and all who work there.
SCHOOL = TEAM | PARENTS | {"other_guardian", "parent_council", "other_teacher", "care_coordinator"}


def who_opens(cast: Cast, photo: Photo) -> set[str]:
    return {role for role in ROLES if Photo.objects.visible_to(cast.viewer(role)).filter(pk=photo.pk).exists()}


def who_meets(cast: Cast, photo: Photo, audience: Audience) -> set[str]:
    """Return who finds the photo in the message to that audience."""
    found = set()
    for role in ROLES:
        shown = photos_shown_to(cast.viewer(role), [audience.pk])
        if photo in shown[audience.pk]:
            found.add(role)
    return found


def whole_school(cast: Cast) -> Audience:
    return make_audience(school=cast.school, whole_school=True)


def test_in_the_own_group_a_photo_is_shown_while_everybody_in_it_has_consent(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    say(cast, "shielded_guardian", cast.shielded, True, "app_group")
    photo = name(ready(), cast.child, cast.shielded)
    use = publish(photo, checked=False)
    assert use.purpose == "app_group"
    assert who_opens(cast, photo) == who_meets(cast, photo, use.audience) == TEAM | PARENTS
    say(cast, "shielded_guardian", cast.shielded, False, "app_group")
    assert who_opens(cast, photo) == TEAM
    assert who_meets(cast, photo, use.audience) == set()
    say(cast, "shielded_guardian", cast.shielded, True, "app_group")
    assert who_opens(cast, photo) == TEAM | PARENTS


def test_for_the_whole_school_it_needs_that_consent(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    photo = name(ready(), cast.child)
    say(cast, "guardian", cast.child, True, "app_group")
    with pytest.raises(Refused, match="1 kind mag niet aan de hele school worden getoond"):
        publish(photo, audience=whole_school(cast))
    say(cast, "guardian", cast.child, True, "app_school")
    use = publish(photo, audience=whole_school(cast))
    assert use.purpose == "app_school"
    assert who_opens(cast, photo) == who_meets(cast, photo, use.audience) == SCHOOL
    say(cast, "guardian", cast.child, False, "app_school")
    assert who_opens(cast, photo) == TEAM


def test_a_withdrawal_for_the_school_leaves_the_photo_in_the_group(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_group", "app_school")
    photo = name(ready(), cast.child)
    group = publish(photo)
    school = publish(photo, audience=whole_school(cast))
    say(cast, "guardian", cast.child, False, "app_school")
    assert who_opens(cast, photo) == TEAM | PARENTS
    assert who_meets(cast, photo, group.audience) == TEAM | PARENTS
    assert who_meets(cast, photo, school.audience) == set()


def test_where_nobody_can_be_recognised_it_may_go_to_everybody(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready())
    publish(photo, audience=whole_school(cast), checked=False)
    assert who_opens(cast, photo) == SCHOOL


def test_no_answer_and_two_answers_that_differ_are_no(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready(), cast.child)
    with pytest.raises(Refused, match="1 kind mag niet aan de groep worden getoond"):
        publish(photo)
    say(cast, "guardian", cast.child, True)
    publish(photo)
    second_parent(cast, cast.child)
    assert who_opens(cast, photo) >= PARENTS
    say(cast, "second_parent", cast.child, False)
    assert who_opens(cast, photo) == TEAM


def test_who_lost_authority_no_longer_answers(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    say(cast, "guardian", cast.child, True)
    photo = name(ready(), cast.child)
    publish(photo)
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(authority="no")
    assert who_opens(cast, photo) == TEAM


def test_a_photo_of_which_nobody_said_who_is_in_it_stays_in_its_group(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = ready()
    with pytest.raises(Refused, match="Geef aan wie erop staat"):
        publish(photo, checked=False)
    use = publish(photo)
    assert who_opens(cast, photo) == TEAM | PARENTS
    with pytest.raises(Refused, match="Geef eerst aan wie erop staat"):
        publish(photo, audience=whole_school(cast))
    # Whatever wrote such a row: it is not shown.
    PhotoUse.objects.filter(pk=use.pk).update(purpose="app_school")
    assert who_opens(cast, photo) == TEAM


def test_naming_afterwards_counts_at_once(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    photo = ready()
    publish(photo)
    assert who_opens(cast, photo) == TEAM | PARENTS
    name(photo, cast.child)
    assert who_opens(cast, photo) == TEAM


def test_photos_of_two_of_her_own_groups_go_together_with_the_wide_consent(
    cast: Cast, ready: MakePhoto, name: Name
) -> None:
    make.TeamRoleFactory(person=cast.people["teacher"], kind="teacher", group=cast.six)
    five, six = ready(), ready(by="office")
    Photo.objects.filter(pk=six.pk).update(group=cast.six)
    six.refresh_from_db()
    say(cast, "guardian", cast.child, True, "app_school")
    say(cast, "other_guardian", cast.other_child, True, "app_group")
    name(five, cast.child)
    name(six, cast.other_child)
    audience = make_audience(school=cast.school, groups=[cast.five, cast.six])
    asked = {"by": cast.viewer("teacher"), "photos": [five, six], "audience": audience}
    with pytest.raises(Refused, match="Foto 2: 1 kind mag niet buiten de eigen groep"):
        use_photos(**asked, shown_from=NOW, checked=True)
    say(cast, "other_guardian", cast.other_child, True, "app_school")
    uses = use_photos(**asked, shown_from=NOW, checked=True)
    assert [use.purpose for use in uses] == ["app_school", "app_school"]
    assert "other_guardian" in who_opens(cast, five) & who_opens(cast, six)


def test_a_photo_of_a_group_she_does_not_teach_is_not_hers(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready())
    six = make_audience(school=cast.school, groups=[cast.six])
    with pytest.raises(NotAllowed):
        publish(photo, audience=six, by="other_teacher")
    assert publish(photo, audience=six, by="office").purpose == "app_school"


def test_who_may_not_read_the_consents_hears_neither_which_child_nor_how_many(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    photo = name(ready(), cast.child, cast.shielded)
    with pytest.raises(Refused) as told:
        publish(photo, by="office")
    assert told.value.sentence == "Deze foto mag niet naar de groep."
    with pytest.raises(Refused) as told:
        publish(photo, by="teacher")
    assert told.value.sentence == "2 kinderen mogen niet aan de groep worden getoond."


def test_what_is_for_one_child_is_for_its_full_guardians_and_the_team(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, False)  # its own guardians need no consent to see their child
    photo = name(ready(), cast.child)
    audience = make_audience(school=cast.school, groups=[cast.five])
    use = publish(photo, audience=audience, only_for=cast.child)
    assert (use.purpose, use.within, use.only_for) == ("", audience, cast.child)
    assert who_opens(cast, photo) == who_meets(cast, photo, audience) == TEAM | {"guardian"}
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(level="limited")
    assert who_opens(cast, photo) == TEAM


def test_what_is_for_one_child_shows_no_other_child(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    photo = ready()
    with pytest.raises(Refused, match=r"^Geef eerst aan wie erop staat\.$"):
        publish(photo, only_for=cast.child)
    name(photo, cast.child, cast.shielded)
    with pytest.raises(Refused, match="Er staat nog een kind op"):
        publish(photo, only_for=cast.child)
    name(photo, cast.child)
    publish(photo, only_for=cast.child)
    assert "guardian" in who_opens(cast, photo)
    name(photo, cast.child, cast.shielded)  # somebody looks better, afterwards
    assert who_opens(cast, photo) == TEAM


def test_a_message_has_its_own_photos_and_those_for_single_children_in_one_order(
    cast: Cast, ready: MakePhoto, name: Name
) -> None:
    first, second, third = name(ready()), name(ready(), cast.child), name(ready())
    audience = make_audience(school=cast.school, groups=[cast.five])
    asked = {"by": cast.viewer("teacher"), "audience": audience, "shown_from": NOW, "checked": True}
    use_photos(**asked, photos=[first, second, third], individual={second.pk: cast.child})

    def shown(role: str) -> list[Photo]:
        return photos_shown_to(cast.viewer(role), [audience.pk])[audience.pk]

    assert shown("guardian") == [first, second, third]
    assert shown("class_parent") == [first, third]
    # Without a word about single children it stays as it is; another order is another order.
    use_photos(**asked, photos=[second, first])
    assert (shown("guardian"), shown("class_parent")) == ([second, first], [first])
    assert Audience.objects.filter(children=cast.child).count() == 1
    say(cast, "guardian", cast.child, True, "app_group")
    use_photos(**asked, photos=[second, first], individual={})
    assert shown("class_parent") == [second, first]


def test_in_a_message_for_the_school_one_photo_may_be_for_its_own_group(
    cast: Cast, ready: MakePhoto, name: Name
) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    for_all, for_five = name(ready()), name(ready(), cast.child)
    audience = whole_school(cast)
    asked = {"by": cast.viewer("office"), "audience": audience, "shown_from": NOW, "checked": False}
    with pytest.raises(Refused):
        use_photos(**asked, photos=[for_all, for_five])
    use_photos(**asked, photos=[for_all, for_five], own_group=[for_five.pk])
    assert who_meets(cast, for_all, audience) == SCHOOL
    assert who_opens(cast, for_five) == who_meets(cast, for_five, audience) == TEAM | PARENTS
    use_photos(**asked, photos=[for_five])  # as it stands
    assert who_meets(cast, for_five, audience) == TEAM | PARENTS
    assert Audience.objects.filter(groups=cast.five).count() == 1
    forget_uses(by=cast.viewer("office"), audience=audience)
    assert not Audience.objects.filter(groups=cast.five).exists()
    # To a message that does not reach the group this is no way around.
    six = make_audience(school=cast.school, groups=[cast.six])
    with pytest.raises(Refused):
        use_photos(**{**asked, "audience": six}, photos=[for_five], own_group=[for_five.pk])


def test_hiding_and_removing_take_along_what_stands_beside(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = name(ready(), cast.child)
    audience = make_audience(school=cast.school, groups=[cast.five])
    asked = {"by": cast.viewer("teacher"), "audience": audience, "photos": [photo], "shown_from": NOW, "checked": True}
    use_photos(**asked, individual={photo.pk: cast.child})
    assert hide_uses(by=cast.viewer("teacher"), audience=audience) == 1
    assert who_opens(cast, photo) == TEAM
    use_photos(**asked, individual={photo.pk: cast.child})
    assert "guardian" in who_opens(cast, photo)
    forget_uses(by=cast.viewer("teacher"), audience=audience)
    assert not PhotoUse.objects.exists()
    assert not Audience.objects.filter(children=cast.child).exists()
    use_photos(**asked, individual={photo.pk: cast.child})
    remove_photo(by=cast.viewer("teacher"), photo=photo)
    assert not Audience.objects.filter(children=cast.child).exists()


def test_a_child_whom_she_does_not_see_gets_nothing_alone(cast: Cast, ready: MakePhoto, name: Name) -> None:
    photo = name(ready())
    audience = make_audience(school=cast.school, groups=[cast.five])
    asked = {"audience": audience, "photos": [photo], "shown_from": NOW, "checked": True}
    for child in (cast.other_child, cast.second_child):
        with pytest.raises(NotAllowed):
            use_photos(by=cast.viewer("teacher"), **asked, individual={photo.pk: child})
    assert use_photos(by=cast.viewer("office"), **asked, individual={photo.pk: cast.other_child})


def test_another_schools_audience_is_refused(cast: Cast, ready: MakePhoto, name: Name, publish: Publish) -> None:
    photo = name(ready())
    with pytest.raises(NotAllowed):
        publish(photo, audience=make_audience(school=cast.second_school, groups=[cast.second_group]))
    assert publish(photo)


def test_what_was_ordered_goes_out_without_the_photo_that_may_not(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    photo, other = name(ready(), cast.child), name(ready())
    audience = make_audience(school=cast.school, groups=[cast.five])
    asked = {"by": cast.viewer("teacher"), "photos": [photo, other], "audience": audience, "checked": False}
    use_photos(**asked, shown_from=NOW + timedelta(days=1))
    say(cast, "guardian", cast.child, False, "app_group")
    with pytest.raises(Refused):
        use_photos(**asked, shown_from=NOW)
    use_photos(**asked, shown_from=NOW, is_due=True)
    assert who_opens(cast, photo) == TEAM
    assert who_opens(cast, other) == TEAM | PARENTS


def test_when_the_childs_own_row_is_gone_the_photo_is_shown_to_nobody(
    cast: Cast, ready: MakePhoto, name: Name, publish: Publish
) -> None:
    leaver = make.ChildFactory(school=cast.school)
    make.EnrolmentFactory(child=leaver, group=cast.five)
    photo = name(ready(), leaver)
    publish(name(photo))
    assert who_opens(cast, photo) == TEAM | PARENTS
    PersonInPhoto.objects.create(school=cast.school, photo=photo, child=leaver)
    Enrolment.objects.filter(child=leaver).delete()
    leaver.delete()
    assert PersonInPhoto.objects.get(photo=photo).child is None
    assert who_opens(cast, photo) == TEAM


def test_a_page_of_photos_is_one_query(cast: Cast, ready: MakePhoto, name: Name) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    audiences = []
    for _n in range(3):
        audience = make_audience(school=cast.school, groups=[cast.five])
        photos = [name(ready(), cast.child), name(ready())]
        use_photos(by=cast.viewer("teacher"), photos=photos, audience=audience, shown_from=NOW, checked=False)
        audiences.append(audience.pk)
    viewer = cast.viewer("guardian")
    photos_shown_to(viewer, [])  # reads the agreement once
    with CaptureQueriesContext(connection) as queries:
        shown = photos_shown_to(viewer, audiences)
    assert [len(photos) for photos in shown.values()] == [2, 2, 2]
    assert len(queries) == 1


def test_placing_costs_as_many_queries_for_many_photos_as_for_one(cast: Cast, ready: MakePhoto, name: Name) -> None:
    say(cast, "guardian", cast.child, True, "app_group")
    photos = [name(ready(), cast.child) for _n in range(3)]
    counts = []
    for some in (photos[:1], photos):
        audience = make_audience(school=cast.school, groups=[cast.five])
        with CaptureQueriesContext(connection) as queries:
            use_photos(by=cast.viewer("teacher"), photos=some, audience=audience, shown_from=NOW, checked=False)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_naming_the_whole_group_needs_the_consent_of_the_whole_group(
    cast: Cast, ready: MakePhoto, publish: Publish
) -> None:
    photo = name_children(by=cast.viewer("teacher"), photo=ready(), whole_group=True)
    for role, child in (("guardian", cast.child), ("shielded_guardian", cast.shielded)):
        say(cast, role, child, True, "app_group")
    with pytest.raises(Refused, match="1 kind mag niet"):
        publish(photo)
    bo = Guardianship.objects.get(person=cast.people["class_parent"]).child
    say(cast, "class_parent", bo, True, "app_group")
    publish(photo)
    assert who_opens(cast, photo) == TEAM | PARENTS
