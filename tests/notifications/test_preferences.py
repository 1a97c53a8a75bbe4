"""How somebody chooses to be told: topics, overviews, quiet hours, own contact hours, and turning mail off."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail, signing
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from kring.core.viewer import Viewer
from kring.notifications import actions, outbox
from kring.notifications.actions import notify
from kring.notifications.models import Delivery, DeliveryState, OwnHours, Preference, TopicChoice
from kring.notifications.rules import Bundle, Channel, Mail, Topic
from kring.notifications.unsubscribing import OVERVIEW, SALT, token_for
from kring.people.models import Audience, Guardianship
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, Cast
from tests.notifications.kinds import SECRET, AboutChild
from tests.notifications.test_outbox import work_off

pytestmark = pytest.mark.django_db
ADDRESS = "/how-i-am-told/"
FRIDAY = NOW.replace(day=27, hour=16)


def chosen(viewer: Viewer, *, digest: str = "", mails: str = Mail.AUTO, push: bool = True) -> None:
    topics = dict.fromkeys(Topic, (push, mails))
    actions.choose_how_told(by=viewer, digest=digest, quiet=None, tomorrow_hour=19, topics=topics)


def tell(cast: Cast, times: int = 1) -> None:
    """Tell the family of the child of so many different events."""
    for _ in range(times):
        audience = Audience.objects.create(school=cast.school, whole_school=True)
        notice = notify(AboutChild(cast.child), audience=audience, school=cast.school, not_before=timezone.now())
        outbox.expand(notice)


def letters(name: str = "guardian") -> list[Any]:
    return [letter for letter in mail.outbox if letter.to == [f"{name}@example.org"]]


def typed(**changes: str) -> dict[str, str]:
    """Return the form as a guardian's page sends it."""
    topics = ("news", "practical", "conversations", "questions", "tomorrow")
    data = {f"mail_{topic}": "auto" for topic in topics} | {f"push_{topic}": "on" for topic in topics}
    return data | {"digest": "school", "tomorrow": "19", "quiet_from": "", "quiet_until": ""} | changes


def test_who_wants_an_overview_gets_one_mail_a_week_without_titles(cast: Cast) -> None:
    chosen(cast.viewer("guardian"), mails=Mail.DIGEST)
    tell(cast, 3)
    work_off()
    assert letters() == []
    assert len(letters("limited")) == 3  # the twin: who chose nothing, and has no device
    with time_machine.travel(FRIDAY, tick=False):
        work_off()
        work_off()
    [letter] = letters()
    assert letter.subject == "Overzicht van De Beuk"
    assert "3 berichten" in letter.body
    assert "Praktische berichten: 3" in letter.body
    assert SECRET not in str(letter.message())
    assert cast.child.first_name not in str(letter.message())


def test_what_was_read_by_friday_stands_in_no_overview(cast: Cast) -> None:
    chosen(cast.viewer("guardian"), mails=Mail.DIGEST)
    tell(cast, 2)
    line = Delivery.objects.filter(user=cast.user("guardian"), channel=Channel.INBOX).first()
    assert line is not None
    actions.mark_read(by=cast.viewer("guardian"), delivery=line)
    with time_machine.travel(FRIDAY, tick=False):
        work_off()
    assert "1 bericht van" in letters()[0].body
    mail.outbox.clear()
    tell(cast)
    actions.mark_all_read(by=cast.viewer("guardian"))
    with time_machine.travel(FRIDAY + timedelta(days=7), tick=False):
        work_off()
    assert letters() == []


def test_an_overview_says_nothing_of_a_child_that_is_no_longer_hers(cast: Cast) -> None:
    for name in ("guardian", "limited"):
        chosen(cast.viewer(name), mails=Mail.DIGEST)
    tell(cast)
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(ends_on=NOW.date())
    with time_machine.travel(FRIDAY, tick=False):
        work_off()
    assert letters() == []
    assert len(letters("limited")) == 1


