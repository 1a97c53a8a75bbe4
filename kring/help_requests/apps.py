"""Tells Django that this room exists."""

from django.apps import AppConfig


class HelpRequestsConfig(AppConfig):
    """The room `help_requests`."""

    name = "kring.help_requests"
