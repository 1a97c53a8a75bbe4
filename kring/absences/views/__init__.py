"""The pages of this room."""

from kring.absences.views import day, decide, leave, reports, visits

__all__ = ["day", "decide", "leave", "reports", "visits"]
