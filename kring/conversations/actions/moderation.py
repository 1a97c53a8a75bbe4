"""Reporting messages to management, and what management does with a report."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from kring.audit import actions as audit
from kring.conversations.actions.changes import next_version
from kring.conversations.models import Conversation, Message, Reading, Report, ReportedMessage
from kring.conversations.notices import ReadByManagement, ReportMade, ReportSettled
from kring.conversations.permissions import can_moderate, can_report, own_id
from kring.conversations.reach import judges_at_school
from kring.conversations.rules.circle import MAX_REASON, MAX_REPORTED, MIN_REASON, READING_LASTS, ReportState
from kring.core.access import NotAllowed, Refused, require
from kring.core.viewer import RoleKind, Viewer
from kring.files.actions import remove_document
from kring.notifications.actions import notify
from kring.people.actions.audience import make_audience
from kring.people.models import Person


@transaction.atomic
def report_messages(*, by: Viewer, conversation: Conversation, messages: Sequence[Message], reason: str = "") -> Report:
    """Ask management to look at these messages of a conversation among parents; she goes on with her open report.

    The words are copied, so that who wrote them cannot make them unseen. Raises NotAllowed for messages that she does
    not read, Refused for none, too many, only her own, or a reason that is too long.
    """
    require(can_report(by, conversation))
    keys = {message.pk for message in messages}
    found = list(Message.objects.visible_to(by).filter(pk__in=keys, conversation=conversation))
    if len(found) != len(keys):
        raise NotAllowed
    own = own_id(by, conversation.school_id)
    words = [message for message in found if not message.is_deleted]
    if not any(message.author_id != own for message in words):
        raise Refused(_("Choose at least one message of somebody else."))
    if len(words) > MAX_REPORTED:
        raise Refused(_("Choose at most %(most)s messages.") % {"most": MAX_REPORTED})
    _refuse_long(reason)
    report = _open_report(by, conversation, own, reason.strip())
    ReportedMessage.objects.bulk_create(
        (
            ReportedMessage(school_id=report.school_id, report=report, message=message, words=message.source)
            for message in words
        ),
        ignore_conflicts=True,
    )
    report.to_board = not judges_at_school(report, on=report.school.today(by.now)).exists()
    Report.objects.filter(pk=report.pk).update(to_board=report.to_board)
    audit.record(by=by, what="conversation.reported", about=report, messages=len(words), to_board=report.to_board)
    # Who else is of management is asked when it is told; office and teachers see no reports, so they hear of none.
    audience = make_audience(school=conversation.school, roles=[RoleKind.MANAGEMENT])
    notify(ReportMade(report), audience=audience, school=conversation.school, not_before=by.now, by=by)
    return report


def _open_report(by: Viewer, conversation: Conversation, own: int, reason: str) -> Report:
    mine = Report.objects.open().filter(conversation=conversation, reporter_id=own)
    report = mine.first()
    if report is None:
        try:
            with transaction.atomic():
                return Report.objects.create(
                    school=conversation.school,
                    conversation=conversation,
                    reporter_id=own,
                    reason=reason,
                    made_at=by.now,
                )
        except IntegrityError:  # a second window was quicker
            report = mine.get()
    if reason and reason != report.reason:
        report.reason = f"{report.reason}\n\n{reason}".strip()[:MAX_REASON]
        mine.update(reason=report.reason)
    return report


def _refuse_long(reason: str) -> None:
    if len(reason) > MAX_REASON:
        raise Refused(
            _("That is %(length)s signs, and %(most)s fit. Say it shorter.")
            % {"length": len(reason), "most": MAX_REASON}
        )


def _judge(by: Viewer, report: Report) -> Person:
    """Return the viewer as who judges the report: as the school knows her, else as its board does."""
    at_school = by.person_at(report.school_id)
    if at_school is not None:
        return Person.objects.get(pk=at_school)
    return Person.objects.get(user_id=by.user_id or 0, board_id=report.school.board_id)


@transaction.atomic
def read_reported(*, by: Viewer, report: Report, reason: str) -> Reading:
    """Open the reported messages for a day, for a reason. It is logged, and everybody who takes part is told.

    While an earlier reading of hers lasts, that one is returned. Raises NotAllowed for who is not management and once
    the report is settled, Refused without a reason.
    """
    require(can_moderate(by, report))
    lasting = Reading.objects.lasting(by, report).first()
    if lasting is not None:
        return lasting
    if len(reason.strip()) < MIN_REASON:
        raise Refused(_("Write down why you read this, in a few words. Who takes part is told that you read it."))
    _refuse_long(reason)
    reading = Reading.objects.create(
        school_id=report.school_id,
        report=report,
        person=_judge(by, report),
        reason=reason.strip(),
        at=by.now,
        until=by.now + READING_LASTS,
    )
    audit.record(by=by, what="conversation.reported_read", about=report, reading=reading.public_id)
    conversation = report.conversation
    told = ReadByManagement(reading)
    notify(told, audience=conversation.audience, school=conversation.school, not_before=by.now, by=by)
    return reading


@transaction.atomic
def take_away_reported(*, by: Viewer, report: Report, message: Message) -> None:
    """Take a reported message away for everybody who takes part; "deleted" stays. Twice is once.

    Only while she may read in the report, and only a message that was reported.
    """
    require(can_moderate(by, report) and Reading.objects.lasting(by, report).exists())
    require(report.messages.filter(message=message).exists())
    gone = {"source": "", "body": "", "deleted_at": by.now}
    mine = Message.objects.filter(pk=message.pk, deleted_at__isnull=True)
    if mine.update(**gone, version=next_version(report.conversation)):
        audit.record(by=by, what="conversation.reported_taken_away", about=report)
        documents = [row.document for row in message.documents.select_related("document")]
        message.documents.all().delete()
        for document in documents:
            remove_document(by=by, document=document)


@transaction.atomic
def settle_report(*, by: Viewer, report: Report, outcome: str) -> None:
    """Settle a report with an answer for who made it. From then on nobody reads in it; the copied words are gone.

    Raises Refused without an answer, and when a colleague settled it meanwhile.
    """
    require(can_moderate(by, report))
    if not outcome.strip():
        raise Refused(_("Write in a few words what you did: who reported it reads that."))
    _refuse_long(outcome)
    settled = {"settled_at": by.now, "settled_by": _judge(by, report), "outcome": outcome.strip()}
    if not Report.objects.open().filter(pk=report.pk).update(state=ReportState.SETTLED, **settled):
        raise Refused(_("A colleague just settled this report."))
    report.messages.update(words="")
    report.readings.update(until=by.now)
    report.refresh_from_db()
    audit.record(by=by, what="conversation.report_settled", about=report)
    if report.reporter is not None:
        audience = make_audience(school=report.school, persons=[report.reporter])
        notify(ReportSettled(report), audience=audience, school=report.school, not_before=by.now, by=by)
