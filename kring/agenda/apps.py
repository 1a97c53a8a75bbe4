"""Tells Django that this room exists."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class AgendaConfig(AppConfig):
    """The room `agenda`."""

    name = "kring.agenda"

    def ready(self) -> None:
        """Find what every room puts in calendars outside Kring."""
        autodiscover_modules("in_feeds")
