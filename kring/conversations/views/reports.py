"""Reporting messages, and for management the reports: why one reads, what was reported, and the answer."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kring.conversations import actions
from kring.conversations.forms import ReasonForm, ReportForm
from kring.conversations.models import Message, Report, shown_to_moderator
from kring.conversations.permissions import can_moderate, can_report
from kring.conversations.reach import administrators_of
from kring.conversations.thread import person_name
from kring.conversations.views.act import back_to, one_talk
from kring.core.access import Refused
from kring.core.formpage import posted
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import School

MOST = 100
LAST = 40  # messages that can be chosen from


@require_http_methods(["GET", "POST"])
def report(request: Request, public_id: str) -> HttpResponse:
    """Choose messages of a conversation that management should look at."""
    viewer, conversation = request.viewer, one_talk(request, public_id)
    if not can_report(viewer, conversation):
        raise Http404
    rows = Message.objects.visible_to(viewer).filter(conversation=conversation).arrived(viewer.now)
    rows = rows.exclude(author_id=viewer.person_at(conversation.school_id)).select_related("author")
    found = list(rows.newest_first()[:LAST])[::-1]
    chosen = request.POST.getlist("message") or request.GET.getlist("message")
    form, refused = ReportForm(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.report_messages(
                by=viewer,
                conversation=conversation,
                messages=[message for message in found if message.public_id in chosen],
                reason=form.cleaned_data["reason"],
            )
        except Refused as error:
            refused = error.sentence
        else:
            return posted(
                request,
                lambda: None,
                back=back_to(conversation),
                done=who_judges(made, on=conversation.school.today(viewer.now)),
            )
    context = {
        "conversation": conversation,
        "school": conversation.school,
        "lines": [(message, person_name(message.author, message.side)) for message in found],
        "chosen": chosen,
        "form": form,
        "refused": refused,
    }
    return page(request, "conversations/report.html", context, status=422 if request.method == "POST" else 200)


def who_judges(report: Report, *, on: date) -> str:
    """Return the sentence for who reported: who looks at it, or that nobody can."""
    if not report.to_board:
        return _("Reported. Management looks at it and lets you know.")
    if administrators_of(report.school.board_id, on=on).exists():
        return _(
            "Reported. Everybody of management takes part in this conversation, so the board of the school looks at it "
            "and lets you know."
        )
    return _(
        "Kept, but nobody can look at it yet: everybody of management takes part in this conversation, and the board "
        "of the school has no account. Call or write to the board of the school yourself."
    )


def _school(request: Request, school_id: str) -> School:
    """Return a school of which she is management, or which her board has; for everybody else there is none."""
    viewer = request.viewer
    school = get_object_or_404(School.objects.visible_to(viewer), public_id=school_id)
    if not viewer.is_management(school.pk) and school.board_id not in viewer.administered_board_ids:
        raise Http404
    return school


@require_safe
def reports(request: Request, school_id: str) -> HttpResponse:
    """Show management what was reported: the open ones first, without a word of any conversation."""
    school = _school(request, school_id)
    rows = Report.objects.visible_to(request.viewer).filter(school=school).for_pages().in_order()[:MOST]
    return page(request, "conversations/reports.html", {"school": school, "reports": rows})


@require_safe
def one_report(request: Request, school_id: str, public_id: str) -> HttpResponse:
    """Show a report: who reported what; the words themselves only after a reason was given, and only for a day."""
    school, found = _school(request, school_id), _report(request, school_id, public_id)
    return _show(request, school, found, ReasonForm())


@require_POST
def read_report(request: Request, school_id: str, public_id: str) -> HttpResponse:
    """Give the reason for reading, and read."""
    school, found = _school(request, school_id), _report(request, school_id, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.read_reported(by=request.viewer, report=found, reason=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason", refused.sentence)
        else:
            return redirect("conversations:report", school_id, public_id)
    return _show(request, school, found, form)


@require_POST
def settle_report(request: Request, school_id: str, public_id: str) -> HttpResponse:
    """Settle a report with an answer for who made it."""
    school, found = _school(request, school_id), _report(request, school_id, public_id)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.settle_report(by=request.viewer, report=found, outcome=form.cleaned_data["reason"])
        except Refused as refused:
            form.add_error("reason", refused.sentence)
        else:
            return posted(
                request,
                lambda: None,
                back=reverse("conversations:reports", args=[school_id]),
                done=_("Settled. Who reported it reads your answer."),
            )
    return _show(request, school, found, ReasonForm(), settling=form)


@require_POST
def take_away(request: Request, school_id: str, public_id: str) -> HttpResponseRedirect:
    """Take a reported message away for everybody."""
    found = _report(request, school_id, public_id)
    rows = Message.objects.filter(pk__in=found.messages.values("message_id"))
    message = get_object_or_404(rows, public_id=request.POST.get("message", ""))
    return posted(
        request,
        lambda: actions.take_away_reported(by=request.viewer, report=found, message=message),
        back=reverse("conversations:report", args=[school_id, public_id]),
        done=_("Taken away. Who takes part sees that a message stood there."),
    )


def _report(request: Request, school_id: str, public_id: str) -> Report:
    rows = Report.objects.visible_to(request.viewer).filter(school__public_id=school_id).for_pages()
    rows = rows.select_related("conversation__audience", "conversation__school", "conversation__group", "school",
                               "reporter", "settled_by")  # fmt: skip
    return get_object_or_404(rows, public_id=public_id)


def _show(
    request: Request, school: School, found: Report, form: ReasonForm, *, settling: ReasonForm | None = None
) -> HttpResponse:
    shown = shown_to_moderator(found, viewer=request.viewer)
    context = {
        "school": school,
        "report": found,
        "lines": [(line, person_name(line.message.author, line.message.side)) for line in shown],
        "readings": found.readings.select_related("person"),
        "may_moderate": can_moderate(request.viewer, found),
        "form": form,
        "settling": settling or ReasonForm(),
    }
    is_wrong = form.is_bound or (settling is not None)
    return page(request, "conversations/one_report.html", context, status=422 if is_wrong else 200)
