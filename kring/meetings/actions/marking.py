"""Marking what changed about a conversation or a session, for the calendars it stands in. Inside the transaction of the
change itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F, OuterRef, Subquery

from kring.meetings.models import Booking, Party, Round, Sitting
from kring.meetings.rules import Span


def mark_planned(parties: Iterable[int], *, now: datetime) -> None:
    """Say that these parties have a time, or have it somewhere else. One statement."""
    Party.objects.filter(pk__in=list(parties)).update(
        talk_version=F("talk_version") + 1, talk_changed_at=now, gone_from=None, gone_until=None
    )


def mark_gone(party_id: int, span: Span, *, now: datetime) -> None:
    """Say that the party has lost the time that it had. One statement."""
    Party.objects.filter(pk=party_id).update(
        talk_version=F("talk_version") + 1, talk_changed_at=now, gone_from=span.starts_at, gone_until=span.ends_at
    )


def mark_round_gone(round: Round, *, now: datetime) -> None:
    """Say that nothing of the round goes on; before its bookings are deleted. Two statements."""
    own = Booking.objects.filter(party=OuterRef("pk"))
    Party.objects.filter(round=round, booking__isnull=False).update(
        talk_version=F("talk_version") + 1,
        talk_changed_at=now,
        gone_from=Subquery(own.values("starts_at")),
        gone_until=Subquery(own.values("ends_at")),
    )
    Sitting.objects.filter(round=round).update(version=F("version") + 1, changed_at=now)


def mark_round_changed(round: Round, *, now: datetime) -> None:
    """Say that its name or sentence is another one, for all who have a time or sit ready. Two statements."""
    Party.objects.filter(round=round, booking__isnull=False).update(
        talk_version=F("talk_version") + 1, talk_changed_at=now
    )
    Sitting.objects.filter(round=round).update(version=F("version") + 1, changed_at=now)


def mark_sitting_changed(sitting: Sitting, *, now: datetime) -> None:
    """Say that it is in another room, or at another address by video. Two statements."""
    coming = Booking.objects.of_families().filter(slot__sitting=sitting)
    Party.objects.filter(pk__in=coming.values("party_id")).update(
        talk_version=F("talk_version") + 1, talk_changed_at=now
    )
    Sitting.objects.filter(pk=sitting.pk).update(version=F("version") + 1, changed_at=now)
