"""News: the first page of a parent, what is older, and search."""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.http import Http404, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from kring.agreements.current import still_to_read
from kring.consents.models import children_answered_by
from kring.core.htmx import page
from kring.core.http import Request
from kring.home.finding import found_events
from kring.home.helping import hints_for
from kring.home.rules import months_back
from kring.home.shell import Kid, Shell
from kring.home.today import as_parent, first_month, lines_by_day, news_for, older_cards, own_children
from kring.posts.feed import is_news_since
from kring.school.models import School

READ = "kring.agreements_read"


@require_safe
def news(request: Request) -> HttpResponse:
    """Show what is coming and what is new, for all her children or for one; who has none goes to her own place."""
    viewer, shell = request.viewer, request.shell
    if not viewer.spans:
        return _elsewhere(request, shell)
    if not request.session.get(READ):
        if still_to_read(viewer):
            return redirect("accounts:welcome")
        request.session[READ] = True  # so that the question costs queries once per session
    kid = chosen_kid(request, shell)
    before = request.GET.get("before", "")
    since = _moment(request.GET.get("since", ""))
    if since is not None and request.htmx:
        return _whether_new(request, kid, since)
    found = news_for(
        as_parent(viewer, child_id=kid.pk if kid else None),
        children=own_children(shell.names, only=kid),
        names=shell.names,
        token=get_token(request),
        before=before,
        with_soon=not before,
    )
    answers = kid is not None and kid.pk in children_answered_by(viewer)
    context = {"news": found, "kids": current_kids(request), "kid": kid, "before": before, "answers": answers}
    context["drawn_at"] = int(viewer.now.timestamp())
    context["help"] = hints_for(viewer) if not before and kid is None else []
    return page(request, "home/news.html", context)


def _whether_new(request: Request, kid: Kid | None, since: datetime) -> HttpResponse:
    """Answer a page that stands open: with a line that there is something new, or 204."""
    viewer = as_parent(request.viewer, child_id=kid.pk if kid else None)
    if not is_news_since(viewer, since):
        return HttpResponse(status=204)
    return page(request, "home/news.html", {"kid": kid}, fragment="newer")


@require_safe
def counts(request: Request) -> HttpResponse:
    """Return the numbers in the menu, for a page that stands open."""
    return page(request, "components/counts.html", {"places": request.shell.side})


def _moment(text: str) -> datetime | None:
    """Return the moment of so many seconds since 1970, or None for what is no number of this era."""
    return datetime.fromtimestamp(int(text), UTC) if text.isdecimal() and len(text) < 11 else None


def _elsewhere(request: Request, shell: Shell) -> HttpResponse:
    """Send staff to their day and a board's administrator to her board; say to anyone else what to do."""
    places = [place for place in shell.side if place.url not in ("/", "") and place.icon in ("sun", "landmark")]
    if places:
        return redirect(places[0].url)
    return page(request, "home/nothing.html", {})


@require_safe
def older(request: Request) -> HttpResponse:
    """Show what was told in one month, newest first."""
    viewer, shell = request.viewer, request.shell
    today = School().today(viewer.now)
    months = months_back(today, first=first_month(viewer, today))
    month = _month(request.GET.get("month", ""), months)
    kid = chosen_kid(request, shell)
    cards, below = older_cards(
        as_parent(viewer, child_id=kid.pk if kid else None) if viewer.spans else viewer,
        children=own_children(shell.names, only=kid),
        month=month,
        words="",
        before=request.GET.get("before", ""),
    )
    context = {"days": lines_by_day(cards), "months": months, "month": month, "below": below, "kid": kid}
    return page(request, "home/older.html", context | {"kids": current_kids(request)})


@require_safe
def search(request: Request) -> HttpResponse:
    """Find posts and events by words in their title or text, among what the viewer may read.

    Events stand above the first page of posts: what is still to come first, the nearest on top, then what was.
    """
    words = " ".join(request.GET.get("q", "").split())[:100]
    cards, below = (
        older_cards(
            request.viewer,
            children=own_children(request.shell.names),
            month=None,
            words=words,
            before=request.GET.get("before", ""),
        )
        if words
        else ([], "")
    )
    context = {"days": lines_by_day(cards), "words": words, "below": below}
    if words and not request.GET.get("before"):
        context |= found_events(request.viewer, words)
    return page(request, "home/search.html", context)


def current_kids(request: Request) -> list[Kid]:
    """Return the viewer's children who are at school now, in the order of their colours."""
    now = {span.child_id for span in request.viewer.spans if span.is_current}
    return [kid for pk, kid in request.shell.names.kids.items() if pk in now]


def chosen_kid(request: Request, shell: Shell) -> Kid | None:
    """Return the child of ?child=, None without it, and 404 when it is not hers."""
    wanted = request.GET.get("child", "")
    if not wanted:
        return None
    for kid in shell.names.kids.values():
        if kid.public_id == wanted:
            return kid
    raise Http404


def _month(text: str, months: list[date]) -> date:
    """Return the month written as 2026-11, else the newest."""
    return next((month for month in months if month.strftime("%Y-%m") == text), months[0])
