"""Every clause of the agreement, in the order of the document. One module per chapter."""

from __future__ import annotations

from kring.agreements.clauses import helping, not_for, parents, posting, practical, reach
from kring.agreements.clauses.clause import ADDRESSEES, CHAPTERS, Clause, Say

CLAUSES: tuple[Clause, ...] = (
    *posting.CLAUSES,
    *practical.CLAUSES,
    *not_for.CLAUSES,
    *parents.CLAUSES,
    *reach.CLAUSES,
    *helping.CLAUSES,
)
BY_ID: dict[str, Clause] = {clause.id: clause for clause in CLAUSES}
CLAUSE_OF: dict[str, Clause] = {path: clause for clause in CLAUSES for path in clause.settings}

__all__ = ["ADDRESSEES", "BY_ID", "CHAPTERS", "CLAUSES", "CLAUSE_OF", "Clause", "Say"]
