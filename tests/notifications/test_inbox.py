from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from kring.core.access import NotAllowed
from kring.notifications import outbox
from kring.notifications.actions import mark_all_read, mark_read, mark_read_about, notify
from kring.notifications.inbox import PAGE, inbox_page, unread_count
from kring.notifications.models import Delivery, Notice
from kring.notifications.rules import Channel
from kring.people.models import Audience, Guardianship
from tests.notifications.kinds import SECRET, AboutChild, AboutSchool

pytestmark = pytest.mark.django_db


def tell(cast, kind, times: int = 1) -> None:
    audience = Audience.objects.create(school=cast.school, whole_school=True)
    for _ in range(times):
        outbox.expand(notify(kind, audience=audience, school=cast.school, not_before=timezone.now()))


def test_an_empty_inbox_says_so(cast):
    text = cast.client("guardian").get("/inbox/").content.decode()
    assert "Nog geen meldingen" in text
    assert "Alles gelezen" not in text


def test_opening_a_line_marks_it_read_and_goes_there(cast):
    tell(cast, AboutSchool(cast.school))
    client = cast.client("guardian")
    assert unread_count(cast.viewer("guardian")) == 1
    line = Delivery.objects.visible_to(cast.viewer("guardian")).get()
    assert client.post(f"/inbox/{line.public_id}/open/")["Location"] == "/"
    assert unread_count(cast.viewer("guardian")) == 0
    assert unread_count(cast.viewer("teacher")) == 1


def test_the_count_is_one_query_and_nobody_has_none(cast, django_assert_num_queries):
    tell(cast, AboutSchool(cast.school), times=3)
    viewer = cast.viewer("guardian")
    with django_assert_num_queries(1):
        assert unread_count(viewer) == 3
    with django_assert_num_queries(0):
        assert unread_count(cast.viewer("signed out")) == 0


def test_a_line_whose_subject_one_may_no_longer_see_tells_nothing(cast):
    tell(cast, AboutChild(cast.child))
    assert SECRET in cast.client("guardian").get("/inbox/").content.decode()
    Guardianship.objects.filter(person=cast.people["guardian"]).update(ends_on=timezone.localdate() - timedelta(1))
    client = cast.client("guardian")
    text = client.get("/inbox/").content.decode()
    assert SECRET not in text
    assert "Niet meer beschikbaar" in text
    line = Delivery.objects.visible_to(cast.viewer("guardian")).get()
    response = client.post(f"/inbox/{line.public_id}/open/", follow=True)
    assert "Dit bericht is ingetrokken" in response.content.decode() or response.status_code == 200
    assert cast.child.public_id not in response.content.decode()


def test_pages_follow_each_other_without_a_gap_or_a_double(cast):
    tell(cast, AboutSchool(cast.school), times=2 * PAGE + 5)
    seen, before = [], ""
    for _ in range(5):
        found = inbox_page(cast.viewer("guardian"), before=before)
        seen += [line.delivery.pk for line in found.lines]
        before = found.next_before
        if not before:
            break
    assert len(seen) == len(set(seen)) == 2 * PAGE + 5
    assert seen == sorted(seen, reverse=True)
    assert cast.client("guardian").get("/inbox/?before=nonsense").status_code == 200


def test_a_full_page_costs_as_many_queries_as_a_short_one(cast, django_assert_max_num_queries):
    client = cast.client("guardian")
    tell(cast, AboutSchool(cast.school), times=PAGE + 3)
    tell(cast, AboutChild(cast.child), times=3)
    client.get("/inbox/")
    # Session, user, three for the viewer, lines, one for each of two kinds, the count; the rest is the shell's.
    with django_assert_max_num_queries(14):
        client.get("/inbox/")


def test_nobody_marks_another_persons_line(cast):
    tell(cast, AboutSchool(cast.school))
    line = Delivery.objects.visible_to(cast.viewer("guardian")).get()
    with pytest.raises(NotAllowed):
        mark_read(by=cast.viewer("teacher"), delivery=line)
    with pytest.raises(NotAllowed):
        mark_all_read(by=cast.viewer("signed out"))
    mark_read(by=cast.viewer("guardian"), delivery=line)
    line.refresh_from_db()
    assert line.read_at is not None


def test_what_was_read_elsewhere_is_read_here_too(cast):
    tell(cast, AboutSchool(cast.school))
    tell(cast, AboutChild(cast.child))
    changed = mark_read_about(by=cast.viewer("guardian"), kind=AboutChild, subject_ids=[cast.child.pk])
    assert changed == 1
    assert unread_count(cast.viewer("guardian")) == 1
    assert unread_count(cast.viewer("limited")) == 2


def test_both_parts_of_a_told_event_are_counted(cast):
    tell(cast, AboutChild(cast.child))
    notice = Notice.objects.get()
    assert {row.channel for row in notice.deliveries.all()} == {Channel.INBOX, Channel.EMAIL}
