"""Who sees a request for help, who places it, and above all: who reads the replies."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kring.core.access import NotAllowed, Refused
from kring.help_requests import actions
from kring.help_requests.models import Reply, RequestDocument, Responder
from kring.people.models import KeepApart, Person, TeamRole
from kring.posts.permissions import Target
from tests import factories as make
from tests.agreements.making import publish
from tests.cast import ROLES, TODAY, Cast
from tests.files import papers
from tests.help_requests.asking import (
    content,
    council,
    fresh,
    handed_in,
    in_post,
    in_talk,
    mailed,
    of_five,
    says,
    who_handles,
    who_reads,
    who_sees,
)

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
TEAM = {"teacher", "duo"}
OFFICE = {"office", "management"}
FAMILIES_OF_FIVE = {"guardian", "shielded_guardian", "class_parent"}


def test_a_draft_is_seen_by_who_writes_it_alone(cast: Cast) -> None:
    assert who_sees(cast, handed_in(cast, hand_in=False)) == {"class_parent"}
    assert who_sees(cast, mailed(cast)) == {"parent_council"}


def test_a_class_parents_request_goes_to_the_teachers_of_the_group(cast: Cast) -> None:
    assert who_sees(cast, handed_in(cast)) == {"class_parent"} | TEAM


def test_a_council_request_goes_to_office_and_management(cast: Cast) -> None:
    assert who_sees(cast, handed_in(cast, by="parent_council")) == {"parent_council"} | OFFICE


def test_what_is_placed_in_a_group_conversation_is_seen_where_that_is(cast: Cast) -> None:
    assert who_sees(cast, in_talk(cast)) == FAMILIES_OF_FIVE | TEAM


def test_what_is_placed_in_a_post_is_seen_by_who_reads_the_post(cast: Cast) -> None:
    seen = who_sees(cast, in_post(cast, target=Target(group_ids=frozenset({cast.six.pk}))))
    assert seen == {"other_guardian", "parent_council", "other_teacher"} | OFFICE


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"class_parent"}))
def test_only_the_class_parent_of_the_group_asks_for_it(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        actions.write_request(by=cast.viewer(role), seat=of_five(cast), content=content(cast), hand_in=True)
    assert handed_in(cast).pk


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"parent_council"}))
def test_only_the_council_asks_for_the_school(cast: Cast, role: str) -> None:
    said = content(cast, "parent_council")
    with pytest.raises(NotAllowed):
        actions.write_request(by=cast.viewer(role), seat=council(cast), content=said, hand_in=True)
    assert handed_in(cast, by="parent_council").pk


@pytest.mark.parametrize("role", sorted(set(ROLES) - TEAM))
def test_only_a_teacher_of_the_group_places_it_in_the_group(cast: Cast, role: str) -> None:
    request = handed_in(cast)
    with pytest.raises(NotAllowed):
        actions.place_in_talk(by=cast.viewer(role), request=request, content=content(cast))
    assert actions.place_in_talk(by=cast.viewer("duo"), request=request, content=content(cast)).conversation


@pytest.mark.parametrize("role", sorted(set(ROLES) - OFFICE))
def test_only_the_office_places_what_the_council_asks(cast: Cast, role: str) -> None:
    request, target = handed_in(cast, by="parent_council"), Target(whole_school=True)
    said = content(cast, "parent_council")
    with pytest.raises(NotAllowed):
        actions.place_in_post(by=cast.viewer(role), request=request, content=said, target=target)
    assert actions.place_in_post(by=cast.viewer("office"), request=request, content=said, target=target).post


@pytest.mark.parametrize("role", sorted(set(ROLES) - OFFICE))
def test_only_the_office_declines_or_asks_back(cast: Cast, role: str) -> None:
    request = handed_in(cast, by="parent_council")
    for act, word in ((actions.decline, "reason"), (actions.ask_back, "question")):
        with pytest.raises(NotAllowed):
            act(by=cast.viewer(role), request=request, **{word: "Hoezo?"})
    actions.ask_back(by=cast.viewer("management"), request=request, question="Welke groep?")
    assert fresh(request).note == "Welke groep?"


def test_a_request_of_a_group_is_not_placed_in_another_one(cast: Cast) -> None:
    request = handed_in(cast)
    make.TeamRoleFactory(person=cast.people["teacher"], kind="teacher", group=cast.six)
    viewer = cast.viewer("teacher")
    with pytest.raises(NotAllowed):
        actions.place_in_post(
            by=viewer, request=request, content=content(cast), target=Target(group_ids=frozenset({cast.six.pk}))
        )
    own = Target(group_ids=frozenset({cast.five.pk}))
    assert actions.place_in_post(by=viewer, request=request, content=content(cast), target=own).post


def test_replies_reach_only_the_named_responders_and_who_replied(cast: Cast) -> None:
    request = in_talk(cast, "class_parent", "duo")
    reply = says(cast, request, text="Ik neem een mes mee")
    assert who_handles(cast, request) == {"class_parent", "duo"}
    assert who_reads(cast, reply) == {"class_parent", "duo", "guardian"}


def test_replies_to_the_council_reach_the_named_member_and_not_the_office(cast: Cast) -> None:
    request = in_post(cast)
    reply = says(cast, request, by="other_guardian")
    assert who_handles(cast, request) == {"parent_council"}
    assert who_reads(cast, reply) == {"parent_council", "other_guardian"}


def test_a_responder_who_is_taken_off_reads_nothing_any_more_and_the_new_one_does(cast: Cast) -> None:
    request = in_talk(cast, "class_parent", "teacher")
    reply = says(cast, request)
    assert who_reads(cast, reply) == {"class_parent", "teacher", "guardian"}
    chosen = [cast.people["duo"].public_id]
    actions.choose_responders(by=cast.viewer("class_parent"), request=request, responder_ids=chosen)
    assert who_reads(cast, reply) == {"duo", "guardian"}
    assert Responder.objects.filter(request=request).count() == 3


def test_a_responder_whose_role_ended_reads_nothing_any_more(cast: Cast) -> None:
    request = in_talk(cast)
    reply = says(cast, request)
    assert "class_parent" in who_reads(cast, reply)
    TeamRole.objects.filter(person=cast.people["class_parent"]).update(ends_on=TODAY - timedelta(1))
    assert who_reads(cast, reply) == {"guardian"}


def test_a_substitute_reads_replies_until_her_last_day(cast: Cast) -> None:
    role = TeamRole.objects.filter(person=cast.people["ended_substitute"])
    role.update(ends_on=TODAY)
    request = in_talk(cast, "class_parent", "ended_substitute")
    reply = says(cast, request)
    assert "ended_substitute" in who_reads(cast, reply)
    role.update(ends_on=TODAY - timedelta(1))
    assert "ended_substitute" not in who_reads(cast, reply)


def test_where_the_agreement_says_so_every_class_parent_of_the_group_reads_the_replies(cast: Cast) -> None:
    second = make.PersonFactory(school=cast.school, user=make.UserFactory(email="second_class@example.org"))
    cast.people["second_class_parent"] = second
    make.TeamRoleFactory(person=second, kind="class_parent", group=cast.five)
    request = in_talk(cast)
    reply = says(cast, request)
    viewer = cast.viewer("second_class_parent")
    assert not Reply.objects.visible_to(viewer).filter(pk=reply.pk).exists()
    publish(cast, {"class_parent_requests.read_by": "class_parents"})
    viewer = cast.viewer("second_class_parent")
    assert Reply.objects.visible_to(viewer).filter(pk=reply.pk).exists()
    assert who_reads(cast, reply) == {"class_parent", "guardian"}


def test_who_is_kept_apart_from_the_responder_is_not_read_by_her(cast: Cast) -> None:
    request = in_talk(cast, "class_parent", "teacher")
    first, second = sorted((cast.people["guardian"], cast.people["class_parent"]), key=lambda person: person.pk)
    apart = KeepApart.objects.create(school=cast.school, child=cast.child, first=first, second=second)
    reply = says(cast, request)
    assert who_reads(cast, reply) == {"teacher", "guardian"}
    apart.delete()
    assert who_reads(cast, reply) == {"teacher", "class_parent", "guardian"}


def test_who_is_kept_apart_from_the_only_responder_is_told_that_nobody_reads_it(cast: Cast) -> None:
    request = in_talk(cast)
    first, second = sorted((cast.people["guardian"], cast.people["class_parent"]), key=lambda person: person.pk)
    KeepApart.objects.create(school=cast.school, child=cast.child, first=first, second=second)
    with pytest.raises(Refused, match=r".+"):
        says(cast, request)
    assert not Reply.objects.exists()
    assert says(cast, request, by="shielded_guardian").pk


@pytest.mark.parametrize("role", sorted(set(ROLES) - FAMILIES_OF_FIVE))
def test_only_for_whom_it_was_placed_replies(cast: Cast, role: str) -> None:
    request = in_talk(cast)
    with pytest.raises(NotAllowed):
        says(cast, request, by=role)
    assert says(cast, request, by="guardian").pk


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"class_parent", "duo"}))
def test_only_responders_act_on_replies(cast: Cast, role: str) -> None:
    request = in_talk(cast, "class_parent", "duo", tasks=(("", 3),))
    reply, by = says(cast, request), cast.viewer(role)
    for act in (
        lambda: actions.tick(by=by, reply=reply, done=True),
        lambda: actions.thank(by=by, reply=reply),
        lambda: actions.free_place(by=by, reply=reply),
        lambda: actions.remind(by=by, request=request),
        lambda: actions.add_by_hand(by=by, request=request, name="Opa Jan"),
    ):
        with pytest.raises(NotAllowed):
            act()
    actions.tick(by=cast.viewer("duo"), reply=reply, done=True)
    reply.refresh_from_db()
    assert reply.ticked_at


@pytest.mark.parametrize("role", ["teacher", "duo"])
def test_a_responder_who_was_taken_off_does_nothing_any_more_and_the_new_one_does(cast: Cast, role: str) -> None:
    request = in_talk(cast, "class_parent", "teacher", tasks=(("", 3),))
    reply, by = says(cast, request), cast.viewer(role)
    chosen = [cast.people["duo"].public_id]
    actions.choose_responders(by=cast.viewer("class_parent"), request=request, responder_ids=chosen)
    for act in (
        lambda: actions.tick(by=by, reply=reply, done=True),
        lambda: actions.thank(by=by, reply=reply),
        lambda: actions.remind(by=by, request=request),
        lambda: actions.add_by_hand(by=by, request=request, name="Opa Jan"),
    ):
        if role == "duo":
            act()
        else:
            with pytest.raises(NotAllowed):
                act()


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"class_parent", "duo", "teacher"}))
def test_only_responders_and_the_team_of_the_group_close_it(cast: Cast, role: str) -> None:
    request = in_talk(cast, "class_parent", "duo")
    with pytest.raises(NotAllowed):
        actions.close_request(by=cast.viewer(role), request=request)
    actions.close_request(by=cast.viewer("teacher"), request=request)
    assert fresh(request).state == "closed"


def test_nobody_is_named_who_could_not_read_replies(cast: Cast) -> None:
    for name in ("guardian", "other_teacher", "office", "second_teacher", "none"):
        with pytest.raises(NotAllowed):
            handed_in(cast, name)
    assert handed_in(cast, "teacher").pk


def test_documents_are_handed_out_to_asker_and_reviewer_until_it_is_placed(cast: Cast) -> None:
    request = handed_in(cast, uploads=[papers.upload(papers.pdf())])
    found = {
        role for role in ROLES if RequestDocument.objects.visible_to(cast.viewer(role)).filter(request=request).exists()
    }
    assert found == {"class_parent"} | TEAM


def test_an_address_is_only_hers(cast: Cast) -> None:
    from tests.help_requests.asking import address

    made = address(cast)
    with pytest.raises(NotAllowed):
        actions.end_address(by=cast.viewer("office"), address=made)
    actions.end_address(by=cast.viewer("parent_council"), address=made)
    made.refresh_from_db()
    assert made.ended_at


def test_a_person_without_login_is_no_candidate(cast: Cast) -> None:
    Person.objects.filter(pk=cast.people["duo"].pk).update(user=None)
    with pytest.raises(NotAllowed):
        handed_in(cast, "duo")
    assert handed_in(cast, "teacher").pk
