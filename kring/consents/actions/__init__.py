"""Every write of this room: answering (answering.py), asking (asking.py), and what lapsed (lapsing.py)."""

from kring.consents.actions.answering import answer, answer_on_paper
from kring.consents.actions.asking import remind, remind_by_the_clock, start_due_renewal, start_renewal
from kring.consents.actions.lapsing import note_authority_again, tell_of_lapsed

__all__ = [
    "answer",
    "answer_on_paper",
    "note_authority_again",
    "remind",
    "remind_by_the_clock",
    "start_due_renewal",
    "start_renewal",
    "tell_of_lapsed",
]
