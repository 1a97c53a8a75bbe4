"""Who is in the demo: a believable school, invented from the first to the last."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db.models import F
from django.utils import timezone

from kring.agreements.current import policy_for
from kring.core.viewer import Level
from kring.people.models import Child, Enrolment, Guardianship, KeepApart, Person, TeamRole, User, WorkingDay
from kring.people.viewers import viewer_for
from kring.photos.album import album_of_child, children_with_album
from kring.photos.kept_back import kept_back_in
from kring.photos.models import Photo, PhotoState, PhotoUse
from kring.posts.models import Post, Reading
from kring.school.models import Group, School
from tests.cast import NOW
from tests.demo.conftest import Demo, loaded

pytestmark = pytest.mark.django_db
# The numbers that stand for "no real person": one range for the whole demo.
INVENTED = re.compile(r"085-0000 \d{3}")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[Demo]:
    with loaded(NOW, tmp_path_factory.mktemp("files"), django_db_blocker) as found:
        yield found


@pytest.fixture(autouse=True)
def on_a_known_day(demo: Demo) -> Iterator[None]:
    with time_machine.travel(demo.now.timestamp() + 60, tick=True):
        yield


def this_year(school: School) -> list[Group]:
    return list(Group.objects.in_year(school.today(NOW)).filter(school=school).order_by("name"))


def test_the_groups_run_from_one_and_two_to_eight_with_combination_groups(demo: Demo) -> None:
    groups = {group.name: group.year_levels for group in this_year(demo.school)}
    assert sorted({level for levels in groups.values() for level in levels}) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert [name for name, levels in groups.items() if len(levels) > 1] == ["Groep 1/2A", "Groep 1/2B", "Groep 7/8"]
    sizes = Counter(Enrolment.objects.filter(group__in=this_year(demo.school)).values_list("group__name", flat=True))
    assert set(sizes) == set(groups)
    assert all(10 <= size <= 30 for size in sizes.values())


def test_the_team_has_duos_part_timers_and_a_substitute(demo: Demo) -> None:
    roles = TeamRole.objects.filter(school=demo.school, group__in=this_year(demo.school))
    kinds = Counter(roles.values_list("kind", flat=True))
    assert kinds["duo"] >= 3
    assert kinds["substitute"] == 1
    assert kinds["class_parent"] == 1
    substitute = roles.get(kind="substitute")
    assert substitute.starts_on <= demo.school.today(NOW) <= substitute.ends_on
    days = WorkingDay.objects.filter(role__in=roles)
    assert days.filter(weeks="odd").exists()
    assert days.filter(weeks="even").exists()
    assert any(0 < role.working_days.count() < 5 for role in roles)


def test_families_have_one_to_four_children_and_some_parents_live_apart(demo: Demo) -> None:
    ties = Guardianship.objects.filter(school=demo.school)
    sizes = set(Counter(ties.values_list("person_id", flat=True)).values())
    assert {1, 2, 3, 4} <= sizes
    assert KeepApart.objects.filter(child__school=demo.school).values("child").distinct().count() >= 2
    limited = ties.filter(level=Level.LIMITED)
    assert {tie.person.name for tie in limited.select_related("person")} == {"Nabil Haddou"}
    assert all(tie.authority == "no" and tie.ground for tie in limited)
    assert {span.level for span in demo.viewer("Nabil").spans} == {Level.LIMITED}


def test_every_child_has_a_guardian_and_one_child_is_shielded(demo: Demo) -> None:
    children = Child.objects.filter(school=demo.school)
    assert not children.exclude(pk__in=Guardianship.objects.values("child")).exists()
    assert children.filter(shielded=True).count() == 1


def test_one_parent_has_a_child_at_each_of_the_two_schools_with_one_login(demo: Demo) -> None:
    viewer = demo.viewer("Carolien")
    schools = set(School.objects.filter(pk__in=viewer.guardian_school_ids).values_list("name", flat=True))
    assert schools == {"De Linde", "De Populier"}
    page = demo.client("Carolien").get("/").context["news"]
    assert {card.post.school.name for card in [*page.fresh, *page.read]} == schools


def test_a_teacher_is_also_a_parent(demo: Demo) -> None:
    viewer = demo.viewer("Rachid")
    assert viewer.is_staff_at(demo.school.pk)
    assert viewer.spans


def test_most_have_joined_and_the_office_still_has_somebody_to_invite(demo: Demo) -> None:
    guardians = Person.objects.filter(school=demo.school, guardianships__isnull=False).distinct()
    waiting = guardians.filter(user__isnull=True).count()
    assert 0 < waiting < guardians.count() / 4


def test_every_address_and_telephone_number_is_invented(demo: Demo) -> None:
    mail = [
        *Person.objects.exclude(email="").values_list("email", flat=True),
        *User.objects.values_list("email", flat=True),
    ]
    phones = list(Person.objects.exclude(phone="").values_list("phone", flat=True))
    for school in School.objects.all():
        policy = policy_for(school.pk, at=NOW)
        contact = policy.school_contact
        phones += [policy.sick_phone, policy.urgent_number, contact.phone]
        mail += [one for one in (contact.email, contact.management_email) if one]
    assert len(mail) > 200
    assert [one for one in mail if not one.endswith(("@example.org", ".example.org"))] == []
    assert len(phones) > 100
    assert [one for one in phones if not INVENTED.fullmatch(one)] == []


def test_the_demo_knows_nobody_by_a_password(demo: Demo) -> None:
    assert [user.email for user in User.objects.all() if user.has_usable_password()] == []


def test_pictures_are_ready_and_described(demo: Demo) -> None:
    photos = Photo.objects.all()
    assert photos.count() >= 10
    assert {photo.state for photo in photos} == {PhotoState.READY}
    assert all(photo.alt for photo in photos)


def test_most_groups_keep_to_two_posts_a_week_and_most_posts_were_read(demo: Demo) -> None:
    weeks = demo.client("Ineke").get(f"/school/{demo.school.public_id}/team/").context["weeks"]
    counts = [week.count for _group, own in weeks.groups for week in own[:-1]]
    assert len(counts) == 14
    assert sum(1 <= count <= 3 for count in counts) == len(counts)
    older = Post.objects.newest_first().filter(kind="group")[20]
    assert Reading.objects.filter(post=older).count() > 5


def test_the_agreement_of_the_second_school_differs(demo: Demo) -> None:
    linde, populier = (policy_for(School.objects.get(name=name).pk, at=NOW) for name in ("De Linde", "De Populier"))
    assert (linde.weekly_guideline.number, populier.weekly_guideline.number) == (2, 1)
    assert linde.sick_and_late.until != populier.sick_and_late.until


def test_dates_of_birth_fit_the_year_level(demo: Demo) -> None:
    groups = this_year(demo.school)
    ages: dict[int, list[int]] = {}
    for enrolment in Enrolment.objects.filter(group__in=groups).select_related("child"):
        ages.setdefault(enrolment.year_level, []).append(2026 - enrolment.child.birth_date.year)
    means = [sum(own) / len(own) for _level, own in sorted(ages.items())]
    assert all(later > earlier for earlier, later in pairwise(means))
    assert min(min(own) for own in ages.values()) >= 4
    assert max(max(own) for own in ages.values()) <= 13


def test_a_parent_finds_photos_with_each_of_her_children(demo: Demo) -> None:
    marloes = demo.viewer("Marloes")
    found = {child.first_name: album_of_child(marloes, child).entries for child in children_with_album(marloes)}
    assert found.keys() >= {"Joep", "Saar"}
    assert all(found[name] for name in ("Joep", "Saar"))


def test_a_photo_is_for_one_family_alone_and_one_has_to_be_taken_down(demo: Demo) -> None:
    alone = PhotoUse.objects.get(within=F("audience"), only_for__isnull=False)
    assert alone.only_for.first_name == "Joep"  # type: ignore[union-attr]
    marloes = demo.viewer("Marloes")
    assert Photo.objects.visible_to(marloes).filter(pk=alone.photo_id).exists()
    photo = Photo.objects.to_take_down(demo.school.today(NOW)).get()
    teacher = viewer_for(photo.added_by.user, now=timezone.now())  # type: ignore[union-attr]
    assert [one.photo for one in kept_back_in(teacher, photo.group) if one.asks] == [photo]
