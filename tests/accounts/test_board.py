"""The board lets in who administers it and who manages its schools, and nobody else."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.accounts.actions.accept import Outcome, accept_invite
from kring.accounts.actions.invites import approve_claim, invite
from kring.accounts.models import Invite
from kring.core.access import NotAllowed, Refused
from kring.people.actions import add_board_administrator, add_manager, end_role
from kring.people.models import Person, TeamRole
from kring.school.actions import open_school
from kring.school.models import School
from tests import factories as make
from tests.accounts.conftest import Post
from tests.cast import TODAY, Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


@pytest.fixture
def first_manager(cast: Cast) -> Person:
    """Who will manage a school that the board has just added, where nobody has joined yet."""
    by = cast.viewer("board_admin")
    school = open_school(by=by, board=cast.board, name="De Es", region="noord")
    School.objects.update(needs_second_factor=False)  # a new school asks it of the board too: not what is tested here
    return add_manager(by=by, school=school, first_name="Ilse", last_name="Start", email="ilse@example.org")


def at(cast: Cast, name: str, *about: str) -> str:
    return reverse(f"accounts:{name}", args=[cast.board.public_id, *about])


def test_the_board_invites_the_first_manager_of_a_new_school(cast: Cast, first_manager: Person, post: Post) -> None:
    client = cast.client("board_admin")
    assert first_manager.name in client.get(at(cast, "board_invitations")).content.decode()
    client.post(at(cast, "board_invite", first_manager.public_id), follow=True)
    made = Invite.objects.get(person=first_manager)
    assert post.invitations == [made.pk]
    user = make.UserFactory(email="ilse@example.org")
    assert accept_invite(by=cast.viewer("signed out"), invite=made, user=user) == Outcome.JOINED
    assert first_manager.name not in client.get(at(cast, "board_invitations")).content.decode()


def test_the_board_invites_no_teacher_and_no_parent(cast: Cast, first_manager: Person) -> None:
    teacher = make.PersonFactory(school=cast.school, user=None, email="nieuw@example.org")
    make.TeamRoleFactory(person=teacher, kind="teacher", group=cast.five)
    with pytest.raises(NotAllowed):
        invite(by=cast.viewer("board_admin"), person=teacher)
    client = cast.client("board_admin")
    assert client.post(at(cast, "board_invite", teacher.public_id)).status_code == 404
    assert teacher.name not in client.get(at(cast, "board_invitations")).content.decode()
    assert invite(by=cast.viewer("board_admin"), person=first_manager).person == first_manager


def test_the_board_answers_a_claim_of_its_manager_from_another_address(cast: Cast, first_manager: Person) -> None:
    made = invite(by=cast.viewer("board_admin"), person=first_manager)
    user = make.UserFactory(email="elders@example.org")
    assert accept_invite(by=cast.viewer("signed out"), invite=made, user=user) == Outcome.WAITING
    made.refresh_from_db()
    with pytest.raises(NotAllowed):
        approve_claim(by=cast.viewer("second_management"), invite=made)
    client = cast.client("board_admin")
    assert "elders@example.org" in client.get(at(cast, "board_invitations")).content.decode()
    client.post(at(cast, "board_answer", made.public_id), {"answer": "yes"})
    first_manager.refresh_from_db()
    assert first_manager.user == user


def test_a_withdrawn_invitation_of_the_board_no_longer_works(cast: Cast, first_manager: Person) -> None:
    made = invite(by=cast.viewer("board_admin"), person=first_manager)
    cast.client("board_admin").post(at(cast, "board_withdraw", made.public_id))
    with pytest.raises(Refused):
        accept_invite(by=cast.viewer("signed out"), invite=made, user=make.UserFactory(email="ilse@example.org"))


def test_another_board_reaches_nothing_of_this_one(cast: Cast, first_manager: Person) -> None:
    stranger = make.PersonFactory(school=None, board=cast.second_school.board, user=make.UserFactory())
    make.TeamRoleFactory(person=stranger, school=None, board=stranger.board, kind="board_admin")
    cast.people["other_board_admin"] = stranger
    made = invite(by=cast.viewer("board_admin"), person=first_manager)
    other = stranger.board.public_id
    strange = [
        reverse("accounts:board_invite", args=[other, first_manager.public_id]),
        reverse("accounts:board_withdraw", args=[other, made.public_id]),
        reverse("accounts:board_answer", args=[other, made.public_id]),
        at(cast, "board_invite", first_manager.public_id),
    ]
    client = cast.client("other_board_admin")
    assert [client.post(address).status_code for address in strange] == [404] * 4
    assert cast.client("board_admin").post(strange[3]).status_code == 302


def test_an_administrator_of_the_board_is_added_and_ended_on_its_page(cast: Cast) -> None:
    client, board = cast.client("board_admin"), cast.board.public_id
    data = {"first_name": "Teun", "infix": "", "last_name": "Boven", "email": "teun@example.org"}
    client.post(reverse("people:new_administrator", args=[board]), data)
    role = TeamRole.objects.get(board=cast.board, person__email="teun@example.org")
    assert "Teun Boven" in client.get(reverse("people:board", args=[board])).content.decode()
    assert "Teun Boven" in client.get(at(cast, "board_invitations")).content.decode()
    client.post(reverse("people:end_administrator", args=[board, role.public_id]), {"ends_on": "2026-11-24"})
    role.refresh_from_db()
    assert role.ends_on == TODAY


def test_the_last_administrator_of_a_board_stays(cast: Cast) -> None:
    by = cast.viewer("board_admin")
    last = TeamRole.objects.get(person=cast.people["board_admin"])
    with pytest.raises(Refused):
        end_role(by=by, role=last, ends_on=TODAY)
    add_board_administrator(
        by=by, board=cast.board, first_name="Teun", last_name="Boven", email="t@example.org", starts_on=TODAY
    )
    assert end_role(by=by, role=last, ends_on=TODAY).ends_on == TODAY
