"""Short ways to what a home page shows: posts of both schools, and the parts of the page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from kring.home.soon import Soon
from kring.home.today import News
from kring.people.actions.audience import make_audience
from kring.posts import actions
from kring.posts.actions import Content, ItemInput
from kring.posts.models import Post
from kring.posts.permissions import Target
from kring.posts.rules import State
from kring.school.models import Group
from tests.cast import Cast

WHOLE_SCHOOL = Target(whole_school=True)


def tell(
    cast: Cast, title: str, *items: ItemInput, by: str = "teacher", kind: str = "bring", group: Group | None = None,
    whole_school: bool = False, text: str = "Zie hieronder",
) -> Post:  # fmt: skip
    """Publish a message that can be read already, by default to group 5 of the first school."""
    viewer = cast.viewer(by)
    school = cast.second_school if by.startswith("second") else cast.school
    group = group or (cast.second_group if by.startswith("second") else cast.five)
    target = WHOLE_SCHOOL if whole_school else Target(group_ids=frozenset([group.pk]))
    post = actions.start_draft(by=viewer, school=school, kind=kind, target=target)
    actions.save_draft(by=viewer, post=post, content=Content(title=title, source=text), target=target)
    actions.order_post(by=viewer, post=post, items=list(items))
    Post.objects.filter(pk=post.pk).update(visible_from=timezone.now() - timedelta(minutes=5))
    return post


def pile(cast: Cast, moments: Sequence[datetime], *, group: Group | None = None, title: str = "Bericht") -> list[Post]:
    """Write many group posts at once, published at these moments; their titles end with their number."""
    group, teacher = group or cast.five, cast.people["teacher"]
    return Post.objects.bulk_create(
        Post(
            school_id=group.school_id, author=teacher, kind="group", state=State.PUBLISHED, title=f"{title} {n}",
            source="Wat een dag", body="<p>Wat een dag</p>", visible_from=moment, publish_at=moment,
            audience=make_audience(school=group.school, groups=[group]),
        )
        for n, moment in enumerate(moments)
    )  # fmt: skip


def news_of(cast: Cast, role: str, query: str = "") -> News:
    answer = cast.client(role).get(f"/{query}")
    assert answer.status_code == 200
    news = answer.context["news"]
    assert isinstance(news, News)
    return news


def soon_of(cast: Cast, role: str, query: str = "") -> Soon:
    soon = news_of(cast, role, query).soon
    assert soon is not None
    return soon


def board_of(cast: Cast, role: str, query: str = "") -> list[tuple[str, list[str]]]:
    """Return what stands on the board: words, and the names of the children."""
    return [(thing.title, [child.name for child in thing.children]) for thing in soon_of(cast, role, query).board]


def week_of(cast: Cast, role: str, query: str = "") -> list[tuple[int, str, list[str]]]:
    """Return what stands in the week, also what is folded: day of the month, words, names."""
    soon = soon_of(cast, role, query)
    return [
        (day.day, thing.title, [child.name for child in thing.children])
        for day, things in [*soon.shown, *soon.folded]
        for thing in things
    ]


def titles_of(news: News) -> list[str]:
    return [card.post.title for card in [*news.fresh, *news.read]]
