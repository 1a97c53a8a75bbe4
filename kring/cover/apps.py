"""Tells Django that this room exists."""

from django.apps import AppConfig


class CoverConfig(AppConfig):
    """The room `cover`."""

    name = "kring.cover"
