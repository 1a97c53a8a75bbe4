"""What messages say about a day, in calendars outside Kring: for whom the message is, one entry a moment."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.test import Client

from kring.agenda.models import Feed
from kring.posts import actions
from kring.posts.models import Post
from tests.agenda.feeding import feed_of, fetched, local, titles
from tests.agreements.making import publish
from tests.cast import ROLES, TODAY, Cast
from tests.home.telling import tell
from tests.posts.writing import TOMORROW, one

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
BOWL, COAT, PLAY = "Meenemen: Een kom (Groep 5)", "Meenemen: Een jas (Groep 6)", "Meenemen: Verkleed"


def everything(cast: Cast) -> None:
    tell(cast, "Soep", one(text="Een kom"))
    tell(cast, "Kou", one(text="Een jas"), by="other_teacher", group=cast.six)
    tell(cast, "Feest", one(text="Verkleed"), by="management", whole_school=True)
    tell(cast, "Elders", one(text="Een pet"), by="second_teacher")


SHOWN: dict[str, set[str]] = {
    role: shown
    for roles, shown in (
        ("guardian shielded_guardian teacher duo class_parent", {BOWL, PLAY}),
        ("other_guardian other_teacher parent_council", {COAT, PLAY}),
        ("limited office management care_coordinator", {PLAY}),
        ("second_guardian second_teacher", {"Meenemen: Een pet (Groep 5)"}),
        ("second_office second_management", set()),
    )
    for role in roles.split()
}


def test_each_finds_what_is_for_her_and_nobody_else(cast: Cast) -> None:
    everything(cast)
    may = {role for role in ROLES if role != "signed out" and cast.viewer(role).school_ids}
    assert may == set(SHOWN)
    assert {role: titles(feed_of(cast, role)) for role in SHOWN} == SHOWN
    assert titles(feed_of(cast, "teacher", cast.five)) == {BOWL, PLAY}
    assert titles(feed_of(cast, "other_teacher", cast.six)) == {COAT, PLAY}


def only(feed: Feed) -> object:
    (found,) = [event for event in fetched(feed) if "Geen school" not in str(event.to_ical())]
    return found


def test_five_things_of_one_message_are_one_entry_with_a_link_and_a_kind(cast: Cast) -> None:
    post = tell(cast, "Soep", *[one(text=f"Ding {n}") for n in range(5)])
    found = only(feed_of(cast, "guardian"))
    assert str(found["SUMMARY"]) == "Meenemen: Ding 0, Ding 1, Ding 2, Ding 3, Ding 4 (Groep 5)"  # type: ignore[index]
    assert str(found["URL"]).endswith(f"/posts/{post.public_id}/")  # type: ignore[index]
    assert (found.start, found.end) == (TOMORROW, TOMORROW + timedelta(1))  # type: ignore[attr-defined]


def test_hours_a_place_and_a_period(cast: Cast) -> None:
    tell(cast, "Uit", one(starts=time(9), ends=time(12), place="Het bos", text="Naar het bos"), kind="outing")
    tell(cast, "Doelen", one(until=TOMORROW + timedelta(9), text="Keersommen"), kind="goals")
    found = {str(event["SUMMARY"]): event for event in fetched(feed_of(cast, "guardian"))}
    outing, goals = found["Naar het bos (Groep 5)"], found["Keersommen (Groep 5)"]
    assert local(outing.start, cast.school) == datetime.combine(TOMORROW, time(9))
    assert local(outing.end, cast.school) == datetime.combine(TOMORROW, time(12))
    assert outing["LOCATION"] == "Het bos"
    assert (goals.start, goals.end) == (TOMORROW, TOMORROW + timedelta(10))


def test_a_change_comes_under_the_same_name_and_what_is_withdrawn_is_gone(cast: Cast) -> None:
    post, feed = tell(cast, "Soep", one(text="Een kom")), feed_of(cast, "guardian")
    before = only(feed)
    post = Post.objects.get(pk=post.pk)
    content = actions.Content(title="Soep", source="Zie hieronder")
    actions.edit_post(
        by=cast.viewer("teacher"), post=post, content=content,
        items=[one(TODAY + timedelta(2), text="Een kom en een lepel")],
    )  # fmt: skip
    after = only(feed)
    assert after["UID"] == before["UID"]  # type: ignore[index]
    assert after["SEQUENCE"] > before["SEQUENCE"]  # type: ignore[index]
    assert after.start == TODAY + timedelta(2)  # type: ignore[attr-defined]
    actions.withdraw_post(by=cast.viewer("teacher"), post=Post.objects.get(pk=post.pk), reason="Vergissing")
    assert titles(feed) == set()


def test_what_is_about_one_child_is_for_its_family_where_the_school_lets_it_out(cast: Cast) -> None:
    tell(cast, "Beurten", one(text="Spreekbeurt", child=cast.child), one(text="Boekbespreking", child=cast.shielded))
    away = one(absent=cast.people["duo"], substitute=cast.people["teacher"])
    tell(cast, "Wissel", away, by="management", kind="staff")
    feeds = {role: feed_of(cast, role) for role in ("guardian", "class_parent", "teacher", "management")}
    assert not any(titles(feed) for feed in feeds.values())
    publish(cast, {"year_planning.feed_details": True})
    assert titles(feeds.pop("guardian")) == {"Meenemen: Spreekbeurt (Groep 5)"}
    assert not any(titles(feed) for feed in feeds.values())
    assert cast.child.first_name not in Client().get(feed_of(cast, "guardian").path).content.decode()
    assert titles(feed_of(cast, "teacher", cast.five)) == set()


def test_what_is_not_out_yet_or_long_ago_is_not_in_it(cast: Cast) -> None:
    post, feed = tell(cast, "Soep", one(text="Een kom")), feed_of(cast, "guardian")
    Post.objects.filter(pk=post.pk).update(visible_from=cast.viewer("guardian").now + timedelta(hours=1))
    assert titles(feed) == set()
    Post.objects.filter(pk=post.pk).update(visible_from=cast.viewer("guardian").now - timedelta(days=80))
    post.items.update(from_date=date(2026, 9, 1), until_date=date(2026, 9, 1))
    assert titles(feed) == set()
