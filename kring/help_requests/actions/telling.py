"""Whom the notices of this room go to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kring.core.viewer import Viewer
from kring.help_requests.models import HelpRequest
from kring.notifications.actions import notify
from kring.notifications.notice import NoticeKind
from kring.people.actions.audience import make_audience
from kring.people.models import Person

GATHER = timedelta(minutes=5)  # replies that come after each other are told as one


def tell(
    kind: NoticeKind,
    request: HelpRequest,
    people: Sequence[Person | None],
    *,
    by: Viewer,
    at: datetime | None = None,
) -> None:
    """Tell these people, at `at` (aware) or now; nobody when there are none."""
    known = [person for person in people if person is not None]
    if known:
        audience = make_audience(school=request.school, persons=known)
        notify(kind, audience=audience, school=request.school, not_before=at or by.now, by=by)


def tell_reviewers(kind: NoticeKind, request: HelpRequest, *, by: Viewer) -> None:
    """Tell who places the request: the kind itself asks who that is when it goes out."""
    audience = make_audience(school=request.school, groups=[request.group] if request.group else [])
    notify(kind, audience=audience, school=request.school, not_before=by.now, by=by)
