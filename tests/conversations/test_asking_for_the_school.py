"""Office, management and care coordinator may ask a whole group something where the agreement names them (S11)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from kring.conversations import actions
from kring.conversations.models import Conversation, Message
from kring.conversations.notices import ConversationChanged
from kring.conversations.permissions import can_open_group_conversation, side_in
from kring.core.access import NotAllowed
from kring.notifications import outbox
from kring.notifications.models import Delivery, Notice
from kring.people.models import TeamRole, User
from tests.agreements.making import publish
from tests.cast import NOW, ROLES, Cast
from tests.conversations.circling import choose, opened
from tests.conversations.talking import say, who_reads, who_sees

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]
ASK = ("office", "management", "care_coordinator")
FAMILIES = {"guardian", "class_parent", "shielded_guardian"}
TEAM = {"teacher", "duo"}


def told(kind: str) -> set[str]:
    for notice in Notice.objects.filter(kind=kind):
        outbox.expand(notice)
    rows = Delivery.objects.filter(notice__kind=kind)
    return {row.user.email.partition("@")[0] for row in rows.select_related("user")}


@pytest.mark.parametrize("role", ASK)
def test_only_the_roles_the_agreement_names_ask_a_group(cast: Cast, role: str) -> None:
    with pytest.raises(NotAllowed):
        opened(cast, by=role)
    publish(cast, {"group_conversations.opened_by": (role,)})
    assert {name for name in ROLES if can_open_group_conversation(cast.viewer(name), cast.five)} == {role}
    assert opened(cast, by=role).opened_side == "team"
    address = reverse("conversations:ask", args=[cast.five.public_id])
    for name in ASK:
        client = cast.client(name)
        assert (client.get(address).status_code == 200) == (name == role)
        assert (address in client.get(reverse("conversations:list")).content.decode()) == (name == role)


def test_other_schools_follow_their_own_agreement(cast: Cast) -> None:
    publish(cast, {"group_conversations.opened_by": ("office", "management")})
    assert not can_open_group_conversation(cast.viewer("second_office"), cast.second_group)
    assert not can_open_group_conversation(cast.viewer("office"), cast.second_group)


@pytest.mark.parametrize("role", ASK)
def test_who_asked_takes_part_in_that_conversation_and_in_no_other(cast: Cast, role: str) -> None:
    other = opened(cast)
    publish(cast, {"group_conversations.opened_by": ASK})
    conversation = opened(cast, by=role)
    assert who_sees(cast, conversation) == FAMILIES | TEAM | {role}
    assert who_sees(cast, other) == FAMILIES | TEAM
    fresh = Conversation.objects.for_pages().get(pk=conversation.pk)
    assert side_in(cast.viewer(role), fresh) == "team"
    said = say(cast, conversation, by="guardian", text="Ik kom")
    assert who_reads(cast, said) == FAMILIES | TEAM | {role}
    assert role in told("conversations.to_team")
    assert role not in told("conversations.to_family")
    choose(cast, conversation, by="guardian")
    client = cast.client(role)
    page = client.get(reverse("conversations:talk", args=[conversation.public_id]))
    assert page.status_code == 200
    assert client.get(reverse("conversations:list")).content.decode().count(conversation.public_id) >= 1
    assert say(cast, conversation, by=role, text="Fijn").side == "team"
    for name in set(ASK) - {role}:
        with pytest.raises(NotAllowed):
            say(cast, conversation, by=name)
        assert cast.client(name).get(reverse("conversations:talk", args=[conversation.public_id])).status_code == 404
    users = list(User.objects.values_list("pk", flat=True))
    heard = set(ConversationChanged.listeners(conversation.public_id, among=users, now=NOW))
    assert cast.user(role).pk in heard
    assert not {cast.user(name).pk for name in set(ASK) - {role}} & heard
    actions.close_group_conversation(by=cast.viewer(role), conversation=fresh, words="Dank")
    assert Conversation.objects.get(pk=conversation.pk).is_closed


@pytest.mark.parametrize("role", ASK)
def test_with_the_role_the_conversation_ends_too(cast: Cast, role: str) -> None:
    publish(cast, {"group_conversations.opened_by": (role,)})
    conversation = opened(cast, by=role)
    said = say(cast, conversation, by="guardian", text="Ik kom")
    TeamRole.objects.filter(person=cast.people[role]).delete()
    assert who_sees(cast, conversation) == FAMILIES | TEAM
    assert not Message.objects.visible_to(cast.viewer(role)).filter(pk=said.pk).exists()
    assert role not in told("conversations.to_team")
    users = list(User.objects.values_list("pk", flat=True))
    assert cast.user(role).pk not in set(ConversationChanged.listeners(conversation.public_id, among=users, now=NOW))


def test_with_the_setting_off_nobody_asks_and_nothing_is_seen(cast: Cast) -> None:
    publish(cast, {"group_conversations.opened_by": ("office",)})
    conversation = opened(cast, by="office")
    publish(cast, {"group_conversations.on": False})
    assert who_sees(cast, conversation) == set()
    with pytest.raises(NotAllowed):
        opened(cast, by="office")
