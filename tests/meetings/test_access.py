"""Who sees what of a round: every role, and each denial beside the same with only the actor changed."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from kring.meetings import actions
from kring.meetings.models import Booking, Party, Round, Sitting, Slot
from kring.meetings.notices import RoundChanged, RoundOpened, RoundOpenedEarly
from tests.cast import NOW, ROLES, Cast, answers, expected
from tests.meetings.planning import a_round, book, party, sittings, slots

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
OFFICE = {"office", "management"}
TEAM = OFFICE | {"teacher", "duo"}
STAFF = TEAM | {"other_teacher", "care_coordinator"}
FAMILIES = {"guardian", "shielded_guardian", "class_parent"}


def who(cast: Cast, rows: object, pk: int) -> set[str]:
    """Return the roles to whom the row with this key is visible."""
    return {role for role in ROLES if rows.objects.visible_to(cast.viewer(role)).filter(pk=pk).exists()}  # type: ignore[attr-defined]


def test_a_round_in_preparation_is_for_office_and_management(cast: Cast) -> None:
    made = a_round(cast, cast.five, ready=False)
    assert who(cast, Round, made.pk) == OFFICE
    actions.open_round(by=cast.viewer("office"), round=made)
    assert who(cast, Round, made.pk) == STAFF | FAMILIES


def test_who_is_asked_to_come_is_for_its_family_and_the_team_of_the_group(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    assert who(cast, Party, party(made, cast.child).pk) == TEAM | {"guardian"}
    assert who(cast, Party, party(made, cast.shielded).pk) == TEAM | {"shielded_guardian"}


def test_a_booking_is_for_its_family_and_the_team_and_for_no_other_family(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    booking = book(cast, made, cast.child, slots(made, cast.five)[0])
    assert who(cast, Booking, booking.pk) == TEAM | {"guardian"}


def test_that_a_moment_is_there_is_for_everybody_who_may_take_it(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    assert who(cast, Slot, slots(made, cast.five)[0].pk) == TEAM | FAMILIES
    assert who(cast, Sitting, sittings(made, cast.five)[0].pk) == TEAM


def test_a_limited_guardian_sees_her_own_invitation_and_not_the_common_one(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    own = actions.invite_apart(by=cast.viewer("office"), party=party(made, cast.child), person=cast.people["limited"])
    assert who(cast, Party, own.pk) == TEAM | {"limited"}
    assert who(cast, Party, party(made, cast.child).pk) == TEAM | {"guardian"}


def test_pages_of_a_round(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    place = [cast.school.public_id, made.public_id]
    assert answers(cast, reverse("meetings:choose", args=[made.public_id])) == expected(404, _200=FAMILIES)
    assert answers(cast, reverse("meetings:round", args=place)) == expected(404, _200=STAFF)
    assert answers(cast, reverse("meetings:change_round", args=place)) == expected(404, _200=OFFICE)
    assert answers(cast, reverse("meetings:families", args=[*place, cast.five.public_id])) == expected(404, _200=TEAM)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"guardian"}))
def test_only_its_own_guardian_books_for_a_party(cast: Cast, role: str) -> None:
    made = a_round(cast, cast.five)
    choice = [(party(made, cast.child), slots(made, cast.five)[0], False)]
    with pytest.raises(PermissionDenied):
        actions.book_slots(by=cast.viewer(role), choices=choice)
    actions.book_slots(by=cast.viewer("guardian"), choices=choice)


@pytest.mark.parametrize("role", sorted(set(ROLES) - TEAM))
def test_only_the_team_of_the_group_books_for_a_family(cast: Cast, role: str) -> None:
    made = a_round(cast, cast.five)
    own, slot = party(made, cast.child), slots(made, cast.five)[0]
    with pytest.raises(PermissionDenied):
        actions.book_for_family(by=cast.viewer(role), party=own, slot=slot)
    actions.book_for_family(by=cast.viewer("duo"), party=own, slot=slot)


@pytest.mark.parametrize("role", sorted(set(ROLES) - OFFICE))
def test_only_office_and_management_change_a_round(cast: Cast, role: str) -> None:
    made = a_round(cast, cast.five)
    with pytest.raises(PermissionDenied):
        actions.cancel_round(by=cast.viewer(role), round=made)
    actions.cancel_round(by=cast.viewer("management"), round=made)


def test_who_is_told_of_the_opening_and_when(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    made.told_early_at = NOW
    early = {role for role in ROLES if RoundOpenedEarly(made).may_see(cast.viewer(role))}
    later = {role for role in ROLES if RoundOpened(made).may_see(cast.viewer(role))}
    assert early == {"guardian"}
    assert later == {"shielded_guardian", "class_parent"}
    book(cast, made, cast.shielded, slots(made, cast.five)[0], by="shielded_guardian")
    assert not RoundOpened(made).may_see(cast.viewer("shielded_guardian"))


def test_who_hears_that_a_moment_was_taken(cast: Cast) -> None:
    made = a_round(cast, cast.five)
    users = {person.user_id: role for role, person in cast.people.items() if person.user_id}
    heard = {users[pk] for pk in RoundChanged.listeners(made.public_id, among=list(users), now=NOW)}
    assert heard >= FAMILIES | TEAM
    assert not heard & {"other_guardian", "former_guardian", "ended_substitute", "second_guardian", "second_office"}
