"""Which agreement counts at a school at a moment, and where its paragraphs are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.urls import reverse

from kring.agreements.models import Agreement, Confirmation
from kring.agreements.policy import DEFAULTS, Policy, policy_from
from kring.core.prepared import rows_of
from kring.core.viewer import Viewer
from kring.school.models import School

# Published versions never change, so a policy once read stays right. The key holds the random public id, because a
# primary key alone may come back after a row is gone. It never decides which version counts: a query does, each time.
_read: dict[tuple[int, str], Policy] = {}
MOST = 200


def policies_for(school_ids: Iterable[int], *, at: datetime) -> dict[int, Policy]:
    """Return the policy in force at `at` (aware) for each school: one query, and one more for versions never read yet.

    A school without a published version gets the defaults of the agreements design.
    """
    wanted = set(school_ids)
    if not wanted:
        return {}
    rows = rows_of("agreements.begun", _begun, sorted(wanted), at.date() + timedelta(1))
    chosen: dict[int, tuple[int, str]] = {}
    for pk, public_id, school_id, in_force_from, zone in rows:
        # The day begins in the school's own zone; the query looked a day wider.
        if in_force_from is not None and in_force_from <= at.astimezone(ZoneInfo(zone)).date():
            chosen.setdefault(school_id, (pk, public_id))
    unread = {key[0]: key for key in chosen.values() if key not in _read}
    if unread:
        if len(_read) + len(unread) > MOST:
            _read.clear()
            unread = {key[0]: key for key in chosen.values()}
        for agreement in Agreement.objects.published().filter(pk__in=list(unread)).only("pk", "values"):
            _read[unread[agreement.pk]] = policy_from(agreement.values)
    return {school_id: _read[chosen[school_id]] if school_id in chosen else DEFAULTS for school_id in wanted}


def _begun(school_ids: Sequence[int], day: date) -> QuerySet[Agreement, Any]:
    found = Agreement.objects.of_schools(school_ids).begun(day)
    return found.values_list("pk", "public_id", "school_id", "in_force_from", "school__timezone")


def policy_for(school_id: int, *, at: datetime) -> Policy:
    """Return the policy in force at the school at `at` (aware)."""
    return policies_for([school_id], at=at)[school_id]


def policies_seen_by(viewer: Viewer, school_ids: Iterable[int]) -> dict[int, Policy]:
    """Return the policies of these schools at `viewer.now`: one query for all of hers in the life of a viewer.

    For reading only. An action asks `policy_for`, because it may run beside the publication of a version.
    """
    kept: dict[int, Policy] = viewer.kept.setdefault("agreements", {})
    wanted = set(school_ids)
    if wanted - kept.keys():
        kept.update(policies_for(wanted | viewer.school_ids, at=viewer.now))
    return {school_id: kept[school_id] for school_id in wanted}


def closing_dates(viewer: Viewer) -> Callable[[int], tuple[int, int]]:
    """Return who knows the closing date (month, day; S4) of a school by its id, as the viewer's agreements say."""

    def closes_on(school_id: int) -> tuple[int, int]:
        closing = policies_seen_by(viewer, [school_id])[school_id].closing_date
        return closing.month, closing.day

    return closes_on


def agreement_url(school: School, clause_id: str = "") -> str:
    """Return the path of the agreements page, at the paragraph of `clause_id` ("G1"): where "why?" leads."""
    page = reverse("agreements:page", args=[school.public_id])
    return f"{page}#{clause_id.lower()}" if clause_id else page


def version_in_force(school: School, *, at: datetime) -> Agreement | None:
    """Return the published version that counts at the school at `at` (aware), with its printed text."""
    return Agreement.objects.of_schools([school.pk]).begun(school.today(at)).first()


def still_to_read(viewer: Viewer) -> list[int]:
    """Return the schools where she is a guardian, an agreement is in force, and she never confirmed one. Two queries.

    Asked at her first sign-in. A later version asks nothing: its page shows what changed since she read.
    """
    if not viewer.guardian_school_ids:
        return []
    read = set(Confirmation.objects.visible_to(viewer).values_list("school_id", flat=True))
    begun = Agreement.objects.of_schools(viewer.guardian_school_ids - read).begun(School().today(viewer.now))
    return sorted(set(begun.order_by().values_list("school_id", flat=True)))
