"""Tells Django that this room exists."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """The room `agenda`."""

    name = "kring.agenda"
