"""What the page of a conversation among parents adds: the question and its counts, and what one can do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kring.agreements.current import policies_seen_by
from kring.conversations.directory import groups_with_directory, other_parents
from kring.conversations.models import Answer, Block, Choice, Conversation, Message, Participant, Report
from kring.conversations.permissions import (
    can_answer,
    can_block,
    can_close,
    can_mute,
    can_open_group_conversation,
    can_report,
    can_see_who_answered,
    can_write_in,
    can_write_to_team,
    is_over,
    may_ask_for_school,
)
from kring.conversations.rights import current_groups, hidden_persons, schools_asked_for
from kring.conversations.rules import Kind, Side
from kring.core.viewer import RoleKind, Viewer
from kring.people.models import Person
from kring.school.models import Group, School


@dataclass(frozen=True, slots=True)
class Counted:
    """One answer with how many chose it; `names` only for who asked and the team."""

    choice: Choice
    number: int
    is_own: bool
    names: tuple[str, ...] = ()


@dataclass(slots=True)
class Circle:
    """What stands beside the words of a conversation among parents."""

    choices: list[Counted] = field(default_factory=list)
    answered: int = 0
    may_answer: bool = False
    sees_names: bool = False
    asker: str = ""
    closes_on: date | None = None
    words: int = 0
    is_over: bool = False
    may_close: bool = False
    may_report: bool = False
    has_reported: bool = False
    may_mute: bool = False
    is_muted: bool = False
    may_block: bool = False
    blocked: Person | None = None
    can_go_private: bool = False

    @property
    def has_answered(self) -> bool:
        """Say whether the viewer chose an answer."""
        return any(counted.is_own for counted in self.choices)


def circle_of(conversation: Conversation, viewer: Viewer) -> Circle | None:
    """Return what the page adds for this viewer; nothing for a conversation with the team. Seven queries at most."""
    if conversation.kind == Kind.TEAM:
        return None
    own = viewer.person_at(conversation.school_id)
    mine = Participant.objects.filter(conversation=conversation, person_id=own or 0).first()
    circle = Circle(
        is_over=is_over(viewer, conversation),
        may_report=can_report(viewer, conversation),
        has_reported=Report.objects.open().made_by(viewer).filter(conversation=conversation).exists(),
        may_mute=can_mute(viewer, conversation) and not is_over(viewer, conversation),
        is_muted=mine is not None and mine.muted_until is not None and mine.muted_until > viewer.now,
        may_block=can_block(viewer, conversation),
    )
    if conversation.kind == Kind.DIRECT:
        blocks = Block.objects.visible_to(viewer).select_related("blocked")
        named = conversation.participants.families().values("person_id")
        block = blocks.filter(blocked__in=named).first()
        circle.blocked = block.blocked if block else None
    else:
        _add_question(circle, conversation, viewer, own)
    return circle


def _add_question(circle: Circle, conversation: Conversation, viewer: Viewer, own: int | None) -> None:
    circle.may_answer = can_answer(viewer, conversation)
    circle.may_close = can_close(viewer, conversation)
    circle.sees_names = can_see_who_answered(viewer, conversation)
    circle.can_go_private = can_write_in(viewer, conversation) and can_write_to_team(viewer, conversation.group)
    hidden = set(hidden_persons(viewer).values_list("pk", flat=True))  # who is kept apart from her is never named
    if conversation.opened_by is not None and conversation.opened_by_id not in hidden:
        by_team = conversation.opened_side == Side.TEAM
        circle.asker = conversation.opened_by.display_name if by_team else conversation.opened_by.name
    if conversation.closes_at is not None:
        circle.closes_on = conversation.school.today(conversation.closes_at - timedelta(seconds=1))
    rows = list(Answer.objects.filter(conversation=conversation).named())
    counts = Counter(row.choice_id for row in rows)
    circle.answered = len(rows)
    for choice in Choice.objects.filter(conversation=conversation):
        chose = [row.person.name for row in rows if row.choice_id == choice.pk and row.person_id not in hidden]
        names = tuple(chose) if circle.sees_names else ()
        is_own = any(row.choice_id == choice.pk and row.person_id == own for row in rows)
        circle.choices.append(Counted(choice, counts[choice.pk], is_own, names))
    if circle.is_over:
        circle.words = Message.objects.visible_to(viewer).arrived(viewer.now).filter(conversation=conversation).count()


def private_recipients(conversation: Conversation, viewer: Viewer) -> list[Person]:
    """Return the parents to whom something can be said privately from a group conversation: who opened it or spoke in
    it, as far as they stand in the directory for the viewer.
    """
    spoke = Message.objects.visible_to(viewer).filter(conversation=conversation, side=Side.FAMILY)
    keys = set(spoke.values_list("author_id", flat=True)) | {conversation.opened_by_id}
    return list(other_parents(conversation.group, viewer).filter(pk__in=[key for key in keys if key]))


@dataclass(frozen=True, slots=True)
class Way:
    """A page of this room to which a list of conversations leads."""

    icon: str
    label: str
    url: str


def _groups_of_schools(viewer: Viewer, near: Collection[int]) -> list[Group]:
    """Return the other groups of the schools for which she may ask a whole group something (S11)."""
    schools = schools_asked_for(viewer)
    policies = policies_seen_by(viewer, schools) if schools else {}
    asks = [
        pk
        for pk, policy in policies.items()
        if policy.group_conversations.on and may_ask_for_school(viewer, pk, policy.group_conversations.opened_by)
    ]
    if not asks:
        return []
    today = viewer.now.date()
    year = Q(school_year__starts_on__lte=today, school_year__ends_on__gte=today)
    found = Group.objects.filter(year, school_id__in=asks).exclude(pk__in=near)
    return list(found.select_related("school").order_by("school_id", "name", "pk"))


def ways_of(viewer: Viewer) -> list[Way]:
    """Return the directories she has, the groups she may ask something, and for management the reports. Four queries
    at most.
    """
    ways = [
        Way(
            "users-round",
            _("Parents of %(group)s") % {"group": group.name},
            reverse("conversations:directory", args=[group.public_id]),
        )
        for group in groups_with_directory(viewer)
    ]
    near = {role.group_id for role in viewer.roles if role.group_id} | current_groups(viewer)
    groups = list(Group.objects.filter(pk__in=near).select_related("school").order_by("name", "pk")) if near else []
    groups += _groups_of_schools(viewer, near)
    ways += [
        Way(
            "hand-helping",
            _("Ask %(group)s something") % {"group": group.name},
            reverse("conversations:ask", args=[group.public_id]),
        )
        for group in groups
        if can_open_group_conversation(viewer, group)
    ]
    managed = [role.school_id for role in viewer.roles if role.kind == RoleKind.MANAGEMENT and role.school_id]
    for school in School.objects.filter(pk__in=managed) if managed else ():
        number = Report.objects.visible_to(viewer).open().filter(school=school).count()
        label = _("Reports") if not number else _("Reports (%(number)s)") % {"number": number}
        ways.append(Way("flag", label, reverse("conversations:reports", args=[school.public_id])))
    return ways
