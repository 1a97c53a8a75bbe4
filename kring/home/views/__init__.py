"""The pages of this room, one module per place."""

from kring.home.views import arrange, more, news, team

__all__ = ["arrange", "more", "news", "team"]
