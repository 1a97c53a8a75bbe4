"""Tells Django that this room exists."""

from django.apps import AppConfig


class SchoolConfig(AppConfig):
    """The room `school`."""

    name = "kring.school"
