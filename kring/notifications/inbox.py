"""The inbox as its owner may read it now: titles are made from the subjects she may still see."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from kring.core.viewer import Viewer
from kring.notifications.models import Delivery
from kring.notifications.notice import NoticeKind, kind_named

PAGE, WEEK_MOST = 20, 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the inbox. `told` is None when its subject is gone, or no longer hers to read."""

    delivery: Delivery
    told: NoticeKind | None

    @property
    def day(self) -> date | None:
        """Return the day on which it was told, where the pages are shown."""
        return timezone.localdate(self.delivery.settled_at) if self.delivery.settled_at else None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Some lines, newest first, and the `public_id` after which the next page begins (empty at the end)."""

    lines: list[Line]
    next_before: str


def unread_count(viewer: Viewer) -> int:
    """Return how many lines the viewer has not read: one query over an index of unread lines only."""
    return Delivery.objects.visible_to(viewer).unread().count() if viewer.is_signed_in else 0


def inbox_page(viewer: Viewer, *, before: str = "") -> InboxPage:
    """Return the page of the viewer's inbox below the line `before`. One query, and one for each kind on the page."""
    mine = Delivery.objects.visible_to(viewer)
    rows = list((mine.older_than(before) if before else mine).newest_first()[: PAGE + 1])
    shown = rows[:PAGE]
    told = _told(viewer, shown)
    lines = [Line(row, told.get((row.notice.kind, row.notice.subject_id))) for row in shown]
    return InboxPage(lines, shown[-1].public_id if len(rows) > PAGE else "")


def week_of(viewer: Viewer) -> list[Line]:
    """Return everything the viewer was told in the seven days before `viewer.now`, newest first, read or not; at most
    WEEK_MOST lines. What is no longer hers to read is left out."""
    since = viewer.now - timedelta(days=7)
    rows = list(Delivery.objects.visible_to(viewer).filter(settled_at__gte=since).newest_first()[:WEEK_MOST])
    told = _told(viewer, rows)
    lines = [Line(row, told.get((row.notice.kind, row.notice.subject_id))) for row in rows]
    return [line for line in lines if line.told is not None]


def told_by(viewer: Viewer, delivery: Delivery) -> NoticeKind | None:
    """Return what one line is about, if the viewer may still read it."""
    return _told(viewer, [delivery]).get((delivery.notice.kind, delivery.notice.subject_id))


def _told(viewer: Viewer, rows: list[Delivery]) -> dict[tuple[str, int], NoticeKind]:
    keys: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        keys[row.notice.kind].add(row.notice.subject_id)
    found: dict[tuple[str, int], NoticeKind] = {}
    for name, subject_ids in keys.items():
        kind = kind_named(name)
        for subject in kind.visible_to(viewer, subject_ids) if kind else ():
            found[(name, subject.pk)] = kind(subject)  # type: ignore[misc]
    return found
