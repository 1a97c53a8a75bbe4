"""From "new message" to a placed post, through the pages and without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from kring.posts.models import Post, PostItem
from kring.posts.permissions import Target
from kring.posts.rules import State
from tests.cast import TODAY, Cast
from tests.posts.writing import published

pytestmark = pytest.mark.django_db


def begin(cast: Cast, kind: str, role: str = "teacher") -> Post:
    cast.client(role).post(reverse("posts:new", args=[cast.school.public_id]), {"kind": kind})
    return Post.objects.get()


def send(cast: Cast, post: Post, role: str = "teacher", **data: object):
    fields = {"title": "Soep koken", "source": "", "audience": f"group:{cast.five.public_id}", "when": "now"}
    return cast.client(role).post(reverse("posts:compose", args=[post.public_id]), {**fields, **data})


def rows(*texts: str) -> dict[str, str]:
    return {"rows-TOTAL_FORMS": str(len(texts)), "rows-INITIAL_FORMS": "0"} | {
        f"rows-{n}-text": text for n, text in enumerate(texts)
    }


def test_a_group_post_goes_out_with_its_own_group_chosen(cast: Cast) -> None:
    post = begin(cast, "group")
    assert list(post.audience.groups.all()) == [cast.five]  # type: ignore[union-attr]
    answer = send(cast, post, action="publish")
    post.refresh_from_db()
    assert answer.url == reverse("posts:read", args=[post.public_id])
    assert post.state == State.PUBLISHED


def test_things_to_bring_become_items_and_the_lead_time_is_advised_not_forced(cast: Cast) -> None:
    post = begin(cast, "bring")
    tomorrow = (TODAY + timedelta(days=1)).isoformat()
    checked = send(cast, post, action="preview", day=tomorrow, **rows("Een kom", "Een lepel", ""))
    assert checked.status_code == 200
    page = cast.client("teacher").get(reverse("posts:compose", args=[post.public_id])).content.decode()
    assert 'value="move:2026-11-26"' in page
    assert "#f3" in page
    answer = send(cast, post, action="publish", day=tomorrow, **rows("Een kom", "Een lepel", ""))
    assert answer.status_code == 302
    assert list(PostItem.objects.values_list("text", flat=True)) == ["Een kom", "Een lepel"]


def test_a_day_that_has_passed_is_refused_and_everything_typed_stays(cast: Cast) -> None:
    post = begin(cast, "bring")
    answer = send(cast, post, action="publish", day="2026-11-20", **rows("Een kom"))
    assert answer.status_code == 422
    assert "Een kom" in answer.content.decode()
    assert "2026-11-20" in answer.content.decode()
    post.refresh_from_db()
    assert post.state == State.DRAFT


def test_half_filled_rows_come_back(cast: Cast) -> None:
    post = begin(cast, "homework")
    send(cast, post, action="save", **rows("Topografie"))
    page = cast.client("teacher").get(reverse("posts:compose", args=[post.public_id])).content.decode()
    assert "Topografie" in page
    assert send(cast, post, action="publish", **rows("Topografie")).status_code == 422


def test_more_than_one_group_asks_once_more(cast: Cast) -> None:
    post = begin(cast, "announcement", "management")
    asked = send(cast, post, "management", action="publish", audience="school")
    assert asked.status_code == 200
    assert 'name="sure"' in asked.content.decode()
    assert send(cast, post, "management", action="publish", audience="school", sure="yes").status_code == 302
    post.refresh_from_db()
    assert post.state == State.PUBLISHED


def test_the_draft_that_keeps_itself_answers_with_advice(cast: Cast) -> None:
    post = begin(cast, "group")
    address = reverse("posts:compose", args=[post.public_id])
    data = {"title": "Bos", "source": "Bladeren", "audience": f"group:{cast.five.public_id}", "action": "autosave"}
    answer = cast.client("teacher").post(address, data, headers={"HX-Request": "true"})
    assert b'id="saved"' in answer.content
    assert b"<html" not in answer.content
    assert b"#g2" in answer.content
    post.refresh_from_db()
    assert (post.title, post.source, post.state) == ("Bos", "Bladeren", State.DRAFT)


@pytest.mark.parametrize("data", [{"title": "x" * 121}, {"when": "own", "at": "2020-01-01T08:00"}, {"when": "own"}])
def test_bad_input_gets_a_sentence_and_nothing_is_sent(cast: Cast, data: dict[str, str]) -> None:
    post = begin(cast, "group")
    assert send(cast, post, action="publish", **data).status_code == 422
    post.refresh_from_db()
    assert post.state == State.DRAFT


@pytest.mark.parametrize("text", ["\x00", "a\x00b"])
def test_a_nul_byte_is_a_400(cast: Cast, text: str) -> None:
    post = begin(cast, "group")
    assert send(cast, post, action="save", source=text).status_code == 400


def test_a_year_of_kwink_is_entered_once(cast: Cast) -> None:
    address = reverse("posts:series", args=[cast.school.public_id])
    data = {"first": "2026-11-30", "lines": "Om hulp vragen\nSamen delen", "action": "schedule"}
    for _time in range(2):
        assert cast.client("management").post(address, data).status_code == 302
    weeks = list(Post.objects.order_by("week").values_list("title", "state"))
    assert weeks == [("Om hulp vragen", "scheduled"), ("Samen delen", "scheduled")]


@pytest.mark.parametrize(("recent", "draft_for", "is_told"), [
    (Target(whole_school=True), "school", True),
    (None, "school", False),
    (None, "five", True),
])  # fmt: skip
def test_who_tells_nearly_the_same_again_is_told(
    cast: Cast, recent: Target | None, draft_for: str, is_told: bool
) -> None:
    published(cast, by="office", kind="announcement", title="Luizencontrole", target=recent)
    post = begin_for(cast)
    chosen = "school" if draft_for == "school" else f"group:{cast.five.public_id}"
    answer = send(cast, post, "office", title="Luizencontrole", audience=chosen, action="preview")
    assert answer.status_code == 200
    page = cast.client("office").get(reverse("posts:compose", args=[post.public_id])).content.decode()
    assert ("Al verteld?" in page) is is_told


def begin_for(cast: Cast) -> Post:
    cast.client("office").post(reverse("posts:new", args=[cast.school.public_id]), {"kind": "announcement"})
    return Post.objects.get(state=State.DRAFT)
