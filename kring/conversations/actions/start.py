"""Beginning a conversation between families and the team of a group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.conversations.actions.drafts import forget_new_draft
from kring.conversations.actions.send import attach, drop_loose, put_message, refuse_text, take_in
from kring.conversations.models import Conversation, Message, Participant
from kring.conversations.permissions import can_write_to_families, can_write_to_team, own_id
from kring.conversations.reach import are_kept_apart, guardians_in
from kring.conversations.rules import MAX_FAMILIES, MAX_SUBJECT, Kind, Side
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Level, Viewer
from kring.people.actions.audience import make_audience
from kring.people.models import Child, Person
from kring.school.models import Group


@dataclass(frozen=True, slots=True)
class Family:
    """One conversation of several: about which child, and with which of its guardians together."""

    child: Child
    persons: tuple[Person, ...]


@transaction.atomic
def write_to_team(
    *, by: Viewer, group: Group, child: Child | None = None, text: str, subject: str = "", token: str = ""
) -> Message:
    """Write to the team of the group, about one child or in general. It arrives when the team can be reached (H1).

    Without a subject it goes on in the conversation that she has with this team about this child. Raises NotAllowed
    for who has no child there, Refused for text that does not fit. The same `token` is kept once.
    """
    require(can_write_to_team(by, group, child))
    refuse_text(text)
    person = Person.objects.get(pk=own_id(by, group.school_id))
    conversation = _conversation(by, group, child, (person,), subject, token, side=Side.FAMILY)
    message = _first_words(by, conversation, text, token, None)
    forget_new_draft(by=by, group=group)
    return message


def write_to_families(
    *,
    by: Viewer,
    group: Group,
    families: Sequence[Family],
    text: str,
    subject: str = "",
    token: str = "",
    at: datetime | None = None,
    uploads: Sequence[UploadedFile] = (),
) -> list[Message]:
    """Write to guardians of children in the group: each of `families` gets a conversation of its own.

    Raises NotAllowed for who does not teach the group and for people who do not belong there; Refused when guardians
    who are kept apart, or one with limited reading, would be in one conversation, and for who has no login yet.
    """
    require(can_write_to_families(by, group))
    refuse_text(text, has_more=bool(uploads))
    if not families:
        raise Refused(_("Choose for whom this is."))
    if len(families) > MAX_FAMILIES:
        raise Refused(
            _("That is more than %(most)s families. A group post reaches all of them.") % {"most": MAX_FAMILIES}
        )
    for family in families:
        _refuse_family(by, group, family)
    # The files are judged and stored before anything is written; each message has them, the file is kept once.
    documents = take_in(by=by, school=group.school, uploads=uploads)
    try:
        with transaction.atomic():
            sent = []
            for number, family in enumerate(families):
                key = f"{token}.{number}" if token else ""
                conversation = _conversation(by, group, family.child, family.persons, subject, key, side=Side.TEAM)
                message = _first_words(by, conversation, text, key, at)
                if not message.documents.exists():
                    attach(message, documents)
                sent.append(message)
            forget_new_draft(by=by, group=group)
    finally:
        drop_loose(by=by, documents=documents)
    return sent


def _refuse_family(by: Viewer, group: Group, family: Family) -> None:
    on = group.school.today(by.now)
    held = guardians_in(group, on=on, child=family.child)
    levels = dict(held.filter(person__in=family.persons).values_list("person_id", "level"))
    if not family.persons or set(levels) != {person.pk for person in family.persons}:
        raise NotAllowed
    are_full = all(level == Level.FULL for level in levels.values())
    if len(family.persons) > 1 and (are_kept_apart(levels) or not are_full):
        raise Refused(_("These parents cannot be written to in one conversation. Write to each of them."))
    away = [person.name for person in family.persons if person.user is None or not person.user.is_active]
    if away:
        raise Refused(
            _("%(name)s does not use Kring yet, so a message does not arrive. Call or write on paper.")
            % {"name": away[0]}
        )


def _conversation(
    by: Viewer, group: Group, child: Child | None, persons: Sequence[Person], subject: str, token: str, *, side: Side
) -> Conversation:
    """Return the conversation to write in: the running one without a subject, or a new one. Sent twice is one."""
    subject, own = subject.strip()[:MAX_SUBJECT], own_id(by, group.school_id)
    pair_key = None
    if not subject:
        who = "-".join(str(pk) for pk in sorted(person.pk for person in persons))
        pair_key = f"team:{group.pk}:{child.pk if child else 0}:{who}"
    known = Conversation.objects.filter(pair_key=pair_key) if pair_key else Conversation.objects.none()
    if token:
        known = known | Conversation.objects.filter(opened_by_id=own, token=token)
    found = known.select_related("school", "group", "child", "audience", "team_audience").first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return _make(by, group, child, persons, subject, token, side, pair_key)
    except IntegrityError:
        again = known.first()
        if again is None:
            raise
        return again


def _make(
    by: Viewer,
    group: Group,
    child: Child | None,
    persons: Sequence[Person],
    subject: str,
    token: str,
    side: Side,
    pair_key: str | None,
) -> Conversation:
    conversation = Conversation.objects.create(
        school=group.school,
        kind=Kind.TEAM,
        group=group,
        child=child,
        subject=subject,
        opened_by_id=own_id(by, group.school_id),
        opened_side=side,
        created_at=by.now,
        last_message_at=by.now,
        audience=make_audience(school=group.school, persons=persons),
        team_audience=make_audience(school=group.school, groups=[group]),
        token=token or None,
        pair_key=pair_key,
    )
    Participant.objects.bulk_create(
        Participant(school=group.school, conversation=conversation, person=person, side=Side.FAMILY, since=by.now)
        for person in persons
    )
    audit.record(by=by, what="conversation.started", about=conversation, kind=Kind.TEAM)
    return conversation


def _first_words(by: Viewer, conversation: Conversation, text: str, token: str, at: datetime | None) -> Message:
    known = Message.objects.filter(
        conversation=conversation, author_id=own_id(by, conversation.school_id), token=token or None
    )
    if token and (found := known.first()):
        return found
    try:
        with transaction.atomic():
            return put_message(by=by, conversation=conversation, text=text, token=token, at=at)
    except IntegrityError:
        if token and (again := known.first()):
            return again
        raise
