"""Short ways to a conversation in a state, through the room's own actions."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from kring.conversations import actions
from kring.conversations.actions import Family
from kring.conversations.models import Conversation, Message
from kring.conversations.rules import Kind, Side
from kring.core.viewer import Viewer
from kring.people.actions.audience import make_audience
from kring.people.models import Child, Person
from tests.cast import NOW, ROLES, TODAY, Cast

WORDS = "Mag Joep zijn vleermuiskast meenemen?"
NIGHT = NOW.replace(hour=21)  # Tuesday evening
MORNING = datetime.combine(TODAY + timedelta(1), time(8), tzinfo=NOW.tzinfo)


def to_team(cast: Cast, *, by: str = "guardian", text: str = WORDS, child: Child | None = None, **more: Any) -> Message:
    viewer = more.pop("viewer", None) or cast.viewer(by)
    return actions.write_to_team(by=viewer, group=cast.five, child=child or cast.child, text=text, **more)


def general(cast: Cast, *, by: str = "guardian", text: str = WORDS) -> Message:
    return actions.write_to_team(by=cast.viewer(by), group=cast.five, text=text)


def to_families(cast: Cast, *names: str, by: str = "teacher", child: Child | None = None, **more: Any) -> list[Message]:
    """Write to each of these guardians of the child separately."""
    families = [Family(child or cast.child, (cast.people[name],)) for name in names or ("guardian",)]
    return actions.write_to_families(
        by=cast.viewer(by), group=cast.five, families=families, text=more.pop("text", "Joep doet het goed"), **more
    )


def say(cast: Cast, conversation: Conversation, *, by: str, text: str = "Dat is goed", **more: Any) -> Message:
    fresh = Conversation.objects.for_pages().get(pk=conversation.pk)
    return actions.send_message(by=cast.viewer(by), conversation=fresh, text=text, **more)


def direct(cast: Cast, first: Person, second: Person) -> Conversation:
    """Return a conversation between two guardians of groep 5, as rows: its own actions stand elsewhere."""
    low, high = sorted((first, second), key=lambda person: person.pk)
    conversation = Conversation.objects.create(
        school=cast.school, kind=Kind.DIRECT, group=cast.five, opened_by=first, opened_side=Side.FAMILY,
        created_at=NOW, last_message_at=NOW, pair_key=f"direct:{cast.five.pk}:{low.pk}-{high.pk}",
        audience=make_audience(school=cast.school, persons=[first, second]),
    )  # fmt: skip
    for person in (first, second):
        conversation.participants.create(school=cast.school, person=person, side=Side.FAMILY, since=NOW)
    return conversation


def in_group(cast: Cast) -> Conversation:
    """Return a group conversation of groep 5, as a row."""
    audience = make_audience(school=cast.school, groups=[cast.five])
    return Conversation.objects.create(
        school=cast.school, kind=Kind.GROUP, group=cast.five, opened_by=cast.people["teacher"], opened_side=Side.TEAM,
        created_at=NOW, last_message_at=NOW, closes_at=NOW + timedelta(14), purpose="Wie helpt met soep?",
        audience=audience, team_audience=audience,
    )  # fmt: skip


def who_sees(cast: Cast, conversation: Conversation) -> set[str]:
    """Return the roles of the cast to whom the conversation is visible."""
    return {role for role in ROLES if sees(cast.viewer(role), conversation)}


def who_reads(cast: Cast, message: Message) -> set[str]:
    """Return the roles of the cast to whom the message is visible."""
    return {role for role in ROLES if Message.objects.visible_to(cast.viewer(role)).filter(pk=message.pk).exists()}


def sees(viewer: Viewer, conversation: Conversation) -> bool:
    return Conversation.objects.visible_to(viewer).filter(pk=conversation.pk).exists()


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=NOW.tzinfo)
