"""Tells Django that this room exists."""

from django.apps import AppConfig


class AbsencesConfig(AppConfig):
    """The room `absences`."""

    name = "kring.absences"
