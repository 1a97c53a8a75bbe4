"""How each notice of this room comes about (see tests/notifications/test_every_kind.py)."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from kring.posts import actions
from kring.posts.jobs import tell_tomorrow
from kring.posts.models import Post
from tests.cast import NOW, Cast
from tests.notifications.kinds import SECRET
from tests.posts.writing import one, published


def _published(cast: Cast) -> Post:
    return published(cast, kind="outing", title=SECRET, text=SECRET, items=[one(text=SECRET)])


def _changed(cast: Cast) -> None:
    content = actions.Content(title=f"{SECRET} nu", source=SECRET)
    actions.edit_post(by=cast.viewer("teacher"), post=_published(cast), content=content, items=[one(text=SECRET)])


def _calamity(cast: Cast) -> None:
    actions.send_calamity(by=cast.viewer("management"), school=cast.school, title=SECRET, text=SECRET, reason=SECRET)


def _tomorrow(cast: Cast) -> None:
    _published(cast)
    with time_machine.travel(NOW.replace(hour=19), tick=False):
        tell_tomorrow()


def _reminded(cast: Cast) -> None:
    post = _published(cast)
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        actions.remind_unread(by=cast.viewer("teacher"), post=post)


CASES = {
    "posts.published": _published,
    "posts.outing_changed": _changed,
    "posts.reminded": _reminded,
    "posts.calamity": _calamity,
    "posts.tomorrow": _tomorrow,
}
