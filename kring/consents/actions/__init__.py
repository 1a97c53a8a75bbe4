"""Every write of this room: answering (answering.py) and asking (asking.py)."""

from kring.consents.actions.answering import answer, answer_on_paper
from kring.consents.actions.asking import remind, remind_by_the_clock, start_due_renewal, start_renewal

__all__ = ["answer", "answer_on_paper", "remind", "remind_by_the_clock", "start_due_renewal", "start_renewal"]
