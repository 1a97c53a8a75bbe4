"""A post as one line of a list: for what was read, for older news and for what search found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from kring.core.moulds import fill, kept_mould
from kring.core.templatetags.kring import soften, spoken_short
from kring.posts.cards import Card
from kring.posts.models import Post, PostKind


@dataclass(frozen=True, slots=True)
class Line:
    """One post as a list item."""

    post: Post
    html: SafeString


def lines_of(cards: Iterable[Card], *, with_day: bool) -> list[Line]:
    """Return a line for each card; `with_day` puts the day it appeared at its end."""
    found = []
    for card in cards:
        post = card.post
        kind = str(PostKind(post.kind).label)  # `get_kind_display` goes through all kinds each time
        mould = kept_mould("home/line.html", css=post.css_kind, icon=card.icon, kind=kind, with_day=with_day)
        values = {
            "pid": post.public_id,
            "title": soften(post.title),
            "whom": ", ".join([*(child.name for child in card.children), card.whom]),
            "day": spoken_short(post.visible_from),
        }
        found.append(Line(post, fill(mould, values)))
    return found
