"""Why something stands for a child: each guardian's newest answer, for who P4 lets read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kring.agreements.policy import Policy
from kring.consents.models import Standing
from kring.consents.rules import Stand, stand_of
from kring.consents.wording import Purpose, purposes_of
from kring.people.models import Child


@dataclass(frozen=True, slots=True)
class Reason:
    """One purpose: what stands, and the answers of those with authority today, with who and when."""

    purpose: Purpose
    stand: Stand
    answers: list[Standing]

    @property
    def differs(self) -> bool:
        """Say whether those who answered do not agree."""
        return len({row.is_yes for row in self.answers}) > 1


def reasons_for(child: Child, policy: Policy, *, today: date) -> list[Reason]:
    """Return what the school asks (S5), in its order. One query; the caller has checked that she may read it."""
    rows = list(Standing.objects.counting_on(today).filter(child=child).select_related("person", "answer__entered_by"))
    found = []
    for purpose in purposes_of(policy):
        own = [row for row in rows if row.code == purpose.code]
        found.append(Reason(purpose, stand_of(row.is_yes for row in own), own))
    return found
