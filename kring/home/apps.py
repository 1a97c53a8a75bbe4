"""Tells Django that this room exists."""

from django.apps import AppConfig


class HomeConfig(AppConfig):
    """The room `home`."""

    name = "kring.home"
