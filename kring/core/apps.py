"""Tells Django that this room exists."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The room `core`."""

    name = "kring.core"
