"""Publishing, undoing, waiting, withdrawing, and reading over time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from kring.core.access import NotAllowed, Refused
from kring.notifications.models import Notice
from kring.people.models import Enrolment, TeamRole
from kring.posts import actions
from kring.posts.jobs import publish_due_posts
from kring.posts.models import Post, PostItem
from kring.posts.permissions import Target
from kring.posts.reach import reached_children
from kring.posts.rules import State
from tests.cast import NOW, TODAY, Cast
from tests.posts.writing import TOMORROW, draft, one, ordered, published

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ZONE = ZoneInfo("Europe/Amsterdam")
DAYS = (TOMORROW, TOMORROW + timedelta(days=5))


def reads(cast: Cast, role: str) -> list[Post]:
    return list(Post.objects.readable_by(cast.viewer(role)))


def test_undo_within_fifteen_seconds_leaves_nothing_behind(cast: Cast) -> None:
    post = ordered(cast, kind="bring", items=[one(text="Een kom")])
    assert Notice.objects.count() == 1
    assert PostItem.objects.count() == 1
    actions.undo_post(by=cast.viewer("teacher"), post=post)
    assert post.state == State.DRAFT
    assert post.visible_from is None
    assert Notice.objects.count() == 0
    assert PostItem.objects.count() == 0
    assert reads(cast, "guardian") == []


def test_after_fifteen_seconds_it_is_too_late_and_families_read_it(cast: Cast) -> None:
    post = ordered(cast)
    assert reads(cast, "guardian") == []
    with time_machine.travel(NOW + timedelta(seconds=30)):
        assert reads(cast, "guardian") == [post]
        with pytest.raises(Refused):
            actions.undo_post(by=cast.viewer("teacher"), post=post)


def test_a_guardian_cannot_undo_and_the_duo_can(cast: Cast) -> None:
    post = ordered(cast)
    with pytest.raises(NotAllowed):
        actions.undo_post(by=cast.viewer("guardian"), post=post)
    assert actions.undo_post(by=cast.viewer("duo"), post=post).state == State.DRAFT


def test_what_is_scheduled_goes_out_once_at_its_moment(cast: Cast) -> None:
    post = ordered(cast, at=NOW + timedelta(hours=3))
    assert post.state == State.SCHEDULED
    assert publish_due_posts() == 0
    with time_machine.travel(NOW + timedelta(hours=3, seconds=5)):
        assert publish_due_posts() == 1
        assert publish_due_posts() == 0
        assert reads(cast, "guardian") == [post]
    assert Notice.objects.count() == 1


def test_when_its_author_left_it_is_held_and_somebody_takes_it_over(cast: Cast) -> None:
    post = ordered(cast, at=NOW + timedelta(days=1))
    TeamRole.objects.filter(person=cast.people["teacher"]).update(ends_on=TODAY)
    with time_machine.travel(NOW + timedelta(days=1, hours=1)):
        assert publish_due_posts() == 0
        post.refresh_from_db()
        assert post.held_since is not None
        assert reads(cast, "guardian") == []
        actions.adopt_post(by=cast.viewer("duo"), post=post)
        assert publish_due_posts() == 1
        assert reads(cast, "guardian") == []
        actions.undo_post(by=cast.viewer("duo"), post=post)


def test_what_waited_until_its_day_had_passed_is_held_and_not_sent(cast: Cast) -> None:
    late, still = (ordered(cast, kind="bring", items=[one(day)], at=NOW + timedelta(hours=1)) for day in DAYS)
    with time_machine.travel(NOW + timedelta(days=2)):
        assert publish_due_posts() == 1
    late.refresh_from_db()
    still.refresh_from_db()
    assert (late.state, still.state) == (State.SCHEDULED, State.PUBLISHED)
    assert late.held_since is not None


def test_what_is_held_does_not_keep_the_rest_waiting(cast: Cast) -> None:
    held, fresh = ordered(cast, at=NOW + timedelta(hours=1)), ordered(cast, at=NOW + timedelta(hours=2))
    assert list(Post.objects.due(NOW + timedelta(hours=3))) == [held, fresh]
    Post.objects.filter(pk=held.pk).update(held_since=NOW)
    assert list(Post.objects.due(NOW + timedelta(hours=3))) == [fresh, held]


def test_withdrawing_takes_it_away_and_says_why_to_who_could_read_it(cast: Cast) -> None:
    post = published(cast)
    with pytest.raises(Refused):
        actions.withdraw_post(by=cast.viewer("teacher"), post=post, reason="  ")
    actions.withdraw_post(by=cast.viewer("teacher"), post=post, reason="Verkeerde datum")
    assert reads(cast, "guardian") == []
    page = cast.client("guardian").get(f"/posts/{post.public_id}/").content.decode()
    assert "Verkeerde datum" in page
    assert post.source not in page
    assert cast.client("other_guardian").get(f"/posts/{post.public_id}/").status_code == 404


def test_only_a_wholly_past_message_is_refused(cast: Cast) -> None:
    with pytest.raises(Refused):
        ordered(cast, kind="bring", items=[one(TODAY - timedelta(days=1))])
    assert ordered(cast, kind="bring", items=[one(TODAY)]).state == State.PUBLISHED


def test_a_child_reads_what_was_published_within_its_enrolment(cast: Cast) -> None:
    september = published(cast, visible_from=datetime(2026, 9, 10, 12, tzinfo=ZONE))
    november = published(cast, title="Later")
    mine = Enrolment.objects.filter(child=cast.child)
    assert reads(cast, "guardian") == [november, september] or set(reads(cast, "guardian")) == {november, september}
    mine.update(starts_on=date(2026, 11, 1))
    assert set(reads(cast, "guardian")) == {november, september}
    mine.update(ends_on=date(2026, 11, 20))
    assert reads(cast, "guardian") == []
    mine.update(starts_on=date(2026, 9, 1), ends_on=date(2026, 10, 1))
    assert reads(cast, "guardian") == [september]


def test_last_years_posts_close_on_the_closing_date(cast: Cast) -> None:
    post = published(cast)
    with time_machine.travel(datetime(2027, 9, 30, 12, tzinfo=ZONE)):
        assert reads(cast, "guardian") == [post]
    with time_machine.travel(datetime(2027, 10, 1, 0, 1, tzinfo=ZONE)):
        assert reads(cast, "guardian") == []


def test_a_talk_of_a_shielded_child_names_it_to_its_own_family_and_team_only(cast: Cast) -> None:
    items = [one(child=cast.shielded, text="Over uilen"), one(child=cast.child, text="Over vleermuizen")]
    post = published(cast, kind="homework", items=items)

    def talks(role: str) -> set[str]:
        return set(PostItem.objects.visible_to(cast.viewer(role)).values_list("text", flat=True))

    assert talks("guardian") == {"Over vleermuizen"}
    assert talks("shielded_guardian") == talks("teacher") == talks("office") == {"Over uilen", "Over vleermuizen"}
    assert "Noor" not in cast.client("guardian").get(f"/posts/{post.public_id}/").content.decode()
    assert "Noor" in cast.client("shielded_guardian").get(f"/posts/{post.public_id}/").content.decode()


def test_a_child_of_another_group_cannot_stand_in_the_list(cast: Cast) -> None:
    with pytest.raises(Refused):
        ordered(cast, kind="homework", items=[one(child=cast.other_child, text="x")])


def test_reading_counts_children_not_parents(cast: Cast) -> None:
    post = published(cast)
    before = reached_children(post, on=TODAY)
    assert before.reached == 0
    assert before.total == 3
    for _twice in range(2):
        actions.mark_seen(by=cast.viewer("guardian"), public_ids=[post.public_id])
    actions.mark_seen(by=cast.viewer("other_guardian"), public_ids=[post.public_id])
    after = reached_children(post, on=TODAY)
    assert after.reached == 1
    assert cast.child not in after.missing


def test_the_council_posts_only_where_the_agreement_says_so(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        draft(cast, by="parent_council", kind="announcement", target=Target(whole_school=True))
    assert draft(cast, by="management", kind="announcement", target=Target(whole_school=True)).pk


@pytest.mark.parametrize(("role", "page"), [("teacher", "posts:compose"), ("duo", "posts:new")])
def test_who_undoes_for_a_colleague_does_not_end_at_a_closed_door(cast: Cast, role: str, page: str) -> None:
    post = ordered(cast)
    answer = cast.client(role).post(reverse("posts:undo", args=[post.public_id]), follow=True)
    assert answer.status_code == 200
    assert answer.resolver_match.view_name == page
