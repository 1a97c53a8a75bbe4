"""Every address of this room × everybody of the cast. The tables are explicit: role -> answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.posts.actions import Content, save_draft
from kring.posts.models import Post
from kring.posts.permissions import Target
from tests.cast import ROLES, Cast, answers, expected
from tests.posts.writing import draft, ordered, published

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
GROUP_READERS = {"guardian", "shielded_guardian", "class_parent"}
GROUP_TEAM = {"teacher", "duo", "office", "management"}


def test_who_reads_a_group_post(cast: Cast) -> None:
    post = published(cast)
    table = answers(cast, reverse("posts:read", args=[post.public_id]))
    assert table == expected(404, _200=GROUP_READERS | GROUP_TEAM)


def test_who_reads_a_post_of_the_whole_school(cast: Cast) -> None:
    post = published(cast, by="management", kind="announcement", target=Target(whole_school=True))
    everybody = GROUP_READERS | GROUP_TEAM | {
        "other_guardian", "limited", "parent_council", "other_teacher", "care_coordinator",
    }  # fmt: skip
    assert answers(cast, reverse("posts:read", args=[post.public_id])) == expected(404, _200=everybody)


def test_a_draft_is_its_authors_alone(cast: Cast) -> None:
    post = draft(cast)
    assert answers(cast, reverse("posts:compose", args=[post.public_id])) == expected(404, _200={"teacher"})
    assert answers(cast, reverse("posts:change_kind", args=[post.public_id])) == expected(404, _200={"teacher"})
    for name in ("discard", "stop"):
        refused = {
            role: code
            for role, code in answers(cast, reverse(f"posts:{name}", args=[post.public_id]), post=True).items()
            if role != "teacher"
        }
        assert refused == {role: code for role, code in expected(404).items() if role != "teacher"}


def test_before_fifteen_seconds_only_the_team_sees_it(cast: Cast) -> None:
    post = ordered(cast)
    assert answers(cast, reverse("posts:read", args=[post.public_id])) == expected(404, _200=GROUP_TEAM)


@pytest.mark.parametrize("name", ["edit", "withdraw"])
def test_who_changes_a_published_post(cast: Cast, name: str) -> None:
    post = published(cast)
    table = answers(cast, reverse(f"posts:{name}", args=[post.public_id]))
    assert table == expected(404, _403=GROUP_READERS, _200=GROUP_TEAM)


def test_who_gives_a_heart(cast: Cast) -> None:
    post = published(cast)
    table = answers(cast, reverse("posts:react", args=[post.public_id]), post=True)
    assert table == expected(404, _302=GROUP_READERS | GROUP_TEAM)


def test_comments_are_refused_where_the_agreement_has_none(cast: Cast) -> None:
    post = published(cast)
    table = answers(cast, reverse("posts:comment", args=[post.public_id]), post=True, data={"text": "Mooi"})
    assert table == expected(404, _403=GROUP_READERS | GROUP_TEAM)


def test_everybody_who_is_signed_in_may_say_seen_but_only_own_posts_count(cast: Cast) -> None:
    post = published(cast)
    table = answers(cast, reverse("posts:seen"), post=True, data={"posts": post.public_id})
    assert table == expected(302)
    readers = set(post.readings.values_list("person__first_name", flat=True))
    assert readers == {cast.people[role].first_name for role in GROUP_READERS | GROUP_TEAM}


def test_who_begins_a_post(cast: Cast) -> None:
    table = answers(cast, reverse("posts:new", args=[cast.school.public_id]))
    writers = GROUP_TEAM | {"other_teacher"}
    others = {
        "guardian",
        "other_guardian",
        "limited",
        "shielded_guardian",
        "class_parent",
        "parent_council",
        "care_coordinator",
    }
    board = {"board_admin"}
    assert table == expected(404, _200=writers, _403=others | board)


def test_who_sees_the_group_page(cast: Cast) -> None:
    table = answers(cast, reverse("posts:group", args=[cast.school.public_id, cast.five.public_id]))
    assert {role for role, code in table.items() if code == 200} == GROUP_TEAM
    assert {table[role] for role in ROLES if role.startswith("second")} == {404}


@pytest.mark.parametrize("name", ["overview", "series"])
def test_who_sees_the_pages_of_management(cast: Cast, name: str) -> None:
    table = answers(cast, reverse(f"posts:{name}", args=[cast.school.public_id]))
    assert {role for role, code in table.items() if code == 200} == {"office", "management"}
    assert {table[role] for role in ROLES if role.startswith("second")} == {404}
    assert table["signed out"] == 302


@pytest.mark.parametrize("kind", ["group", "homework", "goals", "outing", "bring", "staff", "announcement"])
def test_the_composer_opens_for_every_kind(cast: Cast, kind: str) -> None:
    post = draft(cast, kind=kind)
    assert cast.client("teacher").get(reverse("posts:compose", args=[post.public_id])).status_code == 200


def test_a_teacher_cannot_write_to_a_group_that_is_not_hers_and_the_other_teacher_can(cast: Cast) -> None:
    from kring.core.access import NotAllowed

    six = Target(group_ids=frozenset([cast.six.pk]))
    with pytest.raises(NotAllowed):
        draft(cast, by="teacher", target=six)
    assert draft(cast, by="other_teacher", target=six).pk
    mine = draft(cast, by="teacher")
    with pytest.raises(NotAllowed):
        save_draft(by=cast.viewer("teacher"), post=mine, content=Content(title="x"), target=six)


def test_only_published_posts_are_in_a_feed(cast: Cast) -> None:
    draft(cast)
    post = published(cast)
    assert list(Post.objects.readable_by(cast.viewer("guardian"))) == [post]
    assert list(Post.objects.readable_by(cast.viewer("none"))) == []
