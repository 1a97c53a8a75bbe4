"""A lost phone or mailbox: the office helps, nobody helps herself or somebody above her, and the address hears it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from kring.accounts.actions.recovery import let_go_of_login, remove_second_factor
from kring.core.access import NotAllowed, Refused
from tests import factories as make
from tests.accounts.conftest import Post
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def with_app(cast: Cast, name: str) -> Authenticator:
    return Authenticator.objects.create(user=cast.user(name), type=Authenticator.Type.TOTP, data={"secret": "x"})


def page_of(cast: Cast, name: str) -> str:
    return f"/school/{cast.school.public_id}/invitations/person/{cast.people[name].public_id}/help/"


def test_the_office_takes_away_a_lost_second_step(cast: Cast, post: Post) -> None:
    with_app(cast, "teacher")
    hers = cast.client("teacher")
    office = cast.client("office")
    assert 'value="factor"' in office.get(page_of(cast, "teacher")).content.decode()
    office.post(page_of(cast, "teacher"), {"do": "factor"})
    assert not Authenticator.objects.filter(user=cast.user("teacher")).exists()
    assert [to for _subject, _body, to in post.mails] == ["teacher@example.org"]
    assert hers.get("/account/").status_code == 302  # her sessions ended


def test_after_a_lost_mailbox_she_is_invited_at_another_address(cast: Cast, post: Post) -> None:
    office, guardian = cast.client("office"), cast.people["guardian"]
    hers = cast.client("guardian")
    office.post(page_of(cast, "guardian"), {"do": "login"})
    guardian.refresh_from_db()
    assert (guardian.user, guardian.joined_at) == (None, None)
    assert hers.get("/account/").status_code == 302
    assert [to for _subject, _body, to in post.mails] == ["guardian@example.org"]
    where = f"/school/{cast.school.public_id}/invitations/person/{guardian.public_id}/"
    guardian.email = "nieuw@example.org"
    guardian.save()
    office.post(where)
    assert len(post.invitations) == 1


@pytest.mark.parametrize(
    ("by", "whom", "allowed"),
    [
        ("office", "guardian", True),
        ("office", "teacher", True),
        ("office", "management", False),
        ("management", "office", True),
        ("office", "office", False),
        ("management", "management", False),
        ("teacher", "guardian", False),
        ("guardian", "guardian", False),
        ("second_management", "guardian", False),
        ("board_admin", "management", False),
    ],
)
def test_who_helps_whom(cast: Cast, by: str, whom: str, allowed: bool) -> None:
    for act in (remove_second_factor, let_go_of_login):
        with_app(cast, whom)
        if allowed:
            act(by=cast.viewer(by), person=cast.people[whom])
        else:
            with pytest.raises(NotAllowed):
                act(by=cast.viewer(by), person=cast.people[whom])
            Authenticator.objects.all().delete()
    cast.people[whom].refresh_from_db()
    assert (cast.people[whom].user is None) is allowed


def test_who_has_weight_at_another_school_is_not_helped_here(cast: Cast) -> None:
    teacher = cast.people["teacher"]
    elsewhere = make.PersonFactory(school=cast.second_school, user=teacher.user)
    role = make.TeamRoleFactory(person=elsewhere, kind="management")
    with_app(cast, "teacher")
    with pytest.raises(NotAllowed):
        remove_second_factor(by=cast.viewer("management"), person=teacher)
    role.delete()
    remove_second_factor(by=cast.viewer("management"), person=teacher)


def test_who_has_no_second_step_is_told_so(cast: Cast) -> None:
    with pytest.raises(Refused):
        remove_second_factor(by=cast.viewer("office"), person=cast.people["teacher"])


def test_the_server_helps_the_last_of_management(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    with_app(cast, "management")
    call_command("remove_second_factor", "Management@example.org")
    assert not Authenticator.objects.exists()
    for address in ("management@example.org", "niemand@example.org"):
        with pytest.raises(CommandError):
            call_command("remove_second_factor", address)
