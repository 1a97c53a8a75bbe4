"""What a page with yes and no for each purpose sends."""

from __future__ import annotations

from django.http import QueryDict

from kring.consents.sheet import Sheet

WORDS = {"yes": True, "no": False}


def read_answers(sent: QueryDict, sheet: Sheet) -> dict[str, bool]:
    """Return purpose -> yes or no for what was chosen; a purpose without a choice is left out, as is anything else."""
    chosen = {line.code: WORDS.get(str(sent.get(line.code))) for line in sheet.lines}
    return {code: answer for code, answer in chosen.items() if answer is not None}


def read_seen(sent: QueryDict) -> str:
    """Return the `Sheet.state` of the page that was sent. Without it nothing is known, so nothing is what it was."""
    return sent.get("seen") or "nothing"
