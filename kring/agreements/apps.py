"""Tells Django that this room exists."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    """The room `agreements`."""

    name = "kring.agreements"
