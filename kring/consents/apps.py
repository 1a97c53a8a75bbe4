"""Tells Django that this room exists."""

from django.apps import AppConfig


class ConsentsConfig(AppConfig):
    """The room `consents`."""

    name = "kring.consents"
