"""A hint to open pages: leaves with the transaction, says nothing, and is asked about again before it is heard."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from kring.notifications import jobs, outbox
from kring.notifications.actions import mark_all_read, notify
from kring.notifications.live import hint, topic_named
from kring.notifications.models import LiveHint
from kring.notifications.notices import InboxChanged
from kring.people.models import Audience
from kring.people.viewers import viewer_for
from tests.notifications.kinds import AboutChild

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(cast):
    audience = Audience.objects.create(school=cast.school, whole_school=True)
    return notify(AboutChild(cast.child), audience=audience, school=cast.school, not_before=timezone.now())


def heard_by(hints):
    name, key = hints[-1]
    everybody = [person.user_id for person in _logins()]
    return set(topic_named(name).listeners(key, among=everybody, now=timezone.now())) & set(everybody)


def _logins():
    from kring.people.models import Person

    return Person.objects.filter(user__isnull=False)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="rows are written on SQLite only")
def test_a_hint_is_a_row_with_a_topic_and_a_key_and_nothing_else(cast):
    hint(InboxChanged, "u1")
    assert list(LiveHint.objects.values_list("topic", "key")) == [("inbox", "u1")]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="rows are written on SQLite only")
def test_what_is_rolled_back_is_not_hinted_at(cast):
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012
        hint(InboxChanged, "u1")
        raise RuntimeError
    assert not LiveHint.objects.exists()
    with transaction.atomic():
        hint(InboxChanged, "u1")
    assert LiveHint.objects.exists()


@pytest.mark.parametrize("key", ["", "two words", "x" * 41])
def test_a_key_that_the_wire_could_not_carry_is_refused(key, db):
    with pytest.raises(ValueError, match="key of a hint"):
        hint(InboxChanged, key)


def test_who_gets_a_line_in_her_inbox_hears_of_it_and_nobody_else(cast, told, hints):
    outbox.expand(told)
    assert hints == [("inbox", f"n{told.pk}")]
    assert heard_by(hints) == {cast.user("guardian").pk, cast.user("limited").pk}


def test_who_read_everything_hears_of_it_on_her_other_pages(cast, told, hints):
    outbox.expand(told)
    guardian = cast.user("guardian")
    assert mark_all_read(by=viewer_for(guardian, now=timezone.now())) == 1
    assert heard_by(hints) == {guardian.pk}
    assert mark_all_read(by=viewer_for(guardian, now=timezone.now())) == 0
    assert len(hints) == 2, "nothing changed, so nothing is said"


def test_old_hints_are_forgotten(cast):
    old = LiveHint.objects.create(topic="inbox", key="u1", made_at=timezone.now() - timedelta(minutes=6))
    new = LiveHint.objects.create(topic="inbox", key="u1")
    assert jobs.forget_hints() == 1
    assert [row.pk for row in LiveHint.objects.all()] == [new.pk] != [old.pk]
