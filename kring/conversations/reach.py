"""Who of the people named in a conversation can still be reached in it: asked when something is sent, never kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from kring.conversations.hours import teachers_of
from kring.conversations.models import Conversation, Participant, Report
from kring.conversations.rights import ASKERS
from kring.conversations.rules import Kind, Side
from kring.core.viewer import Level, RoleKind
from kring.people.models import Child, Enrolment, Guardianship, KeepApart, Person, TeamRole, User, current_on
from kring.school.models import Group

READERS = (Level.FULL, Level.LIMITED)


def seats_of(group: Group, *, on: date) -> QuerySet[Enrolment]:
    """Return the places of the group on `on`; those of a group of last year are empty."""
    return Enrolment.objects.filter(current_on(on), group=group, group__school_year__ends_on__gte=on)


def guardians_in(
    group: Group, *, on: date, child: Child | None = None, levels: Iterable[str] = READERS
) -> QuerySet[Guardianship]:
    """Return the guardianships over children (or `child`) who sit in the group on `on`, of these levels."""
    seats = seats_of(group, on=on)
    if child is not None:
        seats = seats.filter(child=child)
    return Guardianship.objects.filter(current_on(on), level__in=list(levels), child__in=seats.values("child_id"))


def reachable(conversation: Conversation, *, on: date) -> QuerySet[Person]:
    """Return the named guardians who can read in the conversation on `on`: still a guardian there, with a login."""
    levels = READERS if conversation.kind == Kind.TEAM else (Level.FULL,)
    held = guardians_in(conversation.group, on=on, child=conversation.child, levels=levels)
    named = Participant.objects.staying().filter(conversation=conversation, side=Side.FAMILY)
    return Person.objects.filter(
        pk__in=named.filter(person__in=held.values("person_id")).values("person_id"), user__is_active=True
    )


def are_kept_apart(person_ids: Iterable[int]) -> bool:
    """Say whether two of these persons are kept apart."""
    ids = list(person_ids)
    return KeepApart.objects.filter(Q(first__in=ids) & Q(second__in=ids)).exists()


def meet_who_are_kept_apart(conversation: Conversation) -> bool:
    """Say whether two guardians who are kept apart since are both named in the conversation."""
    named = Participant.objects.staying().filter(conversation=conversation, side=Side.FAMILY)
    return conversation.kind == Kind.TEAM and are_kept_apart(named.values_list("person_id", flat=True))


def asker_of(conversation: Conversation, *, on: date) -> QuerySet[Person]:
    """Return who asked the whole group for the school (S11), while she has such a role on `on`."""
    opened = Conversation.objects.filter(pk=conversation.pk, kind=Kind.GROUP, opened_side=Side.TEAM)
    held = TeamRole.objects.filter(current_on(on), kind__in=ASKERS, person_id__in=opened.values("opened_by_id"))
    return Person.objects.filter(pk__in=held.values("person_id"))


def judges_at_school(report: Report, *, on: date) -> QuerySet[Person]:
    """Return who of the school's management can judge the report on `on`: with a login, and without a part in it."""
    conversation = report.conversation
    roles = TeamRole.objects.filter(current_on(on), school_id=report.school_id, kind=RoleKind.MANAGEMENT)
    managers = Person.objects.filter(pk__in=roles.values("person_id"), user__is_active=True)
    spoke = report.messages.values("message__author_id")
    took_part = Q(user__in=logins_of(conversation, on=on)) | Q(pk=report.reporter_id) | Q(pk__in=spoke)
    took_part |= Q(pk__in=Participant.objects.filter(conversation=conversation).values("person_id"))
    return managers.exclude(pk__in=managers.filter(took_part).values("pk"))


def administrators_of(board_id: int, *, on: date) -> QuerySet[User]:
    """Return the logins of who administers the board on `on`: they judge what nobody at the school can."""
    roles = TeamRole.objects.filter(current_on(on), board_id=board_id, kind=RoleKind.BOARD_ADMIN)
    return User.objects.filter(is_active=True, persons__in=roles.values("person_id")).distinct()


def logins_of(conversation: Conversation, *, on: date) -> QuerySet[User]:
    """Return the logins of everybody who takes part on `on`: the team of the group, and the families."""
    team = teachers_of(conversation.group, on=on).values("person_id")
    families: QuerySet[Person]
    if conversation.kind == Kind.GROUP:
        held = guardians_in(conversation.group, on=on, levels=[Level.FULL])
        families = Person.objects.filter(pk__in=held.values("person_id"))
    else:
        families = reachable(conversation, on=on)
    who = Q(persons__in=families)
    if conversation.kind != Kind.DIRECT:
        who |= Q(persons__in=team)
    if conversation.kind == Kind.GROUP:
        who |= Q(persons__in=asker_of(conversation, on=on))
    return User.objects.filter(who, is_active=True).distinct()
