"""Tells Django that this room exists."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """The room `imports`."""

    name = "kring.imports"
