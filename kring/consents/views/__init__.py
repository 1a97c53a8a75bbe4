"""The pages of this room: a guardian's own (own.py), the team's lists (team.py), and who chose what (reasons.py)."""

from kring.consents.views import own, reasons, team

__all__ = ["own", "reasons", "team"]
