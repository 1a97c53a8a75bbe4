"""Tells Django that this room exists."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The room `demo`."""

    name = "kring.demo"
