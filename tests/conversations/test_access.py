"""Who sees a conversation: every role of the cast, both schools, and what ends it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine

from kring.conversations import actions
from kring.conversations.actions import Family
from kring.conversations.models import Conversation, Meeting, Message, MessageDocument, Promise
from kring.core.access import NotAllowed
from kring.people.models import Enrolment, Guardianship, KeepApart, TeamRole
from tests import factories as make
from tests.cast import NOW, ROLES, TODAY, Cast
from tests.conversations.talking import direct, general, in_group, say, sees, to_families, to_team, who_reads, who_sees
from tests.files import papers

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEAM = {"teacher", "duo"}


def test_a_guardians_words_to_the_team_are_hers_and_the_teams(cast: Cast) -> None:
    message = to_team(cast)
    assert who_sees(cast, message.conversation) == {"guardian"} | TEAM
    assert who_reads(cast, message) == {"guardian"} | TEAM


def test_office_management_and_care_coordinator_cannot_read_it_and_the_teacher_can(cast: Cast) -> None:
    conversation = to_team(cast).conversation
    for role in ("office", "management", "care_coordinator", "board_admin", "second_management"):
        assert not sees(cast.viewer(role), conversation), role
    assert sees(cast.viewer("teacher"), conversation)


def test_a_limited_guardian_writes_to_the_team_and_the_full_one_does_not_see_it(cast: Cast) -> None:
    assert who_sees(cast, to_team(cast, by="limited").conversation) == {"limited"} | TEAM


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"guardian", "limited", "former_guardian"}))
def test_nobody_else_writes_to_the_team_about_this_child(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        to_team(cast, by=role)
    assert to_team(cast, by="guardian").pk


def test_a_former_guardian_does_not_write_any_more(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        to_team(cast, by="former_guardian")


def test_a_guardian_writes_in_general_only_where_a_child_of_hers_sits(cast: Cast) -> None:
    assert who_sees(cast, general(cast).conversation) == {"guardian"} | TEAM
    with pytest.raises(NotAllowed):
        general(cast, by="other_guardian")


def test_a_guardian_does_not_write_about_the_child_of_somebody_else(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        to_team(cast, by="guardian", child=cast.shielded)
    assert to_team(cast, by="shielded_guardian", child=cast.shielded).pk


@pytest.mark.parametrize("role", sorted(set(ROLES) - TEAM))
def test_only_the_team_writes_to_families(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        to_families(cast, "guardian", by=role)
    assert to_families(cast, "guardian", by="duo")


@pytest.mark.parametrize("name", ["other_guardian", "none", "former_guardian", "second_guardian", "teacher"])
def test_the_team_writes_only_to_who_looks_after_the_child_today(cast: Cast, name: str) -> None:
    with pytest.raises(NotAllowed):
        to_families(cast, name)
    assert to_families(cast, "limited")


def test_two_guardians_written_to_separately_do_not_see_each_others_conversation(cast: Cast) -> None:
    second = _second_guardian(cast)
    to_guardian, to_second = to_families(cast, "guardian", "second_parent")
    assert who_sees(cast, to_guardian.conversation) == {"guardian"} | TEAM
    assert sees(cast.viewer("second_parent"), to_second.conversation)
    assert not sees(cast.viewer("second_parent"), to_guardian.conversation)
    assert second.pk


def test_two_guardians_written_to_together_share_one_conversation(cast: Cast) -> None:
    conversation = _together(cast)
    assert who_sees(cast, conversation) == {"guardian"} | TEAM
    assert sees(cast.viewer("second_parent"), conversation)


def test_guardians_who_are_kept_apart_since_lose_the_conversation_they_shared(cast: Cast) -> None:
    conversation = _together(cast)
    apart = _keep_apart(cast)
    assert who_sees(cast, conversation) == TEAM
    assert not sees(cast.viewer("second_parent"), conversation)
    apart.delete()
    assert who_sees(cast, conversation) == {"guardian"} | TEAM


def test_the_conversation_ends_with_the_guardianship(cast: Cast) -> None:
    message = to_team(cast)
    assert sees(cast.viewer("guardian"), message.conversation)
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(ends_on=TODAY - timedelta(1))
    assert who_sees(cast, message.conversation) == TEAM
    assert who_reads(cast, message) == TEAM
    with pytest.raises(NotAllowed):
        say(cast, message.conversation, by="guardian")


def test_a_level_of_none_ends_it_too(cast: Cast) -> None:
    message = to_team(cast)
    Guardianship.objects.filter(person=cast.people["guardian"], child=cast.child).update(level="none")
    assert who_reads(cast, message) == TEAM


def test_a_child_that_left_the_group_leaves_what_was_said_readable_and_nothing_to_write(cast: Cast) -> None:
    message = to_team(cast)
    Enrolment.objects.filter(child=cast.child).update(ends_on=TODAY - timedelta(1))
    assert who_reads(cast, message) == {"guardian"} | TEAM
    with pytest.raises(NotAllowed):
        say(cast, message.conversation, by="guardian")


def test_last_years_conversation_closes_at_the_closing_date(cast: Cast) -> None:
    message = to_team(cast)
    with time_machine.travel(datetime(2027, 9, 20, 10, tzinfo=NOW.tzinfo)):
        assert who_reads(cast, message) == {"guardian"}, "the team of last year has gone with its year"
    with time_machine.travel(datetime(2027, 10, 1, 10, tzinfo=NOW.tzinfo)):
        assert who_reads(cast, message) == set()


def test_a_substitute_takes_part_for_the_days_of_the_assignment_only(cast: Cast) -> None:
    message = to_team(cast)
    role = TeamRole.objects.get(person=cast.people["ended_substitute"])
    assert not sees(cast.viewer("ended_substitute"), message.conversation)
    role.ends_on = TODAY
    role.save()
    assert sees(cast.viewer("ended_substitute"), message.conversation)
    assert say(cast, message.conversation, by="ended_substitute").side == "team"
    with time_machine.travel(NOW + timedelta(days=1)):
        assert not sees(cast.viewer("ended_substitute"), message.conversation)
        with pytest.raises(NotAllowed):
            say(cast, message.conversation, by="ended_substitute")
    role.starts_on = TODAY + timedelta(2)
    role.ends_on = TODAY + timedelta(3)
    role.save()
    assert not sees(cast.viewer("ended_substitute"), message.conversation), "not before the first day either"


def test_a_teacher_who_leaves_the_group_loses_it_at_once(cast: Cast) -> None:
    message = to_team(cast)
    TeamRole.objects.filter(person=cast.people["duo"]).update(ends_on=TODAY - timedelta(1))
    assert who_reads(cast, message) == {"guardian", "teacher"}


def test_a_conversation_between_parents_is_theirs_alone(cast: Cast) -> None:
    conversation = direct(cast, cast.people["guardian"], cast.people["class_parent"])
    assert who_sees(cast, conversation) == {"guardian", "class_parent"}
    assert {role for role in ROLES if _may_write(cast, conversation, role)} == {"guardian", "class_parent"}


def test_a_conversation_between_parents_ends_with_the_place_in_the_group(cast: Cast) -> None:
    conversation = direct(cast, cast.people["guardian"], cast.people["class_parent"])
    Enrolment.objects.filter(child=cast.child).update(ends_on=TODAY - timedelta(1))
    assert who_sees(cast, conversation) == {"class_parent"}


def test_parents_who_are_kept_apart_do_not_meet_in_one(cast: Cast) -> None:
    one = direct(cast, cast.people["guardian"], cast.people["class_parent"])
    low, high = sorted((cast.people["guardian"], cast.people["class_parent"]), key=lambda person: person.pk)
    KeepApart.objects.create(school=cast.school, child=cast.child, first=low, second=high)
    assert who_sees(cast, one) == set()


def test_a_group_conversation_is_of_the_full_guardians_and_the_team(cast: Cast) -> None:
    families = {"guardian", "shielded_guardian", "class_parent"}
    assert who_sees(cast, in_group(cast)) == families | TEAM


def test_words_of_somebody_who_is_kept_apart_are_left_out_of_a_group_conversation(cast: Cast) -> None:
    conversation = in_group(cast)
    message = say(cast, conversation, by="guardian")
    low, high = sorted((cast.people["guardian"], cast.people["class_parent"]), key=lambda person: person.pk)
    assert "class_parent" in who_reads(cast, message)
    KeepApart.objects.create(school=cast.school, child=cast.child, first=low, second=high)
    assert who_reads(cast, message) == {"guardian", "shielded_guardian"} | TEAM


def test_what_hangs_on_a_conversation_is_seen_by_who_sees_it(cast: Cast) -> None:
    (message,) = to_families(cast, "guardian", uploads=[papers.upload(papers.pdf())])
    conversation = message.conversation
    actions.promise_answer(by=cast.viewer("guardian"), conversation=conversation)
    proposal = actions.propose_moments(
        by=cast.viewer("teacher"), conversation=conversation, moments=[NOW + timedelta(days=1)]
    )
    actions.choose_moment(by=cast.viewer("guardian"), moment=proposal.moments.get())
    for model in (Conversation, Message, MessageDocument, Promise, Meeting):
        found = {role for role in ROLES if model.objects.visible_to(cast.viewer(role)).exists()}  # type: ignore[attr-defined]
        assert found == {"guardian"} | TEAM, model


def _may_write(cast: Cast, conversation: Conversation, role: str) -> bool:
    from kring.conversations.permissions import can_write_in

    viewer = cast.viewer(role)
    return sees(viewer, conversation) and can_write_in(viewer, conversation)


def _second_guardian(cast: Cast):
    person = make.PersonFactory(school=cast.school, first_name="Tweede", last_name="Cast")
    make.GuardianshipFactory(child=cast.child, person=person, starts_on=date(2020, 1, 1))
    cast.people["second_parent"] = person
    return person


def _together(cast: Cast) -> Conversation:
    second = _second_guardian(cast)
    family = Family(cast.child, (cast.people["guardian"], second))
    (message,) = actions.write_to_families(
        by=cast.viewer("teacher"), group=cast.five, families=[family], text="Tot donderdag"
    )
    return message.conversation


def _keep_apart(cast: Cast) -> KeepApart:
    low, high = sorted((cast.people["guardian"], cast.people["second_parent"]), key=lambda person: person.pk)
    return KeepApart.objects.create(school=cast.school, child=cast.child, first=low, second=high)
