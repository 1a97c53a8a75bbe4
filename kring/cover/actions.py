"""Saying that a colleague is away, with everything that was confirmed: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from django.db import transaction
from django.utils.translation import gettext as _

from kring.agenda.actions.events import EventInput, make_event
from kring.agenda.permissions import Target as AgendaTarget
from kring.agenda.rules import Category
from kring.audit import actions as audit
from kring.conversations.models import Meeting
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import Viewer
from kring.cover.notices import MeetingInDoubt
from kring.cover.permissions import can_cover_for
from kring.cover.plan import AHEAD, MOST_DAYS, Draft, Way, evenings_of, groups_of, meetings_of, words
from kring.meetings.actions import close_sitting, hand_over
from kring.notifications.actions import notify
from kring.people.actions import report_staff_absence, stand_in
from kring.people.models import Person, StaffAbsence
from kring.posts.actions import Content, ItemInput, order_post, save_draft, start_draft
from kring.posts.models import Post
from kring.posts.permissions import Target
from kring.posts.rules import Kind


@transaction.atomic
def cover_absence(
    *,
    by: Viewer,
    person: Person,
    starts_on: date,
    ends_on: date,
    substitute: Person | None = None,
    messages: Sequence[Draft] = (),
    note: bool = False,
    route: bool = False,
    meetings: Sequence[Meeting] = (),
    evenings: Mapping[str, Way] = MappingProxyType({}),
) -> StaffAbsence:
    """Write down that a colleague is away, first and last day included, and do what was confirmed with it (F1).

    `messages` go out now to the families of each group, and stand in their week and agenda by their day; `note` puts
    the absence in the agenda of groups that get no message. `route` lets the substitute read and answer what parents
    of her groups write, on these days and not longer. `meetings` are the appointments whose families are told that they
    may not go on. `evenings` says what becomes of her sessions of conversations, by the public id of the session. One
    transaction: if a part is refused, nothing of it happened.

    Raises NotAllowed for who may not say this of the colleague, Refused for days that do not fit, a colleague who is
    away already, and whatever a part refuses.
    """
    require(can_cover_for(by, person))
    school = person.school
    if school is None:
        raise NotAllowed
    today = school.today(by.now)
    if ends_on < today:
        raise Refused(_("These days have passed."))
    if (ends_on - starts_on).days >= MOST_DAYS or starts_on > today + AHEAD:
        raise Refused(_("That is too long or too far away. Check both days."))
    absence = report_staff_absence(by=by, person=person, starts_on=starts_on, ends_on=ends_on, substitute=substitute)
    own = {group.pk: group for group in groups_of(by, person, max(starts_on, today), ends_on)}
    require(all(draft.group.pk in own for draft in messages))
    for draft in messages:
        _publish(by, absence, draft)
    told = {draft.group.pk for draft in messages}
    if note:
        for group in [group for pk, group in own.items() if pk not in told]:
            title, text = words(person, starts_on, ends_on, substitute)
            _note(by, absence, group.pk, title, text)
    if route and substitute is not None:
        for group in own.values():
            stand_in(by=by, absence=absence, group=group)
    _tell_families(by, absence, meetings)
    _settle(by, absence, evenings)
    audit.record(
        by=by,
        what="cover.absence_covered",
        about=absence,
        messages=len(messages),
        note=note,
        route=route,
        meetings=len(meetings),
        evenings=len(evenings),
    )
    return absence


def _settle(by: Viewer, absence: StaffAbsence, evenings: Mapping[str, Way]) -> None:
    """Do with each session of conversations what was chosen for it."""
    known = evenings_of(by, absence.person, absence.starts_on, absence.ends_on, absence.substitute)
    by_key = {one.sitting.public_id: one for one in known}
    for key, way in evenings.items():
        one = by_key.get(key)
        if one is None or way not in one.ways:
            raise Refused(_("One of these sessions was changed in the meantime. Look again."))
        if way == Way.CANCEL:
            close_sitting(by=by, sitting=one.sitting)
        elif way != Way.LEAVE:
            to = absence.substitute if way == Way.HAND_OVER else None
            hand_over(by=by, sitting=one.sitting, away=absence.person, to=to)


def _publish(by: Viewer, absence: StaffAbsence, draft: Draft) -> Post:
    target = Target(group_ids=frozenset([draft.group.pk]))
    post = start_draft(by=by, school=absence.school, kind=Kind.STAFF, target=target)
    content = Content(title=draft.title, source=draft.text, emphasis=True)
    post = save_draft(by=by, post=post, content=content, target=target)
    item = ItemInput(
        absence.starts_on,
        absence.ends_on,
        absent=absence.person,
        substitute=absence.substitute,
        text=draft.title[:200],
    )
    return order_post(by=by, post=post, items=[item])


def _note(by: Viewer, absence: StaffAbsence, group_id: int, title: str, text: str) -> None:
    what = EventInput(
        title=title[:120],
        text=text,
        starts_on=max(absence.starts_on, absence.school.today(by.now)),
        ends_on=absence.ends_on,
        target=AgendaTarget(group_ids=frozenset([group_id])),
        category=Category.OTHER,
    )
    make_event(by=by, school=absence.school, what=what)


def _tell_families(by: Viewer, absence: StaffAbsence, meetings: Sequence[Meeting]) -> None:
    wanted = {meeting.pk for meeting in meetings}
    rows = meetings_of(absence.person, absence.starts_on, absence.ends_on)
    found = list(rows.filter(pk__in=wanted).select_related("conversation__audience", "conversation__school"))
    if len(found) != len(wanted):
        raise Refused(_("One of these appointments was cancelled in the meantime. Look again."))
    for meeting in found:
        conversation = meeting.conversation
        notify(
            MeetingInDoubt(meeting),
            audience=conversation.audience,
            school=conversation.school,
            not_before=by.now,
            by=by,
        )
