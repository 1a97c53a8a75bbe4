"""A page that stands open hears of what is new: a quiet line on the first page, numbers in the menu, the inbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from kring.notifications import outbox
from kring.notifications.models import Notice
from kring.posts.actions import Content, edit_post, withdraw_post
from kring.posts.models import Post
from kring.posts.notices import PostsChanged
from tests.cast import NOW, ROLES, Cast
from tests.conversations.talking import say, to_team
from tests.home.telling import pile, tell

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BY_PAGE = {"HX-Request": "true", "X-Kring-By-Itself": "yes"}
LATER = NOW + timedelta(minutes=10)


def asked(cast: Cast, role: str, *, since: object, **more: str) -> Any:
    return cast.client(role).get("/", {"since": str(since), **more}, headers=BY_PAGE)


def drawn_at(cast: Cast, role: str = "guardian") -> int:
    return int(cast.client(role).get("/").context["drawn_at"])


def test_a_page_is_told_that_there_is_something_new_and_before_that_nothing(cast: Cast) -> None:
    pile(cast, [NOW - timedelta(minutes=10)])
    since = drawn_at(cast)
    assert asked(cast, "guardian", since=since).status_code == 204
    with time_machine.travel(LATER, tick=False):
        pile(cast, [LATER])
        answer = asked(cast, "guardian", since=since)
        assert answer.status_code == 200
        assert "Er zijn nieuwe berichten" in answer.content.decode()
        assert "<html" not in answer.content.decode()
        assert asked(cast, "other_guardian", since=since).status_code == 204, "of another group"
        assert asked(cast, "second_guardian", since=since).status_code == 204
        assert asked(cast, "guardian", since=since, child=cast.sibling.public_id).status_code == 204
        assert asked(cast, "guardian", since=since, child=cast.child.public_id).status_code == 200


def test_a_changed_message_is_new_too_and_its_readers_hear_of_it(cast: Cast, hints: list[tuple[str, str]]) -> None:
    post = tell(cast, "Morgen zwemmen", kind="group")
    since = drawn_at(cast)
    with time_machine.travel(LATER, tick=False):
        fresh = Post.objects.select_related("school", "audience", "author").get(pk=post.pk)
        edit_post(by=cast.viewer("teacher"), post=fresh, content=Content(title="Donderdag zwemmen", source="Zie"))
        assert asked(cast, "guardian", since=since).status_code == 200
    assert hints[-1] == ("posts", post.public_id)


def test_who_hears_that_a_message_was_withdrawn_is_whom_it_was_for(cast: Cast, hints: list[tuple[str, str]]) -> None:
    post = tell(cast, "Morgen zwemmen", kind="group")
    withdraw_post(by=cast.viewer("teacher"), post=Post.objects.get(pk=post.pk), reason="Het ging niet door")
    assert ("posts", post.public_id) in hints
    roles = {cast.user(role).pk: role for role in ROLES if role != "signed out"}
    heard = PostsChanged.listeners(post.public_id, among=roles.keys(), now=timezone.now())
    families, team = {"guardian", "shielded_guardian", "class_parent"}, {"teacher", "duo", "office", "management"}
    assert {roles[pk] for pk in heard} == families | team
    assert not PostsChanged.tells_key
    assert not list(PostsChanged.listeners("nothere", among=roles.keys(), now=timezone.now()))


def test_a_new_message_is_heard_from_the_inbox_when_it_can_be_read(cast: Cast, hints: list[tuple[str, str]]) -> None:
    post = tell(cast, "Morgen zwemmen", kind="group")
    before = len(hints)
    notice = Notice.objects.latest("pk")
    outbox.expand(notice)
    assert hints[before:] == [("inbox", f"n{notice.pk}")]
    assert post.pk


@pytest.mark.parametrize("since", ["", "x", "-5", "9" * 30, "²"])
def test_a_moment_that_is_none_gives_the_page(cast: Cast, since: str) -> None:
    answer = asked(cast, "guardian", since=since)
    assert answer.status_code == 200
    assert "<html" in answer.content.decode()


def test_the_numbers_of_the_menu_are_ones_own(cast: Cast) -> None:
    to_team(cast)
    teacher, other = (
        cast.client(role).get("/counts/", headers=BY_PAGE).content.decode() for role in ("teacher", "other_teacher")
    )
    assert teacher.count('class="count"') == 2, "at the side and in the bar"
    assert 'id="side-talks"' in teacher
    assert 'id="bar-talks"' in teacher
    assert 'class="count"' not in other
    assert 'id="side-talks"' in other, "an empty place, so that a number goes away as well"
    assert cast.client("signed out").get("/counts/", headers=BY_PAGE).status_code == 401


def test_the_number_goes_when_it_was_read(cast: Cast) -> None:
    talk = to_team(cast).conversation
    say(cast, talk, by="teacher")
    assert 'class="count"' not in cast.client("teacher").get("/counts/", headers=BY_PAGE).content.decode()
    assert 'class="count"' in cast.client("guardian").get("/counts/", headers=BY_PAGE).content.decode()


def test_the_inbox_listens_also_while_it_is_empty(cast: Cast) -> None:
    page = cast.client("guardian").get("/inbox/").content.decode()
    assert 'id="lines" data-live="inbox"' in page