@pytest.mark.parametrize(
    ("digest", "moment"), [("daily", NOW.replace(hour=17)), ("weekly", FRIDAY), ("", FRIDAY), ("none", None)]
)
def test_a_choice_counts_for_what_waits_already(cast: Cast, digest: str, moment: Any) -> None:
    chosen(cast.viewer("guardian"), mails=Mail.DIGEST, digest="weekly")
    tell(cast)
    chosen(cast.viewer("guardian"), mails=Mail.DIGEST, digest=digest)
    row = Delivery.objects.get(user=cast.user("guardian"), channel=Channel.EMAIL)
    assert row.bundle == Bundle.DIGEST
    if moment is None:
        assert row.state == DeliveryState.DROPPED
    else:
        assert (row.state, row.next_try) == (DeliveryState.WAITING, moment)


def test_the_school_decides_about_overviews_for_who_chose_nothing(cast: Cast) -> None:
    publish(cast, {"digest.default": "daily"})
    chosen(cast.viewer("guardian"), mails=Mail.DIGEST)
    tell(cast)
    row = Delivery.objects.get(user=cast.user("guardian"), channel=Channel.EMAIL)
    assert row.next_try == NOW.replace(hour=17)


def test_a_parent_chooses_on_the_page_and_finds_it_again(cast: Cast) -> None:
    client = cast.client("guardian")
    data = typed(digest="daily", tomorrow="18", quiet_from="21:00", quiet_until="07:00", mail_news="never")
    del data["push_news"]
    response = client.post(ADDRESS, data, follow=True)
    assert "Opgeslagen" in response.content.decode()
    mine = Preference.objects.get(user=cast.user("guardian"))
    assert (mine.digest, mine.tomorrow_hour) == ("daily", 18)
    news = TopicChoice.objects.get(user=cast.user("guardian"), topic="news")
    assert (news.push, news.mail) == (False, "never")
    page = client.get(ADDRESS).content.decode()
    assert 'value="21:00"' in page
    assert 'value="18" selected' in page


def test_half_filled_quiet_hours_are_pointed_out_and_what_was_typed_stays(cast: Cast) -> None:
    response = cast.client("guardian").post(ADDRESS, typed(quiet_from="21:00", digest="daily"))
    page = response.content.decode()
    assert response.status_code == 422
    assert "Vul beide tijden in, of geen van beide." in page
    assert 'value="21:00"' in page
    assert 'value="daily" selected' in page
    assert not Preference.objects.exists()


def test_who_works_at_the_school_sees_her_topics_and_no_question_about_tomorrow(cast: Cast) -> None:
    page = cast.client("duo").get(ADDRESS).content.decode()
    assert 'name="mail_team"' in page
    assert 'name="mail_news"' not in page
    assert 'name="tomorrow"' not in page
    assert "Buiten de contacttijden" in page
    parent = cast.client("guardian").get(ADDRESS).content.decode()
    assert 'name="mail_team"' not in parent
    assert 'name="tomorrow"' in parent


