"""One conversation as its reader sees it: the last messages in order, and what stands under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kring.agreements.current import closing_dates
from kring.agreements.policy import Policy
from kring.conversations.models import Conversation, Meeting, Message, Moment, Promise, Proposal, Receipt
from kring.conversations.permissions import can_cancel, can_delete_message, can_write_in, is_author, side_in
from kring.conversations.rights import Where, where_among
from kring.conversations.rules import PAGE, Kind, PromiseState, ProposalState, Side
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.people.models import Person
from kring.people.reading import only_open

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Entry:
    """One message as it stands on the page."""

    message: Message
    is_own: bool
    name: str
    shows_name: bool = True
    new_day: date | None = None
    day_at: int = 0  # where the line with the day stands, as `at`
    is_pending: bool = False
    can_edit: bool = False
    can_delete: bool = False
    read_by: str = ""
    proposal: Proposal | None = None
    moments: list[Moment] = field(default_factory=list)
    meeting: Meeting | None = None
    can_choose: bool = False
    can_withdraw: bool = False
    can_cancel: bool = False

    @property
    def at(self) -> int:
        """Return where it stands in the conversation: microseconds, so that a script puts it in its place."""
        return micros(self.message.visible_from)


@dataclass(slots=True)
class Thread:
    """The page of a conversation. `last` is the message up to which everything has arrived: what "seen" means."""

    conversation: Conversation
    side: Side
    entries: list[Entry]
    older: str
    promises: list[Promise]
    last: Message | None
    is_news: bool
    can_write: bool
    own_id: int | None

    @property
    def own_promise(self) -> Promise | None:
        """Return the promise of her own side that she may change: hers, or that of her team."""
        return next((promise for promise in self.promises if promise.side == self.side), None)

    @property
    def waits_for_her(self) -> bool:
        """Say whether the other side spoke last, so that "I'll come back to it" makes sense."""
        arrived = [entry for entry in self.entries if not entry.is_pending or entry.message.side == self.side]
        return bool(arrived) and arrived[-1].message.side != self.side and self.own_promise is None


def thread_of(
    conversation: Conversation, viewer: Viewer, policy: Policy, *, upto: str = "", before: str = ""
) -> Thread:
    """Return a page of the conversation: the last messages, or those up to and with, or before, one of them.

    Ten queries at most, whatever is stored and shown.
    """
    rows = Message.objects.filter(pk__in=newest_keys(conversation, viewer))
    mark = None
    if upto or before:
        visible = Message.objects.visible_to(viewer).filter(conversation=conversation)
        mark = visible.filter(public_id=upto or before).first()
        rows = visible.before(mark) if mark is not None else rows
    found = list(_with_proposals(rows.for_pages().newest_first())[: PAGE + 1])
    page = found[:PAGE]
    if mark is not None and upto:
        page = [*_with_proposals(visible.filter(pk=mark.pk).for_pages()), *page]
    page.reverse()
    side = side_in(viewer, conversation)
    own_id = viewer.person_at(conversation.school_id)
    entries = entries_of(page, conversation, viewer, side)
    receipts = list(Receipt.objects.filter(conversation=conversation).select_related("person"))
    arrived = [entry.message for entry in entries if not entry.is_pending]
    last = arrived[-1] if arrived else None
    read_until = max((row.read_until for row in receipts if row.person_id == own_id), default=None)
    standing = Promise.objects.filter(conversation=conversation, state=PromiseState.OPEN)
    thread = Thread(
        conversation=conversation,
        side=side,
        entries=entries,
        older=page[0].public_id if len(found) > PAGE else "",
        promises=list(standing.select_related("person")),
        last=last,
        is_news=last is not None and (read_until is None or read_until < last.visible_from),
        can_write=can_write_in(viewer, conversation),
        own_id=own_id,
    )
    if policy.receipts.on and conversation.kind != Kind.GROUP:
        _mark_read(thread, receipts, viewer)
    return thread


def newest_keys(conversation: Conversation, viewer: Viewer) -> list[int]:
    """Return the keys of the newest messages of the conversation that this viewer reads: one page and one. One query,
    kept: putting this condition together costs more than the page that it finds.
    """

    def build(viewer: Viewer, direct: Sequence[int], groups: Sequence[int], talk: int) -> QuerySet[Message, Any]:
        found = Message.objects.visible_to(viewer, Where(direct, groups)).filter(conversation=talk)
        return found.newest_first().values_list("pk")[: PAGE + 1]

    shown = only_open(viewer, closes_on=closing_dates(viewer))
    return [pk for (pk,) in rows_of("conversations.page", build, shown, *where_among(viewer), conversation.pk)]


def entries_of(messages: Sequence[Message], conversation: Conversation, viewer: Viewer, side: Side) -> list[Entry]:
    """Return these messages of the conversation, which this viewer reads, as they stand on her page."""
    writes = can_write_in(viewer, conversation)
    entries = []
    for message in messages:
        message.conversation = conversation  # asked for once, not for each message
        entries.append(_entry(message, viewer, side, writes))
    _mark_days(entries, conversation)
    return entries


def micros(moment: datetime) -> int:
    """Return the microseconds since 1970 of an aware moment."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def _with_proposals(rows: Any) -> Any:
    moments = Prefetch("proposal__moments", Moment.objects.order_by("starts_at"))
    return rows.select_related("proposal__meeting").prefetch_related(moments)


