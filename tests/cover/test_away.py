"""A colleague is away: everything that was confirmed follows together, or nothing does (F1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from kring.agenda.models import Event
from kring.conversations.actions import choose_moment, propose_moments
from kring.conversations.models import Conversation, Meeting
from kring.core.access import NotAllowed, Refused
from kring.cover import actions
from kring.cover.notices import MeetingInDoubt
from kring.cover.permissions import can_cover, can_cover_for
from kring.cover.plan import Draft, plan_of
from kring.notifications.models import Notice
from kring.people.models import Person, StaffAbsence, TeamRole
from kring.posts.models import Post
from tests import factories as make
from tests.absences.reporting import told
from tests.cast import NOW, ROLES, TODAY, Cast
from tests.conversations import talking

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def drafts(cast: Cast) -> list[Draft]:
    return [Draft(cast.five, "Juf Els is er niet", "Meester Bram neemt de groep over")]


def cover(
    cast: Cast, *, by: str = "office", person: str = "teacher", substitute: str | None = "other_teacher", **more: Any
) -> StaffAbsence:
    values = {"messages": drafts(cast), "note": True, "route": True, "starts_on": TODAY, "ends_on": TODAY, **more}
    return actions.cover_absence(
        by=cast.viewer(by),
        person=cast.people[person],
        substitute=cast.people[substitute] if substitute else None,
        **values,
    )


def meeting(cast: Cast, *, days: int = 0, hours: int = 4) -> Meeting:
    talk = talking.to_team(cast).conversation
    moment = NOW + timedelta(days=days, hours=hours)
    proposal = propose_moments(by=cast.viewer("teacher"), conversation=talk, moments=[moment])
    return choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.get())


def nothing_happened() -> bool:
    rows = (StaffAbsence, Event, Post)
    return (
        not any(model.objects.exists() for model in rows)
        and not TeamRole.objects.filter(kind="substitute", starts_on=TODAY).exists()
    )


def test_message_agenda_reading_and_families_follow_together(cast: Cast) -> None:
    row = meeting(cast)
    absence = cover(cast, meetings=[row])
    post = Post.objects.get()
    assert post.kind == "staff"
    assert list(post.audience.groups.all()) == [cast.five]  # type: ignore[union-attr]
    item = post.items.get()
    assert (item.absent, item.substitute, item.from_date) == (
        cast.people["teacher"],
        cast.people["other_teacher"],
        TODAY,
    )
    assert not Event.objects.exists(), "the message stands in the agenda by its day"
    role = TeamRole.objects.get(person=cast.people["other_teacher"], group=cast.five)
    assert (role.kind, role.starts_on, role.ends_on) == ("substitute", TODAY, TODAY)
    assert absence.substitute == cast.people["other_teacher"]
    assert told(cast, "cover.meeting_in_doubt") == {"guardian"}


def test_what_parents_write_reaches_the_substitute_on_these_days_only(cast: Cast) -> None:
    talk = talking.to_team(cast).conversation
    before = cast.viewer("other_teacher")
    assert not Conversation.objects.visible_to(before).filter(pk=talk.pk).exists()
    cover(cast, messages=[])
    during = cast.viewer("other_teacher")
    assert Conversation.objects.visible_to(during).filter(pk=talk.pk).exists()
    TeamRole.objects.filter(person=cast.people["other_teacher"], group=cast.five).update(
        starts_on=TODAY - timedelta(days=2), ends_on=TODAY - timedelta(days=1)
    )
    after = cast.viewer("other_teacher")
    assert not Conversation.objects.visible_to(after).filter(pk=talk.pk).exists()


def test_what_was_dropped_does_not_happen(cast: Cast) -> None:
    row = meeting(cast)
    cover(cast, messages=[], note=False, route=False, meetings=[])
    assert StaffAbsence.objects.count() == 1
    assert not Post.objects.exists()
    assert not Event.objects.exists()
    assert not TeamRole.objects.filter(person=cast.people["other_teacher"], group=cast.five).exists()
    assert not Notice.objects.filter(kind=MeetingInDoubt.name, subject_id=row.pk).exists()


def test_without_a_message_the_agenda_has_a_note(cast: Cast) -> None:
    cover(cast, messages=[])
    event = Event.objects.get()
    assert list(event.audience.groups.all()) == [cast.five]
    assert event.starts_on == TODAY


def test_when_one_part_is_refused_nothing_of_it_happened(cast: Cast) -> None:
    row = meeting(cast)
    Post.objects.all().delete()
    Meeting.objects.filter(pk=row.pk).update(cancelled_at=timezone.now())
    with pytest.raises(Refused):
        cover(cast, meetings=[row])
    assert nothing_happened()
    Meeting.objects.filter(pk=row.pk).update(cancelled_at=None)
    cover(cast, meetings=[row])
    assert not nothing_happened()


@pytest.mark.parametrize("step", ["order_post", "stand_in", "notify"])
def test_when_a_step_breaks_in_the_middle_nothing_of_it_happened(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    row = meeting(cast)

    def breaks(*args: object, **more: object) -> None:
        raise RuntimeError(step)

    with monkeypatch.context() as patch:
        patch.setattr(f"kring.cover.actions.{step}", breaks)
        with pytest.raises(RuntimeError):
            cover(cast, meetings=[row])
    assert nothing_happened()
    cover(cast, meetings=[row])
    assert not nothing_happened()


def test_who_is_away_already_is_not_away_twice(cast: Cast) -> None:
    cover(cast)
    with pytest.raises(Refused):
        cover(cast)
    assert StaffAbsence.objects.count() == Post.objects.count() == 1


@pytest.mark.parametrize(("first", "last"), [(-3, -1), (2, 1), (0, 40), (90, 91)])
def test_days_that_do_not_fit_are_refused(cast: Cast, first: int, last: int) -> None:
    with pytest.raises(Refused):
        cover(cast, starts_on=TODAY + timedelta(days=first), ends_on=TODAY + timedelta(days=last))
    assert nothing_happened()


def test_the_office_does_it_for_everybody_a_teacher_for_herself_and_her_duo(cast: Cast) -> None:
    assert {role for role in ROLES if can_cover(cast.viewer(role), cast.school)} == {
        "office", "management", "teacher", "duo", "other_teacher",
    }  # fmt: skip
    for person, may in (
        ("teacher", {"office", "management", "teacher", "duo"}),
        ("other_teacher", {"office", "management", "other_teacher"}),
    ):
        assert {role for role in ROLES if can_cover_for(cast.viewer(role), cast.people[person])} == may
    for role in sorted(set(ROLES) - {"office", "management", "teacher", "duo"}):
        with pytest.raises(NotAllowed):
            cover(cast, by=role)
    cover(cast, by="duo")


def test_a_teacher_reports_herself_in_one_go(cast: Cast) -> None:
    cover(cast, by="teacher")
    assert StaffAbsence.objects.get().person == cast.people["teacher"]
    assert TeamRole.objects.filter(person=cast.people["other_teacher"], group=cast.five, kind="substitute").exists()


def test_a_stranger_does_not_take_over_a_group_this_way(cast: Cast) -> None:
    stranger = make.PersonFactory(school=cast.school)
    cast.people["stranger"] = stranger
    with pytest.raises(Refused):
        cover(cast, substitute="stranger")
    assert nothing_happened()
    with pytest.raises(NotAllowed):
        cover(cast, substitute="second_teacher")
    cover(cast, substitute="care_coordinator")


def test_a_group_that_is_not_the_colleagues_gets_no_message(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        cover(cast, messages=[Draft(cast.six, "Dag", "Dag")])
    assert nothing_happened()


def test_the_plan_has_the_groups_the_words_and_the_appointments_of_these_days(cast: Cast) -> None:
    today, later = meeting(cast), None
    Person.objects.filter(pk=cast.people["teacher"].pk).update(called="Juf Els")
    person = Person.objects.get(pk=cast.people["teacher"].pk)
    plan = plan_of(cast.viewer("office"), person, TODAY, TODAY, cast.people["other_teacher"])
    assert [draft.group for draft in plan.drafts] == [cast.five]
    assert "Juf Els" in plan.drafts[0].title
    assert "24 november" in plan.drafts[0].title, "read tomorrow it must still be right"
    assert plan.meetings == [today]
    tomorrow = TODAY + timedelta(days=1)
    assert plan_of(cast.viewer("office"), person, tomorrow, tomorrow, None).meetings == []
    assert later is None


def test_the_page_asks_shows_what_follows_and_does_it(cast: Cast) -> None:
    row = meeting(cast)
    address = f"/school/{cast.school.public_id}/away/"
    client = cast.client("office")
    assert client.get(address).status_code == 200
    answer = {
        "person": cast.people["teacher"].public_id, "substitute": cast.people["other_teacher"].public_id,
        "starts_on": str(TODAY), "ends_on": str(TODAY),
    }  # fmt: skip
    page = client.get(address, answer).content.decode()
    assert "Bericht aan Groep 5" in page
    assert row.public_id in page
    assert nothing_happened(), "a GET writes nothing"
    prefix = cast.five.public_id
    sent = {
        f"{prefix}-send": "on",
        f"{prefix}-title": "",
        f"{prefix}-text": "Dag",
        "route": "on",
        "meeting": row.public_id,
    }
    refused = client.post(address, answer | sent)
    assert refused.status_code == 422
    assert "Dag</textarea>" in refused.content.decode()
    assert nothing_happened()
    assert client.post(address, answer | sent | {f"{prefix}-title": "Juf is er niet"}).status_code == 302
    assert Post.objects.get().title == "Juf is er niet"
    assert told(cast, "cover.meeting_in_doubt") == {"guardian"}


@pytest.mark.parametrize("field", ["person", "starts_on"])
def test_an_answer_that_does_not_fit_says_so(cast: Cast, field: str) -> None:
    address = f"/school/{cast.school.public_id}/away/"
    answer = {"person": cast.people["teacher"].public_id, "starts_on": str(TODAY), "ends_on": str(TODAY), field: "x"}
    assert cast.client("office").get(address, answer).status_code == 422


def test_a_teacher_cannot_choose_a_colleague_of_another_group_in_the_form(cast: Cast) -> None:
    address = f"/school/{cast.school.public_id}/away/"
    answer = {"person": cast.people["other_teacher"].public_id, "starts_on": str(TODAY), "ends_on": str(TODAY)}
    assert cast.client("teacher").get(address, answer).status_code == 422
    assert cast.client("office").get(address, answer).status_code == 200
