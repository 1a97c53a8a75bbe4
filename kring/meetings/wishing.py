"""What families gave as wishes: asked for pages, and told apart from what somebody else gave meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from kring.meetings.models import Party, WishChoice, WishSet
from kring.meetings.rules import Span, Suits, WishAnswer, in_short
from kring.people.models import Person


@dataclass(frozen=True, slots=True)
class Given:
    """What one party gave: how each stretch suits, whether by video, who gave it last and when."""

    party: Party
    suits: tuple[Suits, ...]
    by_video: bool
    by: Person | None
    at: datetime

    @property
    def content(self) -> tuple[tuple[Suits, ...], bool]:
        """Return what it says, whoever said it."""
        return self.suits, self.by_video

    @property
    def is_never(self) -> bool:
        """Say whether no time at all suits."""
        return bool(self.suits) and all(suits.answer == WishAnswer.CANNOT for suits in self.suits)


def given_by(parties: Iterable[Party]) -> dict[int, Given]:
    """Return party key -> what it gave, for those that gave something. Two queries, one when nobody did."""
    known = {party.pk: party for party in parties}
    rows = WishSet.objects.filter(party__in=list(known)).select_related("given_by").prefetch_related("wishes")
    return {
        row.party_id: Given(
            known[row.party_id],
            tuple(Suits(Span(w.starts_at, w.ends_at), WishAnswer(w.answer)) for w in row.wishes.all()),
            row.by_video,
            row.given_by,
            row.changed_at or row.given_at,
        )
        for row in rows
    }


def version_of(given: Iterable[Given]) -> str:
    """Return a word for all that was given, another one as soon as any of it changes: what a page says it has seen."""
    rows = sorted(
        (
            one.party.pk,
            one.by_video,
            [(suits.span.starts_at.timestamp(), suits.span.ends_at.timestamp(), suits.answer) for suits in one.suits],
        )
        for one in given
    )
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:20]


class Said(NamedTuple):
    """An afternoon or evening in words: how most of it suits, and what of it otherwise."""

    visit: Span
    words: str
    otherwise: list[tuple[Span, str]]


def said_of(given: Given, visits: Sequence[Span]) -> list[Said]:
    """Return what was given, for each afternoon or evening that the round has today."""
    found = []
    for visit in visits:
        most, rest = in_short(visit, given.suits)
        words = [(suits.span, str(WishChoice(suits.answer).label)) for suits in rest]
        found.append(Said(visit, str(WishChoice(most).label), words))
    return found
