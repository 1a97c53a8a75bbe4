"""One person's page about one child: each purpose with her own answer, what counts now, and what she may choose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kring.agreements.current import policy_for
from kring.agreements.policy import PURPOSES
from kring.consents import rules
from kring.consents.models import Renewal, Standing
from kring.consents.rules import Stand, stand_of
from kring.consents.wording import Purpose, purpose_of, words_of
from kring.people.models import Child


@dataclass(frozen=True, slots=True)
class Line:
    """One purpose. `own` is her own newest answer (None: not chosen); `stand` is what counts with all answers."""

    purpose: Purpose
    words: Mapping[str, Mapping[str, str]]
    own: bool | None
    at: datetime | None
    on_paper: bool
    same_words: bool
    stand: Stand
    may_say_yes: bool
    is_asked_again: bool
    is_dropped: bool
    answer_id: int | None

    @property
    def code(self) -> str:
        """Return the code of the purpose."""
        return self.purpose.code

    def may_become(self, wanted: bool) -> bool:
        """Say whether she may choose this now (S5); a no is always possible."""
        return self.may_say_yes or not wanted


@dataclass(frozen=True, slots=True)
class Sheet:
    """The lines in the school's order. `state` changes when an answer of hers or the school's words do."""

    lines: list[Line]
    asked_at: datetime | None
    window: str
    month: int
    is_window_open: bool
    state: str

    def line(self, code: str) -> Line | None:
        """Return the line of this purpose."""
        return next((line for line in self.lines if line.code == code), None)

    @property
    def open_codes(self) -> set[str]:
        """Return the purposes that wait for her: not chosen, or not since the round began."""
        return {line.code for line in self.lines if line.own is None or line.is_asked_again}

    @property
    def is_asked_again(self) -> bool:
        """Say whether something she chose before the round waits to be looked at again."""
        return any(line.is_asked_again for line in self.lines)

    @property
    def last_chosen(self) -> Line | None:
        """Return the line she answered last."""
        return max((line for line in self.lines if line.at), key=lambda line: line.at or datetime.min, default=None)


def sheet_for(child: Child, person_id: int, *, now: datetime) -> Sheet:
    """Return the sheet of this person for the child at `now` (aware), in the active language. Four queries.

    A purpose that the school dropped stays on it while a yes of hers stands, so that she can take it back.
    """
    school = child.school
    today = school.today(now)
    policy = policy_for(school.pk, at=now)
    consent = policy.consent_purposes
    asked_at = Renewal.objects.asked_at(school, today)
    is_open = rules.is_window_open(
        window=consent.window,
        month=consent.renewal_month,
        today=today,
        asked_on=school.today(asked_at) if asked_at else None,
    )
    own = Standing.objects.of(child, person_id)
    given = Standing.objects.answers([child.pk], PURPOSES, on=today)
    dropped = [code for code, row in own.items() if row.is_yes and code not in consent.purposes]
    lines = []
    for code in (*consent.purposes, *dropped):
        row = own.get(code)
        words = words_of(code, policy)
        is_dropped = code in dropped
        now_is = row.is_yes if row else None
        lines.append(
            Line(
                purpose=purpose_of(code, policy),
                words=words,
                own=now_is,
                at=row.at if row else None,
                on_paper=bool(row and row.answer.on_paper),
                same_words=row is None or row.answer.text.words == words,
                stand=stand_of(given.get((child.pk, code), ())),
                may_say_yes=not is_dropped and rules.may_choose(now_is, True, window_open=is_open),
                is_asked_again=not is_dropped and bool(row and asked_at and row.at < asked_at),
                is_dropped=is_dropped,
                answer_id=row.answer_id if row else None,
            )
        )
    return Sheet(
        lines=lines,
        asked_at=asked_at,
        window=consent.window,
        month=consent.renewal_month,
        is_window_open=is_open,
        state=_state_of(lines),
    )


def _state_of(lines: Iterable[Line]) -> str:
    return rules.fingerprint(
        part for line in lines for part in (line.code, line.answer_id, *sorted(line.words["nl"].items()))
    )
