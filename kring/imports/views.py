"""Upload, check, apply; and what earlier imports did."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kring.core.access import Refused, require
from kring.core.htmx import page
from kring.core.http import Request
from kring.imports.actions import apply_import, cancel_import, preview_import, set_levels
from kring.imports.forms import LevelsForm, UploadForm
from kring.imports.models import Import, State
from kring.imports.permissions import can_import
from kring.imports.plan import Plan
from kring.imports.preview import plan_of
from kring.imports.words import say_faults, say_lines
from kring.school.models import School

PER_PAGE = 100
FAULTS_SHOWN = 12


def _school(request: Request, school_id: str) -> School:
    school = get_object_or_404(School.objects.managed_by(request.viewer), public_id=school_id)
    require(can_import(request.viewer, school))
    return school


def _one(request: Request, school: School, import_id: str) -> Import:
    found = Import.objects.visible_to(request.viewer)
    row: Import = get_object_or_404(found, school=school, public_id=import_id)
    row.school = school
    return row


@require_http_methods(["GET", "POST"])
def uploads(request: Request, school_id: str) -> HttpResponse:
    """Choose files; under it what earlier imports did."""
    school = _school(request, school_id)
    schools = None
    if request.method == "POST" and "wanted" in request.POST:
        schools = [[request.POST["wanted"], ""]]  # checked against the file itself when it is read
    is_sent = request.method == "POST"
    form = UploadForm(request.POST, request.FILES, schools=schools) if is_sent else UploadForm()
    if is_sent and form.is_valid():
        data = form.cleaned_data
        made = preview_import(
            by=request.viewer,
            school=school,
            uploads=data["files"],
            wanted=data.get("wanted", ""),
        )
        return redirect("imports:import", school_id, made.public_id)
    history = Import.objects.for_history(school)[:20]
    status = 422 if form.is_bound else 200
    return page(request, "imports/uploads.html", {"school": school, "form": form, "history": history}, status=status)


@require_GET
def one_import(request: Request, school_id: str, import_id: str) -> HttpResponse:
    """Show where an import stands: to check, to choose a school, not usable, or what it did."""
    school = _school(request, school_id)
    row = _one(request, school, import_id)
    is_waiting = row.state in {State.READY, State.CHOOSE, State.FAULTY}
    if is_waiting and row.expires_at <= request.viewer.now:
        row.state, is_waiting = State.EXPIRED, False
    if not is_waiting:
        return page(request, "imports/result.html", {"school": school, "row": row})
    faults = say_faults(row.faults or [])
    context = {"school": school, "row": row, "faults": faults}
    if row.state == State.FAULTY:
        return page(request, "imports/faults.html", context)
    if row.state == State.CHOOSE:
        return page(request, "imports/choose.html", {**context, "form": UploadForm(schools=row.schools)})
    return _preview(request, school, row)


def _preview(request: Request, school: School, row: Import, sentence: str = "") -> HttpResponse:
    plan = plan_of(row, today=school.today(request.viewer.now))
    counts = plan.counts
    sort = request.GET.get("show", "")
    if sort not in counts:
        sort = next((name for name in ("changed", "new", "moved", "gone") if counts[name]), "new")
    lines = Paginator([line for line in plan.lines if line.sort == sort], PER_PAGE)
    shown = lines.get_page(request.GET.get("page"))
    faults = say_faults(row.faults or [])
    context = {
        "school": school,
        "row": row,
        "plan": plan,
        "tally": _tally(plan),
        "sort": sort,
        "page": shown,
        "lines": say_lines(shown.object_list),
        "faults": faults if "faults" in request.GET else faults[:FAULTS_SHOWN],
        "faults_in_all": len(faults),
        "same_email": plan.same_email[:FAULTS_SHOWN],
        "kept_ended": plan.kept_ended[:FAULTS_SHOWN],
        "without_level": plan.without_level[:FAULTS_SHOWN],
        "levels": LevelsForm(grades=row.grades),
        "sentence": sentence,
        "ask": plan.is_alarming,
    }
    return page(request, "imports/preview.html", context, status=422 if sentence else 200)


def _tally(plan: Plan) -> list[dict[str, object]]:
    words = (
        ("new", _("new"), "plus", _("children, adults, groups")),
        ("changed", _("changed"), "pencil", _("names, addresses, parents")),
        ("moved", _("moved"), "users-round", _("to another group")),
        ("gone", _("gone"), "log-out", _("no longer in the file")),
    )
    return [
        {"sort": sort, "number": plan.counts[sort], "word": word, "icon": icon, "help": about}
        for sort, word, icon, about in words
    ]


@require_POST
def levels(request: Request, school_id: str, import_id: str) -> HttpResponse:
    """Say what the year codes mean, and look again."""
    school = _school(request, school_id)
    row = _one(request, school, import_id)
    form = LevelsForm(request.POST, grades=row.grades)
    if not form.is_valid():
        return _preview(request, school, row, _("Choose groups from 1 to 8."))
    try:
        set_levels(by=request.viewer, waiting=row, levels=form.levels)
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("imports:import", school_id, import_id)
    messages.success(request, _("The years are set. Look at the list again."))
    return redirect("imports:import", school_id, import_id)


@require_POST
def apply(request: Request, school_id: str, import_id: str) -> HttpResponse:
    """Apply what was looked at, all or nothing."""
    school = _school(request, school_id)
    row = _one(request, school, import_id)
    try:
        apply_import(
            by=request.viewer,
            waiting=row,
            confirmed_gone=request.POST.get("confirmed_gone") == "yes",
            expected=request.POST.get("expected", ""),
        )
    except Refused as refused:
        if row.state == State.READY and row.expires_at > request.viewer.now:
            return _preview(request, school, row, refused.sentence)
        messages.error(request, refused.sentence)
    else:
        messages.success(request, _("The roster is applied."))
    return redirect("imports:import", school_id, import_id)


@require_POST
def cancel(request: Request, school_id: str, import_id: str) -> HttpResponse:
    """Put the import aside; what was read is thrown away."""
    school = _school(request, school_id)
    cancel_import(by=request.viewer, waiting=_one(request, school, import_id))
    return redirect("imports:uploads", school_id)
