"""Making, renewing and stopping the secret address of a calendar."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from kring.agenda.models import Feed
from kring.agenda.models.feeds import fingerprint, make_seed, token_of
from kring.agenda.permissions import can_have_feed
from kring.audit import actions as audit
from kring.core.access import NotAllowed, require
from kring.core.viewer import Viewer
from kring.school.models import Group


@transaction.atomic
def start_feed(*, by: Viewer, group: Group | None = None) -> Feed:
    """Make the viewer's secret address: of her own agenda, or of one group that she works with.

    There is one of each; two taps give the same.
    """
    require(can_have_feed(by, group))
    if by.user_id is None:
        raise NotAllowed
    mine = Feed.objects.visible_to(by).filter(group=group)
    if found := mine.first():
        return found
    seed = make_seed()
    try:
        with transaction.atomic():
            feed = Feed.objects.create(
                user_id=by.user_id, group=group, seed=seed, token_hash=fingerprint(token_of(seed)), made_at=by.now
            )
    except IntegrityError:
        return mine.get()
    audit.record(by=by, what="agenda.feed_started", about=feed, school_id=group.school_id if group else None)
    return feed


@transaction.atomic
def renew_feed(*, by: Viewer, feed: Feed) -> Feed:
    """Give the agenda another address; the old one stops at once."""
    require(feed.user_id == by.user_id and can_have_feed(by, feed.group))
    feed.seed, feed.made_at = make_seed(), by.now
    feed.token_hash = fingerprint(token_of(feed.seed))
    feed.save(update_fields=["seed", "token_hash", "made_at"])
    audit.record(by=by, what="agenda.feed_renewed", about=feed)
    return feed


@transaction.atomic
def stop_feed(*, by: Viewer, feed: Feed) -> None:
    """Take the address away: whoever has it gets nothing from now on. Also by who may no longer have one."""
    require(by.is_signed_in and feed.user_id == by.user_id)
    audit.record(by=by, what="agenda.feed_stopped", about=feed)
    feed.delete()