def _entry(message: Message, viewer: Viewer, side: Side, writes: bool) -> Entry:
    own = is_author(viewer, message)
    entry = Entry(
        message=message,
        is_own=own or (message.conversation.kind == Kind.TEAM and message.side == side == Side.TEAM),
        name=person_name(message.author, message.side),
        shows_name=not own,
        is_pending=message.is_pending(viewer.now),
        can_edit=own and writes and not message.is_deleted and viewer.now < message.editable_until,
        can_delete=can_delete_message(viewer, message),
    )
    proposal = getattr(message, "proposal", None)
    if proposal is not None and not message.is_deleted:
        entry.proposal, entry.moments = proposal, list(proposal.moments.all())
        is_open = writes and proposal.state == ProposalState.OPEN
        entry.can_choose = is_open and proposal.side != side
        entry.can_withdraw = is_open and proposal.side == side
        entry.meeting = getattr(proposal, "meeting", None)
        if entry.meeting is not None:
            entry.meeting.conversation = message.conversation
            entry.can_cancel = can_cancel(viewer, entry.meeting)
    return entry


def person_name(person: Person | None, side: str) -> str:
    """Return how the page calls somebody: a teacher as the school does, a parent by her name."""
    if person is None:
        return _("Somebody who left")
    return person.display_name if side == Side.TEAM else person.name


def _mark_days(entries: Sequence[Entry], conversation: Conversation) -> None:
    previous: date | None = None
    for entry in entries:
        day = conversation.school.today(entry.message.visible_from)
        if day != previous:
            entry.new_day = previous = day
            entry.day_at = micros(conversation.school.moment(day))


def _mark_read(thread: Thread, receipts: Sequence[Receipt], viewer: Viewer) -> None:
    """Write under the last of one's own side that somebody of the other side has read who did (H3)."""
    conversation, own_id = thread.conversation, thread.own_id
    families = set(conversation.participants.families().values_list("person_id", flat=True))
    # A parent who writes another one is read by a family; one who writes the team is read by the team.
    by_family = thread.side == Side.TEAM or conversation.kind == Kind.DIRECT
    others = [row for row in receipts if row.person_id != own_id and (row.person_id in families) == by_family]
    if not others:
        return
    furthest = max(others, key=lambda row: row.read_until)
    for entry in reversed(thread.entries):
        if entry.is_own and not entry.is_pending and entry.message.visible_from <= furthest.read_until:
            side = Side.FAMILY if by_family else Side.TEAM
            today = conversation.school.today(viewer.now)
            values = {"name": person_name(furthest.person, side), "when": read_words(furthest, today=today)}
            entry.read_by = _("Read by %(name)s, %(when)s") % values
            return


def read_words(receipt: Receipt, *, today: date) -> str:
    """Return when somebody read it, by the day: "this morning", "yesterday", "on Monday 30 November"."""
    if receipt.read_on == today:
        words = {"morning": _("this morning"), "afternoon": _("this afternoon"), "evening": _("this evening")}
        return words[receipt.read_part]
    if receipt.read_on == today - timedelta(days=1):
        return _("yesterday")
    return _("on %(day)s") % {"day": date_format(receipt.read_on, "l j F")}


def promise_words(promise: Promise, *, today: date | None = None) -> str:
    """Return the promise as both sides read it: "I'll come back to it, on Thursday at the latest"."""
    if promise.until is None:
        return _("I'll come back to it")
    today = today or timezone.localdate()
    if promise.until == today:
        return _("I'll come back to it today")
    return _("I'll come back to it, on %(day)s at the latest") % {"day": date_format(promise.until, "l j F")}
