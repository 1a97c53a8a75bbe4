"""Hints to pages that stand open: that something changed, never what. The page fetches it from the ordinary view.

    class ConversationChanged(Topic):          # in the room's notices.py
        name = "conversation"

        @classmethod
        def listeners(cls, key, *, among, now):
            return Participant.objects.current(now).filter(conversation__public_id=key).logins()

    hint(ConversationChanged, conversation.public_id)       # in the action, inside its transaction

    <ul data-live="conversation:{{ conversation.public_id }}" hx-get="..." hx-trigger="live">

A hint leaves when the transaction commits and not when it is rolled back. Who hears it is asked after that, of the
database as it is at that moment, so somebody whose access was removed before hears nothing. Why it is done like this
stands in docs/decisions/0010-live-pages.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, ClassVar

from django.db import connection

from kring.notifications.models import LiveHint

CHANNEL = "kring_live"
MOST = 40  # characters of a name and of a key
_topics: dict[str, type[Topic]] = {}


class Topic:
    """Base of what pages listen to. Rooms keep theirs in `notices.py`, where they are found by themselves."""

    name: ClassVar[str]
    """One word, as in `data-live`."""
    tells_key: ClassVar[bool] = True
    """Whether the browser hears the key: only a public id may leave the server."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__dict__.get("name"):
            _topics[cls.name] = cls

    @classmethod
    def listeners(cls, key: str, *, among: Collection[int], now: datetime) -> Iterable[int]:
        """Return the logins (keys of User) that may know at `now` (aware) that `key` changed.

        Asked once for each hint, after its commit, for everybody whose page is open (`among`); whoever is not in it
        is left out anyway. One or two queries, whatever the number of people.
        """
        raise NotImplementedError


def hint(topic: type[Topic], key: str) -> None:
    """Tell the open pages of who may know that `key` of `topic` changed. Costs one statement.

    Call it inside the transaction of the change, as often as needed: pages that hear the same twice fetch once.
    `key` has at most 40 characters and no space, usually a public id. Raises ValueError for another.
    """
    if not key or len(key) > MOST or " " in key:
        raise ValueError("A key of a hint has 1 to 40 characters and no space.")
    _send(topic.name, key)


def topic_named(name: str) -> type[Topic] | None:
    """Return the topic with this name, or None when no room has it any more."""
    return _topics.get(name)


def _send(name: str, key: str) -> None:
    # PostgreSQL delivers a notification at the commit, in that order. On SQLite there is one writer at a time, so rows
    # are committed in the order of their keys and a reader that remembers the last one misses none.
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, f"{name} {key}"])
    else:
        LiveHint.objects.create(topic=name, key=key)
