"""Short ways to conversations among parents, through the room's own actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count

from kring.conversations import actions
from kring.conversations.directory import directory_of, groups_with_directory
from kring.conversations.models import Choice, Conversation, Message, Report
from kring.people.models import Child, Person
from kring.school.models import Group
from tests import factories as make
from tests.cast import TODAY, Cast

CHOICES = ["Ik kan", "Ik kan niet"]


def names_in(cast: Cast, role: str, group: Group | None = None) -> set[str]:
    """Return the first names in the directory of a group (groep 5) as this role has it, or nothing without one."""
    group, viewer = group or cast.five, cast.viewer(role)
    if group not in groups_with_directory(viewer):
        return set()
    return {line.person.first_name for line in directory_of(group, viewer)}


def parent(cast: Cast, name: str, *, group: Group | None = None, shielded: bool = False, **more: Any) -> Person:
    """Return one more full guardian, of a new child in the group (groep 5)."""
    child: Child = make.ChildFactory(school=cast.school, first_name=f"Kind {name}", shielded=shielded)
    make.EnrolmentFactory(child=child, group=group or cast.five, year_level=5)
    user = make.UserFactory(email=f"{name}@example.org")
    person = make.PersonFactory(school=cast.school, user=user, first_name=name.capitalize(), **more)
    make.GuardianshipFactory(child=child, person=person)
    cast.people[name] = person
    return person


def write(cast: Cast, *, by: str = "guardian", to: str = "class_parent", text: str = "Dag Bo", **more: Any) -> Message:
    return actions.write_to_parent(
        by=cast.viewer(by), group=more.pop("group", cast.five), person=cast.people[to], text=text, **more
    )


def opened(cast: Cast, *, by: str = "teacher", choices: list[str] | None = None, **more: Any) -> Conversation:
    values = {"purpose": "Wie helpt donderdag met snijden?", "closes_on": TODAY + timedelta(14)} | more
    return actions.open_group_conversation(
        by=cast.viewer(by), group=cast.five, choices=CHOICES if choices is None else choices, **values
    )


def choose(cast: Cast, conversation: Conversation, *, by: str, place: int = 0) -> None:
    choice = Choice.objects.select_related("conversation__school").get(conversation=conversation, position=place)
    actions.answer(by=cast.viewer(by), choice=choice)


def counts(conversation: Conversation) -> list[int]:
    return [
        choice.number for choice in Choice.objects.filter(conversation=conversation).annotate(number=Count("answers"))
    ]


def reported(cast: Cast, message: Message, *, by: str = "guardian", **more: Any) -> Report:
    fresh = Conversation.objects.for_pages().get(pk=message.conversation_id)
    return actions.report_messages(by=cast.viewer(by), conversation=fresh, messages=[message], **more)
