"""The editor: settings by chapter, the sentence each becomes, publishing, and copying to another school."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.agreements.actions import copy_agreement, discard_draft, publish_draft, save_draft
from kring.agreements.clauses import BY_ID
from kring.agreements.current import version_in_force
from kring.agreements.forms import AgreementForm, PublishForm
from kring.agreements.models import Agreement
from kring.agreements.permissions import can_copy_agreement, can_edit_agreement
from kring.agreements.policy import DEFAULTS, policy_from, stored_values
from kring.agreements.views.document import ChapterView, chapters_of, draft_text, text_of, unsaid_of
from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.school.models import Board, School


def _school_to_edit(request: Request, school_id: str) -> School:
    school = get_object_or_404(School.objects.visible_to(request.viewer), public_id=school_id)
    require(can_edit_agreement(request.viewer, school))
    return school


def _draft(request: Request, school: School) -> Agreement | None:
    return Agreement.objects.visible_to(request.viewer).of_schools([school.pk]).drafts().first()


def _form(school: School, draft: Agreement | None, current: Agreement | None, data: Any = None) -> AgreementForm:
    """Return the form on the draft, else on what counts now, else on the defaults."""
    start = draft or current
    return AgreementForm(
        base=policy_from(start.values) if start else DEFAULTS,
        confirmed=frozenset(start.confirmed) if start else frozenset(),
        paragraphs={chapter: dict(texts) for chapter, texts in start.paragraphs.items()} if start else {},
        is_public=start.is_public if start else False,
        data=data,
        compared_to=policy_from(current.values) if current else DEFAULTS,
    )


def _chapters(form: AgreementForm, current: Agreement | None) -> list[ChapterView]:
    text = draft_text(form.policy, form.confirmed, form.paragraphs)
    return chapters_of(text, before=text_of(current), unsaid=unsaid_of(form.policy, form.confirmed))


def _editor(
    request: Request, school: School, form: AgreementForm, draft: Agreement | None, current: Agreement | None
) -> dict[str, Any]:
    chapters = _chapters(form, current)
    return {
        "school": school,
        "form": form,
        "draft": draft,
        "current": current,
        "chapters": [
            (chapter, form.paragraphs.get(chapter.key, {}), form.paragraph_errors.get(chapter.key, ""),
             [(clause, BY_ID[clause.id], form.of_clause(clause.id)) for clause in chapter.clauses])
            for chapter in chapters
        ],
        "changed": sum(chapter.changed for chapter in chapters),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def edit(request: Request, school_id: str) -> HttpResponse:
    """Show the editor; POST keeps the draft ("save", "next") or only shows what it would say ("look")."""
    school = _school_to_edit(request, school_id)
    draft, current = _draft(request, school), version_in_force(school, at=request.viewer.now)
    form = _form(school, draft, current, request.POST if request.method == "POST" else None)
    do = request.POST.get("do", "")
    if request.method == "POST" and form.is_valid and do in ("save", "next"):
        save_draft(
            by=request.viewer,
            school=school,
            values=stored_values(form.policy),
            confirmed=form.confirmed,
            paragraphs=form.paragraphs,
            is_public=form.is_public,
        )
        if do == "next":
            return redirect("agreements:preview", school.public_id)
        messages.success(request, _("The draft is kept. Nobody sees it until you publish it."))
        return redirect("agreements:edit", school.public_id)
    status = 422 if request.method == "POST" and not form.is_valid and do != "look" else 200
    return page(request, "agreements/edit.html", _editor(request, school, form, draft, current), status=status)


@require_POST
def live(request: Request, school_id: str) -> HttpResponse:
    """Return what the clauses say with the values typed so far. Writes nothing."""
    school = _school_to_edit(request, school_id)
    draft, current = _draft(request, school), version_in_force(school, at=request.viewer.now)
    form = _form(school, draft, current, request.POST)
    return page(request, "agreements/edit.html#live", _editor(request, school, form, draft, current))


@require_GET
def preview(request: Request, school_id: str) -> HttpResponse:
    """Show the whole document of the draft with its changes, and the day from which it will count."""
    school = _school_to_edit(request, school_id)
    return _preview(request, school, PublishForm(today=school.today(request.viewer.now)))


def _preview(request: Request, school: School, form: PublishForm, *, status: int = 200) -> HttpResponse:
    draft, current = _draft(request, school), version_in_force(school, at=request.viewer.now)
    if draft is None:
        return redirect("agreements:edit", school.public_id)
    editor_form = _form(school, draft, current)
    chapters = _chapters(editor_form, current)
    today = school.today(request.viewer.now)
    if not form.is_bound:
        form.initial["in_force_from"] = today
    context = {
        "school": school,
        "chapters": chapters,
        "draft": draft,
        "version": None,
        "current": current,
        "publish": form,
        "changed": sum(chapter.changed for chapter in chapters),
        "next_number": Agreement.objects.of_schools([school.pk]).published().count() + 1,
        "unsaid": sorted(unsaid_of(editor_form.policy, editor_form.confirmed)),
    }
    return page(request, "agreements/preview.html", context, status=status)


@require_POST
def publish(request: Request, school_id: str) -> HttpResponse:
    """Publish the draft from the chosen day."""
    school = _school_to_edit(request, school_id)
    form = PublishForm(request.POST, today=school.today(request.viewer.now))
    if not form.is_valid():
        return _preview(request, school, form, status=422)
    try:
        version = publish_draft(by=request.viewer, school=school, in_force_from=form.cleaned_data["in_force_from"])
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return _preview(request, school, form, status=422)
    messages.success(request, _("Version %(number)s is published.") % {"number": version.number})
    return redirect("agreements:page", school.public_id)


@require_POST
def discard(request: Request, school_id: str) -> HttpResponse:
    """Throw the draft away."""
    school = _school_to_edit(request, school_id)
    discard_draft(by=request.viewer, school=school)
    messages.success(request, _("The draft is gone. The agreements in force have not changed."))
    return redirect("agreements:page", school.public_id)


@require_http_methods(["GET", "POST"])
def copy(request: Request, board_id: str) -> HttpResponse:
    """Let a board's administrator bring the agreements of one school as a draft to another."""
    board = get_object_or_404(Board.objects.visible_to(request.viewer), public_id=board_id)
    schools = list(board.schools.all())
    by_id = {school.public_id: school for school in schools}
    source, target = by_id.get(request.POST.get("source", "")), by_id.get(request.POST.get("target", ""))
    problem = ""
    if request.method == "POST":
        if source is None or target is None or source == target:
            problem = _("Choose two different schools.")
        else:
            require(can_copy_agreement(request.viewer, source, target))
            try:
                copy_agreement(by=request.viewer, source=source, target=target)
            except Refused as refusal:
                problem = refusal.sentence
            else:
                messages.success(
                    request,
                    _("%(target)s has a draft with the agreements of %(source)s. Its management can publish it.")
                    % {"target": target.name, "source": source.name},
                )
                return redirect("agreements:copy", board.public_id)
    context = {"board": board, "schools": schools, "source": source, "target": target, "problem": problem}
    return page(request, "agreements/copy.html", context, status=422 if problem else 200)