def test_the_page_costs_the_same_whatever_was_chosen(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("guardian")
    client.get(ADDRESS)
    with django_assert_num_queries(8):
        client.get(ADDRESS)
    chosen(cast.viewer("guardian"), digest="daily")
    with django_assert_num_queries(8):
        client.get(ADDRESS)


@pytest.mark.parametrize("allowed", [True, False])
def test_own_hours_are_there_where_the_agreement_has_them(cast: Cast, allowed: bool) -> None:
    publish(cast, {"contact_hours.per_person": allowed})
    address = f"/school/{cast.school.public_id}/my-hours/"
    hours = {"day_2": "08:00-12:00, 13:00-15:30", "day_4": "8.30-12.00"}
    expected = {name: (302 if allowed and name in STAFF else 302 if name == "signed out" else 404) for name in ROLES}
    assert {name: cast.client(name).post(address, hours).status_code for name in ROLES} == expected
    assert OwnHours.objects.count() == (len(STAFF) if allowed else 0)
    if allowed:
        mine = OwnHours.objects.get(person=cast.people["teacher"])
        assert mine.windows == [[2, "08:00", "12:00"], [2, "13:00", "15:30"], [4, "08:30", "12:00"]]
        assert cast.client("teacher").post(address, {}).status_code == 302
        assert not OwnHours.objects.filter(person=cast.people["teacher"]).exists()


STAFF = {"teacher", "duo", "other_teacher", "office", "management", "care_coordinator"}


@pytest.mark.parametrize("words", ["morgens", "08:00", "12:00-08:00", "08:00-12:00, 11:00-13:00", "8-25"])
def test_hours_that_cannot_be_read_are_pointed_out_and_stay(cast: Cast, words: str) -> None:
    publish(cast, {"contact_hours.per_person": True})
    response = cast.client("teacher").post(f"/school/{cast.school.public_id}/my-hours/", {"day_2": words})
    page = response.content.decode()
    assert "Schrijf tijden als 08:00-12:00" in page
    assert f'value="{words}"' in page
    assert not OwnHours.objects.exists()


def test_a_mail_carries_the_headers_with_which_a_mailbox_turns_it_off(cast: Cast) -> None:
    tell(cast)
    work_off()
    [letter] = letters()
    address = letter.extra_headers["List-Unsubscribe"]
    assert address.startswith("<http://localhost:8000/unsubscribe/")
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = address.strip("<>").removeprefix("http://localhost:8000")
    assert path in letter.body
    mailbox = Client(enforce_csrf_checks=True)  # no session, no cookie, as a mail program posts
    assert mailbox.get(path).status_code == 200
    assert not TopicChoice.objects.exists()  # looking changes nothing
    assert mailbox.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert mailbox.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    mail.outbox.clear()
    tell(cast)
    work_off()
    assert letters() == []
    assert len(letters("limited")) == 1


def test_what_is_urgent_comes_by_mail_whatever_was_turned_off_and_offers_no_turning_off(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen(cast.viewer("guardian"), mails=Mail.NEVER, push=False)
    monkeypatch.setattr(AboutChild, "has_emphasis", lambda self: True)
    tell(cast)
    work_off()
    [letter] = letters()
    assert letter.subject == "Lees dit snel: bericht van De Beuk"
    assert "List-Unsubscribe" not in letter.extra_headers


def test_the_overview_is_turned_off_by_its_own_link(cast: Cast) -> None:
    chosen(cast.viewer("guardian"), mails=Mail.DIGEST)
    tell(cast)
    path = reverse("notifications:unsubscribe", args=[token_for(cast.user("guardian").pk, OVERVIEW)])
    assert "overzicht" in Client().get(path).content.decode()
    Client().post(path)
    with time_machine.travel(FRIDAY, tick=False):
        work_off()
    assert letters() == []


@pytest.mark.parametrize(
    "token",
    [
        "wrong",
        "a:b:c",
        signing.dumps([1, "news"], salt="another"),
        signing.dumps([1, "everything"], salt=SALT),
        signing.dumps(["1", "news"], salt=SALT),
        signing.dumps("news", salt=SALT),
    ],
    ids=["no token", "in its shape", "of another salt", "another topic", "another key", "not a pair"],
)
def test_a_link_that_is_not_ours_is_not_there(db: None, token: str) -> None:
    path = reverse("notifications:unsubscribe", args=[token])
    assert Client().get(path).status_code == 404
    assert Client().post(path).status_code == 404


def test_a_link_of_a_login_that_is_gone_changes_nothing(db: None) -> None:
    path = reverse("notifications:unsubscribe", args=[token_for(987654, "news")])
    assert Client().post(path).status_code == 200
    assert not TopicChoice.objects.exists()
