"""The pages of this room, one module per place."""

from kring.home.views import agenda, arrange, more, news, printing, team

__all__ = ["agenda", "arrange", "more", "news", "printing", "team"]
